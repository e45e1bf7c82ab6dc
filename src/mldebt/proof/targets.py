"""What a removal can be made of, and which reads go with it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple, TypeGuard

Point = tuple[int, int]  # a line from 1 and an offset in UTF-8, as `ast` counts
Spans = list[tuple[Point, Point]]
_END = 1 << 30  # an offset behind every line's last


class Dead(NamedTuple):
    """Statements of one block that cannot run; all of a block whose condition never holds if `holder` has it."""

    statements: tuple[ast.stmt, ...]
    holder: ast.If | ast.While | None = None

    @property
    def first(self) -> int:
        """The first line that goes, from 1."""
        return span(self.holder or self.statements[0])[0]

    @property
    def last(self) -> int:
        """The last line that goes."""
        return span(self.statements[-1])[1]


class Comments(NamedTuple):
    """Lines, from 1, that hold nothing but comments; `last` inclusive."""

    first: int
    last: int


class Whole(NamedTuple):
    """A file of so many lines."""

    last: int
    first: int = 1


class Stuck(NamedTuple):
    """What can go, but not by a patch of ours."""

    why: str
    first: int = 1
    last: int = 1


# a definition or an alias; a name, an attribute or a handler that an assignment binds; or lines
Target = ast.AST | Dead | Comments | Whole | Stuck


def is_binding(target: Target) -> TypeGuard[ast.Name | ast.Attribute | ast.ExceptHandler]:
    """Whether a target is bound by an assignment of any form."""
    return isinstance(target, ast.Name | ast.Attribute | ast.ExceptHandler)


def span(node: ast.AST) -> tuple[int, int]:
    """The lines of a node, a definition's decorators included."""
    first: int = node.lineno  # type: ignore[attr-defined]  # a definition or a statement
    decorators = getattr(node, "decorator_list", [])
    return min([first, *(d.lineno for d in decorators)]), node.end_lineno  # type: ignore[attr-defined]


def extent(target: Target) -> tuple[int, int]:
    """The lines of a target, from 1, the last one included."""
    return span(target) if isinstance(target, ast.AST) else (target.first, target.last)


def whole_lines(targets: Iterable[Target]) -> Spans:
    """What the targets that fill their lines take with them: an alias reads nothing, whatever its line may hold."""
    return [((first, 0), (last, _END)) for first, last in map(extent, filter(fills_lines, targets))]


def fills_lines(target: Target) -> bool:
    """Whether all that stands in the lines of a target goes with it."""
    return not isinstance(target, ast.alias | Comments | Stuck) and not is_binding(target)


def inside(point: Point, spans: Spans) -> bool:
    """Whether what begins at a point lies in one of the spans."""
    return any(first <= point < last for first, last in spans)


def line_inside(line: int, spans: Spans) -> bool:
    """Whether one of the spans touches a line."""
    return any(first[0] <= line <= last[0] for first, last in spans)


def start(node: ast.AST) -> Point:
    """Where a node begins."""
    return node.lineno, node.col_offset  # type: ignore[attr-defined]  # expressions, statements and definitions


def end(node: ast.AST) -> Point:
    """Where a node ends."""
    return node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]  # as above
