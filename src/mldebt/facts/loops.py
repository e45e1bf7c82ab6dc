"""The loops around a node, as far as they belong to the same function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import Module

LOOPS = (ast.For, ast.AsyncFor, ast.While)
BORDERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def loops_around(module: Module, node: ast.AST) -> Iterator[ast.AST]:
    """The loops, from the inside out."""
    for up in module.ancestors(node):
        if isinstance(up, BORDERS):
            return
        if isinstance(up, LOOPS):
            yield up
