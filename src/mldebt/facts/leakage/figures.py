"""Figures of rows, like a mean, and what mixes one with the rows."""

from __future__ import annotations

import ast

from mldebt.facts.leakage.indexing import TARGET
from mldebt.facts.leakage.libraries import EXTREMES, RANKINGS, STATISTICS
from mldebt.facts.leakage.lineage import NOTHING, Figure, Step, Value, taught, together

_FIGURES = STATISTICS | EXTREMES | RANKINGS
_ACROSS = ("1", "-1", "'columns'", "2")


def figure(call: ast.Call, word: str, of: Value) -> Value | None:
    """The value of a call that computes a figure of a value; None if it computes none, or one for each row."""
    if word not in _FIGURES or not of.rows or _goes_across(call, word):
        return None
    if of.single:
        return NOTHING
    name = TARGET if word in RANKINGS and word != "corr" else word
    found = frozenset({Figure(name, of.rows)}) | of.figures
    return Value(figures=found)


def _goes_across(call: ast.Call, word: str) -> bool:
    axis = next((k.value for k in call.keywords if k.arg == "axis"), None)
    if axis is None and call.args and word not in RANKINGS:
        last = call.args[-1]
        is_axis = isinstance(last, ast.Constant | ast.UnaryOp) and "quantile" not in word and word != "percentile"
        axis = last if is_axis else None
    return axis is not None and ast.unparse(axis) in _ACROSS


def arithmetic(node: ast.BinOp, left: Value, right: Value) -> Value:
    """The value of an operation; what takes figures from rows, or divides rows by them, has learnt those."""
    value = together((left, right))
    if not left.rows or not right.figures or right.rows:
        return _plain(value) if value.rows else value
    words = {f.of for f in right.figures}
    subtracts, divides = isinstance(node.op, ast.Sub), isinstance(node.op, ast.Div)
    centred = isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Sub) and bool(left.figures)
    if (subtracts or divides) and (words & STATISTICS or (divides and centred)):
        step = Step(node, "scales", frozenset(r for f in right.figures for r in f.rows), left.columns)
        inner = value._replace(steps=frozenset(s for s in value.steps if s.node is not node.left))
        return _plain(taught(inner, step))
    return _plain(value)._replace(figures=right.figures) if subtracts else _plain(value)


def _plain(value: Value) -> Value:
    return value._replace(figures=frozenset(), things=frozenset(), elements=None, each=None, columns=value.columns)


def mixed(call: ast.expr, how: str, rows: Value, given: list[Value]) -> Value:
    """The value of a call that puts figures in among the rows, as `fillna` does."""
    figures = {f for value in given for f in value.figures if f.of in STATISTICS | EXTREMES and not value.rows}
    if not figures or not rows.rows:
        return rows
    return taught(rows, Step(call, how, frozenset(r for f in figures for r in f.rows), rows.columns))
