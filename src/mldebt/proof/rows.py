"""Statements that share a line with others, and names that leave a `global`."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby

from mldebt.facts.syntax import Module
from mldebt.proof.finding import home
from mldebt.proof.snips import Characters, Snip


def is_alone(module: Module, row: Sequence[ast.stmt]) -> bool:
    """Whether nothing stands before the statements of a row, as a block's head might, and nothing but them in it."""
    first = module.lines[row[0].lineno - 1].encode()[: row[0].col_offset]
    return not first.strip()


def from_row(module: Module, row: Sequence[ast.stmt], dropped: Container[ast.AST]) -> Iterator[Snip]:
    """The cuts that take statements out of a row of them; `pass` stands for all of a block in its head's line."""
    text = Characters(module)
    if all(statement in dropped for statement in row):
        yield Snip(text.start(row[0]), text.end(row[-1]), "pass")
        return
    numbered = list(enumerate(row))
    for goes, run in groupby(numbered, lambda item: item[1] in dropped):
        numbers = [number for number, _ in run]
        if not goes:
            continue
        first, last = numbers[0], numbers[-1]
        if last + 1 < len(row):
            yield Snip(text.start(row[first]), text.start(row[last + 1]))
        else:
            yield Snip(text.end(row[first - 1]), text.end(row[last]))


def declarations(module: Module, bindings: Iterable[ast.AST]) -> set[ast.AST]:
    """The `global` statements that name nothing else than what goes."""
    names = _global_names(module, bindings)
    return {node for node in _declaring(module, names) if names.issuperset(node.names)}


def renamed(module: Module, bindings: Iterable[ast.AST]) -> Iterator[Snip]:
    """The `global` statements that name other things too, without what goes."""
    text = Characters(module)
    names = _global_names(module, bindings)
    for node in _declaring(module, names):
        left = [name for name in node.names if name not in names]
        if left:
            yield Snip(text.start(node), text.end(node), f"global {', '.join(left)}")


def _global_names(module: Module, bindings: Iterable[ast.AST]) -> set[str]:
    return {node.id for node in bindings if isinstance(node, ast.Name) and home(module, node) is module.top}


def _declaring(module: Module, names: set[str]) -> list[ast.Global]:
    return [node for node in module.of(ast.Global) if not names.isdisjoint(node.names)]
