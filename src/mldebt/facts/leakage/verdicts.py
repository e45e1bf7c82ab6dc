"""Which of the events of a module make a leak."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from mldebt.facts.leakage.journal import Check, Journal
from mldebt.facts.leakage.lineage import Fit, Step
from mldebt.facts.leakage.rows import Rows, RowSet, apart, covers, divider, holds, touches

_HELD = ("split ", "fold ")
_SIDES = ("split ", "slice", "sample ", "unpacked ", "mask ", "null ")
_COPIES = ("samples", "doubles")
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
    for met in _met(journal):
        if (met.step.how in _COPIES) == copies:
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
    nodes = {id(step.node) for step in steps}
    after = [fit for fit in journal.fits if any(id(step.node) in nodes for step in fit.steps)]
    chosen = [c for c in journal.checks if c.fit in after and apart(c.fit.rows, c.rows)]
    check = next((c for c in chosen if c.scored), chosen[0] if chosen else None)
    fit = check.fit if check is not None else after[0] if after else None
    return Leak(steps, group[0].split, fit, check)


def _met(journal: Journal) -> Iterator[Met]:
    """Each learning step with each division of rows it has seen; in the order of the events."""
    nodes = {split.by: split.node for split in journal.splits}
    inner = _inner(journal)
    for split in journal.splits:
        for step in split.whole.steps:
            if touches(step.rows, split.whole.rows) and not (split.by.startswith("fold") and id(step.node) in inner):
                yield Met(step, split.node)
    for folded in journal.folded:
        for step in folded.value.steps:
            if touches(step.rows, folded.value.rows) and id(step.node) not in inner:
                yield Met(step, folded.node)
    seen = [
        *((frozenset({s}), v.rows) for s, v in journal.applied),
        *((n.value.steps, n.value.rows) for n in journal.named),
    ]
    for steps, rows in [*seen, *((fit.steps, fit.rows) for fit in journal.fits)]:
        for step in steps:
            yield from (Met(step, nodes.get(by)) for by in _crossed(step, rows, id(step.node) in inner))
    yield from _judged(journal, nodes, inner)
    yield from _called_so(journal)
    yield from _fitted_to_test(journal, nodes)


def _fitted_to_test(journal: Journal, nodes: dict[str, ast.expr]) -> Iterator[Met]:
    """Steps that learn from test rows what the training part was to tell, on the way to judging a model on them."""
    for check in journal.checks:
        for step in check.steps - check.fit.steps:
            by = divider(step.rows, check.fit.rows) or ""
            if by.startswith("split ") and step.how not in _COPIES and apart(step.rows, check.fit.rows):
                yield Met(step, nodes.get(by))


def _inner(journal: Journal) -> set[int]:
    """The steps, by identity of their node, that have learnt from a training part: folds of it are no test rows.

    It is one if it is a side of something, or if what was learnt is applied to other rows too.
    """
    every = [s for split in journal.splits for s in split.whole.steps]
    every += [s for folded in journal.folded for s in folded.value.steps]
    every += [s for fit in journal.fits for s in fit.steps]
    every = [s for s in every if s.how not in _COPIES]
    sided = {id(s.node) for s in every if any(p.by.startswith(_SIDES) for r in s.rows for p in r.parts)}
    return sided | {id(s.node) for s, value in journal.applied if apart(s.rows, value.rows)}


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


def _judged(journal: Journal, nodes: dict[str, ast.expr], inner: set[int]) -> Iterator[Met]:
    """Steps before a model that have seen the rows it is judged on."""
    for check in journal.checks:
        if not check.fit.steps or not apart(check.fit.rows, check.rows):
            continue
        by = divider(check.fit.rows, check.rows) or ""
        for step in check.fit.steps:
            if touches(step.rows, check.rows) and not (by.startswith("fold") and id(step.node) in inner):
                yield Met(step, nodes.get(by, check.node))


def _called_so(journal: Journal) -> Iterator[Met]:
    """Steps before rows that are called the training part which have seen those that are called the test part."""
    trains = [n for n in journal.named if n.role == "train" and n.value.steps]
    tests = [n for n in journal.named if n.role == "test"]
    for train in trains:
        for test in tests:
            by = divider(train.value.rows, test.value.rows)
            if by is not None and not by.startswith(_HELD) and apart(train.value.rows, test.value.rows):
                yield from (Met(step, test.node) for step in train.value.steps if touches(step.rows, test.value.rows))


# -- the same rows to fit and to judge -----------------------------------------------------------------------------


def overlaps(journal: Journal) -> list[Overlap]:
    """Models judged on rows they were fitted to; in source order."""
    nodes = {split.by: split.node for split in journal.splits}
    found: dict[int, Overlap] = {}
    for check in journal.checks:
        by = _reached(check)
        if by is not None:
            found.setdefault(id(check.fit.node), Overlap((check,), nodes[by]))
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
    split = next((s.node for s in journal.splits if s.by.startswith("split")), None)
    checks: list[Check] = []
    for fit in journal.fits:
        own = [c for c in journal.checks if c.fit is fit]
        scored = [c for c in own if c.scored]
        elsewhere = [c for c in own if not holds(c.rows, fit.rows)]
        is_tested = any(c.scored or _is_held(c.rows) for c in elsewhere)
        if scored and not is_tested and not fit.checks and _is_taught(fit) and (split is not None or elsewhere):
            checks.append(scored[0])
            split = split or elsewhere[0].node
    return Overlap(tuple(checks), split) if checks and split is not None else None


def _is_taught(fit: Fit) -> bool:
    """Whether a model is fitted to answers too."""
    return len(fit.node.args) > 1 or any(k.arg in ("y", "Y") for k in fit.node.keywords)


# -- one test set for several models -------------------------------------------------------------------------------


def reuses(journal: Journal) -> list[Reuse]:
    """The test sets that several models are judged on where nothing else is there to choose by; in source order."""
    if journal.validates or any(_is_held(split.whole.rows) for split in journal.splits):
        return []
    found: list[Reuse] = []
    for split in journal.splits:
        checks = [c for c in journal.checks if c.scored and _is_test_of(c, split.by)]
        rounds = [c for c in checks if c.fit.thing.varies & set(c.fit.loops) & set(c.loops) - set(split.loops)]
        firsts = {c.fit.thing: c for c in reversed(checks)}
        others = [c for c in journal.checks if checks and apart(c.rows, checks[0].rows) and apart(c.rows, c.fit.rows)]
        if (
            not others
            and not _is_for_choosing(journal, split.by)
            and split.by.startswith("split")
            and (rounds or len(firsts) >= _MODELS)
        ):
            models = sorted(firsts.values(), key=lambda c: _at(c.node))
            found.append(Reuse(split.node, tuple(rounds[:1] or models), bool(rounds)))
    return found


def _is_for_choosing(journal: Journal, by: str) -> bool:
    """Whether the held-out rows of a split are called a validation part."""
    held = [n for n in journal.named if any(p.by == by and p.side == "test" for r in n.value.rows for p in r.parts)]
    return any(re.search(r"val|dev|cv", ast.unparse(n.node), re.IGNORECASE) for n in held)


def _is_test_of(check: Check, by: str) -> bool:
    sides = {part.side for r in check.rows for part in r.parts if part.by == by}
    return sides == {"test"} and apart(check.rows, check.fit.rows)


def _at(node: ast.expr | None) -> tuple[int, int]:
    return (node.lineno, node.col_offset) if node is not None else (0, 0)
