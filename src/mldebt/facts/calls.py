"""The calls that go out of a module, to what it imports: which, from where, with which keywords, under which flags."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from mldebt.facts.syntax import DefinitionNode, Module, position
from mldebt.model import OutsideCall

_LONGEST = 80  # characters of a constant that is kept
_MOST_GUARDS = 3
_MOST_OF_ONE = 8  # calls of one name in one module: more of them prove no more
Key = tuple[str, tuple[str, ...], tuple[str, ...]]


def outside_calls(module: Module) -> tuple[OutsideCall, ...]:
    """The calls of imported names, each once for its keywords and flags, in source order; decorators and bases too.

    Of one name no more than the first few are kept.
    """
    bound = {alias.asname or alias.name.partition(".")[0] for alias in module.of(ast.alias)}
    found: dict[Key, OutsideCall] = {}
    count: Counter[str] = Counter()
    for node, called in sorted(_called(module, bound), key=lambda pair: position(pair[0])):
        name = module.name(called)
        if name is None or name.startswith(".") or count[name] == _MOST_OF_ONE:
            continue
        key = name, (*_arguments(node), *_required(module, node)), _guards(module, node)
        if key not in found:
            count[name] += 1
            found[key] = OutsideCall(*key, module.first_line(node))
    return tuple(found.values())


def _called(module: Module, bound: set[str]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The calls, bare decorators and bases that begin with one of these names, with what is called."""
    for call in module.of(ast.Call):
        if _root(call.func) in bound:
            yield call, call.func
    for kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
        for definition in module.of(kind):
            bare = [d for d in definition.decorator_list if not isinstance(d, ast.Call)]  # type: ignore[attr-defined]
            for expression in (*bare, *getattr(definition, "bases", ())):
                if _root(expression) in bound:
                    yield expression, expression


def _root(node: ast.expr) -> str:
    """The name a dotted expression begins with; empty for any other."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _arguments(call: ast.expr) -> Iterator[str]:
    """`0=text` for a first argument that is a text, `name` or `name=constant` for the keywords."""
    if not isinstance(call, ast.Call):
        return
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


def _required(module: Module, call: ast.expr) -> Iterator[str]:
    """`install_requires=torch>=2` for each text under such a keyword of a set-up script, also in a list it names."""
    for keyword in call.keywords if isinstance(call, ast.Call) else ():
        if keyword.arg is None or not keyword.arg.endswith(("_requires", "_require")):
            continue
        for value in (keyword.value, *_assigned(module, keyword.value)):
            texts = (node.value for node in ast.walk(value) if isinstance(node, ast.Constant))
            yield from (f"{keyword.arg}={text}" for text in texts if isinstance(text, str) and len(text) <= _LONGEST)


def _assigned(module: Module, value: ast.expr) -> Iterator[ast.expr]:
    """What the names in an expression are bound to at the top of the module."""
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    for statement in module.tree.body if names else ():
        if isinstance(statement, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id in names for t in statement.targets
        ):
            yield statement.value


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
