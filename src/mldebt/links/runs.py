"""From a chain to a run of whole statements in one block on either side: what could be moved out as a piece."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from mldebt.links.sequences import Sequences

_MOSTLY = 0.6  # a statement that is cut by a chain's end belongs to it if this part of its mass is matched

Run = tuple[int, int]  # items, the end exclusive
Matches = list[tuple[int, int]]


def snap(sequences: Sequences, pairs: Matches) -> tuple[Run, Run, Matches] | None:
    """The runs of whole statements a chain covers on both sides, and the matches inside both; None if none is left."""
    while True:
        kept = pairs
        found: list[Run] = []
        for side in (0, 1):
            run = _Side(sequences, sorted([pair[side] for pair in kept])).run() if kept else None
            if run is None:
                return None
            found.append(run)
            first, end = run
            kept = [pair for pair in kept if first <= pair[side] < end]
        if len(kept) == len(pairs):
            return found[0], found[1], pairs
        pairs = kept


class _Side:
    """The matched items of a chain on one of its sides, ascending.

    What follows a statement of level n and belongs to it has a higher level, and the next statement of its block has
    level n again; see sequences.py.
    """

    def __init__(self, sequences: Sequences, matched: list[int]) -> None:
        self._metas = sequences.metas
        self._levels = sequences.levels
        self._matched = matched
        self._masses = list(accumulate(map(sequences.masses.__getitem__, matched), initial=0))
        frame = sequences.frames[sequences.frame_at[matched[0]]]
        self._frame = (frame.first, frame.end)

    def run(self) -> Run | None:
        """The run of statements of one block that holds the most matched mass."""
        first, end = self._matched[0], self._matched[-1] + 1
        levels = self._levels[first:end]
        best, most = None, 0
        for level in sorted({level & ~1 for level in levels}):
            for stretch in _stretches(levels, first, level):
                run = self._whole(stretch, level)
                mass = self._mass(*run) if run is not None else 0
                if mass > most:
                    best, most = run, mass
            if most == self._masses[-1]:
                break
        return best

    def _mass(self, first: int, end: int) -> int:
        """The mass of the matched items of a range."""
        return self._masses[bisect_left(self._matched, end)] - self._masses[bisect_left(self._matched, first)]

    def _whole(self, stretch: Run, level: int) -> Run | None:
        """A stretch fitted to whole statements of this level; None if no statement is left."""
        first, end = stretch
        levels = self._levels
        start, last = first, end - 1
        while start < end and levels[start] != level:
            start += 1
        while last > start and levels[last] != level:
            last -= 1
        if start > first:
            before = self._begin(first, level)
            if before is not None and self._is_mostly_matched(before, start if start < end else self._end(end, level)):
                start, last = before, last if start < end else before
        if start == end:
            return None
        stop = self._end(max(end, last + 1), level)
        if stop > end and not self._is_mostly_matched(last, stop):
            stop = last
        return (start, stop) if stop > start else None

    def _begin(self, item: int, level: int) -> int | None:
        """The beginning of the statement of this level that an item belongs to."""
        while item > self._frame[0]:
            item -= 1
            at = self._levels[item]
            if at <= level:
                return item if at == level else None
        return None

    def _end(self, item: int, level: int) -> int:
        """The end of the statement of this level that was begun before an item."""
        while item < self._frame[1] and self._levels[item] > level:
            item += 1
        return item

    def _is_mostly_matched(self, first: int, end: int) -> bool:
        return self._mass(first, end) >= _MOSTLY * sum([meta >> 16 for meta in self._metas[first:end]])


def _stretches(levels: Sequence[int], first: int, level: int) -> Iterator[Run]:
    """The maximal stretches of items of at least this level; `first` is the item of the first entry."""
    if min(levels) >= level:
        yield first, first + len(levels)
        return
    start = -1
    for at, found in enumerate(levels):
        if found < level:
            if start >= 0:
                yield first + start, first + at
            start = -1
        elif start < 0:
            start = at
    if start >= 0:
        yield first + start, first + len(levels)
