"""What was edited in a file between two trees, statement by statement; comments and layout are no edits.

Statements are the items of the clone search (facts/statements.py), which know nothing of names of files: a file that
was renamed is compared under both names.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from mldebt.facts.sorts import CONTINUED, IMPORT, INERT, LOG, PART, PLACE, PLOT, SORT
from mldebt.facts.statements import Items
from mldebt.model import Place

_SILENT = (INERT, PLACE, IMPORT, LOG, PLOT)  # sorts of statements that compute nothing


class Edit(NamedTuple):
    """Neighbouring statements that went and what came in their place, as item numbers before and now.

    `around` are the numbers before of what stands on either side of an insertion.
    """

    removed: range
    added: range
    around: tuple[int, ...] = ()


class Edits:
    """The edits of a module. Cost: that of `difflib` on its statements that are not the same at both ends."""

    def __init__(self, before: Items, now: Items) -> None:
        self.before, self.now = before, now

    @cached_property
    def _opcodes(self) -> list[tuple[str, int, int, int, int]]:
        matcher = SequenceMatcher(None, list(self.before.exact), list(self.now.exact))
        return [*matcher.get_opcodes()]

    @cached_property
    def _kept(self) -> dict[int, int]:
        """The items now of those before that stayed."""
        equal = (op for op in self._opcodes if op[0] == "equal")
        return {i: j for _, i, end, j, _ in equal for i, j in zip(range(i, end), range(j, j + end - i), strict=True)}

    def is_touched(self, now: list[int]) -> bool:
        """Whether any of these items now is new, or has lost what stood beside it."""
        origin = {j: i for i, j in self._kept.items()}
        return any(j not in origin for j in now) or any(
            origin[b] - origin[a] > 1 for a, b in pairwise(now) if b == a + 1
        )

    def keeps(self, before: list[int]) -> float:
        """The share of these items before that stayed."""
        return sum(i in self._kept for i in before) / max(1, len(before))

    def items_now(self, before: list[int]) -> list[int]:
        """Those of these items before that stayed, by the numbers they have now."""
        return [self._kept[i] for i in before if i in self._kept]

    def within(self, before: list[int]) -> Iterator[Edit]:
        """The edits of these items before; of one that reaches beyond them only what went."""
        whole = set(before)
        for tag, start, end, first, last in self._opcodes:
            if tag == "equal":
                continue
            if start == end:
                if start in whole and start - 1 in whole:
                    yield Edit(range(0), range(first, last), (start - 1, start))
            elif gone := [i for i in range(start, end) if i in whole]:
                inside = len(gone) == end - start
                yield Edit(range(gone[0], gone[-1] + 1), range(first, last) if inside else range(0))


def inside(items: Items, stretches: tuple[Place, ...]) -> list[int]:
    """The items that begin in these stretches of a file, the lines of a cell being its own."""
    starts = {number: first for number, first, _ in items.cells}
    found: set[int] = set()
    for at in stretches:
        shift = 0 if at.cell is None else starts.get(at.cell, 0) - 1
        lines = range(at.line + shift, at.end_line + shift + 1)
        found.update(i for i, line in enumerate(items.lines) if line in lines)
    return sorted(found)


def place(items: Items, first: int, last: int) -> Place:
    """The lines from one item to another, in the cell of the first; one that ends in another cell ends in its own."""
    line, end = items.lines[first], max(items.ends[first], items.ends[last])
    for number, start, count in items.cells:
        if start <= line < start + count:
            return Place(line - start + 1, min(end, start + count - 1) - start + 1, 1, number)
    return Place(line, end)


def computes(items: Items, item: int) -> bool:
    """Whether an item is a statement of its own that does more than to import, to log or to plot."""
    meta = items.metas[item]
    return not meta & (PART | CONTINUED) and meta & SORT not in _SILENT
