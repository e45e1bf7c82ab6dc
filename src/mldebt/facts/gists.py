"""The gist of a statement: what is left of it when it is edited and the names stay.

`loss = f(output)` and `loss = f(output.to(device), reduction="sum")` have one gist: at the same place of two copies
they are one statement that was reworked. A single name of one letter says too little.
"""

from __future__ import annotations

import ast
from zlib import crc32

from mldebt.facts.sorts import PLAIN

NONE = 0  # of a statement that has no gist


def gist(node: ast.stmt, sort: int) -> int:
    """A checksum of the names that a simple statement of plain code gives values to, or of what it calls."""
    if sort != PLAIN:
        return NONE
    kind = node.__class__
    if kind is ast.Assign:
        return _checksum(node.targets[0], "=")  # type: ignore[attr-defined]
    if kind is ast.AugAssign or kind is ast.AnnAssign:
        return _checksum(node.target, "=")  # type: ignore[attr-defined]
    if kind is ast.Expr and node.value.__class__ is ast.Call:  # type: ignore[attr-defined]
        return _checksum(node.value.func, "(")  # type: ignore[attr-defined]
    return NONE


def _checksum(target: ast.expr, mark: str) -> int:
    text = _dotted(target)
    return crc32((text + mark).encode()) if len(text) > 1 else NONE


def _dotted(node: ast.expr) -> str:
    """The names in a target or callee, joined; empty if there is more to it."""
    kind = node.__class__
    if kind is ast.Name:
        return node.id  # type: ignore[attr-defined, no-any-return]
    if kind is ast.Tuple:
        return ",".join([_dotted(e) for e in node.elts])  # type: ignore[attr-defined]
    if kind is ast.Attribute:
        inner = _dotted(node.value)  # type: ignore[attr-defined]
        return f"{inner}.{node.attr}" if inner else ""  # type: ignore[attr-defined]
    return ""
