"""Which of the events of a module make a leak."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from mldebt.facts.leakage.journal import Check, Journal, Named, Split
from mldebt.facts.leakage.lineage import Fit, Step
from mldebt.facts.leakage.rows import Rows, RowSet, apart, covers, divider, goes_beyond, holds, touches

_HELD = ("split ", "fold ")
_SIDES = ("split ", "slice", "sample ", "unpacked ")
_COPIES = ("samples", "doubles")
_NAMES = 100  # names of parts that are compared with each other
_MODELS = 3  # models judged on one test set, from which on it serves to choose between them


class Met(NamedTuple):
    """A learning step that has seen rows which are held out: by what, if that is known."""

    step: Step
    split: ast.expr | None


class Leak(NamedTuple):
    """Steps that have seen what `split` holds out, and a model that was fitted after them, and is judged, if seen."""

    steps: tuple[Step, ...]
    split: ast.expr | None
    fit: Fit | None
    check: Check | None


class Overlap(NamedTuple):
    """Models that are judged on rows they were fitted to. `split` is what makes the test set that there is."""

    checks: tuple[Check, ...]
    split: ast.expr


class Reuse(NamedTuple):
    """One set of held-out rows on which several models are judged; `loop` if they are made in a loop."""

    split: ast.expr
    checks: tuple[Check, ...]
    loop: bool


def learning_leaks(journal: Journal, copies: bool) -> list[Leak]:
    """The leaks by steps that copy rows, or by all others, one for each split; in source order."""
    first: dict[int, Met] = {}
    strata = {id(node) for node in journal.strata}
    for met in _met(journal):
        if (met.step.how in _COPIES) == copies and id(met.step.node) not in strata:
            known = first.setdefault(id(met.step.node), met)
            if known.split is None:
                first[id(met.step.node)] = met
    groups: dict[tuple[int, int], list[Met]] = {}
    for met in first.values():
        groups.setdefault(_at(met.split), []).append(met)
    leaks = [_leak(journal, group) for group in groups.values()]
    return sorted(leaks, key=lambda leak: _at(leak.steps[0].node))


def _leak(journal: Journal, group: list[Met]) -> Leak:
    steps = tuple(sorted((met.step for met in group), key=lambda step: _at(step.node)))
    split = group[0].split
    by = {s.by for s in journal.splits if s.node is split}
    nodes = {id(step.node) for step in steps}
    fits = [f for f in journal.fits if any(id(s.node) in nodes for s in f.steps) and _is_divided(f.rows, by)]
    checks = [c for c in journal.checks if c.fit in fits and apart(c.fit.rows, c.rows) and _is_divided(c.rows, by)]
    check = next((c for c in checks if c.scored), checks[0] if checks else None)
    return Leak(steps, split, check.fit if check is not None else next(iter(fits), None), check)


def _is_divided(rows: RowSet, by: set[str]) -> bool:
    """Whether rows are one side of a division; if it is not known which, they may be."""
    return not by or any(part.by in by for r in rows for part in r.parts)


def _met(journal: Journal) -> Iterator[Met]:
    """Each learning step with each division of rows it has seen; in the order of the events."""
    nodes = {split.by: split.node for split in journal.splits}
    parts = _training_parts(journal)
    for split in journal.splits:
        for step in split.whole.steps:
            if touches(step.rows, split.whole.rows) and not (split.by.startswith("fold") and _is_inner(step, parts)):
                yield Met(step, split.node)
    for folded in journal.folded:
        for step in folded.value.steps:
            if touches(step.rows, folded.value.rows) and not _is_inner(step, parts):
                yield Met(step, folded.node)
    seen = [
        *((frozenset({s}), v.rows) for s, v in journal.applied),
        *((n.value.steps, n.value.rows) for n in journal.named),
    ]
    for steps, rows in [*seen, *((fit.steps, fit.rows) for fit in journal.fits)]:
        for step in steps:
            yield from (Met(step, nodes.get(by)) for by in _crossed(step, rows, _is_inner(step, parts)))
    yield from _judged(journal, nodes, parts)
    yield from _called_so(journal, parts)
    yield from _fitted_to_test(journal, nodes)


def _fitted_to_test(journal: Journal, nodes: dict[str, ast.expr]) -> Iterator[Met]:
    """Steps that learn from test rows what the training part was to tell, on the way to judging a model on them."""
    for check in journal.checks:
        for step in check.steps - check.fit.steps:
            by = divider(step.rows, check.fit.rows) or ""
            if by.startswith("split ") and step.how not in _COPIES and apart(step.rows, check.fit.rows):
                yield Met(step, nodes.get(by))


def _training_parts(journal: Journal) -> set[RowSet]:
    """Rows of which something is used on others later: test rows are among those, so folds of these are none.

    Only rows of one origin: where several are joined, other rows may be some that were joined to them as columns.
    """
    filled = {s.rows for s, v in journal.applied if s.how == "fills" and goes_beyond(v.rows, s.rows)}
    learnt = filled.union(s.rows for s, v in journal.applied if apart(v.rows, s.rows))
    fitted = {check.fit.rows for check in journal.checks if apart(check.rows, check.fit.rows)}
    return {rows for rows in learnt | fitted if len(rows) == 1}


def _is_inner(step: Step, parts: set[RowSet]) -> bool:
    """Whether a step has learnt from a training part, so that folds of it are no test rows; copies spoil those, too."""
    sided = all(any(part.by.startswith(_SIDES) for part in r.parts) for r in step.rows)
    return step.how not in _COPIES and (sided or step.rows in parts)


def _is_held(rows: RowSet) -> bool:
    return any(part.by.startswith(_HELD) for r in rows for part in r.parts)


def _crossed(step: Step, rows: RowSet, inner: bool) -> list[str]:
    """The divisions of rows on both sides of which a step has looked; folds do not count inside a training part."""
    return [
        part.by
        for r in sorted(rows)
        for n, part in enumerate(r.parts)
        if part.by.startswith("split " if inner else _HELD)
        and any(covers(seen, Rows(r.origin, r.parts[:n])) for seen in step.rows)
    ]


def _judged(journal: Journal, nodes: dict[str, ast.expr], parts: set[RowSet]) -> Iterator[Met]:
    """Steps before a model that have seen the rows it is judged on."""
    for check in journal.checks:
        if not check.fit.steps or not apart(check.fit.rows, check.rows):
            continue
        by = divider(check.fit.rows, check.rows) or ""
        for step in check.fit.steps:
            inner = _is_inner(step, parts) if by.startswith("fold") else step.rows in parts
            if _is_seen(step, check) and (by.startswith("split ") or not inner):
                yield Met(step, nodes.get(by, check.node))


def _is_seen(step: Step, check: Check) -> bool:
    """Whether a step has looked at the rows a model is judged on, and changed some that the model was fitted to."""
    return holds(step.rows, check.rows) and touches(step.on, check.fit.rows)


def _called_so(journal: Journal, parts: set[RowSet]) -> Iterator[Met]:
    """Steps before rows that are called the training part which have seen those that are called the test part."""
    trains = [n for n in journal.named if n.role == "train" and n.value.steps][:_NAMES]
    tests = [n for n in journal.named if n.role == "test"][:_NAMES]
    for train in trains:
        for test in tests:
            by = divider(train.value.rows, test.value.rows)
            if by is not None and not by.startswith(_HELD) and apart(train.value.rows, test.value.rows):
                yield from (Met(s, test.node) for s in train.value.steps if _is_shared(s, train, test, parts))


def _is_shared(step: Step, train: Named, test: Named, parts: set[RowSet]) -> bool:
    return step.rows not in parts and holds(step.rows, test.value.rows) and touches(step.on, train.value.rows)


# -- the same rows to fit and to judge -----------------------------------------------------------------------------


def overlaps(journal: Journal) -> list[Overlap]:
    """Models judged on rows they were fitted to; in source order."""
    nodes = {split.by: split.node for split in journal.splits}
    found: dict[int, Overlap] = {}
    for check in journal.checks:
        by = _reached(check)
        if by is not None:
            found.setdefault(id(check.fit.node), Overlap((check,), nodes.get(by, check.node)))
    inside = _only_inside(journal)
    if inside is not None and not any(id(c.fit.node) in found for c in inside.checks):
        found[0] = inside
    return sorted(found.values(), key=lambda overlap: _at(overlap.checks[0].node))


def _reached(check: Check) -> str | None:
    """The division whose held-out side a model is judged on, having been fitted to both."""
    if not holds(check.fit.rows, check.rows) or holds(check.rows, check.fit.rows):
        return None
    held = {part.by for r in check.rows for part in r.parts if part.by.startswith(_HELD) and part.side == "test"}
    known = {part.by for r in check.fit.rows for part in r.parts}
    return min(held - known, default=None)


def _only_inside(journal: Journal) -> Overlap | None:
    """The models that are judged on the rows they were fitted to and on no others, in a module with a test set."""
    if journal.validates:
        return None
    splits = [s.node for s in journal.splits if s.by.startswith("split")]
    held: list[ast.expr] = []
    found: list[Check] = []
    for own in _by_fit(journal):
        elsewhere = [c for c in own if not holds(c.rows, c.fit.rows)]
        before = [node for node in splits if _at(node) < _at(own[0].node)]
        sets = [*before, *(c.node for c in elsewhere)]
        scored = [c for c in own if c.scored]
        if sets and scored and not any(c.scored or _is_held(c.rows) for c in elsewhere):
            held.append(sets[0])
            found.append(scored[0])
    return Overlap(tuple(found), held[0]) if found else None


def _by_fit(journal: Journal) -> list[list[Check]]:
    """The checks of each model that is fitted to answers too and does not validate by itself."""
    groups: dict[int, list[Check]] = {}
    for check in journal.checks:
        if not check.fit.checks and _is_taught(check.fit):
            groups.setdefault(id(check.fit), []).append(check)
    return list(groups.values())


def _is_taught(fit: Fit) -> bool:
    """Whether a model is fitted to answers too."""
    return len(fit.node.args) > 1 or any(k.arg in ("y", "Y") for k in fit.node.keywords)


# -- one test set for several models -------------------------------------------------------------------------------


def reuses(journal: Journal) -> list[Reuse]:
    """The test sets that several models are judged on where nothing else is there to choose by; in source order."""
    if journal.validates or any(_is_held(split.whole.rows) for split in journal.splits):
        return []
    tests = [s for s in journal.splits if s.by.startswith("split") and not _is_for_choosing(journal, s.by)]
    return [reuse for split in tests for reuse in [_reuse(journal, split)] if reuse is not None]


def _reuse(journal: Journal, split: Split) -> Reuse | None:
    checks = [c for c in journal.checks if c.scored and _is_test_of(c, split.by)]
    if not checks or any(apart(c.rows, checks[0].rows) and apart(c.rows, c.fit.rows) for c in journal.checks):
        return None
    rounds = [c for c in checks if c.fit.thing.varies & set(c.fit.loops) & set(c.loops) - set(split.loops)]
    if rounds:
        return Reuse(split.node, (rounds[0],), True)
    firsts = {c.fit.thing: c for c in reversed(checks)}
    models = sorted(firsts.values(), key=lambda c: _at(c.node))
    return Reuse(split.node, tuple(models), False) if len(models) >= _MODELS else None


def _is_for_choosing(journal: Journal, by: str) -> bool:
    """Whether the held-out rows of a split are called a validation part."""
    held = [n for n in journal.named if any(p.by == by and p.side == "test" for r in n.value.rows for p in r.parts)]
    return any(re.search(r"val|dev|cv", ast.unparse(n.node), re.IGNORECASE) for n in held)


def _is_test_of(check: Check, by: str) -> bool:
    sides = {part.side for r in check.rows for part in r.parts if part.by == by}
    return sides == {"test"} and apart(check.rows, check.fit.rows)


def _at(node: ast.expr | None) -> tuple[int, int]:
    return (node.lineno, node.col_offset) if node is not None else (0, 0)
