"""What names stand for after an assignment or at the start of a loop's round."""

from __future__ import annotations

import ast
import re

from mldebt.facts.leakage.journal import Named
from mldebt.facts.leakage.lineage import NOTHING, Thing, Value, stored, together
from mldebt.facts.leakage.rows import apart
from mldebt.facts.leakage.splits import apart_by_place
from mldebt.facts.leakage.state import State

_ROLES = {
    "train": re.compile(r"(^|_)tr(n)?(_|$)|train", re.IGNORECASE),
    "test": re.compile(r"test|val(id|_|\d|$)|holdout", re.IGNORECASE),
}
_NO_ROWS = re.compile(r"score|loss|acc|pred|error|(^|_)(y|id|ids|idx|size|len|labels?|targets?)(_|$)", re.IGNORECASE)


def bind(state: State, target: ast.expr, value: Value) -> None:
    """Give a name, attribute, column or list of them a value."""
    if isinstance(target, ast.Tuple | ast.List):
        for number, part in enumerate(target.elts):
            bind(state, part, unpacked(value, target, number))
    elif isinstance(target, ast.Starred):
        bind(state, target.value, value)
    elif isinstance(target, ast.Subscript):
        key = state.holder(target.value)
        state.journal.applied.extend((step, value) for step in value.steps)
        if key:
            state.bind(key, stored(state.look(key), value, columns_of(state, target)))
    elif isinstance(target, ast.Attribute) and not state.key(target):
        key = state.holder(target)
        if state.look(key).rows:
            state.bind(key, stored(state.look(key), value, frozenset({target.attr})))
    else:
        state.bind(state.key(target), value)
        state.journal.applied.extend((step, value) for step in value.steps if apart(value.rows, step.rows))
        _note(state, target, value)


def unpacked(value: Value, target: ast.Tuple | ast.List, number: int) -> Value:
    """One of the values that an unpacking gives; those of something unknown are taken to share no rows."""
    if value.elements is not None:
        return value.elements[number] if len(value.elements) == len(target.elts) else NOTHING
    return apart_by_place(value.each if value.each is not None else value, target, number)


def columns_of(state: State, target: ast.Subscript) -> frozenset[str] | None:
    """The columns that a subscript names, if it does."""
    index = target.slice
    if isinstance(index, ast.Tuple) and len(index.elts) == 2:
        index = index.elts[1]
    if isinstance(index, ast.Slice):
        return None
    value = state.evaluate(state, index)
    return value.columns if not value.rows else None


def element(value: Value, loop: str | None) -> Value:
    """What a loop over a value binds in a round: an element. Things are other ones in each round of the loop."""
    if value.each is not None:
        return value.each
    if value.elements is not None:
        return _merged(value.elements, loop)
    return value._replace(takes=(), single=True) if value.rows else NOTHING


def _merged(elements: tuple[Value, ...], loop: str | None) -> Value:
    lengths = {len(e.elements) if e.elements is not None else -1 for e in elements}
    if len(lengths) == 1 and -1 not in lengths:
        columns = zip(*(e.elements or () for e in elements), strict=True)
        return Value(elements=tuple(_merged(tuple(column), loop) for column in columns))
    joined = together(elements)
    if len(joined.things) > 1 and loop is not None:
        kinds = sorted({thing.kind for thing in joined.things})
        thing = Thing(kinds[0] if len(kinds) == 1 else "model", f"any of {loop}", varies=frozenset({loop}))
        joined = joined._replace(things=frozenset({thing}))
    return joined


def _note(state: State, target: ast.expr, value: Value) -> None:
    """Remember which rows get a name that says what they are for."""
    name = target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
    if not value.rows or value.guesses or _NO_ROWS.search(name) or not any(r.parts for r in value.rows):
        return
    for role, word in _ROLES.items():
        if word.search(name):
            state.journal.named.append(Named(target, role, value))
            return
