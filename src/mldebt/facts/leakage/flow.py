"""The statements of a module, followed in order."""

from __future__ import annotations

import ast
from collections.abc import Callable

from mldebt.facts.leakage.lineage import NOTHING, either
from mldebt.facts.leakage.state import DEEPEST, State, spot
from mldebt.facts.leakage.targets import bind, element


def run(state: State, body: list[ast.stmt]) -> None:
    """Follow statements; those of definitions wait until they are called."""
    if state.depth > DEEPEST:
        return
    state.depth += 1
    for statement in body:
        handle = _HANDLERS.get(type(statement))
        if handle is not None and state.fuel > 0:
            handle(state, statement)
    state.depth -= 1


def _assign(state: State, node: ast.Assign) -> None:
    value = state.evaluate(state, node.value)
    for target in node.targets:
        bind(state, target, value)


def _annotate(state: State, node: ast.AnnAssign) -> None:
    if node.value is not None:
        bind(state, node.target, state.evaluate(state, node.value))


def _augment(state: State, node: ast.AugAssign) -> None:
    """`x -= y` is followed as `x = x - y`."""
    target = node.target
    operation = ast.copy_location(ast.BinOp(target, node.op, node.value), node)
    bind(state, target, state.evaluate(state, operation))


def _express(state: State, node: ast.Expr) -> None:
    state.evaluate(state, node.value)


def _return(state: State, node: ast.Return) -> None:
    if node.value is not None:
        value = state.evaluate(state, node.value)
        held = state.results[-1]
        state.results[-1] = value if held == NOTHING else either(held, value)


def _branch(state: State, node: ast.If) -> None:
    """Both sides start from the same state; after them a name is what it is on either."""
    state.evaluate(state, node.test)
    before = dict(state.frames[-1])
    run(state, node.body)
    first = state.frames[-1]
    state.frames[-1] = before
    run(state, node.orelse)
    state.join(first)


def _loop(state: State, node: ast.For | ast.AsyncFor) -> None:
    name = f"loop {spot(node)}"
    value = state.evaluate(state, node.iter)
    targets = frozenset(n.id for n in ast.walk(node.target) if isinstance(n, ast.Name))
    with state.loop(name, targets):
        bind(state, node.target, element(value, name))
        run(state, node.body)
    run(state, node.orelse)


def _while(state: State, node: ast.While) -> None:
    state.evaluate(state, node.test)
    run(state, node.body)
    run(state, node.orelse)


def _with(state: State, node: ast.With | ast.AsyncWith) -> None:
    for item in node.items:
        value = state.evaluate(state, item.context_expr)
        if item.optional_vars is not None:
            bind(state, item.optional_vars, value)
    run(state, node.body)


def _try(state: State, node: ast.Try) -> None:
    run(state, node.body)
    after = dict(state.frames[-1])
    for handler in node.handlers:
        run(state, handler.body)
    state.join(after)
    run(state, node.orelse)
    run(state, node.finalbody)


def _delete(state: State, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            state.bind(target.id, NOTHING)


_HANDLERS: dict[type[ast.stmt], Callable[..., None]] = {  # each handler takes just its own node type
    ast.Assign: _assign,
    ast.AnnAssign: _annotate,
    ast.AugAssign: _augment,
    ast.Expr: _express,
    ast.Return: _return,
    ast.If: _branch,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.Delete: _delete,
}
