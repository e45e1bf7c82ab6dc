"""The imports that shared code needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import dedent

from mldebt.facts.scopes import FUNCTIONS
from mldebt.proof.piece import Piece


def imports_of(pieces: Sequence[Piece], code: str, given: Iterable[str] = ()) -> tuple[str, ...]:
    """The imports that code still needs: not what it is `given`, nor what its functions import themselves."""
    words = _read(code) - set(given)
    is_class = code.startswith("class ")  # else the bases of classes around are not written
    read = (o for piece in reversed(pieces) for o in (*(piece.around if is_class else ()), *piece.outer))
    lines = {o.name: o.line for o in read if o.line and o.name in words}
    return tuple(sorted(set(lines.values())))


def _read(code: str) -> set[str]:
    """The names that code reads, those in annotations that are texts too; all its words if it does not parse."""
    try:
        tree = ast.parse(dedent(code))
    except SyntaxError:
        return set(re.findall(r"\w+", code))  # it is refused later
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    quoted = (word for text in texts if " " not in text for word in re.findall(r"\w+", text))
    return names.union(quoted) - _own(tree)


def _own(tree: ast.Module) -> set[str]:
    """The names that are read in no function but those that import them."""
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    importing = {name: [f for f in functions if name in _imported(f)] for f in functions for name in _imported(f)}
    return {name for name, found in importing.items() if not _is_read(tree, name, found)}


def _imported(function: ast.AST) -> set[str]:
    aliases = (a for n in _inside(function) if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names)
    return {(alias.asname or alias.name).partition(".")[0] for alias in aliases}


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, but not in functions in it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, FUNCTIONS):
            yield from _inside(child)


def _is_read(tree: ast.AST, name: str, but: Sequence[ast.AST]) -> bool:
    """Whether a name is read outside the bodies of some functions."""
    if isinstance(tree, ast.Name) and tree.id == name:
        return True
    parts = ast.iter_child_nodes(tree)
    if tree in but:  # its head is read around it
        parts = (part for part in parts if not isinstance(part, ast.stmt))
    return any(_is_read(part, name, but) for part in parts)
