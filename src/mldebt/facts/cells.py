"""What each cell of a notebook binds and uses when it is run."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import NamedTuple

from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import Module, position
from mldebt.model import Cell

_GIVEN = frozenset(dir(builtins)).union("display get_ipython In Out _ __ ___ _ih _oh _dh quit".split())
_CATCHING = {"NameError", "Exception", "BaseException"}
_TELLING = {"globals", "locals", "vars", "dir"}
_RUNNING = {"run_line_magic", "run_cell_magic", "magic"}
_NEVER = (1 << 60, 0)

Position = tuple[int, int]


class CellNames(NamedTuple):
    """What running one code cell does to the notebook's top-level names.

    `binds` has the first node that binds each name, `uses` the first that reads one before the cell itself binds it.
    What lies in the body of a function is not run.
    """

    cell: Cell
    binds: dict[str, ast.AST]
    uses: dict[str, ast.AST]


def cell_names(module: Module) -> list[CellNames]:
    """The code cells in order; none if names come from where they cannot be seen.

    That is a star import, `exec`, a magic that is called, or a cell that does not parse.
    """
    if any(alias.name == "*" for alias in module.of(ast.alias)) or any(_hides(call) for call in module.of(ast.Call)):
        return []
    if any(cell.kind == "broken" for cell in module.code.cells):
        return []
    found = {cell.number: CellNames(cell, {}, {}) for cell in module.code.cells}
    effects: dict[tuple[int, str], Position] = {}
    for name, nodes in module.top.bindings.items():
        for node in nodes:
            at = _effect(module, node)
            number = _number(module, node)
            found[number].binds[name] = min(found[number].binds.get(name, node), node, key=position)
            effects[number, name] = min(effects.get((number, name), _NEVER), at)
    for name, node in _reads(module):
        number = _number(module, node)
        if position(node) < effects.get((number, name), _NEVER) and not _is_guarded(module, node):
            found[number].uses.setdefault(name, node)
    return list(found.values())


def _reads(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """The reads of top-level names outside function bodies, in source order."""
    found: list[tuple[str, ast.AST]] = []
    for scope in module.scopes:
        if _runs_at_once(scope):
            wanted = ((r.name, r.node) for r in scope.reads if r.name not in _GIVEN)
            found.extend((name, node) for name, node in wanted if scope.resolve(name) is module.top)
    for change in module.of(ast.AugAssign):
        if isinstance(change.target, ast.Name) and module.scope(change) is module.top:
            found.append((change.target.id, change.target))
    yield from sorted(found, key=lambda read: position(read[1]))


def _runs_at_once(scope: Scope) -> bool:
    up: Scope | None = scope
    while up is not None and up.kind != "function":
        up = up.parent
    return up is None


def _number(module: Module, node: ast.AST) -> int:
    return module.cell_number(position(node)[0]) or 0


def _effect(module: Module, node: ast.AST) -> Position:
    """From where on a binding holds: an assignment's from its end."""
    up = module.parent(node) if isinstance(node, ast.Name) else None
    while isinstance(up, ast.Tuple | ast.List | ast.Starred):
        up = module.parent(up)
    if isinstance(up, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return up.end_lineno or 0, up.end_col_offset or 0
    return position(node)


def _hides(call: ast.Call) -> bool:
    """Whether a call can bind names that are written nowhere."""
    if isinstance(call.func, ast.Attribute):
        inner = call.func.value
        tells = isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in _TELLING
        return tells or call.func.attr in _RUNNING
    return isinstance(call.func, ast.Name) and call.func.id == "exec"


def _is_guarded(module: Module, node: ast.AST) -> bool:
    """Whether a read is made in the knowledge that its name may not be there."""
    for up in module.ancestors(node):
        if isinstance(up, ast.Try) and any(_catches(handler) for handler in up.handlers):
            return True
        if isinstance(up, ast.If | ast.IfExp) and any(_tells(inner) for inner in ast.walk(up.test)):
            return True
    return False


def _catches(handler: ast.ExceptHandler) -> bool:
    kinds = [handler.type] if not isinstance(handler.type, ast.Tuple) else handler.type.elts
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in _CATCHING) for kind in kinds)


def _tells(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TELLING
