"""A name that code reads from outside, and what an import says it is."""

from __future__ import annotations

import ast

import msgspec

from mldebt.facts.syntax import Module


class Outer(msgspec.Struct, frozen=True, array_like=True):
    """A name read from outside.

    `kind` is import, definition, constant (of the module, made of literals and imports), global (any other name of the
    module, read when the module's names are bound), builtin or variable. `what` is the same wherever the name means the
    same; `line` is the import that gives it.
    """

    name: str
    kind: str
    what: str = ""
    line: str = ""


def imported(module: Module, name: str, alias: ast.AST) -> Outer:
    """What an import gives a name."""
    assert isinstance(alias, ast.alias)  # the caller looked
    statement = module.parent(alias)
    if isinstance(statement, ast.ImportFrom):
        source = "." * statement.level + (statement.module or "")
        what = f"{source}{'' if source.endswith('.') else '.'}{alias.name}"
        return Outer(name, "import", what, f"from {source} import {_as(alias)}")
    return Outer(name, "import", alias.name if alias.asname else name, f"import {_as(alias)}")


def _as(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name
