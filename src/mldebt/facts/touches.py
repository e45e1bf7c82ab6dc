"""Which calls of a module read or write something stored, and how that is named; stores/*.yaml says what to know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from mldebt.facts.sql import tables
from mldebt.facts.syntax import Module, chain
from mldebt.facts.templates import Templates
from mldebt.facts.ways import ANY, HOLE
from mldebt.stores import Access, Part, accesses

_OPENERS = frozenset({"open", "GFile", "ZipFile"})
_OPENING = frozenset("gzip bz2 lzma codecs io fsspec smart_open tensorflow zipfile tarfile s3fs gcsfs builtins".split())
_WRITES = re.compile(r"[wax+]")
_FILLABLE = re.compile(r"⟨[nkpfae]:[^⟨⟩]*⟩")
_LONGEST = 300  # characters; a longer text names nothing
_TEXT = re.compile(r"\w\w")


class Found(NamedTuple):
    """A touch and its call; `verb` and the rest as in Touch."""

    call: ast.Call
    verb: str
    kind: str
    names: tuple[str, ...]
    pinned: bool


class Touching:
    """Judges one call after the other of a module."""

    def __init__(self, module: Module, templates: Templates) -> None:
        self._module = module
        self._templates = templates
        self._packages = {"*", *imported(module)}
        self._ways = accesses()

    def may_touch(self, last: str) -> bool:
        """Whether a call of something that ends in this name may touch anything: quick, to ask first."""
        return last in self._ways or last in _OPENERS

    def of(self, call: ast.Call, last: str) -> Iterator[Found]:
        """What a call touches, of what ends in this name."""
        if last in _OPENERS:
            yield from self._opened(call, last)
        ways = [way for way in self._ways.get(last, ()) if not self._packages.isdisjoint(way.packages)]
        if not ways:
            return
        name = self._module.name(call.func)
        met = [way for way in ways if _is_met(way, call, name)]
        for way in [way for way in met if way.holder] or met:
            yield from self._by(way, call)

    def _by(self, way: Access, call: ast.Call) -> Iterator[Found]:
        shift = way.method and _is_unbound(self._module.name(call.func))
        parts = [self._given(part, call, shift) for part in way.parts]
        present = [ways for part, ways in zip(way.parts, parts, strict=True) if ways or not part.optional]
        if not all(present):
            return
        names = present[0] if len(present) == 1 else (way.joint.join(ways[0] for ways in present),)
        pinned = any(k.arg in way.pins and not _is_none(k.value) for k in call.keywords)
        if way.kind == "query":
            yield from _queried(call, names)
            return
        kept = telling(names if way.kind != "table" else tuple(name for name in names if " " not in name))
        if kept:
            yield Found(call, "writes" if _opens_to_write(call) else way.verb, way.kind, kept, pinned)

    def _given(self, part: Part, call: ast.Call, shift: bool) -> tuple[str, ...]:
        """The ways in which one part of a name is given; `shift` if the object itself is the first argument."""
        if part.position is None and not part.keywords:
            return self._templates.of(call.func.value) if isinstance(call.func, ast.Attribute) else ()
        named = next((k.value for k in call.keywords if k.arg in part.keywords), None)
        position = len(call.args) if part.position is None else part.position + shift
        if named is None and position < len(call.args):
            named = call.args[position]
        return self._templates.of(named) if named is not None else ()

    def _opened(self, call: ast.Call, last: str) -> Iterator[Found]:
        """`open` of the language, of a path, or of a library that opens files in the same way."""
        name = self._module.name(call.func)
        own = isinstance(call.func, ast.Attribute) and name is None
        if not own and name is not None and name != "open" and name.partition(".")[0] not in _OPENING:
            return
        target = call.func.value if own and isinstance(call.func, ast.Attribute) else None
        rest = call.args
        if target is None or (call.args and not _is_mode(call.args[0])):
            target, rest = (call.args[0] if call.args else _keyword(call, "file")), call.args[1:]
        names = telling(self._templates.of(target)) if target is not None else ()
        given = rest[0] if rest else _keyword(call, "mode")
        mode = given.value if isinstance(given, ast.Constant) else "r"
        if names:
            yield Found(call, "writes" if _WRITES.search(str(mode)) else "reads", "file", names, False)


def imported(module: Module) -> set[str]:
    """The top-level packages that a module imports."""
    found = {(n.module or "").partition(".")[0] for n in module.of(ast.ImportFrom) if not n.level}
    return found | {alias.name.partition(".")[0] for n in module.of(ast.Import) for alias in n.names}


def telling(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that say something: with a word in them, or with a hole that links may fill."""
    names = tuple(name for name in names if len(name) <= _LONGEST)
    return tuple(name for name in names if _TEXT.search(HOLE.sub("", name)) or _FILLABLE.search(name))


def _queried(call: ast.Call, texts: tuple[str, ...]) -> Iterator[Found]:
    for text in texts:
        read, written = tables(text)
        yield from (Found(call, "reads", "table", (name,), False) for name in read if name != ANY)
        yield from (Found(call, "writes", "table", (name,), False) for name in written if name != ANY)


def _is_unbound(name: str | None) -> bool:
    """Whether a method is called on its class: `pandas.DataFrame.to_csv(rows, path)`."""
    return name is not None and name.rpartition(".")[0].endswith((".DataFrame", ".Series"))


def _is_met(way: Access, call: ast.Call, name: str | None) -> bool:
    """Whether a call is one of these; what it is called on decides if that is known."""
    package = name.partition(".")[0] if name is not None else ""
    if not way.method:
        return package in way.packages and name is not None and "." in name
    if not isinstance(call.func, ast.Attribute):
        return False
    if name is not None and "*" not in way.packages and package not in way.packages:
        return False
    return not way.holder or way.holder in _chain(call.func)


def _chain(node: ast.expr) -> Iterator[str]:
    """The names of a chain of attributes and calls, from the outside in."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            yield node.attr
        node = node.func if isinstance(node, ast.Call) else node.value
    found = chain(node)
    if found is not None:
        yield found[0].id


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg == name), None)


def _is_mode(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(re.fullmatch(r"[rwaxbt+U]{1,4}", node.value))
    )


def _opens_to_write(call: ast.Call) -> bool:
    """Whether a call such as `memmap` or `File` is told a mode that writes."""
    given = [k.value for k in call.keywords if k.arg == "mode"] + [a for a in call.args[1:3] if _is_mode(a)]
    return any(isinstance(node, ast.Constant) and bool(_WRITES.search(str(node.value))) for node in given)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
