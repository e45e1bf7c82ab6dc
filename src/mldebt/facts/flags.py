"""Switches inside functions that are off and that nothing in the module turns on, with the code only they reach."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

from mldebt.facts.bindings import is_exercise
from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import Function, Module
from mldebt.facts.values import last_name
from mldebt.model import Flag

_LOOKS_AT_ALL = frozenset({"locals", "vars", "eval", "exec", "globals"})
_INERT = frozenset({"staticmethod", "classmethod", "no_grad", "inference_mode"})
Key = tuple[Scope, str]


def flags(module: Module) -> tuple[Flag, ...]:
    """The flags that are never turned on, by place. Cost: linear in the names read, if there are candidates at all."""
    candidates = dict([*_variables(module), *_parameters(module)])
    if not candidates:
        return ()
    reads: dict[Key, list[ast.AST]] = defaultdict(list)
    names = {name for _, name in candidates}
    for scope in module.scopes:
        for read in scope.reads:
            home = scope.resolve(read.name) if read.name in names else None
            if home is not None and (home, read.name) in candidates:
                reads[home, read.name].append(read.node)
    found = []
    for key, (binding, value, private) in candidates.items():
        dead = _only_decides(module, reads[key], value)
        if dead:
            places = tuple(sorted(module.stretch(s[0].lineno, s[-1].end_lineno or s[-1].lineno) for s in dead))
            found.append(Flag(key[1], module.place(binding), module.qualname(key[0].node), value, places, private))
    return tuple(sorted(found, key=lambda flag: (flag.at, flag.name)))


Candidate = tuple[Key, tuple[ast.AST, bool, str]]


def _variables(module: Module) -> Iterator[Candidate]:
    """Local variables that are assigned once, a truth value."""
    for target, value in _switched(module):
        scope, name = module.scope(target), target.id
        if scope.kind != "function" or not isinstance(scope.node, Function) or name in scope.foreign:
            continue
        shared = any(other.foreign.get(name) == "nonlocal" for other in module.scopes)
        if len(scope.bindings[name]) == 1 and not shared and not _is_open(scope) and not is_exercise(module, scope):
            yield (scope, name), (target, value, "")


def _switched(module: Module) -> Iterator[tuple[ast.Name, bool]]:
    """The names that are assigned a truth value."""
    statements: list[ast.Assign | ast.AnnAssign] = [*module.of(ast.Assign), *module.of(ast.AnnAssign)]
    for statement in statements:
        value = statement.value
        if isinstance(value, ast.Constant) and isinstance(value.value, bool):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from ((target, value.value) for target in targets if isinstance(target, ast.Name))


def _is_open(scope: Scope) -> bool:
    return any(read.name in _LOOKS_AT_ALL and not read.suffix for read in scope.reads)


def _parameters(module: Module) -> Iterator[Candidate]:
    """Parameters of private functions with a truth value as default, which no call in the module gives another."""
    closed = [(f, defaults) for f in module.functions if (defaults := [*_defaults(f)]) and _is_private(module, f)]
    reads = _reads(module, {function.name for function, _ in closed}) if closed else {}
    for function, defaults in closed:
        scope = module.opened_by(function)
        calls = _calls(module, reads.get(function.name, ()))
        if calls is None or _is_open(scope):
            continue
        for argument, position, value in defaults:
            name = argument.arg
            # a method's call has one argument fewer than there are parameters
            positions = (position, position - 1) if module.scope(function).kind == "class" else (position,)
            if len(scope.bindings[name]) == 1 and not any(_gives(call, name, positions, value) for call in calls):
                private = "" if module.scope(function).kind == "function" else function.name
                yield (scope, name), (argument, value, private)


def _is_private(module: Module, function: Function) -> bool:
    if any(last_name(getattr(d, "func", d)) not in _INERT for d in function.decorator_list):
        return False
    home = module.scope(function).kind
    return home == "function" or (function.name.startswith("_") and not function.name.endswith("__"))


def _defaults(function: Function) -> Iterator[tuple[ast.arg, int, bool]]:
    """Parameters with a truth value as default, with their position; -1 for those given by name only."""
    ordered = [*function.args.posonlyargs, *function.args.args]
    first = len(ordered) - len(function.args.defaults)
    for index, default in enumerate(function.args.defaults):
        if isinstance(default, ast.Constant) and isinstance(default.value, bool):
            yield ordered[first + index], first + index, default.value
    for argument, by_name in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if isinstance(by_name, ast.Constant) and isinstance(by_name.value, bool):
            yield argument, -1, by_name.value


def _reads(module: Module, names: set[str]) -> dict[str, list[ast.Name | ast.Attribute]]:
    """The reads of some names, also as attributes, by the name."""
    found: dict[str, list[ast.Name | ast.Attribute]] = defaultdict(list)
    nodes: list[ast.Name | ast.Attribute] = [node for node in module.of(ast.Name) if node.id in names]
    nodes += [node for node in module.of(ast.Attribute) if node.attr in names]
    for node in nodes:
        if isinstance(node.ctx, ast.Load):
            found[last_name(node)].append(node)
    return found


def _calls(module: Module, reads: Iterable[ast.Name | ast.Attribute]) -> list[ast.Call] | None:
    """All calls of what these read; None if it is handed on, so that others may call it, or is never called."""
    found: list[ast.Call] = []
    for node in reads:
        call = module.parent(node)
        if not isinstance(call, ast.Call) or call.func is not node:
            return None
        found.append(call)
    return found or None


def _gives(call: ast.Call, name: str, positions: tuple[int, ...], value: bool) -> bool:
    """Whether a call may give a parameter another value than its default."""
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return True
    given = [k.value for k in call.keywords if k.arg == name]
    given += [call.args[i] for i in positions if 0 <= i < len(call.args)]
    return any(not isinstance(g, ast.Constant) or g.value is not value for g in given)


def _only_decides(module: Module, reads: list[ast.AST], value: bool) -> list[list[ast.stmt]]:
    """The blocks that the flag shuts out; none if it is read for anything else than to decide."""
    found: list[list[ast.stmt]] = []
    for node in reads:
        inner, up, state = node, module.parent(node), value
        if isinstance(up, ast.UnaryOp) and isinstance(up.op, ast.Not):
            inner, up, state = up, module.parent(up), not state
        while isinstance(up, ast.BoolOp):
            if isinstance(up.op, ast.And) is state:
                break
            inner, up = up, module.parent(up)
        if not isinstance(up, ast.If | ast.BoolOp | ast.IfExp) or (
            isinstance(up, ast.If | ast.IfExp) and up.test is not inner
        ):
            return []
        if isinstance(up, ast.If):
            block = up.orelse if state else up.body
            found.extend([block] if block else [])
    return found
