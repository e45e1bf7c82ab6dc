"""What the methods of tables and arrays give."""

from __future__ import annotations

import ast

from mldebt.facts.frames import METHODS
from mldebt.facts.leakage.called import Called
from mldebt.facts.leakage.figures import figure, mixed
from mldebt.facts.leakage.inside import applied
from mldebt.facts.leakage.libraries import STATISTICS
from mldebt.facts.leakage.lineage import NOTHING, Figure, Step, Value, bare, stored, taught, together, without
from mldebt.facts.leakage.rows import Part, apart, touches
from mldebt.facts.leakage.splits import is_inside, left_over, sampled
from mldebt.facts.leakage.state import State
from mldebt.facts.leakage.targets import columns_of

_MIXING = {"fillna": "fills", "replace": "fills", "where": "fills", "mask": "fills", "map": "encodes", "clip": "scales"}
_ASKING = frozenset({"isnull", "isna", "notnull", "notna"})
_APPLYING = frozenset({"apply", "applymap", "map", "transform", "pipe"})
_ADDING = frozenset({"append", "extend", "add", "insert", "update"})
# what shows a table and hands on none of its rows
_SHOWING = frozenset("head tail info describe plot hist value_counts unique nunique to_csv to_pickle count sum".split())


def method(state: State, called: Called, base: Value) -> Value:
    """The value of a method called on data, and what it does to that in place."""
    value = _method(state, called, base)
    if called.says("inplace", True):
        _in_place(state, called.receiver, value)
        state.journal.applied.extend((step, value) for step in value.steps)
        return NOTHING
    return value


def _method(state: State, called: Called, base: Value) -> Value:
    node, word = called.node, called.word
    found = figure(node, word, base)
    if found is not None or word in _SHOWING:
        return found or NOTHING
    if word in _ASKING:
        asked = f"null {ast.unparse(called.receiver)}"
        return base._replace(takes=(Part(asked, "yes" if word.startswith("is") else "no"),))
    if word == "sample":
        return taught(base, Step(node, "samples", base.rows)) if called.says("replace", True) else sampled(node, base)
    if word in ("iterrows", "itertuples"):
        return Value(each=Value(elements=(NOTHING, base._replace(single=True))))
    if word == "drop":
        return _dropped(called, base)
    if word in _APPLYING and node.args:
        return _applied(state, called, base)
    if word in _MIXING:
        return mixed(node, _MIXING[word], base, called.given)
    if word in ("append", "_append") and called.given and base.columns == called.first.columns:
        doubled = touches(base.rows, called.first.rows)
        value = together((base, called.first))
        return taught(value, Step(node, "doubles", called.first.rows)) if doubled else value
    return _handed_on(called, base)


def _applied(state: State, called: Called, base: Value) -> Value:
    first = called.node.args[0]
    if isinstance(first, ast.Constant) and first.value in STATISTICS:
        return Value(figures=frozenset({Figure(str(first.value), base.rows)}))
    value = applied(state, called, base)
    if value.steps - base.steps:
        return taught(base, *(value.steps - base.steps))
    return mixed(called.node, "encodes", base, [value, *called.given])


def _handed_on(called: Called, base: Value) -> Value:
    """What a method gives that changes none of the rows: they have been through what the arguments have, too."""
    others = together(v for v in called.given if v.rows)
    is_made = all(r.origin.startswith("call ") for r in base.rows)
    if is_made and called.word not in METHODS and apart(base.rows, others.rows):
        return bare(others)  # the receiver is some tool: what it is given are the rows
    columns = None if called.word == "groupby" else base.columns
    steps, guesses = base.steps | others.steps, base.guesses | others.guesses
    return base._replace(steps=steps, guesses=guesses, columns=columns, things=frozenset(), elements=None, each=None)


def _dropped(called: Called, base: Value) -> Value:
    node, given = called.node, called.given
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


def mask_of(called: Called) -> Value:
    """The mask that `isin` gives."""
    inside = is_inside(called.first)
    if inside.takes:
        return inside
    return Value(takes=(Part(f"mask {ast.unparse(called.node)}", "yes"),))


def grow(state: State, called: Called) -> bool:
    """Whether a call puts something into a list or dictionary; if so, that now holds it."""
    word, given, key = called.word, called.given, state.key(called.receiver)
    if word not in _ADDING or not key or not given or not isinstance(state.module.parent(called.node), ast.Expr):
        return False
    held, put = state.look(key), given[-1]
    opens = word in ("extend", "update") and put.elements is not None
    new = put.elements or () if opens else (put._replace(each=None),)
    is_list = held.elements is not None or not held.rows
    elements = ((held.elements or ()) + new)[-60:] if is_list else None
    state.bind(key, together((held, *new))._replace(elements=elements, takes=(), single=False))
    return True


def stacked(called: Called) -> Value:
    """The value of `concat([a, b])`: rows of both; what is stacked upon rows it shares doubles those."""
    node, qualified, word, given = called
    first = called.first
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


def origin(state: State, called: Called, is_file: bool) -> str:
    """What rows that a call brings are called: by the file, if the whole of it is read, or by the place."""
    node = called.node
    if is_file and node.args and not any(k.arg in ("nrows", "skiprows", "chunksize") for k in node.keywords):
        return f"file {ast.unparse(node.args[0])}"
    return f"call {state.place(node)}"
