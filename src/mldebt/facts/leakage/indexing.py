"""What a subscript takes of a table: rows on one side of something, columns, elements."""

from __future__ import annotations

import ast

from mldebt.facts.leakage.lineage import NOTHING, Step, Value, chosen, piece, taught, together
from mldebt.facts.leakage.rows import SLICE, Part
from mldebt.facts.leakage.state import State, spot

TARGET = "target"  # what a ranking of columns by their relation with one of them is called among the figures
_LOCATORS = ("loc", "iloc", "ix")
_BELOW, _ABOVE = (ast.Lt, ast.LtE), (ast.Gt, ast.GtE)


def subscript(state: State, node: ast.Subscript) -> Value:
    """The value of `base[index]`."""
    base = state.evaluate(state, node.value)
    located = isinstance(node.value, ast.Attribute) and node.value.attr in _LOCATORS
    index = node.slice
    if base.elements is not None or base.each is not None:
        return _element(base, index)
    if isinstance(index, ast.Tuple) and index.elts:
        taken = _rows(state, base, index.elts[0])
        return _columns(state, taken, index.elts[1], node) if len(index.elts) == 2 else taken
    if isinstance(index, ast.Slice) or located:
        return _rows(state, base, index)
    return _columns(state, base, index, node)


def _element(base: Value, index: ast.expr) -> Value:
    elements = base.elements or ()
    if (
        isinstance(index, ast.Constant)
        and isinstance(index.value, int)
        and -len(elements) <= index.value < len(elements)
    ):
        return elements[index.value]
    if isinstance(index, ast.Slice):
        return base
    if isinstance(index, ast.Constant) and index.value in base.keys:
        return elements[base.keys.index(index.value)]
    if base.each is not None:
        return base.each
    return together(elements) if len({e.rows for e in elements}) < 2 else NOTHING


def _rows(state: State, base: Value, index: ast.expr) -> Value:
    """The rows that an index takes."""
    if isinstance(index, ast.Slice):
        return _slice(base, index)
    value = state.evaluate(state, index)
    if value.takes:
        for part in value.takes:
            base = piece(base, part)
        return base
    if isinstance(index, ast.Constant):
        return base._replace(columns=None, elements=None)
    return piece(base, Part(f"some {spot(index)}", "some")) if value != NOTHING or base.rows else base


def _slice(base: Value, index: ast.Slice) -> Value:
    lower = ast.unparse(index.lower) if index.lower is not None else ""
    upper = ast.unparse(index.upper) if index.upper is not None else ""
    whole = lower in ("", "0") and upper in ("", "None")
    return base if whole else piece(base, Part(SLICE, f"{'' if lower == '0' else lower}:{upper}"))


def _columns(state: State, base: Value, index: ast.expr, node: ast.expr) -> Value:
    """What one index takes of a table: columns by name, rows by a mask or by numbers."""
    if isinstance(index, ast.Slice):
        return base
    value = state.evaluate(state, index)
    if value.takes:
        return _rows(state, base, index)
    if any(figure.of == TARGET for figure in value.figures):
        return taught(base, Step(node, "selects", frozenset(r for f in value.figures for r in f.rows)))
    if value.columns is not None and not value.rows:
        return chosen(base, value.columns)._replace(figures=_ranked(base))
    return base._replace(elements=None, figures=_ranked(base))


def _ranked(base: Value) -> frozenset:  # type: ignore[type-arg]
    return frozenset(f._replace(of=TARGET) if f.of == "corr" else f for f in base.figures)


def comparison(node: ast.Compare) -> tuple[Part, ...]:
    """The rows for which a comparison holds."""
    if len(node.ops) != 1:
        return (Part(f"mask {ast.unparse(node)}", "yes"),)
    left, operator, right = ast.unparse(node.left), node.ops[0], ast.unparse(node.comparators[0])
    if isinstance(operator, ast.Eq | ast.NotEq):
        return (Part(f"mask {left}", right if isinstance(operator, ast.Eq) else f"not {right}"),)
    side = "below" if isinstance(operator, _BELOW) else "above" if isinstance(operator, _ABOVE) else "yes"
    return (Part(f"mask {left} against {right}", side),)


def turned(index: tuple[Part, ...]) -> tuple[Part, ...]:
    """The rows that a mask leaves out, if it is one."""
    if len(index) != 1:
        return ()
    by, side = index[0]
    turn = {"yes": "no", "no": "yes", "below": "above", "above": "below"}
    return (Part(by, turn.get(side) or (side[4:] if side.startswith("not ") else f"not {side}")),)
