"""What becomes of the statements that bind a name or an attribute once nobody wants it.

A value that only computes goes with its name. What may act stays as a statement of its own: `best = fit(x) + 1`
becomes `fit(x)`.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mldebt.errors import Unpatchable
from mldebt.facts.syntax import Module
from mldebt.proof.purity import LIKELY, LITERAL, SURE, gives_nothing, is_number, level, residue
from mldebt.proof.targets import Spans, end, start

_Holder = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr | ast.With | ast.AsyncWith | ast.ExceptHandler


class Fate(NamedTuple):
    """What becomes of a statement some of whose targets go, all of them if `value` goes too.

    `stays` are the parts of the value that become statements; `level` as in purity.
    """

    holder: _Holder
    targets: tuple[ast.AST, ...]
    value: bool
    stays: tuple[ast.expr, ...] = ()
    level: int = SURE

    @property
    def dropped(self) -> bool:
        """Whether nothing is left of the statement."""
        return self.value and not self.stays


def fates(module: Module, bindings: Iterable[ast.AST]) -> list[Fate]:
    """What becomes of the statements that make these bindings, in source order.

    Raises Unpatchable if one of them cannot be written without what it binds.
    """
    going = set(bindings)
    targets: dict[ast.AST, dict[ast.AST, None]] = defaultdict(dict)
    for binding in sorted(going, key=start):
        target, holder = _place(module, binding)
        targets[holder][target] = None
    for target in (target for found in targets.values() for target in found):
        if not all(leaf in going for leaf in leaves(target)):
            raise Unpatchable("it is unpacked beside what something reads")
    return [_fate(module, holder, tuple(found)) for holder, found in targets.items()]


def leaves(target: ast.AST) -> Iterator[ast.AST]:
    """The names and attributes that an assignment's target binds."""
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from leaves(element)
    elif isinstance(target, ast.Starred):
        yield from leaves(target.value)
    else:
        yield target


def _place(module: Module, binding: ast.AST) -> tuple[ast.AST, ast.AST]:
    """The whole target that a binding is part of, and the statement, handler or walrus it belongs to."""
    if isinstance(binding, ast.ExceptHandler):
        return binding, binding
    target, up = binding, module.parent(binding)
    while isinstance(up, ast.Tuple | ast.List | ast.Starred):
        target, up = up, module.parent(up)
    if isinstance(up, ast.withitem):
        return target, module.parent(up) or up
    if isinstance(up, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        return target, up
    raise Unpatchable("a loop needs its target")


def _fate(module: Module, holder: ast.AST, targets: tuple[ast.AST, ...]) -> Fate:
    unpacked = any(isinstance(target, ast.Tuple | ast.List) for target in targets)
    if isinstance(holder, ast.ExceptHandler | ast.With | ast.AsyncWith | ast.NamedExpr):
        return Fate(holder, targets, False, level=LIKELY if unpacked else SURE)
    assert isinstance(holder, ast.Assign | ast.AnnAssign | ast.AugAssign), "the others are no assignments"
    value = holder.value
    fixed = isinstance(value, ast.Tuple | ast.List) and all(_fits(target, value) for target in targets)
    most = LIKELY if (unpacked and not fixed) or isinstance(holder, ast.AugAssign) else LITERAL
    if isinstance(holder, ast.Assign) and len(targets) < len(holder.targets):
        return Fate(holder, targets, False, level=min(most, max(SURE, level(module, value))))
    stays = residue(module, value)
    if stays is None:
        raise Unpatchable("parts of its value may act, and cannot stand alone")
    if stays:
        missed = len(stays) > 1 or stays[0] is not value or not gives_nothing(module, stays[0])
        return Fate(holder, targets, True, tuple(stays), LIKELY if missed else min(most, SURE))
    return Fate(holder, targets, True, (), min(most, level(module, value)))


def _fits(target: ast.AST, value: ast.Tuple | ast.List) -> bool:
    """Whether unpacking a display into a target cannot fail."""
    if not isinstance(target, ast.Tuple | ast.List):
        return True
    parts = (*target.elts, *value.elts)
    return len(target.elts) == len(value.elts) and not any(isinstance(e, ast.Starred | ast.Tuple) for e in parts)


def vanishing(found: Iterable[Fate]) -> Spans:
    """The stretches of the source whose reads go with the statements' values."""
    spans: Spans = []
    for fate in found:
        at = start(fate.holder)
        for part in fate.stays if fate.value else ():
            spans.append((at, start(part)))
            at = end(part)
        if fate.value:
            spans.append((at, end(fate.holder)))
    return spans


def is_safe(found: Iterable[Fate], least: int) -> bool:
    """Whether no run can tell the difference; `least` is the level that suffices for a value that goes.

    A number that is only added to is one all the way.
    """
    kept = list(found)
    values = [fate.holder.value for fate in kept if isinstance(fate.holder, ast.Assign | ast.AnnAssign | ast.AugAssign)]
    numbers = all(value is None or is_number(value) for value in values)
    return all(fate.level >= least or (numbers and fate.level >= LIKELY and _counts(fate)) for fate in kept)


def _counts(fate: Fate) -> bool:
    return isinstance(fate.holder, ast.AugAssign) and isinstance(fate.holder.op, ast.Add | ast.Sub | ast.Mult)


def may_change_another(module: Module, bindings: Iterable[ast.AST]) -> bool:
    """Whether `x += y` may change in place what `x` was taken from: then somebody may see it there.

    Raises Unpatchable if it may, and nobody knows what a call gave.
    """
    holders = [_place(module, binding)[1] for binding in bindings]
    added = [h for h in holders if isinstance(h, ast.AugAssign) and not is_number(h.value)]
    values = [h.value for h in holders if isinstance(h, ast.Assign | ast.AnnAssign | ast.NamedExpr)]
    if added and any(isinstance(value, ast.Call) for value in values):
        raise Unpatchable("what is added to may be somebody else's")
    return bool(added) and any(isinstance(value, ast.Name | ast.Attribute | ast.Subscript) for value in values)
