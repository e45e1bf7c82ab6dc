"""Which bindings of a name may be the one that a read of it sees.

By blocks, not by a flow graph: a binding in a block around the read hides what came before it, the other branch of an
`if` is never seen, a branch that leaves is as if it were not there, and what a loop binds further down reaches its top
again.
"""

from __future__ import annotations

import ast

from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import Module

Block = tuple[ast.AST, str]  # the statement a block belongs to, and which of its blocks it is
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_INNER = ("comprehension", "header")


class Reaching:
    """Answers for one module."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def home(self, name: ast.Name) -> Scope | None:
        """The scope that binds a name; None for a builtin or what a star import brings."""
        return self._module.scope(name).resolve(name.id)

    def bindings(self, name: ast.Name) -> list[ast.AST]:
        """The bindings that may hold at a read, in source order; all of them where order says nothing."""
        scope = self._module.scope(name)
        home = scope.resolve(name.id)
        if home is None:
            return []
        found = home.bindings[name.id]
        while scope.kind in _INNER and scope is not home and scope.parent is not None:
            scope = scope.parent
        if scope is not home or len(found) == 1 or home.kind == "comprehension":
            return found
        return self._seen(name, found)

    def _seen(self, name: ast.Name, found: list[ast.AST]) -> list[ast.AST]:
        path = self.path(name)
        here = (name.lineno, name.col_offset)
        earlier: list[ast.AST] = []
        later: list[ast.AST] = []
        sure: list[Block] = []  # the blocks around the last binding that surely runs before
        for binding in sorted(found, key=self.effect):
            blocks = self.path(binding)
            if _is_apart(path, blocks):
                continue
            if self.effect(binding) <= here:
                if self._outermost(blocks) in path:
                    earlier.clear()
                    sure = blocks
                earlier.append(binding)
            elif _share_a_loop(path, blocks, sure):
                later.append(binding)
        return [*earlier, *later] or found

    def _outermost(self, blocks: list[Block]) -> Block:
        """The block that surely has run through what is in the innermost: out of an `if` whose other branch leaves."""
        for owner, field in blocks[:-1]:
            other = getattr(owner, "orelse" if field == "body" else "body", [])
            if not isinstance(owner, ast.If) or not other or not isinstance(other[-1], _LEAVES):
                return owner, field
        return blocks[-1]

    def effect(self, binding: ast.AST) -> tuple[int, int]:
        """Where a binding begins to hold: an assignment at its end, everything else where it stands."""
        node: ast.AST = binding
        up = self._module.parent(node) if isinstance(binding, ast.Name) else None
        while isinstance(up, ast.Tuple | ast.List | ast.Starred):
            node, up = up, self._module.parent(up)
        if isinstance(up, ast.For | ast.AsyncFor):
            return up.body[0].lineno, up.body[0].col_offset
        if isinstance(up, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            return up.end_lineno or 0, up.end_col_offset or 0
        return getattr(binding, "lineno", 0), getattr(binding, "col_offset", 0)

    def path(self, node: ast.AST) -> list[Block]:
        """The blocks around a node in its function, from the inside out."""
        found: list[Block] = []
        inner: ast.AST = node
        for up in self._module.ancestors(node):
            if isinstance(inner, ast.stmt | ast.ExceptHandler | ast.match_case):
                found.append((up, _field(up, inner)))
            elif inner is node and isinstance(up, ast.For | ast.AsyncFor) and inner is not up.iter:
                found.append((up, "body"))  # a loop's target is bound where its body runs
            if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
                break
            inner = up
        return found or [(node, "")]


def _field(up: ast.AST, inner: ast.AST) -> str:
    for field in ("orelse", "finalbody"):
        block: list[ast.stmt] = getattr(up, field, None) or []
        if block and block.__class__ is list and inner in block:
            return field
    return "body"


def _is_apart(path: list[Block], blocks: list[Block]) -> bool:
    """Whether two places are in different branches of one `if`."""
    fields: dict[ast.AST, str] = {owner: field for owner, field in path if isinstance(owner, ast.If)}
    return any(fields.get(owner, field) != field for owner, field in blocks)


def _share_a_loop(path: list[Block], blocks: list[Block], sure: list[Block]) -> bool:
    """Whether a loop leads from one place back to another, and not past a binding that is in it as well."""
    return any(block in path and block not in sure for block in blocks if isinstance(block[0], _LOOPS))
