"""Parameters that travel: the signatures of functions with many of them, and the calls that hand several on."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable

from mldebt.facts.syntax import Function, Module
from mldebt.facts.values import last_name
from mldebt.model import Handing, Signature

FEWEST = 4  # parameters that are told of, and that a call has to hand on
_FIRST = frozenset({"self", "cls"})


def signatures(module: Module, index_of: Callable[[ast.AST], int | None]) -> tuple[Signature, ...]:
    """The definitions with many parameters, in source order. Cost: linear in the calls of a module that has any."""
    wide: dict[ast.AST, tuple[int, tuple[str, ...]]] = {}
    for function in module.functions:
        names = _parameters(function)
        index = index_of(function) if len(names) >= FEWEST else None
        if index is not None:
            wide[function] = index, names
    if not wide:
        return ()
    handed: dict[ast.AST, list[Handing]] = defaultdict(list)
    for call in module.of(ast.Call):
        if len(call.args) + len(call.keywords) < FEWEST:
            continue
        around = next((up for up in module.ancestors(call) if up in wide), None)
        names = _handed(call, wide[around][1]) if around is not None else ()
        if around is not None and len(names) >= FEWEST:
            handed[around].append(Handing(last_name(call.func) if _is_plain(call.func) else "", names))
    return tuple(Signature(index, names, tuple(handed[node])) for node, (index, names) in wide.items())


def _parameters(function: Function) -> tuple[str, ...]:
    args = function.args
    names = [a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    return tuple(names[1:] if names and names[0] in _FIRST else names)


def _handed(call: ast.Call, parameters: tuple[str, ...]) -> tuple[str, ...]:
    """The parameters that a call hands on under the names they have, or by their place."""
    found = [a.id for a in call.args if isinstance(a, ast.Name) and a.id in parameters]
    found += [
        k.arg for k in call.keywords if k.arg in parameters and isinstance(k.value, ast.Name) and k.value.id == k.arg
    ]
    return tuple(sorted(set(found)))


def _is_plain(func: ast.expr) -> bool:
    """Whether a callee is a name or an attribute of one, not of what `super()` gives."""
    return isinstance(func, ast.Name) or (isinstance(func, ast.Attribute) and not isinstance(func.value, ast.Call))
