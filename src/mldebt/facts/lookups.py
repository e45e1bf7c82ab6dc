"""Where a module reads its own names by computation, so that no single read of them can be seen."""

from __future__ import annotations

import ast

from mldebt.facts.receivers import dotted
from mldebt.facts.syntax import Module

LISTS_NAMES = frozenset({"locals", "vars", "eval", "exec", "globals", "dir"})
_READS_GLOBALS = frozenset({"eval", "exec", "globals"})
_NAMESPACES = frozenset({"sys.modules", "__dict__", "builtins"})
_REPEATED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.For, ast.AsyncFor, ast.While)


def last_look_up(module: Module) -> float:
    """The last line at which a module may read its own top-level names by computation; 0 for none."""
    last: float = 0
    calls = (call for call in module.of(ast.Call) if _reads_names(call))
    tables = (item for item in module.of(ast.Subscript) if dotted(item.value) in _NAMESPACES)
    for node in (*calls, *tables):
        repeated = any(isinstance(up, _REPEATED) for up in module.ancestors(node))
        last = max(last, float("inf") if repeated else node.end_lineno or 0)
    return last


def _reads_names(call: ast.Call) -> bool:
    """Whether a call may read any name of the module: an expression in a literal says which."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name in _READS_GLOBALS:
        return not (call.args and isinstance(call.args[0], ast.Constant))
    return name in LISTS_NAMES and not call.args
