"""Clone items: the statements of a module as numbers, packed so that cached facts cost nothing to load.

An item is a simple statement, the header of a compound one, or an element of a large call or literal. Items stand in
*frames*: the module's own statements, a class's own, and every function or method with all that is nested in it.
"""

from __future__ import annotations

import ast
from array import array
from collections.abc import Callable
from typing import NamedTuple
from zlib import crc32

from mldebt.facts.gists import NONE, gist
from mldebt.facts.shapes import Shape, container, elements, shape
from mldebt.facts.sorts import (
    ARGUMENT,
    CLASS,
    CONTINUED,
    DEFINITION,
    IMPORT,
    INERT,
    PART,
    PLACE,
    PLAIN,
    element_sort,
    sort_of,
)
from mldebt.facts.syntax import Function, Module

MODULE, CLASS_FRAME, FUNCTION = 0, 1, 2
_SPLIT_MASS = 30  # CLONES.md §6: heavier statements are compared by their elements
_MOST_ELEMENTS = 400  # a longer literal is a data table, not code
_DEEPEST_SPLIT = 4
_MOST_MASS, _DEEPEST = 0xFFFF, 0xFF
_COLUMNS, _FRAME_FIELDS, _CELL_FIELDS = 6, 6, 3
_HEADER_MASS = 2  # a signature counts little: its repetition is no copied code


class Frame(NamedTuple):
    """Items `first` to `end` (exclusive); `parent` is the index of the frame around; the lines are the definition's."""

    kind: int
    first: int
    end: int
    parent: int
    line: int
    end_line: int


class Items(NamedTuple):
    """The unpacked items of a module, parallel arrays; `cells` are (number, first line, lines) of a notebook's.

    A `meta` is the mass times 65536, the depth in the frame times 256, and the sort (see facts/sorts.py).
    """

    frames: list[Frame]
    cells: list[tuple[int, int, int]]
    blind: array[int]
    exact: array[int]
    lines: array[int]
    ends: array[int]
    metas: array[int]
    gists: array[int]


def items(module: Module) -> bytes:
    """The packed clone items of a module. Cost: linear in its nodes."""
    collector = _Collector()
    collector.collect(module.tree)
    cells = [number for cell in module.code.cells for number in (cell.number, cell.first, cell.lines)]
    frames = [number for frame in collector.frames for number in frame]
    packed = array("I", [collector.count(), len(collector.frames), len(module.code.cells), *frames, *cells])
    for column in range(_COLUMNS):
        packed.extend(collector.rows[column::_COLUMNS])
    return packed.tobytes()


def unpack(data: bytes) -> Items:
    """The items of a module from their packed form; none from no bytes."""
    numbers = array("I")
    numbers.frombytes(data)
    if not numbers:
        return Items([], [], *(array("I") for _ in range(_COLUMNS)))
    count, frame_count, cell_count = numbers[:3]
    at = 3 + frame_count * _FRAME_FIELDS
    frames = [Frame(*numbers[i : i + _FRAME_FIELDS]) for i in range(3, at, _FRAME_FIELDS)]
    start = at + cell_count * _CELL_FIELDS
    cells = [(numbers[i], numbers[i + 1], numbers[i + 2]) for i in range(at, start, _CELL_FIELDS)]
    columns = [numbers[start + k * count : start + (k + 1) * count] for k in range(_COLUMNS)]
    return Items(frames, cells, *columns)


class _Collector:
    """Walks the blocks of a module; definitions wait for their frames. `rows` has the items one after another."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.rows = array("I")
        self._waiting: list[tuple[Function | ast.ClassDef, int]] = []
        self._inlines = False

    def collect(self, tree: ast.Module) -> None:
        """Take in all frames: the module's, then those of its definitions, outer ones first."""
        self._block(tree.body, 0)
        last = max((node.end_lineno or 1 for node in tree.body), default=1)
        self.frames.append(Frame(MODULE, 0, self.count(), 0, 1, last))
        for node, parent in self._waiting:  # grows while it is read
            self._frame(node, parent)

    def count(self) -> int:
        """How many items there are so far."""
        return len(self.rows) // _COLUMNS

    def _frame(self, node: Function | ast.ClassDef, parent: int) -> None:
        first = self.count()
        self._inlines = not isinstance(node, ast.ClassDef)
        self._header(node, 0)
        self._block(node.body, 1)
        kind = FUNCTION if self._inlines else CLASS_FRAME
        line, end = first_line(node), node.end_lineno or node.lineno
        self.frames.append(Frame(kind, first, self.count(), parent, line, end))

    # -- blocks --------------------------------------------------------------------------------------------------

    def _block(self, body: list[ast.stmt], depth: int) -> None:
        for node in body:
            handle = _COMPOUND.get(node.__class__)
            if handle is None:
                self._simple(node, depth)
            else:
                handle(self, node, depth)

    def _definition(self, node: Function | ast.ClassDef, depth: int) -> None:
        if self._inlines:
            self._header(node, depth)
            self._block(node.body, depth + 1)
        else:
            self._waiting.append((node, len(self.frames)))  # the frame under way
            self._add(_NOTHING, first_line(node), node.end_lineno or node.lineno, depth, PLACE)

    def _header(self, node: Function | ast.ClassDef, depth: int) -> None:
        if isinstance(node, ast.ClassDef):
            found, sort, name = shape("class", [*node.bases, *node.decorator_list]), CLASS, node.name
        else:
            defaults = [d for d in node.args.kw_defaults if d is not None]
            found, sort = shape("def", [*node.args.defaults, *defaults, *node.decorator_list]), DEFINITION
            name = " ".join([node.name, *_parameters(node)])
        exact = crc32(name.encode(), found.exact)
        last = max(node.lineno, node.body[0].lineno - 1)
        self._add(Shape(found.blind, exact, _HEADER_MASS), first_line(node), last, depth, sort)

    def _if(self, node: ast.If, depth: int) -> None:
        """Takes a chain of `elif` in a loop: it may have thousands."""
        part = 0
        while True:
            self._line("if", [node.test], node, depth, part)
            self._block(node.body, depth + 1)
            match node.orelse:
                case [ast.If(col_offset=column) as chained] if column == node.col_offset:
                    node, part = chained, PART
                case []:
                    return
                case rest:
                    self._else("else", rest, depth)
                    return

    def _loop(self, node: ast.For | ast.AsyncFor, depth: int) -> None:
        self._line("for", [node.target, node.iter], node, depth)
        self._block(node.body, depth + 1)
        self._else("else", node.orelse, depth)

    def _while(self, node: ast.While, depth: int) -> None:
        self._line("while", [node.test], node, depth)
        self._block(node.body, depth + 1)
        self._else("else", node.orelse, depth)

    def _with(self, node: ast.With | ast.AsyncWith, depth: int) -> None:
        self._line("with", list(node.items), node, depth)
        self._block(node.body, depth + 1)

    def _try(self, node: ast.Try, depth: int) -> None:
        self._line("try", [], node, depth)
        self._block(node.body, depth + 1)
        for handler in node.handlers:
            self._line("except", [handler.type] if handler.type else [], handler, depth, PART)
            self._block(handler.body, depth + 1)
        self._else("else", node.orelse, depth)
        self._else("finally", node.finalbody, depth)

    def _match(self, node: ast.Match, depth: int) -> None:
        self._line("match", [node.subject], node, depth)
        for case in node.cases:
            guard = [case.guard] if case.guard else []
            found = shape("case", [case.pattern, *guard])
            self._add(found, case.pattern.lineno, case.pattern.lineno, depth, PART)
            self._block(case.body, depth + 1)

    def _else(self, word: str, body: list[ast.stmt], depth: int) -> None:
        if body:
            self._add(shape(word, []), body[0].lineno, body[0].lineno, depth, PART)
            self._block(body, depth + 1)

    def _line(
        self, word: str, roots: list[ast.AST], node: ast.stmt | ast.ExceptHandler, depth: int, part: int = 0
    ) -> None:
        ends = [r.end_lineno or 0 for r in roots if hasattr(r, "end_lineno")]
        self._add(shape(word, roots), node.lineno, max([node.lineno, *ends]), depth, PLAIN | part)

    # -- statements ----------------------------------------------------------------------------------------------

    def _simple(self, node: ast.stmt, depth: int) -> None:
        if node.__class__ is ast.Expr and node.value.__class__ is ast.Constant:
            return  # a docstring, or `...`
        sort = sort_of(node)
        if sort == INERT:
            self._add(_NOTHING, node.lineno, node.end_lineno or node.lineno, depth, INERT)
            return
        if sort in _WORD_FOR_WORD:
            found = shape(*_parts(node))
            self._add(Shape(found.exact or 1, found.exact, found.mass), node.lineno, node.end_lineno or 0, depth, sort)
            return
        head, roots = _parts(node)
        found, line, end = shape(head, roots), node.lineno, node.end_lineno or node.lineno
        if found.mass < _SPLIT_MASS:  # nearly all
            self._add(found, line, end, depth, sort, gist(node, sort))
        else:
            self._part(_Part(head, roots, line, end), found, (depth, sort, 0), gist(node, sort))

    def _part(self, part: _Part, found: Shape, where: tuple[int, int, int], core: int = NONE) -> None:
        """Add a statement or element; a heavy one as a header and its elements. `where` is depth, sort and level."""
        depth, sort, level = where
        if found.mass >= _SPLIT_MASS and part.roots and level < _DEEPEST_SPLIT:
            box = container(part.roots[-1])
            inner = elements(box) if box is not None else []
            if 0 < len(inner) <= _MOST_ELEMENTS:
                self._add(shape(part.head, part.roots, box), part.line, part.end, depth, sort, core)
                for nodes in inner:
                    first, last = nodes[0], nodes[-1]
                    element = _Part("element", nodes, first.lineno, last.end_lineno)  # type: ignore[attr-defined]
                    inside = depth, element_sort(nodes) | CONTINUED, level + 1
                    self._part(element, shape(element.head, nodes), inside)
                return
        self._add(found, part.line, part.end, depth, sort, core)

    def _add(self, found: Shape, line: int, end: int, depth: int, sort: int, core: int = NONE) -> None:
        meta = min(found.mass, _MOST_MASS) << 16 | min(depth, _DEEPEST) << 8 | sort
        self.rows.extend((found.blind, found.exact, line, end, meta, core))


class _Part(NamedTuple):
    """A statement or an element of one: a head word, its nodes with the value last, and its lines."""

    head: str
    roots: list[ast.AST]
    line: int
    end: int


_NOTHING = Shape(0, 0, 1)
_WORD_FOR_WORD = frozenset({ARGUMENT, IMPORT})


def _parts(node: ast.stmt) -> tuple[str, list[ast.AST]]:
    """The head word of a simple statement and its expressions, the value last."""
    kind = node.__class__
    if kind is ast.Expr:
        return "", [node.value]  # type: ignore[attr-defined]
    if kind is ast.Assign:
        return "=", [*node.targets, node.value]  # type: ignore[attr-defined]
    if kind is ast.AnnAssign:
        return "=", [node.target, node.value]  # type: ignore[attr-defined]
    if kind is ast.AugAssign:
        return node.op.__class__.__name__ + "=", [node.target, node.value]  # type: ignore[attr-defined]
    return kind.__name__, list(ast.iter_child_nodes(node))


def _parameters(node: Function) -> list[str]:
    args = node.args
    return [a.arg for a in (*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg) if a is not None]


def first_line(node: Function | ast.ClassDef) -> int:
    """The line a definition begins in, its decorators included."""
    return min([node.lineno, *(d.lineno for d in node.decorator_list)]) if node.decorator_list else node.lineno


_COMPOUND: dict[type[ast.AST], Callable[..., None]] = {
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), _Collector._definition),
    ast.If: _Collector._if,
    **dict.fromkeys((ast.For, ast.AsyncFor), _Collector._loop),
    ast.While: _Collector._while,
    **dict.fromkeys((ast.With, ast.AsyncWith), _Collector._with),
    ast.Try: _Collector._try,
    ast.Match: _Collector._match,
}
if hasattr(ast, "TryStar"):
    _COMPOUND[ast.TryStar] = _Collector._try
