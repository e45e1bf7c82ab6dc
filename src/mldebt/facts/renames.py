"""How a name of a library is written under its new name, where it stands."""

from __future__ import annotations

import ast

from mldebt.facts.syntax import Module, chain
from mldebt.model import Rewrite


def renamed(module: Module, node: ast.AST, instead: str) -> Rewrite | None:
    """The node with its new name, if that can be written there: one of the same library, or a builtin nobody hides."""
    if " " in instead:
        return None
    holder, _, last = instead.rpartition(".")
    if isinstance(node, ast.alias):
        return _imported(module, node, holder, last)
    if not isinstance(node, ast.Attribute) or node.end_lineno != node.lineno:
        return None
    name = module.name(node)
    if name is None:
        return None
    if not holder:
        return None if module.scope(node).resolve(last) is not None else module.rewrite(node, last)
    written = ast.unparse(node.value)
    if holder == name.rpartition(".")[0]:
        return module.rewrite(node, f"{written}.{last}")
    root = holder.partition(".")[0]
    found = chain(node)
    if found is None or module.name(found[0]) != root:
        return None
    return module.rewrite(node, f"{found[0].id}{holder[len(root) :]}.{last}")


def _imported(module: Module, alias: ast.alias, holder: str, last: str) -> Rewrite | None:
    """The import of one name from where it is now, under the name it has in the module."""
    statement = module.parent(alias)
    if not holder or not isinstance(statement, ast.ImportFrom) or len(statement.names) > 1:
        return None
    bound = alias.asname or alias.name
    return module.rewrite(statement, f"from {holder} import {last}" + (f" as {bound}" if bound != last else ""))
