"""What the modules of an unpacked release offer, read from their source without running it.

A name counts as offered if a statement of the module binds it, on whatever branch, a star import brings it, or the
module's `__getattr__` or lazy table hands it out. One for which `__getattr__` only raises is not.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

State = Literal["there", "gone", "unsure"]
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_LAZY = re.compile(r"_LazyModule\(|lazy_import_structure|_import_structure\b")
_MAKES_NAMES = re.compile(
    r"globals\(\)\[(?!ta\b)[^\]]+\] = |(globals|vars|locals)\(\)\.update|sys\.modules\[__name__\] = |__path__ \+?= |"
    r"setattr\((sys\.modules\[__name__\]|\w*module)"
)
_FILLS = re.compile(r"(globals|locals|vars)\(\)\[\w+\] = ")
_SCANS = "define_import_structure"


class Bound(NamedTuple):
    """What binds a name in a module; `target` is the dotted name that an import takes it from."""

    module: str
    node: ast.AST
    target: str = ""


class Seen(NamedTuple):
    """Whether a release offers a name, what binds it in the end, and what was met on the way to it."""

    state: State
    why: str
    bound: Bound | None = None
    way: tuple[Bound, ...] = ()


class Source:
    """One module: a file, and the stub beside it."""

    def __init__(self, dotted: str, code: Path | None, stub: Path | None, compiled: bool) -> None:
        self.dotted = dotted
        self.files = tuple(path for path in (code, stub) if path is not None)
        self.is_package = any(path.stem == "__init__" for path in self.files)
        self.is_compiled = compiled and code is None and stub is None
        self._code, self._stub = code, stub

    @cached_property
    def tree(self) -> ast.Module | None:
        """The parsed file; None if there is none, or none that this Python understands."""
        return _parsed(self._code)

    @cached_property
    def is_readable(self) -> bool:
        return self._code is None or self.tree is not None

    @cached_property
    def bound(self) -> dict[str, list[Bound]]:
        """The names, those of the file before those of the stub; a name that is deleted last is not bound."""
        found = self._bindings(self.tree if self._code is not None else _parsed(self._stub))
        for statement in _flat(self.tree.body) if self.tree is not None else ():
            if isinstance(statement, ast.For) and _FILLS.search(ast.unparse(statement)):
                holder = statement.iter.id if isinstance(statement.iter, ast.Name) else ""
                for name in self.words_of(holder):
                    found.setdefault(name, []).append(Bound(self.dotted, statement))
        return {name: bound for name, bound in found.items() if bound}

    @cached_property
    def stubbed(self) -> dict[str, list[Bound]]:
        """The names of the stub beside a file, which may be of another mind."""
        return self._bindings(_parsed(self._stub)) if self._code is not None else {}

    @cached_property
    def deleted(self) -> frozenset[str]:
        """The names that it takes away again."""
        return frozenset(name for name, bound in self._bindings(self.tree).items() if not bound)

    def _bindings(self, tree: ast.Module | None) -> dict[str, list[Bound]]:
        found: dict[str, list[Bound]] = {}
        for statement in _flat(tree.body) if tree is not None else ():
            for name, target in _binds(statement, self.dotted, self.is_package):
                found.setdefault(name, []).append(Bound(self.dotted, statement, target))
            if isinstance(statement, ast.Delete):
                found |= {gone.id: [] for gone in statement.targets if isinstance(gone, ast.Name)}
        return found

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether it makes names that no statement spells."""
        return _MAKES_NAMES.search(self.text) is not None

    @cached_property
    def text(self) -> str:
        return self._code.read_text(encoding="utf-8", errors="replace") if self._code is not None else ""

    def words_of(self, container: str) -> frozenset[str]:
        """The words in what a module puts into a container of its own, also by way of a list it made before."""
        made: dict[str, set[str]] = {}
        found: set[str] = set()
        for statement in _flat(self.tree.body) if self.tree is not None else ():
            if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.If | ast.Try | ast.With | ast.Delete):
                continue
            words = {n.value for n in ast.walk(statement) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
            names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
            if container in names:
                found = found.union(words, *(made.get(name, ()) for name in names))
            elif isinstance(statement, ast.Assign):
                made |= {t.id: words for t in statement.targets if isinstance(t, ast.Name)}
        return frozenset(found)

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """The modules whose names it imports by a star."""
        stars = [bound.target for bound in self.bound.get("*", ())]
        return tuple(dict.fromkeys(stars))

    @cached_property
    def listed(self) -> frozenset[str] | None:
        """The words of `__all__`; None if it has none that can be read. `*name` stands for that module's own list."""
        words: set[str] = set()
        removed: set[str] = set()
        for tree in (self.tree, _parsed(self._stub)):
            for statement in _flat(tree.body) if tree is not None else ():
                words |= {f"*{module}" for module in _extends_all(statement)}
                if ast.unparse(statement).startswith("__all__.remove("):
                    removed |= {n.value for n in ast.walk(statement) if _is_text(n)}  # type: ignore[attr-defined]
                elif _touches_all(statement):
                    words |= {n.value for n in ast.walk(statement) if _is_text(n)}  # type: ignore[attr-defined]
                    others = (n for n in ast.walk(statement) if isinstance(n, ast.Attribute) and n.attr == "__all__")
                    words |= {f"*{ast.unparse(n.value)}" for n in others}
        return frozenset(words - removed) if words else None

    @cached_property
    def hands_out(self) -> ast.FunctionDef | None:
        """Its `__getattr__`."""
        functions = (b.node for b in self.bound.get("__getattr__", ()))
        return next((node for node in functions if isinstance(node, ast.FunctionDef)), None)

    @cached_property
    def lazy(self) -> dict[str, str]:
        """The names of a lazy table, each with the submodule that it says they come from."""
        if self.tree is None or not _LAZY.search(self.text):
            return {}
        found: dict[str, str] = {}
        for statement in _flat(self.tree.body):
            if "_import_structure" in ast.unparse(statement)[:400]:
                found.update(_table(statement))
        return found

    @cached_property
    def scans(self) -> bool:
        """Whether its lazy table is made from the lists of all files below."""
        return _SCANS in self.text

    @cached_property
    def only_raises(self) -> bool:
        """Whether an import of it ends in an error."""
        return self.tree is not None and any(isinstance(statement, ast.Raise) for statement in self.tree.body)


def _parsed(path: Path | None) -> ast.Module | None:
    if path is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            return None


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that a module's run comes by, on whatever branch."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With | ast.For | ast.While):
            yield from _flat(statement.body)
            yield from _flat(getattr(statement, "orelse", []))
            yield from _flat(getattr(statement, "finalbody", []))
            for handler in getattr(statement, "handlers", []):
                yield from _flat(handler.body)


def _binds(statement: ast.stmt, dotted: str, is_package: bool) -> Iterator[tuple[str, str]]:
    if isinstance(statement, Definition):
        yield statement.name, ""
    elif isinstance(statement, ast.Import):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0], alias.name if alias.asname else alias.name.split(".")[0]
    elif isinstance(statement, ast.ImportFrom):
        home = origin(statement, dotted, is_package)
        for alias in statement.names:
            yield ("*", home) if alias.name == "*" else (alias.asname or alias.name, f"{home}.{alias.name}")
    elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from ((node.id, "") for node in ast.walk(target) if isinstance(node, ast.Name))


def origin(statement: ast.ImportFrom, dotted: str, is_package: bool) -> str:
    """The module that a `from` names, dots resolved."""
    if not statement.level:
        return statement.module or ""
    parts = dotted.split(".")
    parts = parts[: len(parts) - statement.level + (1 if is_package else 0)]
    return ".".join([*parts, *([statement.module] if statement.module else [])])


def _touches_all(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "__all__" for target in statement.targets)
    if isinstance(statement, ast.AugAssign | ast.AnnAssign):
        return isinstance(statement.target, ast.Name) and statement.target.id == "__all__"
    return isinstance(statement, ast.Expr) and ast.unparse(statement).startswith("__all__.")


def _extends_all(statement: ast.stmt) -> list[str]:
    """The modules whose lists a call adds to the module's own."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "extend_all":
        return []
    return [ast.unparse(argument) for argument in call.args]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _table(statement: ast.stmt) -> dict[str, str]:
    """What a statement puts into a lazy table: names, each with its submodule, and the submodules themselves."""
    found: dict[str, str] = {}
    pairs: list[tuple[ast.expr | None, ast.AST]] = [
        (k, v) for n in ast.walk(statement) if isinstance(n, ast.Dict) for k, v in zip(n.keys, n.values, strict=True)
    ]
    for node in ast.walk(statement):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "_import_structure":
            pairs.append((node.slice, statement))
    for key, values in pairs:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            names = [n.value for n in ast.walk(values) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            found |= {name: key.value for name in names}
            found.setdefault(key.value, key.value)
    return found
