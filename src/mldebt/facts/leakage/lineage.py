"""What a value is made of: its rows, what has looked at them on the way, and the models that foretold it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple

from mldebt.facts.leakage.rows import SLICE, Part, Rows, RowSet, narrowed

Columns = frozenset[str] | None


class Step(NamedTuple):
    """Something learnt from rows: `how` is fits, fills, scales, bins, selects or encodes.

    Or, what makes rows of others: it samples or doubles them.

    `columns` are those of the table that carry it, if they are literal; None stands for all of them. `on` are the rows
    that were changed with it: in a table put together they are some only.
    """

    node: ast.expr
    how: str
    rows: RowSet
    columns: Columns = None
    on: RowSet = frozenset()


class Thing(NamedTuple):
    """An object that is fitted or divides rows: its kind (see libraries), and where it comes from.

    `varies` are the loops that make another one in each round; `owner` is its class if the module defines that.
    """

    kind: str
    where: str
    name: str = ""
    varies: frozenset[str] = frozenset()
    owner: str = ""


class Figure(NamedTuple):
    """A figure of rows: the name of what computed it, and the rows it is of."""

    of: str
    rows: RowSet


class Fit(NamedTuple):
    """A model fitted: on what, in which loops. `checks` says that it validates on other rows by itself."""

    node: ast.Call
    thing: Thing
    rows: RowSet
    steps: frozenset[Step]
    loops: tuple[str, ...]
    checks: bool


class Guess(NamedTuple):
    """A prediction that went into a value: the fit of the model that made it, and the rows it is of."""

    fit: Fit
    rows: RowSet


class Value(NamedTuple):
    """What is known of one value. `elements` are those of a tuple, list or dictionary, which has `keys`, too.

    `each` is what looping over it gives, if that is not one of the elements. `single` is one row, or one part of it.

    `takes` is the piece that a value selects when it is used as an index. `columns` of a value without rows are names.
    """

    rows: RowSet = frozenset()
    steps: frozenset[Step] = frozenset()
    columns: Columns = None
    guesses: frozenset[Guess] = frozenset()
    figures: frozenset[Figure] = frozenset()
    things: frozenset[Thing] = frozenset()
    elements: tuple[Value, ...] | None = None
    each: Value | None = None
    keys: tuple[str, ...] = ()
    single: bool = False
    takes: tuple[Part, ...] = ()


NOTHING = Value()


def together(values: Iterable[Value]) -> Value:
    """What is made of several values, or is one of them."""
    known = [value for value in values if value != NOTHING]
    if len(known) < 2:
        return known[0] if known else NOTHING
    return Value(
        rows=frozenset[Rows]().union(*(v.rows for v in known)),
        steps=frozenset[Step]().union(*(v.steps for v in known)),
        columns=_columns([v for v in known if v.rows] or known),
        guesses=frozenset[Guess]().union(*(v.guesses for v in known)),
        figures=frozenset[Figure]().union(*(v.figures for v in known)),
        things=frozenset[Thing]().union(*(v.things for v in known)),
        single=all(v.single for v in known if v.rows),
        each=next((v.each for v in known if v.each is not None), None),
        takes=next((v.takes for v in known if v.takes), ()),
    )


def _columns(values: list[Value]) -> Columns:
    found: set[str] = set()
    for value in values:
        if value.columns is None:
            return None
        found |= value.columns
    return frozenset(found) or None


def either(one: Value, other: Value) -> Value:
    """What a name stands for after a branch."""
    if one == other:
        return one
    both = together((one, other))
    if one.elements is not None and other.elements is not None and len(one.elements) == len(other.elements):
        return both._replace(elements=tuple(either(a, b) for a, b in zip(one.elements, other.elements, strict=True)))
    return both


def piece(value: Value, part: Part) -> Value:
    """A piece of the rows of a value, and of the rows that an index selects; a slice may cut doubled rows off again."""
    index = (*value.takes, part) if value.takes else ()
    kept = frozenset(s for s in value.steps if s.how != "doubles") if part.by == SLICE else value.steps
    return value._replace(rows=narrowed(value.rows, part), steps=kept, takes=index, elements=None, each=None)


def taught(value: Value, *steps: Step) -> Value:
    """A value after further learning steps."""
    return value._replace(steps=value.steps.union(s._replace(on=value.rows) for s in steps))


def chosen(value: Value, columns: frozenset[str]) -> Value:
    """Some columns of a table, with what they carry."""
    steps = frozenset(s for s in value.steps if s.columns is None or s.columns & columns)
    return value._replace(steps=steps, columns=columns, elements=None, each=None)


def without(value: Value, columns: frozenset[str]) -> Value:
    """A table after it has lost or overwritten some columns."""
    return value._replace(steps=frozenset(s for s in value.steps if s.columns is None or not s.columns <= columns))


def stored(table: Value, part: Value, columns: Columns) -> Value:
    """A table after a value went into some of its columns, or, if they are not known, somewhere."""
    marked = frozenset(s._replace(columns=columns) if columns is not None else s for s in part.steps)
    kept = without(table, columns) if columns is not None else table
    guesses = table.guesses | part.guesses
    return kept._replace(rows=table.rows or part.rows, steps=kept.steps | marked, guesses=guesses)


def bare(value: Value) -> Value:
    """A value as something new that was made of it: no estimator, no figure, no longer a selection of columns."""
    return value._replace(things=frozenset(), figures=frozenset(), columns=None, elements=None, each=None, takes=())
