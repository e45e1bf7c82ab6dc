"""Pieces of code and the pairs of them that were found to be alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from mldebt.links.chains import Chain
from mldebt.links.sequences import Sequences

FEWEST_LINES = 5  # CLONES.md §6


class Piece(NamedTuple):
    """A unit if `unit` is not negative; otherwise the items from `first` to `end` (exclusive) of one frame."""

    unit: int
    first: int
    end: int


class Pairs:
    """What a search gathers: `links` are pairs of like pieces, `shared` the matched mass of units around others.

    `copies` are the frames equal to the one that stands for them; `waiting` are those that are not paired yet, with it.
    """

    def __init__(self, sequences: Sequences) -> None:
        self._sequences = sequences
        self.links: list[tuple[Piece, Piece]] = []
        self.shared: dict[tuple[int, int], int] = defaultdict(int)
        self.copies: dict[int, list[int]] = {}
        self.waiting: dict[int, list[int]] = {}
        self._classes: dict[int, list[int]] = {}

    def frames(self) -> set[int]:
        """The frames that pieces of pairs lie in."""
        pieces = {piece for link in self.links for piece in link}
        units, frame_at = self._sequences.units, self._sequences.frame_at
        return {units[p.unit].frame if p.unit >= 0 else frame_at[p.first] for p in pieces}

    def whole(self, frame: int) -> Piece:
        """The definition that a frame is, as a piece."""
        return Piece(self._sequences.frame_unit(frame), 0, 0)

    def line_count(self, first: int, end: int) -> int:
        """How many lines a range of items runs over."""
        return max(self._sequences.ends[first:end]) - self._sequences.lines[first] + 1

    def note(self, one: int, other: int, chains: Iterable[Chain]) -> None:
        """Count the matched mass of two frames towards the units around them."""
        sequences = self._sequences
        if sequences.has_cells(one) or sequences.has_cells(other):
            self._note_by_cells(chains)
            return
        if not (sequences.in_class(one) and sequences.in_class(other)):
            return  # nothing is around them that could be alike
        mass = sum([chain.mass for chain in chains])
        for a in self._classes_around(one):
            for b in self._classes_around(other):
                if a != b:
                    self.shared[(a, b) if a > b else (b, a)] += mass

    def _classes_around(self, frame: int) -> list[int]:
        known = self._classes.get(frame)
        if known is None:
            around = self._sequences.units_around(self._sequences.frames[frame].first)
            known = self._classes[frame] = [u for u in around if self._sequences.units[u].kind == "class"]
        return known

    def _note_by_cells(self, chains: Iterable[Chain]) -> None:
        sequences = self._sequences
        first_of: dict[tuple[int | None, int | None], tuple[int, int]] = {}
        masses: dict[tuple[int, int], int] = defaultdict(int)
        for i, j in [pair for chain in chains for pair in chain.pairs]:
            key = first_of.setdefault((sequences.cell_index(i), sequences.cell_index(j)), (i, j))
            masses[key] += sequences.metas[i] >> 16
        for (i, j), mass in masses.items():
            self._count(i, j, mass)

    def _count(self, i: int, j: int, mass: int) -> None:
        """Count mass towards each pair of units around two items, but not functions, nor a class with another kind."""
        sequences = self._sequences
        for a in sequences.units_around(i):
            for b in sequences.units_around(j):
                kinds = {sequences.units[a].kind, sequences.units[b].kind}
                if a != b and kinds & {"class", "cell"} and (len(kinds) == 1 or "class" not in kinds):
                    self.shared[max(a, b), min(a, b)] += mass
