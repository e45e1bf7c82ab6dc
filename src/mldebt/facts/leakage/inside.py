"""Calls of the module's own functions and classes, followed inside."""

from __future__ import annotations

import ast

from mldebt.facts.leakage.called import Called
from mldebt.facts.leakage.lineage import NOTHING, Step, Thing, Value
from mldebt.facts.leakage.rows import Rows
from mldebt.facts.leakage.state import Frame, State, spot
from mldebt.facts.syntax import Function

_INMOST = 4  # calls inside one another


def enter(state: State, called: Called, name: str) -> Value:
    """The value of a call of a function of this module, whose body is followed with the values given."""
    if name in state.opened or len(state.opened) >= _INMOST:
        return NOTHING
    state.called.add(name)
    node, given = called.node, called.given
    named = dict(zip([k.arg for k in node.keywords], given[len(node.args) :], strict=False))
    return follow(state, name, _frame(state.functions[name], name, given[: len(node.args)], named), spot(node))


def follow(state: State, name: str, frame: Frame, site: str) -> Value:
    """Follow the body of a function and give what it returns."""
    with state.frame(name, name.rpartition(".")[0], frame, site):
        state.run(state, state.functions[name].body)
        return state.results[-1]


def _frame(function: Function, name: str, values: list[Value], named: dict[str | None, Value]) -> Frame:
    parameters = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    if "." in name and parameters and parameters[0] in ("self", "cls"):
        parameters = parameters[1:]
    frame = dict.fromkeys([*parameters, *(a.arg for a in function.args.kwonlyargs)], NOTHING)
    frame.update(zip(parameters, values, strict=False))
    frame.update({key: value for key, value in named.items() if key is not None and key in frame})
    return frame


def alone(state: State, name: str) -> None:
    """Follow a function that nothing in the module calls: each parameter is something of its own."""
    function = state.functions[name]
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    frame = {a.arg: Value(rows=frozenset({Rows(f"parameter {name}.{a.arg}")})) for a in arguments}
    follow(state, name, frame, name)


def make_own(state: State, called: Called) -> Value | None:
    """An object of a class of this module; None if the name is none of those."""
    name = called.name
    if not name or not any(key.startswith(f"{name}.") for key in state.functions):
        return None
    if f"{name}.__init__" in state.functions:
        enter(state, called, f"{name}.__init__")
    transforms = f"{name}.transform" in state.functions and f"{name}.predict" not in state.functions
    return Value(
        things=frozenset({Thing("other" if transforms else "model", state.place(called.node), name, owner=name)})
    )


def _gives_cells(called: Called, rows: Value) -> bool:
    """Whether a function applied to rows is given one cell after the other: of one column that is not grouped."""
    if called.word == "transform" or rows.columns is None or len(rows.columns) != 1:
        return False
    return not any(isinstance(n, ast.Attribute) and n.attr == "groupby" for n in ast.walk(called.receiver))


def applied(state: State, called: Called, rows: Value) -> Value:
    """What `rows.apply(function)` gives, by the figures and steps in its body."""
    node, function = called.node, called.node.args[0]
    by_row = any(k.arg == "axis" and ast.unparse(k.value) in ("1", "'columns'") for k in node.keywords)
    given = NOTHING if by_row else rows._replace(single=_gives_cells(called, rows))
    name = function.id if isinstance(function, ast.Name) else ""
    if name in state.functions:
        return enter(state, called._replace(node=ast.Call(function, [function], []), given=[given]), name)
    if not isinstance(function, ast.Lambda) or not function.args.args:
        return NOTHING
    frame = dict(state.frames[-1])
    frame[function.args.args[0].arg] = given
    with state.frame("", state.owners[-1], frame, spot(node)):
        value = state.evaluate(state, function.body)
        inner = [state.evaluate(state, n) for n in ast.walk(function.body) if isinstance(n, ast.Call)]
    steps: frozenset[Step] = value.steps
    return Value(steps=steps, figures=frozenset(f for v in inner if not v.rows for f in v.figures))
