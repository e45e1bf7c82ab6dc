"""Functions, classes, methods and imports that are bound again before anything can have read them.

Only bindings that stand directly in one body count, so that of two in different branches each may be the one; a
notebook's cells run in any order.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import DefinitionNode, Module


def shadowed(module: Module) -> frozenset[ast.AST]:
    """The definitions and aliases that a later binding in the same body makes void."""
    if module.code.cells:
        return frozenset()
    pairs = [pair for scope in module.scopes if scope.kind in ("module", "class") for pair in _pairs(module, scope)]
    if not pairs:
        return frozenset()
    lines: dict[str, list[int]] = defaultdict(list)
    wanted = {name for name, _, _ in pairs}
    for node in module.of(ast.Name):
        if node.id in wanted and not isinstance(node.ctx, ast.Store):
            lines[node.id].append(node.lineno)
    return frozenset(
        first for name, first, second in pairs if not any(_end(first) < n <= _last(module, second) for n in lines[name])
    )


def _pairs(module: Module, scope: Scope) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    """Bindings of one name that follow each other in a scope's own body, the first one without decorators."""
    for name, bindings in scope.bindings.items():
        for first, second in pairwise(bindings) if len(bindings) > 1 else ():
            if isinstance(first, ast.alias):
                plain = isinstance(second, DefinitionNode)
            else:
                plain = isinstance(first, DefinitionNode) and not first.decorator_list
            if plain and _stands_in(module, scope, first) and _stands_in(module, scope, second):
                yield name, first, second


def _stands_in(module: Module, scope: Scope, binding: ast.AST) -> bool:
    statement = module.parent(binding) if isinstance(binding, ast.alias | ast.Name) else binding
    if isinstance(binding, ast.Name) and not isinstance(statement, ast.Assign):
        return False
    return statement is not None and module.parent(statement) is scope.node


def _end(binding: ast.AST) -> int:
    return getattr(binding, "end_lineno", 0) or 0


def _last(module: Module, binding: ast.AST) -> int:
    """The last line at which what a binding is made from may read the name as it was."""
    if isinstance(binding, ast.Name):
        return _end(module.parent(binding) or binding)
    if isinstance(binding, DefinitionNode):
        return binding.body[0].lineno - 1
    return getattr(binding, "lineno", 0)
