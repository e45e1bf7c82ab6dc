"""Pairs of pieces of code that are alike: the raw material of clone classes.

A piece is a unit (class, function, method, cell) or a run of statements in one block. Frames with equal shapes are
paired at once, and one of them stands for all in the search for what is merely similar.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from mldebt.facts.statements import CLASS_FRAME, FUNCTION, MODULE
from mldebt.links.chains import Finder, FramePair, spanned
from mldebt.links.runs import Pairs, Run, snap
from mldebt.links.sequences import Sequences, alike
from mldebt.links.substance import LEAST_OF_ALL, is_enough, measure

# CLONES.md §6
UNIT_SHARE = 0.70  # of the mass of both units
RUN_SHARE = 0.55  # of the items of both runs
FEWEST_LINES = 5
FEWEST_OF_DENSE = 3
_CANDIDATE_SHARE = 0.5  # of matched mass, from which two units are compared in full
_LEAST_DUPLICATE = 8  # the mass from which equal frames count towards the units around them
_LINKED = 3  # equal frames before one that the units around it are compared with


class Piece(NamedTuple):
    """A unit if `unit` is not negative; otherwise the items from `first` to `end` (exclusive) of one frame."""

    unit: int
    first: int
    end: int


class Twins:
    """Searches a repository's sequences; `links` are the pairs found, in the order of the search."""

    def __init__(self, sequences: Sequences, wanted: set[int] | None) -> None:
        self._sequences = sequences
        self._wanted = wanted
        self._copies: dict[int, list[int]] = {}
        self._shared: dict[tuple[int, int], int] = defaultdict(int)
        self.links: list[tuple[Piece, Piece]] = []
        frames = self._represent()
        standing = wanted if wanted is None else {f for f in frames if f in wanted}
        for pair in Finder(sequences, frames).pairs(standing):
            self._take(pair)
        self._link_units()

    # -- equal frames --------------------------------------------------------------------------------------------

    def _represent(self) -> list[int]:
        """Pair frames of equal shapes; gives the frames that stand for all, ascending."""
        sequences, wanted = self._sequences, self._wanted
        groups: dict[bytes, list[int]] = defaultdict(list)
        for number, frame in enumerate(sequences.frames):
            groups[sequences.blind[frame.first : frame.end].tobytes()].append(number)
        standing = []
        for equal in groups.values():
            if wanted is not None:
                equal.sort(key=lambda f: (f not in wanted, f))
            first = equal[0]
            if sequences.frames[first].kind != CLASS_FRAME:
                standing.append(first)
            if len(equal) > 1 and (wanted is None or first in wanted):
                self._pair_equal(equal)
        return sorted(standing)

    def _pair_equal(self, equal: list[int]) -> None:
        sequences = self._sequences
        frame = sequences.frames[equal[0]]
        mass = sequences.mass(frame.first, frame.end)
        self._copies[equal[0]] = equal[1:]
        if mass >= _LEAST_DUPLICATE:
            for at, number in enumerate(equal):
                for earlier in equal[max(0, at - _LINKED) : at]:
                    self._note(sequences.frames[number].first, sequences.frames[earlier].first, mass)
        if frame.kind != FUNCTION or self._line_count((frame.first, frame.end)) < FEWEST_LINES:
            return
        substance = measure(sequences, range(frame.first, frame.end))
        if is_enough(substance, "equal"):
            self._link_all(equal)
        elif is_enough(substance, "exact"):
            for same in self._by_tokens(equal):
                self._link_all(same)

    def _by_tokens(self, frames: list[int]) -> list[list[int]]:
        """Frames by what their bodies say word for word."""
        sequences = self._sequences
        groups: dict[bytes, list[int]] = defaultdict(list)
        for number in frames:
            frame = sequences.frames[number]
            groups[sequences.exact[frame.first + 1 : frame.end].tobytes()].append(number)
        return list(groups.values())

    def _link_all(self, frames: list[int]) -> None:
        first = self._whole(frames[0])
        self.links.extend((first, self._whole(number)) for number in frames[1:])

    def _whole(self, frame: int) -> Piece:
        unit = self._sequences.frame_unit(frame)
        return Piece(unit, 0, 0)

    # -- similar frames ------------------------------------------------------------------------------------------

    def _take(self, pair: FramePair) -> None:
        sequences = self._sequences
        for (i, j), mass in self._by_cells(pair).items():
            self._note(i, j, mass)
        if self._are_twins(pair):
            self.links.append((self._whole(pair.one), self._whole(pair.other)))
            return
        for chain in pair.chains:
            if chain.mass >= LEAST_OF_ALL.mass and is_enough(measure(sequences, [i for i, _ in chain.pairs]), "exact"):
                snapped = snap(sequences, chain.pairs)
                if snapped is not None and self._is_clone(*snapped):
                    self._link_runs(pair, *snapped)

    def _are_twins(self, pair: FramePair) -> bool:
        """Whether two functions as wholes are alike."""
        sequences = self._sequences
        one, other = sequences.frames[pair.one], sequences.frames[pair.other]
        if pair.one == pair.other or one.kind == MODULE or other.kind == MODULE:
            return False
        a, b = sequences.frame_unit(pair.one), sequences.frame_unit(pair.other)
        heavier = max(sequences.unit_mass(a), sequences.unit_mass(b))
        if sum(chain.mass for chain in pair.chains) < _CANDIDATE_SHARE * heavier:
            return False
        if min(self._line_count((one.first, one.end)), self._line_count((other.first, other.end))) < FEWEST_LINES:
            return False
        return self._are_alike(a, b)

    def _are_alike(self, a: int, b: int) -> bool:
        """Whether two units share enough, and more than convention."""
        sequences = self._sequences
        bag = sequences.bag(b)
        if alike(sequences.bag(a), bag) < UNIT_SHARE:
            return False
        items = [i for run in sequences.units[a].ranges for i in range(*run) if sequences.blind[i] in bag]
        return is_enough(measure(sequences, items), self._likeness(a, b))

    def _likeness(self, a: int, b: int) -> str:
        """How alike two units are, by their items in order."""
        sequences = self._sequences
        one, other = sequences.units[a].ranges, sequences.units[b].ranges
        if [sequences.blind[x:y] for x, y in one] != [sequences.blind[x:y] for x, y in other]:
            return "similar"
        return (
            "exact" if [sequences.exact[x:y] for x, y in one] == [sequences.exact[x:y] for x, y in other] else "equal"
        )

    def _is_clone(self, one: Run, other: Run, pairs: Pairs) -> bool:
        sequences = self._sequences
        if min(self._line_count(one), self._line_count(other)) < FEWEST_LINES:
            return False
        span = max(spanned(sequences, *one), spanned(sequences, *other))
        share = len(pairs) / max(1, span)
        likeness = "similar"
        if len(pairs) == span:
            likeness = "exact" if all(sequences.exact[i] == sequences.exact[j] for i, j in pairs) else "equal"
        return share >= RUN_SHARE and is_enough(measure(sequences, [i for i, _ in pairs]), likeness)

    def _line_count(self, run: Run) -> int:
        return max(self._sequences.ends[run[0] : run[1]]) - self._sequences.lines[run[0]] + 1

    def _link_runs(self, pair: FramePair, one: Run, other: Run, pairs: Pairs) -> None:
        mass = sum([self._sequences.metas[i] >> 16 for i, _ in pairs])
        first, second = self._widen(pair.one, one, mass), self._widen(pair.other, other, mass)
        self.links.append((first, second))
        for frame, piece in ((pair.one, first), (pair.other, second)):
            for copy in self._copies.get(frame, ()):
                self.links.append((piece, self._moved(piece, frame, copy)))

    def _widen(self, frame: int, run: Run, mass: int) -> Piece:
        """The unit that a run nearly fills, or the run."""
        sequences = self._sequences
        if sequences.frames[frame].kind == MODULE:
            cells = {sequences.cell_index(run[0]), sequences.cell_index(run[1] - 1)}
            cell = cells.pop()
            if cells or cell is None:
                return Piece(-1, *run)
            unit = sequences.cell_unit(frame, cell)
        else:
            unit = sequences.frame_unit(frame)
        return Piece(unit, 0, 0) if mass >= UNIT_SHARE * sequences.unit_mass(unit) else Piece(-1, *run)

    def _moved(self, piece: Piece, frame: int, copy: int) -> Piece:
        if piece.unit >= 0 and self._sequences.units[piece.unit].kind != "cell":
            return self._whole(copy)
        shift = self._sequences.frames[copy].first - self._sequences.frames[frame].first
        return Piece(-1, piece.first + shift, piece.end + shift) if piece.unit < 0 else piece

    # -- units around frames -------------------------------------------------------------------------------------

    def _by_cells(self, pair: FramePair) -> dict[tuple[int, int], int]:
        """The matched mass of two frames by pairs of cells, keyed by the first match in each."""
        sequences = self._sequences
        chains = pair.chains
        if not (sequences.has_cells(pair.one) or sequences.has_cells(pair.other)):
            return {chains[0].pairs[0]: sum([chain.mass for chain in chains])}
        first_of: dict[tuple[int | None, int | None], tuple[int, int]] = {}
        found: dict[tuple[int, int], int] = defaultdict(int)
        for i, j in [pair for chain in chains for pair in chain.pairs]:
            key = first_of.setdefault((sequences.cell_index(i), sequences.cell_index(j)), (i, j))
            found[key] += sequences.metas[i] >> 16
        return found

    def _note(self, i: int, j: int, mass: int) -> None:
        """Count matched mass towards each pair of units around two items, but for two functions."""
        sequences = self._sequences
        for a in sequences.units_around(i):
            for b in sequences.units_around(j):
                kinds = {sequences.units[a].kind, sequences.units[b].kind}
                if a != b and kinds & {"class", "cell"} and (len(kinds) == 1 or "class" not in kinds):
                    self._shared[max(a, b), min(a, b)] += mass

    def _link_units(self) -> None:
        sequences = self._sequences
        for (a, b), mass in self._shared.items():
            heavier = max(sequences.unit_mass(a), sequences.unit_mass(b))
            if mass < max(LEAST_OF_ALL.mass, _CANDIDATE_SHARE * heavier):
                continue
            if self._is_tall(a) and self._is_tall(b) and self._are_alike(a, b):
                self.links.append((Piece(a, 0, 0), Piece(b, 0, 0)))

    def _is_tall(self, unit: int) -> bool:
        sequences = self._sequences
        lines = {line for first, end in sequences.units[unit].ranges for line in sequences.lines[first:end]}
        return len(lines) >= FEWEST_OF_DENSE and max(lines) - min(lines) + 1 >= FEWEST_LINES
