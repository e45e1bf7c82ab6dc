"""Chains: places where two frames hold the same statement shapes in the same order, small gaps allowed.

A rare shape, or two neighbouring ones, seeds; a seed is extended to both sides as long as the next match is near. Work
is capped for each seed, so that its cost grows with the code and not with the square of the copies.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mldebt.links.sequences import Sequences

_RARE = 16  # a shape that occurs more often seeds only together with the shape after it, or the two after it
_NEAREST = 8  # earlier occurrences that a seed is compared with
_NEAREST_FOCUSED = 64
_REMEMBERED = 6  # chains of a pair of frames that a seed is looked for in
_REACH = 5  # items to the next match, at most
_HEAVY = 4  # the mass of a match that may end a gap
_MOVED = 3  # places that a statement may have been moved by
_LOOSE_END = 10  # a lone match of less mass beyond a gap does not count
_NONE = frozenset({0})
_STEPS = sorted(((a, b) for a in range(_REACH) for b in range(_REACH) if a or b), key=sum)


class Chain(NamedTuple):
    """Matched items (later, earlier) of two frames, ascending on both sides; `mass` is that of the matches."""

    pairs: list[tuple[int, int]]
    mass: int


class FramePair(NamedTuple):
    """The chains between two frames; `one` is the later frame."""

    one: int
    other: int
    chains: list[Chain]


class Finder:
    """Finds the chains between frames, each pair of frames once."""

    def __init__(self, sequences: Sequences, frames: list[int]) -> None:
        self._sequences = sequences
        self._frames = frames
        self._counts: Counter[int] = Counter()
        for number in frames:
            frame = sequences.frames[number]
            self._counts.update(sequences.blind[frame.first : frame.end])
        self._postings: dict[int, list[int]] = {}
        self._neighbours: Counter[int] = Counter()
        for number in frames:
            self._neighbours.update(self._frequent_neighbours(number))

    def _frequent_neighbours(self, number: int) -> Iterator[int]:
        frame, blind, counts = self._sequences.frames[number], self._sequences.blind, self._counts
        before = 0
        for shape in blind[frame.first : frame.end]:
            if before and shape:
                yield before << 32 | shape
            before = shape if shape and counts[shape] > _RARE else 0

    def pairs(self, wanted: set[int] | None) -> Iterator[FramePair]:
        """The pairs of frames that share chains; if given, only those with a wanted frame."""
        nearest = _NEAREST
        self._postings.clear()
        if wanted is not None:
            nearest = _NEAREST_FOCUSED
            for number in self._frames:
                if number not in wanted:
                    for _ in self._seeds(number, 0):
                        pass
        for number in self._frames:
            if wanted is None or number in wanted:
                yield from self._of_frame(number, nearest)

    def _of_frame(self, number: int, nearest: int) -> Iterator[FramePair]:
        hits: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        frame_at = self._sequences.frame_at
        for i, others in self._seeds(number, nearest):
            for j in others:
                hits[frame_at[j]].append((i, j))
        for other in sorted([other for other, seeds in hits.items() if len(seeds) > 1]):
            found = list(self._chains(number, other, hits[other]))
            if found:
                yield FramePair(number, other, found)

    def _seeds(self, number: int, nearest: int) -> Iterator[tuple[int, list[int]]]:
        """The seeding items of a frame and the earlier places of each; notes the items for later frames."""
        sequences, counts, postings = self._sequences, self._counts, self._postings
        frame = sequences.frames[number]
        blind = sequences.blind
        for i in range(frame.first, frame.end):
            shape = blind[i]
            count = counts[shape] if shape else 0
            if count < 2:
                continue
            if count > _RARE:
                after = blind[i + 1] if i + 1 < frame.end else 0
                if not after:
                    continue
                shape = shape << 32 | after
                if self._neighbours[shape] > _RARE and i + 2 < frame.end and blind[i + 2]:
                    shape = shape << 32 | blind[i + 2]
            others = postings.get(shape)
            if others is None:
                postings[shape] = [i]
                continue
            if nearest:
                yield i, others[-nearest:]
            others.append(i)

    def _chains(self, one: int, other: int, seeds: Iterable[tuple[int, int]]) -> Iterator[Chain]:
        boxes: list[tuple[int, int, int, int]] = []
        for i, j in seeds:
            for a, b, c, d in boxes:
                if a <= i <= b and c <= j <= d:
                    break
            else:
                pairs = self._extend(one, other, i, j)
                if len(pairs) < 2:
                    continue
                boxes = [*boxes[1 - _REMEMBERED :], (pairs[0][0], pairs[-1][0], pairs[0][1], pairs[-1][1])]
                pairs = self._with_moved(self._without_loose_ends(pairs))
                yield Chain(pairs, self._sequences.matched(pairs))

    def _extend(self, one: int, other: int, i: int, j: int) -> list[tuple[int, int]]:
        first_i, last_i = self._stretch(one, i)
        first_j, last_j = self._stretch(other, j)
        if one == other:
            last_j = min(i, last_j)
        after = self._walk(i, j, last_i, last_j, 1)
        if one == other:
            first_i = max(first_i, after[-1][1] if after else j)
        before = self._walk(i, j, first_i, first_j, -1)
        return [*reversed(before), (i, j), *after]

    def _stretch(self, number: int, item: int) -> tuple[int, int]:
        """The items around one that a chain must not reach."""
        walls = self._sequences.walls(number)
        if len(walls) == 2:
            return walls[0], walls[1]
        at = bisect(walls, item)
        return walls[at - 1], walls[at]

    def _walk(self, i: int, j: int, stop_i: int, stop_j: int, way: int) -> list[tuple[int, int]]:
        """The matches that follow a pair in one direction (`way` is 1 or -1), up to but without the stops."""
        blind, gists = self._sequences.blind, self._sequences.gists
        found: list[tuple[int, int]] = []
        left = min((stop_i - i) * way, (stop_j - j) * way) - 1
        while left > 0:
            i, j, left = i + way, j + way, left - 1
            shape = blind[i]
            if (not shape or shape != blind[j]) and not (gists[i] and gists[i] == gists[j]):
                target = self._leap(i, j, stop_i, stop_j, way)
                if target is None:
                    break
                found.extend(self._before(i, j, *target, way))
                i, j = target
                left = min((stop_i - i) * way, (stop_j - j) * way) - 1
            found.append((i, j))
        return found

    def _leap(self, i: int, j: int, stop_i: int, stop_j: int, way: int) -> tuple[int, int] | None:
        """The nearest match beyond two items that do not match, if it has some mass, alone or with the next one."""
        blind, metas = self._sequences.blind, self._sequences.metas
        room_i, room_j = (stop_i - i) * way, (stop_j - j) * way
        if way > 0:
            near, others = blind[i : min(i + _REACH, stop_i)], blind[j : min(j + _REACH, stop_j)]
        else:
            near, others = blind[max(i - _REACH, stop_i) + 1 : i + 1], blind[max(j - _REACH, stop_j) + 1 : j + 1]
        if _NONE.issuperset(set(near).intersection(others)):
            return None
        for step_i, step_j in _STEPS:
            if step_i < room_i and step_j < room_j:
                a, b = i + step_i * way, j + step_j * way
                if blind[a] and blind[a] == blind[b]:
                    mass = metas[a] >> 16
                    if step_i + 1 < room_i and step_j + 1 < room_j and blind[a + way] == blind[b + way]:
                        mass += metas[a + way] >> 16 if blind[a + way] else 0
                    if mass >= _HEAVY:
                        return a, b
        return None

    def _before(self, i: int, j: int, a: int, b: int, way: int) -> list[tuple[int, int]]:
        """The light matches right before the end of a leap from (i, j) to (a, b)."""
        blind = self._sequences.blind
        found: list[tuple[int, int]] = []
        a, b = a - way, b - way
        while (a - i) * way >= 0 and (b - j) * way >= 0 and blind[a] and blind[a] == blind[b]:
            found.append((a, b))
            a, b = a - way, b - way
        return found[::-1]

    def _with_moved(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The matches with those of statements that stand a few places off, ascending on the first side."""
        (first_i, first_j), (last_i, last_j) = pairs[0], pairs[-1]
        if last_i - first_i + 1 == len(pairs) == last_j - first_j + 1:
            return pairs
        blind = self._sequences.blind
        free: dict[int, list[int]] = {}
        matched = {j for _, j in pairs}
        for j in self._around(first_j, last_j, first_i):
            if blind[j] and j not in matched:
                free.setdefault(blind[j], []).append(j)
        partner = dict(pairs)
        shift = first_j - first_i
        moved: list[tuple[int, int]] = []
        for i in self._around(first_i, last_i, first_j):
            if i in partner:
                shift = partner[i] - i
            elif blind[i] in free:
                near = min(free[blind[i]], key=lambda j: abs(j - i - shift))
                inside = first_i <= i <= last_i or first_j <= near <= last_j
                if inside and abs(near - i - shift) <= _MOVED:
                    moved.append((i, near))
                    free[blind[i]].remove(near)
                    if not free[blind[i]]:
                        del free[blind[i]]
        return sorted([*pairs, *moved]) if moved else pairs

    def _around(self, first: int, last: int, other: int) -> range:
        """The items from some before one to some after another that no definition parts from them; in a frame
        that is matched with itself just those from one to the other."""
        frame_at = self._sequences.frame_at
        if frame_at[first] == frame_at[other]:
            return range(first, last + 1)
        before, after = self._stretch(frame_at[first], first)
        return range(max(before + 1, first - _MOVED), min(after, last + _MOVED + 1))

    def _without_loose_ends(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        first, last = 0, len(pairs) - 1
        while first < last and self._is_loose(pairs[first], pairs[first + 1]):
            first += 1
        while first < last and self._is_loose(pairs[last], pairs[last - 1]):
            last -= 1
        return pairs[first : last + 1]

    def _is_loose(self, end: tuple[int, int], neighbour: tuple[int, int]) -> bool:
        gap = abs(end[0] - neighbour[0]) + abs(end[1] - neighbour[1]) - 2
        return gap > 1 and self._sequences.metas[end[0]] >> 16 < _LOOSE_END


def spanned(sequences: Sequences, first: int, end: int) -> int:
    """How many items of a range could match anything."""
    return end - first - sequences.blind[first:end].count(0)
