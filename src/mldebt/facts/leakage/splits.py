"""What divides rows into training and held-out ones, and what validates on folds of them."""

from __future__ import annotations

import ast

from mldebt.facts.leakage.journal import Folded, Split
from mldebt.facts.leakage.lineage import NOTHING, Value, bare, piece
from mldebt.facts.leakage.rows import Part
from mldebt.facts.leakage.state import State, spot


def divide(state: State, node: ast.Call, given: list[Value]) -> Value:
    """The value of `train_test_split(a, b)`: two sides of each argument."""
    by = f"split {state.place(node)}"
    sides: list[Value] = []
    for value in given[: len(node.args)]:
        sides.extend(piece(value, Part(by, side)) for side in ("train", "test"))
    named = zip(node.keywords, given[len(node.args) :], strict=True)
    for value in [value for keyword, value in named if keyword.arg == "stratify"]:
        state.journal.strata.extend(step.node for step in value.steps if step.how == "bins")
    if given:
        state.journal.splits.append(Split(node, by, given[0], state.around))
    return Value(elements=tuple(sides))


def folds(state: State, node: ast.Call, rows: Value) -> Value:
    """The value of `KFold().split(X)`: pairs of indices, to loop over."""
    by = f"fold {state.place(node)}"
    state.journal.validates = True
    answers = [state.evaluate(state, a) for a in node.args[1:2]]
    state.journal.strata.extend(step.node for a in answers for step in a.steps if step.how == "bins")
    if rows.rows:
        state.journal.splits.append(Split(node, by, rows, state.around))
    pair = tuple(Value(takes=(Part(by, side),)) for side in ("train", "test"))
    return Value(each=Value(elements=pair))


def validate(state: State, node: ast.Call, given: list[Value]) -> Value:
    """The value of `cross_val_score(model, X)`."""
    state.journal.validates = True
    if len(given) > 1 and given[1].rows:
        state.journal.folded.append(Folded(node, given[1]))
    return NOTHING


def sampled(node: ast.Call, base: Value) -> Value:
    """The value of `df.sample(...)`: all rows in another order, or some of them."""
    share = next((k.value for k in node.keywords if k.arg == "frac"), None)
    if isinstance(share, ast.Constant) and share.value == 1:
        return base
    return piece(base, Part(f"sample {spot(node)}", "taken"))


def left_over(base: Value, index: tuple[Part, ...]) -> Value | None:
    """What `df.drop(part.index)` leaves; None if the index is none of a piece of these rows."""
    if len(index) < 2 or index[0].by != "index":
        return None
    by, side = index[-1]
    return piece(base, Part(by, f"not {side}"))


def is_inside(argument: Value) -> Value:
    """The mask `index.isin(part.index)`."""
    if len(argument.takes) < 2 or argument.takes[0].by != "index":
        return NOTHING
    return Value(takes=argument.takes[-1:])


def shuffled(node: ast.Call) -> Value:
    """Numbers of rows in some order, of which slices select."""
    return Value(takes=(Part("order", spot(node)),))


def apart_by_place(value: Value, target: ast.AST, number: int) -> Value:
    """One of several values that come out of something that cannot be looked into."""
    return piece(bare(value), Part(f"unpacked {spot(target)}", str(number))) if value.rows else value
