"""Statements in comments and strings that stand together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from mldebt.facts.comments import Piece, Run, pieces

_BREAK = re.compile(r"\s*(?:In ?\[[\d ]*\]:?|%%.*|[+-]|<(?:markdown|code)cell>.*|COMMAND -+|```.*)\s*")
_SPACED_CALL = re.compile(r"=\s*[\w.]+ +\(")
_NEAR = 20  # lines of prose that are kept in mind
_TYPES = frozenset("int float str bool bytes list dict tuple set".split())


class Group(NamedTuple):
    """Neighbouring statements of a run with what stands between them; `above` are the lines of prose above."""

    run: Run
    above: tuple[str, ...]
    pieces: list[Piece]

    @property
    def statements(self) -> list[ast.stmt]:
        """Its statements, without what only stands between them."""
        return [p.statement for p in self.pieces if p.statement is not None and _is_code(self.run, p)]

    @property
    def lines(self) -> int:
        """How many lines its statements take; a decorator alone is none."""
        defines = any(isinstance(s, ast.FunctionDef | ast.ClassDef) and not s.decorator_list for s in self.statements)
        code = (p for p in self.pieces if _is_code(self.run, p) and (defines or not _is_decorator(p)))
        return sum(p.last - p.first + 1 for p in code)


def groups(run: Run) -> Iterator[Group]:
    """The stretches of statements. One line of prose between two of them belongs to them, a heading does not."""
    current: list[Piece] = []
    gap: list[Piece] = []
    heads: tuple[str, ...] = ()
    above: tuple[str, ...] = (run.lead,) if run.lead else ()
    for piece, role in _roles(run):
        if role == "code":
            heads = heads if current else above
            current.extend([*gap, piece] if current else [piece])
            gap, above = [], ()
            continue
        if current and role != "neutral" and (role != "prose" or any(p.statement is None for p in gap)):
            yield Group(run, heads, current)
            current = []
        gap = [*gap, piece] if current else []
        if role != "neutral" or run.whole is not None:
            above = _below(above, role, run.texts[piece.first])
    if current:
        yield Group(run, heads, current)


def _below(above: tuple[str, ...], role: str, text: str) -> tuple[str, ...]:
    """The prose above what comes next: a heading begins anew, a break ends it."""
    if role == "break":
        return ()
    return (text,) if role == "heading" else (*above[-_NEAR:], text)


def _roles(run: Run) -> Iterator[tuple[Piece, str]]:
    """What each piece is to those around it: code, neutral, prose, a heading, or a break as between two cells."""
    fenced = False
    end = 0
    for piece in pieces(run.texts):
        text = run.texts[piece.first]
        fenced ^= text.lstrip().startswith("```")
        if any(at in run.gaps for at in range(end, piece.first)) and not _is_code(run, piece):
            role = "heading"
        elif fenced or _BREAK.fullmatch(text):
            role = "break"
        elif _is_code(run, piece):
            role = "code"
        else:
            role = "neutral" if piece.statement is not None or text.lstrip().startswith("#") else "prose"
        end = piece.last + 1
        yield piece, role


def _is_code(run: Run, piece: Piece) -> bool:
    """Whether a piece is a statement that nobody writes as prose or as a value."""
    statement = piece.statement
    if isinstance(statement, ast.Expr):
        value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
        return isinstance(value, ast.Call) and not _is_shown(value)
    if isinstance(statement, ast.AnnAssign):
        return statement.value is not None and _is_type(statement.annotation)
    return statement is not None and not _SPACED_CALL.search(run.texts[piece.first])


def _is_type(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return isinstance(node, ast.Subscript | ast.BinOp) or name in _TYPES or name[:1].isupper()


def _is_shown(call: ast.Call) -> bool:
    """Whether a call is how an object is printed, or a signature."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr[:1].isupper()
    name = function.id if isinstance(function, ast.Name) else ""
    if not name or name[:1].isupper() or name in ("array", "tensor"):
        return True
    return any(isinstance(a, ast.Name) and a.id == "self" for a in call.args[:1])


def _is_decorator(piece: Piece) -> bool:
    return isinstance(piece.statement, ast.FunctionDef) and bool(piece.statement.decorator_list)
