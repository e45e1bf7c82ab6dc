"""The calls of a module by the last part of the callee's name, so that no rule has to look at all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from mldebt.facts.syntax import Module, position


def calls_by_name(module: Module) -> dict[str, list[ast.Call]]:
    """The calls whose callee is a name or attribute, each list in source order: ask `module.shared(calls_by_name)`."""
    found: dict[str, list[ast.Call]] = {}
    for call in module.of(ast.Call):
        function = call.func
        if isinstance(function, ast.Attribute):
            found.setdefault(function.attr, []).append(call)
        elif isinstance(function, ast.Name):
            found.setdefault(function.id, []).append(call)
    return found


def calls_named(module: Module, names: Iterable[str]) -> list[ast.Call]:
    """The calls with one of these last names, in source order. An import under another name counts."""
    wanted = set(names)
    wanted.update(_renamed(module, wanted))
    index = module.shared(calls_by_name)
    return sorted((call for name in wanted for call in index.get(name, ())), key=position)


def _renamed(module: Module, names: set[str]) -> Iterator[str]:
    for alias in module.of(ast.alias):
        if alias.asname and alias.name in names:
            yield alias.asname


def option(call: ast.Call, name: str) -> ast.expr | None:
    """What a call gives by a keyword; None if it does not. `**` is no keyword: see `spreads`."""
    return next((k.value for k in call.keywords if k.arg == name), None)


def spreads(call: ast.Call) -> bool:
    """Whether a call hands on arguments that are not written in it."""
    return any(k.arg is None for k in call.keywords) or any(isinstance(a, ast.Starred) for a in call.args)
