"""Switches that a module defines, and whether they are on by default: constants at its top, options, parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import Module

_OPTIONS = frozenset({"add_argument", "option", "DEFINE_bool", "DEFINE_boolean", "DEFINE_string"})


def defaults(module: Module) -> tuple[tuple[str, bool], ...]:
    """Each flag once, by name, with whether any of its defaults is on."""
    found: dict[str, bool] = {}
    for name, on in (*_constants(module), *_options(module), *_parameters(module)):
        found[name] = found.get(name, False) or on
    return tuple(sorted(found.items()))


def _constants(module: Module) -> Iterator[tuple[str, bool]]:
    for statement in module.tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            value = statement.value.value
            if value is None or isinstance(value, bool):
                yield from ((t.id, bool(value)) for t in statement.targets if isinstance(t, ast.Name))


def _options(module: Module) -> Iterator[tuple[str, bool]]:
    for call in module.calls(_OPTIONS):
        if not isinstance(call.func, ast.Attribute) or not call.args:
            continue
        names = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        given = {k.arg: k.value.value for k in call.keywords if isinstance(k.value, ast.Constant)}
        long = next((name for name in names if name.startswith("--")), names[0] if names else "")
        name = str(given.get("dest") or long.lstrip("-").partition("/")[0].replace("-", "_"))
        if name and (given.get("action") in ("store_true", "store_false") or "default" in given or "is_flag" in given):
            yield name, given.get("action") == "store_false" or bool(given.get("default"))


def _parameters(module: Module) -> Iterator[tuple[str, bool]]:
    """Parameters whose default is False or None: where all callers leave it at that is not asked here."""
    for function in module.functions:
        arguments = function.args
        plain = [*arguments.posonlyargs, *arguments.args]
        pairs = list(zip(plain[len(plain) - len(arguments.defaults) :], arguments.defaults, strict=True))
        pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
        for argument, default in pairs:
            if isinstance(default, ast.Constant) and isinstance(default.value, bool):
                yield argument.arg, default.value
