"""All removals of one file at once: what can go together goes, and one refusal does not keep the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mldebt.errors import Unpatchable, Unreadable
from mldebt.facts.syntax import Module
from mldebt.model import Code, Removal
from mldebt.proof.group import Standing, edits_of, groups, targets, without_obstacles
from mldebt.proof.patch import Edit, applied
from mldebt.proof.removal import Page, Work
from mldebt.proof.source import Source

_MAY_RUN = "may change what runs"


class Outcome(NamedTuple):
    """What came of a file's removals: the text that is left, None for no file at all, and the lines of code that went.

    `refused` says for each removal why it was not carried out; None if it was.
    """

    text: str | None
    lines: int
    refused: list[str | None]


def take_out(work: Work, before: str, unsafe: bool = False) -> Outcome:
    """Carry out the removals of a file, whose text is `before`, together: only safe ones, or all.

    What is left parses, and no name in it lost its binding.
    """
    try:
        return _Bench(work, unsafe).outcome(before)
    except Unreadable as error:
        return Outcome(before, 0, [f"the file does not parse: {error}"] * len(work.removals))


class _Plan(NamedTuple):
    """Edits, and the removals they carry out."""

    edits: list[Edit]
    done: list[int]


class _Bench:
    """A file's removals while they are tried."""

    def __init__(self, work: Work, unsafe: bool) -> None:
        self._page: Page = work.page
        self._removals: Sequence[Removal] = work.removals
        self._unsafe = unsafe
        self._source = Source(Module(Code(work.page.plain)))
        self._unbound = unbound(self._source.module)
        self._refused: dict[int, str] = {}

    def outcome(self, before: str) -> Outcome:
        going = [number for number in range(len(self._removals)) if self._may_go(number)]
        plan = self._added(_Plan([], []), going)
        refused = [None if n in plan.done else self._refused.get(n, "") for n in range(len(self._removals))]
        lines = sum(edit.last - edit.first - len(edit.new) for edit in plan.edits)
        gone = any(self._removals[number].kind == "module" for number in plan.done)
        text = None if gone else self._page.after(plan.edits) if plan.edits else before
        return Outcome(text, lines, refused)

    def _may_go(self, number: int) -> bool:
        """Whether a removal holds alone, and is safe if it has to be."""
        removal = self._removals[number]
        standing = self._standing([number])
        if not self._unsafe and not (removal.certain and not self._source.has_effect(targets(standing.groups))):
            self._refused.setdefault(number, _MAY_RUN)
        return number not in self._refused

    def _added(self, plan: _Plan, batch: list[int]) -> _Plan:
        """A plan with those of a batch that it takes; what breaks it is found by halves."""
        if not batch:
            return plan
        try:
            return self._tried([*plan.done, *batch])
        except (Unreadable, Unpatchable) as error:
            if len(batch) == 1:
                self._refused[batch[0]] = str(error)
                return plan
        middle = len(batch) // 2
        return self._added(self._added(plan, batch[:middle]), batch[middle:])

    def _standing(self, numbers: list[int]) -> Standing:
        """What of some removals can go, the others being refused."""
        found = groups(self._source, [self._removals[number] for number in numbers])
        harmless = [
            g for g in found.groups if self._unsafe or not g.goes_along or not self._source.has_effect(g.targets)
        ]
        left = without_obstacles(self._source, found._replace(groups=harmless))
        self._refused.update((numbers[owner], why) for owner, why in left.refused.items())
        return left

    def _tried(self, numbers: list[int]) -> _Plan:
        """The plan that carries out some removals. Raises Unreadable or Unpatchable if they cannot go together."""
        standing = self._standing(numbers)
        cut = edits_of(self._source, standing.groups)
        module = Module(Code(applied(self._page.plain, cut)))
        lost = unbound(module) - self._unbound
        if lost:
            raise Unpatchable(f"`{min(lost)[1]}` would be unbound")
        if self._page.shows_more(cut) and not self._unsafe:
            raise Unpatchable("may change what a cell shows")
        self._page.after(cut)
        owners = {group.owner for group in standing.groups}
        return _Plan(cut, [number for owner, number in enumerate(numbers) if owner in owners])


def unbound(module: Module) -> set[tuple[str, str]]:
    """The names that no scope binds, each with the definition that reads it."""
    return {
        (module.qualname(scope.node), read.name)
        for scope in module.scopes
        for read in scope.reads
        if scope.resolve(read.name) is None
    }
