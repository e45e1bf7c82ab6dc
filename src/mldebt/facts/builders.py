"""Calls that build the name of something stored, or look one up: joins, parents, formats, look-ups with a default."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable

from mldebt.facts.keys import Keys
from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name
from mldebt.facts.ways import ANY, HOLE, Ways, parent, rooted, together

_BRACES = re.compile(r"\{[^{}]*\}")
# calls that give the path they are handed, or are called on
_SAME = frozenset(
    """str fspath abspath expanduser realpath normpath resolve as_posix absolute to_absolute_path strip Path PurePath
    PosixPath PurePosixPath UPath expandvars as_uri get_original_cwd make_path ensure_path iglob glob rglob listdir
    sorted list text dedent""".split()
)
_OPTIONS = frozenset({"Option", "Argument", "field", "Field", "option"})


class Builders:
    """Answers for one module; `of` gives the ways of any expression."""

    def __init__(self, module: Module, keys: Keys, of: Callable[[ast.AST, int], Ways]) -> None:
        self._module = module
        self._keys = keys
        self._of = of

    def part(self, node: ast.AST, depth: int) -> Ways:
        """The ways of what is put into a text: anything has a text."""
        return self._of(node, depth + 1) or (ANY,)

    def fill(self, way: str, marks: re.Pattern[str], given: list[ast.expr], depth: int) -> str:
        """A text with values put where its marks are."""
        values = iter([self.part(node, depth)[0] for node in given])
        return marks.sub(lambda match: next(values, ANY) if match[0] in ("%s", "{}", "%d") else ANY, way)

    def join(self, nodes: Iterable[ast.AST], depth: int) -> Ways:
        """The parts of a path put together."""
        parts = [tuple(way.rstrip("/") or way for way in self.part(node, depth)) for node in nodes]
        found = together([part for part in parts if part != ("",)], "/")
        return tuple(rooted(way) for way in found if HOLE.sub("", way).strip("/.")) or found

    def call(self, node: ast.Call, depth: int) -> Ways:
        """What a call gives that builds a path or looks one up."""
        name = last_name(node.func)
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name in ("join", "joinpath", "Path", "PurePath", "UPath") and node.args:
            return self._joining(node, name, receiver, depth)
        if name in ("dirname", "parent"):
            return tuple(parent(way) for way in (self._of(node.args[0], depth + 1) if node.args else ()))
        if name == "format" and receiver is not None:
            return tuple(self.fill(way, _BRACES, node.args, depth) for way in self._of(receiver, depth + 1))
        if name in ("with_suffix", "with_name") and receiver is not None and node.args:
            return self._renamed(receiver, node.args[0], name == "with_suffix", depth)
        if name in ("getenv", "get", "getattr", "pop"):
            return self._looked_up(node, name, depth)
        if name in ("cwd", "getcwd"):
            return (".",)
        if name in _OPTIONS:
            return self._default(node, depth)
        return self._passed_on(node, name, receiver, depth)

    def _joining(self, node: ast.Call, name: str, receiver: ast.expr | None, depth: int) -> Ways:
        parts = list(node.args)
        if name == "joinpath" and receiver is not None:
            parts = [receiver, *parts]
        elif name == "join" and isinstance(receiver, ast.Constant | ast.JoinedStr):
            return ()  # the join of texts
        return self.join(parts, depth)

    def _passed_on(self, node: ast.Call, name: str, receiver: ast.expr | None, depth: int) -> Ways:
        if name not in _SAME and name != "iterdir":
            return ()
        found: Ways = ()
        if name in ("Path", "str") and node.args:
            return self._of(node.args[0], depth + 1)
        if receiver is not None and self._module.name(node.func) is None:
            found = self._of(receiver, depth + 1)
            if name in ("glob", "rglob") and node.args:
                return together([found or (ANY,), self.part(node.args[0], depth)], "/")
        if not found and node.args:
            found = self._of(node.args[0], depth + 1)
        return tuple(f"{way}/{ANY}" for way in found) if name in ("listdir", "iterdir") else found

    def _renamed(self, receiver: ast.expr, given: ast.expr, suffix: bool, depth: int) -> Ways:
        found = together([self.part(receiver, depth), self.part(given, depth)], "\0")
        pairs = (way.split("\0", 1) for way in found)
        if suffix:
            return tuple(re.sub(r"\.\w+$", "", old) + new for old, new in pairs)
        return tuple("/".join([*old.split("/")[:-1], new]) for old, new in pairs)

    def _looked_up(self, node: ast.Call, name: str, depth: int) -> Ways:
        """What is looked up by a key with a default: in the environment, or in a configuration."""
        qualified = self._module.name(node.func) or ""
        default = [way for arg in node.args[1 + (name == "getattr") : 3] for way in self._of(arg, depth + 1)]
        if qualified in ("os.getenv", "os.environ.get") and node.args:
            return tuple(default) or tuple(f"⟨e:{key}⟩" for key in self._of(node.args[0], depth + 1))
        key = self._keys.of(node, depth)
        return (*([f"⟨k:{key}⟩"] if key else []), *default)

    def _default(self, node: ast.Call, depth: int) -> Ways:
        """The default that a field or option is declared with."""
        given = [k.value for k in node.keywords if k.arg == "default"] or node.args[:1]
        return self._of(given[0], depth + 1) if given else ()
