"""The calls that go out of a module, to what it imports: which, from where, with which keywords, under which flags."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import DefinitionNode, Module
from mldebt.model import OutsideCall

_LONGEST = 80  # characters of a constant that is kept
_MOST_GUARDS = 3


def outside_calls(module: Module) -> tuple[OutsideCall, ...]:
    """Each call of an imported name once for its keywords and flags, in source order; decorators and bases too."""
    bound = {alias.asname or alias.name.partition(".")[0] for alias in module.of(ast.alias)}
    found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], OutsideCall] = {}
    for node, called, arguments in sorted(_called(module), key=lambda c: (c[0].lineno, c[0].col_offset)):
        root = called
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name) or root.id not in bound:
            continue
        name = module.name(called)
        if name is None or name.startswith("."):
            continue
        key = (name, arguments, _guards(module, node))
        if key not in found:
            found[key] = OutsideCall(*key, module.first_line(node))
    return tuple(found.values())


def _called(module: Module) -> Iterator[tuple[ast.expr, ast.expr, tuple[str, ...]]]:
    for call in module.of(ast.Call):
        yield call, call.func, tuple(_arguments(call))
    for kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
        for definition in module.of(kind):
            bare = [d for d in definition.decorator_list if not isinstance(d, ast.Call)]  # type: ignore[attr-defined]
            for expression in (*bare, *getattr(definition, "bases", ())):
                yield expression, expression, ()


def _arguments(call: ast.Call) -> Iterator[str]:
    """`0=text` for a first argument that is a text, `name` or `name=constant` for the keywords."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and len(first.value) <= _LONGEST:
        yield f"0={first.value}"
    for keyword in call.keywords:
        if keyword.arg is None:
            continue
        value = keyword.value
        if isinstance(value, ast.Constant) and not isinstance(value.value, bytes) and len(str(value.value)) <= _LONGEST:
            yield f"{keyword.arg}={value.value!s}"
        else:
            yield keyword.arg


def _guards(module: Module, node: ast.AST) -> tuple[str, ...]:
    """The flags that must hold for a node to run, as they are written, from the inside out."""
    found: list[str] = []
    inner = node
    for up in module.ancestors(node):
        if isinstance(up, DefinitionNode):
            break
        if isinstance(up, ast.If) and inner in up.body:
            found.extend(_flags(up.test))
        inner = up
    return tuple(found[:_MOST_GUARDS])


def _flags(test: ast.expr) -> Iterator[str]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for value in test.values:
            yield from _flags(value)
    elif isinstance(test, ast.Name | ast.Attribute):
        yield ast.unparse(test)
    elif isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and test.func.attr == "get" and test.args:
        key = test.args[0]
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value
