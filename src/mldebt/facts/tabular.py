"""How expressions over tables are read: what data they are of, which columns, what figure, which side of a border."""

from __future__ import annotations

import ast

from mldebt.facts.preprocessing import EXTREMES, STATISTICS
from mldebt.facts.values import last_name


def calls_in(value: ast.expr) -> list[ast.Call]:
    return [n for n in ast.walk(value) if isinstance(n, ast.Call)]


def values_given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(k.value for k in call.keywords if k.arg != "inplace")]


def data_key(node: ast.expr) -> str:
    """The dotted name that data is kept under: of `df["a"]`, `df.loc[i]` and `df.values` it is `df`."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        inner = node.value
        if isinstance(node, ast.Attribute) and isinstance(inner, ast.Name) and inner.id == "self":
            return f"self.{node.attr}"
        node = inner
    return node.id if isinstance(node, ast.Name) else ""


def named_columns(node: ast.expr) -> frozenset[str] | None:
    """The columns that a subscript names literally; None if it does not."""
    if not isinstance(node, ast.Subscript):
        return None
    index = node.slice
    if isinstance(index, ast.Tuple) and len(index.elts) == 2:
        index = index.elts[1]
    elements = index.elts if isinstance(index, ast.List) else [index]
    names = [e.value for e in elements if isinstance(e, ast.Constant) and isinstance(e.value, str)]
    return frozenset(names) if names and len(names) == len(elements) else None


def figure_of(node: ast.expr | None) -> str | None:
    """The name whose mean, spread or the like an expression is; None if it is none."""
    if isinstance(node, ast.Subscript):
        node = node.value
    if not isinstance(node, ast.Call) or last_name(node.func) not in STATISTICS | EXTREMES:
        return None
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
    key = data_key(node.args[0]) if node.args else ""
    if key or receiver is None:
        return key or None
    return data_key(receiver) or None


def border_of(value: ast.expr) -> tuple[str, str, str] | None:
    """Of `X[:n]`, `X.iloc[n:, 1:]` and the like: what is cut, where, and which side is taken."""
    while isinstance(value, ast.Attribute) and not isinstance(value.value, ast.Name):
        value = value.value
    if not isinstance(value, ast.Subscript):
        return None
    index = value.slice.elts[0] if isinstance(value.slice, ast.Tuple) and value.slice.elts else value.slice
    if not isinstance(index, ast.Slice) or index.step is not None:
        return None
    match index.lower, index.upper:
        case None, ast.expr() as cut:
            return data_key(value), ast.unparse(cut), "before"
        case ast.expr() as cut, None:
            return data_key(value), ast.unparse(cut), "after"
    return None
