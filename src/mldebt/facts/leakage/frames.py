"""What the methods of tables and arrays give."""

from __future__ import annotations

import ast
from collections.abc import Callable

from mldebt.facts.leakage.figures import figure, mixed
from mldebt.facts.leakage.libraries import STATISTICS
from mldebt.facts.leakage.lineage import NOTHING, Figure, Step, Value, stored, taught, together, without
from mldebt.facts.leakage.rows import Part, touches
from mldebt.facts.leakage.splits import is_inside, left_over, sampled
from mldebt.facts.leakage.state import State
from mldebt.facts.leakage.targets import columns_of

_MIXING = {"fillna": "fills", "replace": "fills", "where": "fills", "mask": "fills", "map": "encodes", "clip": "scales"}
_ARITHMETIC = {"sub": ast.Sub(), "subtract": ast.Sub(), "div": ast.Div(), "divide": ast.Div(), "truediv": ast.Div()}
_APPLYING = frozenset({"apply", "applymap", "map", "transform", "pipe"})
_ADDING = frozenset({"append", "extend", "add", "insert", "update"})
# what shows a table and hands on none of its rows
_SHOWING = frozenset("head tail info describe plot hist value_counts unique nunique to_csv to_pickle count sum".split())

Apply = Callable[[State, ast.Call, ast.expr, Value], Value]


def method(state: State, node: ast.Call, word: str, base: Value, given: list[Value], apply: Apply) -> Value:
    """The value of a method called on data, and what it does to that in place."""
    value = _method(state, node, word, base, given, apply)
    assert isinstance(node.func, ast.Attribute)
    if any(k.arg == "inplace" and isinstance(k.value, ast.Constant) and k.value.value is True for k in node.keywords):
        _in_place(state, node.func.value, value)
        return NOTHING
    return value


def _method(state: State, node: ast.Call, word: str, base: Value, given: list[Value], apply: Apply) -> Value:
    found = figure(node, word, base)
    if found is not None:
        return found
    if word in _SHOWING:
        return NOTHING
    if word in ("isnull", "isna", "notnull", "notna"):
        is_null = word.startswith("is")
        return base._replace(takes=(Part(f"null {ast.unparse(node.func)[: -len(word)]}", "yes" if is_null else "no"),))
    if word == "sample":
        value = sampled(node, base)
        return taught(base, Step(node, "samples", base.rows)) if _is_true(node, "replace") else value
    if word == "drop":
        return _dropped(node, base, given)
    if word == "groupby":
        return base._replace(columns=None)
    return _mixing(state, node, word, base, given, apply)


def _mixing(state: State, node: ast.Call, word: str, base: Value, given: list[Value], apply: Apply) -> Value:
    if word in _APPLYING and node.args:
        first = node.args[0]
        if isinstance(first, ast.Constant) and first.value in STATISTICS:
            return Value(figures=frozenset({Figure(str(first.value), base.rows)}))
        applied = apply(state, node, first, base)
        return mixed(node, "encodes", taught(base, *applied.steps), [applied, *given])
    if word in _MIXING:
        return mixed(node, _MIXING[word], base, given)
    if word in ("append", "_append") and given and base.rows and base.columns == given[0].columns:
        doubled = touches(base.rows, given[0].rows)
        value = together((base, given[0]))
        return taught(value, Step(node, "doubles", given[0].rows)) if doubled else value
    others = together(v for v in given if v.rows)
    value = base._replace(steps=base.steps | others.steps, guesses=base.guesses | others.guesses, things=frozenset())
    return value._replace(elements=None, each=None)


def _dropped(node: ast.Call, base: Value, given: list[Value]) -> Value:
    for value in given:
        rest = left_over(base, value.takes)
        if rest is not None:
            return rest
        if any(f.of == "target" for f in value.figures):
            return taught(base, Step(node, "selects", frozenset(r for f in value.figures for r in f.rows)))
    columns = next((v.columns for v in given if v.columns is not None and not v.rows), None)
    return without(base, columns)._replace(elements=None) if columns else base._replace(elements=None)


def _in_place(state: State, receiver: ast.expr, value: Value) -> None:
    key = state.holder(receiver)
    if key == state.key(receiver):
        state.bind(key, value)
    elif key:
        columns = value.columns
        if isinstance(receiver, ast.Subscript):
            columns = columns_of(state, receiver)
        state.bind(key, stored(state.look(key), value, columns))


def mask_of(node: ast.Call, word: str, argument: Value) -> Value:
    """The mask that `isin` gives."""
    inside = is_inside(argument)
    if inside.takes:
        return inside
    return Value(takes=(Part(f"mask {ast.unparse(node)}", "yes"),)) if word == "isin" else NOTHING


def grow(state: State, node: ast.Call, word: str, given: list[Value]) -> bool:
    """Whether a call puts something into a list or dictionary; if so, that now holds it."""
    assert isinstance(node.func, ast.Attribute)
    key = state.key(node.func.value)
    if word not in _ADDING or not key or not given or not isinstance(state.module.parent(node), ast.Expr):
        return False
    held, put = state.look(key), given[-1]
    opens = word in ("extend", "update") and put.elements is not None
    new = put.elements or () if opens else (put._replace(each=None),)
    elements = ((held.elements or ()) + new)[-60:]
    state.bind(key, together((held, *new))._replace(elements=None if held.rows else elements, takes=()))
    return True


def _is_true(node: ast.Call, name: str) -> bool:
    return any(k.arg == name and isinstance(k.value, ast.Constant) and k.value.value is True for k in node.keywords)


def stacked(node: ast.Call, word: str, qualified: str, given: list[Value]) -> Value:
    """The value of `concat([a, b])`: rows of both; what is stacked upon rows it shares doubles those."""
    first = given[0] if given else NOTHING
    values = list(first.elements or (first,)) if word != "append" else given[:2]
    value = together(values)._replace(elements=None, each=None, takes=(), things=frozenset())
    axis = next((ast.unparse(k.value) for k in node.keywords if k.arg in ("axis", "dim")), "")
    if not axis and len(node.args) > 1 and isinstance(node.args[-1], ast.Constant):
        axis = ast.unparse(node.args[-1])
    along_rows = axis in ("0", "'index'", "'rows'") or (not axis and (word == "vstack" or qualified == "pandas.concat"))
    listed = node.args[0] if node.args else None
    repeated = isinstance(listed, ast.BinOp) and isinstance(listed.op, ast.Mult)
    doubled = along_rows and (repeated or _shares(values))
    return taught(value, Step(node, "doubles", value.rows)) if doubled and value.rows else value


def _shares(values: list[Value]) -> bool:
    return any(
        touches(a.rows, b.rows) and a.columns == b.columns for n, a in enumerate(values) for b in values[n + 1 :]
    )


def origin(state: State, node: ast.Call, is_file: bool) -> str:
    """What rows that a call brings are called: by the file, if the whole of it is read, or by the place."""
    if is_file and node.args and not any(k.arg in ("nrows", "skiprows", "chunksize") for k in node.keywords):
        return f"file {ast.unparse(node.args[0])}"
    return f"call {state.place(node)}"
