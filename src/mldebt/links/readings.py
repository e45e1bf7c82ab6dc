"""The text of copies read again, statement by statement: what packed clone items no longer tell."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

from mldebt.errors import Unreadable
from mldebt.facts.syntax import DefinitionNode, parse
from mldebt.links.clones import Fragment
from mldebt.model import Code, Place

NUMBER, TEXT, NAME, ATTRIBUTE = "#", "'", "n", "."
_MOST_LINES = 600  # of a copy: a longer one differs in more than one place
_SKIPPED = frozenset({"annotation", "returns", "type_comment", "kind", "ctx", "type_params"})
_BODIES = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})


class Token(NamedTuple):
    """A part of a statement; `value` is as it would be written. Only numbers, texts, names and attributes have one."""

    kind: str
    value: str
    owner: str  # the keyword, or the called or assigned name, that a literal is given to; empty for a name
    is_given: bool = False  # whether that is a call


class Row(NamedTuple):
    """A statement, or the header of a compound one, at its depth; `node` is for those who want to know more."""

    depth: int
    tokens: tuple[Token, ...]
    at: Place
    node: ast.AST


class Reading(NamedTuple):
    """A copy and its rows; a definition's own name and all docstrings and annotations are no part of them."""

    fragment: Fragment
    rows: tuple[Row, ...]

    @property
    def plain(self) -> tuple[tuple[int, tuple[Token, ...]], ...]:
        """What makes two copies equal word for word."""
        return tuple((row.depth, row.tokens) for row in self.rows)


class Reader:
    """Reads copies; the files they stand in are asked for once."""

    def __init__(self, source: Callable[[str], Code | None]) -> None:
        self._source = source
        self._lines: dict[str, list[str]] = {}
        self._known: dict[Fragment, Reading | None] = {}

    def read(self, fragment: Fragment) -> Reading | None:
        """The rows of a copy; None if it stands in several cells, is very long, or does not parse by itself."""
        if fragment not in self._known:
            self._known[fragment] = self._read(fragment)
        return self._known[fragment]

    def _read(self, fragment: Fragment) -> Reading | None:
        at = fragment.parts[0]
        code = self._source(fragment.path)
        if code is None or len(fragment.parts) > 1 or at.end_line - at.line >= _MOST_LINES:
            return None
        if fragment.path not in self._lines:
            self._lines[fragment.path] = code.text.split("\n")
        first = next((cell.first for cell in code.cells if cell.number == at.cell), 1)
        start = first + at.line - 1
        body, shift = _parsed(self._lines[fragment.path][start - 1 : start + at.end_line - at.line])
        return Reading(fragment, tuple(_rows(body, at.line - 1 - shift, at.cell))) if body else None


def _parsed(lines: list[str]) -> tuple[list[ast.stmt], int]:
    """The statements in lines that may be indented, and by how many lines they were moved down for that."""
    indented = bool(lines) and lines[0][:1].isspace()
    try:
        body = parse("\n".join([*(["if True:"] if indented else []), *lines, ""])).body
    except Unreadable:
        return [], 0
    if indented:
        return (body[0].body if len(body) == 1 and isinstance(body[0], ast.If) else []), 1
    return body, 0


def _rows(body: list[ast.stmt], shift: int, cell: int | None) -> Iterator[Row]:
    stack: list[tuple[int, ast.AST]] = [(0, node) for node in reversed(body)]
    while stack:
        depth, node = stack.pop()
        if _is_docstring(node):
            continue
        line = getattr(node, "lineno", 0) + shift
        last = max([line, *(n.lineno + shift for n in own_nodes(node) if hasattr(n, "lineno"))])
        yield Row(depth, tuple(_tokens(node, is_root=depth == 0)), Place(line, last, 1, cell), node)
        for name in ("cases", "finalbody", "orelse", "handlers", "body"):
            inner = getattr(node, name, None)
            if isinstance(inner, list) and not isinstance(node, ast.expr):
                mark = {"orelse": 100, "finalbody": 200}.get(name, 0)  # tells a branch from the other one
                stack.extend((depth + 1 + mark, child) for child in reversed(inner))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement without those of the statements in it."""
    stack = [node]
    while stack:
        one = stack.pop()
        yield one
        for name, value in ast.iter_fields(one):
            if name in _SKIPPED or (name in _BODIES and isinstance(value, list)):
                continue
            children = value if isinstance(value, list) else [value]
            stack.extend(child for child in reversed(children) if isinstance(child, ast.AST))


def _tokens(root: ast.AST, is_root: bool) -> Iterator[Token]:
    """Runs on a stack of its own: source that parses may be nested too deep to recurse over."""
    stack: list[tuple[ast.AST, str, bool]] = [(root, "", False)]
    while stack:
        node, owner, given = stack.pop()
        if isinstance(node, ast.Constant):
            yield Token(TEXT if isinstance(node.value, str | bytes) else NUMBER, repr(node.value), owner, given)
            continue
        if isinstance(node, ast.Name):
            yield Token(NAME, node.id, "")
            continue
        yield Token(type(node).__name__, _written(node, is_root and node is root), "")
        if isinstance(node, ast.Attribute):
            yield Token(ATTRIBUTE, node.attr, "")
        stack.extend(reversed(list(_children(node, owner, given))))


def _written(node: ast.AST, is_root: bool) -> str:
    """What a node says besides its children: names that stand bare in the tree."""
    if isinstance(node, ast.Attribute) or (is_root and isinstance(node, DefinitionNode)):
        return ""
    bare = (value for name, value in ast.iter_fields(node) if name not in _SKIPPED)
    return " ".join(str(value) for value in bare if isinstance(value, str | int))


def _children(node: ast.AST, owner: str, given: bool) -> Iterator[tuple[ast.AST, str, bool]]:
    """The nodes below, with what a literal among them is given to; a subscript and a comparison take it from there."""
    if isinstance(node, ast.keyword):
        owner, given = node.arg or "", True
    elif isinstance(node, ast.Call):
        owner, given = getattr(node.func, "attr", getattr(node.func, "id", "")), True
    elif isinstance(node, ast.Assign):
        owner, given = getattr(node.targets[0], "id", getattr(node.targets[0], "attr", "")), False
    elif isinstance(node, ast.Subscript | ast.Compare):
        owner, given = "", False
    for name, value in ast.iter_fields(node):
        if name in _SKIPPED or (name in _BODIES and isinstance(value, list)):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.expr_context):
                yield child, owner, given
