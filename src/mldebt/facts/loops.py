"""The loops around code, and the code in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import Function, Module
from mldebt.facts.values import Values

Loop = ast.For | ast.AsyncFor | ast.While
LOOPS = (ast.For, ast.AsyncFor, ast.While)
BORDERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_FEW = 10  # rounds that cost nothing worth speaking of


def loops_around(module: Module, node: ast.AST) -> Iterator[Loop]:
    """The loops whose body a node is in, in the same function, from the inside out."""
    inner: ast.AST = node
    for up in module.ancestors(node):
        if isinstance(up, BORDERS):
            return
        if isinstance(up, LOOPS) and inner in up.body:
            yield up
        inner = up


def inside(loop: Loop | Function) -> Iterator[ast.AST]:
    """The nodes of a loop's or function's body in source order, without those of functions defined in it."""
    waiting: list[ast.AST] = [*reversed(loop.body)]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, BORDERS):
            waiting.extend([*ast.iter_child_nodes(node)][::-1])


def is_short(module: Module, loop: Loop) -> bool:
    """Whether a loop visibly makes few rounds: over a literal, or a `range` of a small number."""
    over = loop.iter if isinstance(loop, ast.For | ast.AsyncFor) else None
    if isinstance(over, ast.Name):
        sources = module.shared(Values).sources(over)
        over = sources[0][1] if len(sources) == 1 else None
    if isinstance(over, ast.Tuple | ast.List):
        return len(over.elts) <= _FEW and not any(isinstance(element, ast.Starred) for element in over.elts)
    if not isinstance(over, ast.Call) or not isinstance(over.func, ast.Name) or over.func.id != "range":
        return False
    last = over.args[min(1, len(over.args) - 1)] if over.args else None
    return isinstance(last, ast.Constant) and isinstance(last.value, int) and last.value <= _FEW
