"""Statements that cannot run, by vulture's reachability analysis on our tree; its only importer."""

from __future__ import annotations

import ast
import sys
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from mldebt.facts.scopes import FUNCTIONS
from mldebt.facts.syntax import BLOCKS, Module, position

_LEAVING: tuple[type[ast.AST], ...] = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_ENDING = (*_LEAVING, ast.Try)
_CHOOSING: tuple[type[ast.AST], ...] = (ast.If, ast.While)
_HOLDING: tuple[type[ast.AST], ...] = (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.Try)
_COMPUTED = (ast.Name, ast.Attribute, ast.Call, ast.Compare, ast.Subscript, ast.NamedExpr, ast.Await)


class Stretch(NamedTuple):
    """Statements of one block that cannot run.

    `cause` is what vulture names: the kind of statement that leaves ("return", "while", ...) and stands `before` them,
    "else", or "if" and "while" for a condition that never holds, when `before` is that statement, with them inside.
    """

    statements: list[ast.stmt]
    cause: str
    before: ast.stmt | None

    @property
    def encloses(self) -> bool:
        """Whether `before` is the statement whose body never runs."""
        return isinstance(self.before, ast.If | ast.While) and self.statements is self.before.body


def unreachable(module: Module) -> list[Stretch]:
    """The outermost stretches, in source order; at a notebook's top none that begins in another cell than its cause."""
    leaving = (node for kind in _LEAVING for node in module.of(kind))
    choosing = (node for kind in _CHOOSING for node in module.of(kind))
    known: dict[ast.AST, bool] = {}
    cuts = [node for node in leaving if _cuts(module, node, known)]
    cuts += [node for node in choosing if _is_settled(node)]
    if not cuts:
        return []
    found: list[Stretch] = []
    end = 0
    for stretch in sorted(_analysed(module, cuts), key=_extent):
        first, last = _extent(stretch)
        if first > end:
            end = -last
            found.append(stretch)
    return found


def _extent(stretch: Stretch) -> tuple[int, int]:
    """Sort key: the first line, and the last one, negative, so that the longer stretch comes first."""
    return stretch.statements[0].lineno, -(stretch.statements[-1].end_lineno or 0)


def _cuts(module: Module, node: ast.AST, known: dict[ast.AST, bool]) -> bool:
    """Whether a statement that leaves could have one behind it: most modules have none, and vulture is slow to load."""
    while _is_last(module, node):
        up = module.parent(node)
        if isinstance(up, ast.ExceptHandler):
            up = module.parent(up)
        if not isinstance(up, ast.Try) and not (isinstance(up, ast.If) and _shuts(up, known)):
            return False
        if isinstance(up, ast.Try) and up.orelse:
            return True
        node = up
    return True


def _shuts(choice: ast.If, known: dict[ast.AST, bool]) -> bool:
    """Whether an `if` may let nothing past, by how its branches end; what leaves before their ends is seen by itself.

    Takes a chain of `elif` in a loop: it may have thousands.
    """
    waiting: list[ast.stmt] = [choice]
    while waiting and choice not in known:
        last = waiting.pop()
        if not isinstance(last, ast.If):
            if not isinstance(last, _ENDING):
                known[choice] = False
        elif last not in known and last.orelse:
            waiting.extend((last.body[-1], last.orelse[-1]))
        elif not known.get(last, False):
            known[choice] = False
    return known.setdefault(choice, True)


def _is_last(module: Module, node: ast.AST) -> bool:
    block, at = _block(module, node)
    return at >= len(block) - 1


def _is_settled(node: ast.AST) -> bool:
    """Whether a condition could be a constant: one of its parts between `and`, `or` and `not` is not computed."""
    waiting: list[ast.expr] = [node.test] if isinstance(node, ast.If | ast.While) else []
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.BoolOp):
            waiting.extend(part.values)
        elif isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
            waiting.append(part.operand)
        elif not isinstance(part, _COMPUTED):
            return True
    return False


def _block(module: Module, node: ast.AST) -> tuple[list[ast.stmt], int]:
    """The block a statement stands in, and where."""
    up = module.parent(node)
    for field in BLOCKS:
        block = getattr(up, field, None)
        if isinstance(block, list) and node in block:
            return block, block.index(node)
    return [], 0


def _around(module: Module, node: ast.AST) -> ast.stmt:
    """The outermost function around a node, or the statement at the top of the module that holds it."""
    chain = [up for up in (node, *module.ancestors(node)) if isinstance(up, ast.stmt)]
    return next((up for up in reversed(chain) if isinstance(up, FUNCTIONS)), chain[-1])


def _lies_in(node: ast.AST, homes: list[tuple[int, int]]) -> bool:
    """Whether a node begins in one of some stretches of lines, which are in order and apart."""
    line, _ = position(node)
    at = bisect_right(homes, (line, sys.maxsize)) - 1
    return at >= 0 and line <= homes[at][1]


def _analysed(module: Module, cuts: list[ast.AST]) -> Iterator[Stretch]:
    """What vulture finds around some nodes; it wants to see a node after all in it: from the last to the first."""
    from vulture.reachability import Reachability

    reports: list[tuple[str, ast.stmt, bool]] = []

    def report(*, name: str, first_node: ast.stmt, message: str, last_node: ast.stmt | None = None) -> None:
        if last_node is not None:
            reports.append((name, first_node, message.startswith("unsatisfiable")))

    analysis = Reachability(report)
    kinds: tuple[type[ast.AST], ...] = (*_LEAVING, *_CHOOSING, *_HOLDING, *FUNCTIONS)
    homes = sorted({(home.lineno, home.end_lineno or 0) for home in {_around(module, cut) for cut in cuts}})
    near = (n for kind in kinds for n in module.of(kind) if _lies_in(n, homes))
    for node in sorted(near, key=position, reverse=True):
        if not (isinstance(node, ast.While) and _has_hidden_break(node)):
            analysis.visit(node)
    analysis.visit(module.tree)
    for name, first, inside in reports:
        block, at = (first.body, 0) if isinstance(first, ast.If | ast.While) and inside else _block(module, first)
        before = first if inside else block[at - 1] if at else None
        yield from _within_cell(module, Stretch(block[at:] if at else block, name, before))


def _has_hidden_break(loop: ast.While) -> bool:
    """Whether a `break` in the `else` of an inner loop ends this one, which vulture takes for the inner's own."""
    inside = (node for statement in loop.body for node in ast.walk(statement))
    endings = (last for node in inside if isinstance(node, ast.For | ast.AsyncFor | ast.While) for last in node.orelse)
    return any(isinstance(node, ast.Break) for ending in endings for node in ast.walk(ending))


def _within_cell(module: Module, stretch: Stretch) -> Iterator[Stretch]:
    """A cell is run by hand: what one leaves at its top says nothing of the next."""
    if not module.code.cells or stretch.before not in module.tree.body or stretch.encloses or stretch.before is None:
        yield stretch
        return
    cell = module.cell_number(stretch.before.lineno)
    here = [statement for statement in stretch.statements if module.cell_number(statement.lineno) == cell]
    if here:
        yield stretch._replace(statements=here)
