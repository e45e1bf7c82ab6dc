"""The search for pieces of code that are alike: definitions, cells, and runs of statements in one block."""

from __future__ import annotations

from mldebt.facts.statements import MODULE
from mldebt.links import runs
from mldebt.links.chains import Finder, FramePair, spanned
from mldebt.links.duplicates import join, represent
from mldebt.links.pieces import FEWEST_LINES, Pairs, Piece
from mldebt.links.sequences import Sequences, contained
from mldebt.links.substance import LEAST, equal, is_enough, measure

# CLONES.md §6
UNIT_SHARE = 0.70  # of the mass of both units
RUN_SHARE = 0.55  # of the items of both runs
_NEARLY_EQUAL = 0.85  # from this share on as little is asked as of equal pieces
# of the mass of two units, that chains must match for these to be compared in full
_CANDIDATE_PART, _CLASS_PART, _LEAST_OF_A_PAIR = 0.3, 0.5, 8
_EXTENDED_SHARE, _EXTENDED_PART = 0.5, 0.85  # of the longer and of the shorter of two units; less is never a clone
_KEPT_SHARE, _REWORKED_SHARE = 0.38, 0.65
_EDITED_SHARE = 0.6  # of the statements of both units, if half of the mass is shared
_FEWEST_LINES_OF_CODE = 3
_MOST_LINES = 0.5  # of a unit's, that a run has which nearly fills it
_LEAST_OF_A_CELL = 12  # the weight, or else
_MOST_OF_A_CELL = 0.6  # the share, of a cell at the end of a run over several


def like_pairs(sequences: Sequences, wanted: set[int] | None) -> list[tuple[Piece, Piece]]:
    """All pairs of like pieces, in the order they were found; only those with a wanted frame, if given."""
    pairs = Pairs(sequences)
    frames = represent(sequences, wanted, pairs)
    search = _Search(sequences, pairs)
    finder = Finder(sequences, frames)
    for pair in finder.pairs(wanted if wanted is None else wanted.intersection(frames)):
        search.take(pair)
    if wanted is not None:
        near = pairs.frames() - wanted
        for pair in finder.pairs(near.intersection(frames)):
            if pair.one not in wanted and pair.other not in wanted:
                search.take(pair)
    search.link_units()
    return pairs.links


class _Search:
    """Judges what frames have in common."""

    def __init__(self, sequences: Sequences, pairs: Pairs) -> None:
        self._sequences = sequences
        self._pairs = pairs

    def take(self, pair: FramePair) -> None:
        """Link two frames, or the runs in them, that their chains show to be alike."""
        self._pairs.note(pair.one, pair.other, pair.chains)
        if self._are_twins(pair):
            self._join(pair)
            self._pairs.links.append((self._pairs.whole(pair.one), self._pairs.whole(pair.other)))
            return
        has_cells = self._sequences.has_cells(pair.one) or self._sequences.has_cells(pair.other)
        for chain in pair.chains:
            if chain.mass < LEAST["exact"].mass or len(chain.pairs) < LEAST["exact"].items:
                continue
            matches = self._without_thin_ends(chain.pairs) if has_cells else chain.pairs
            if is_enough(measure(self._sequences, equal(self._sequences, matches)), "exact"):
                snapped = runs.snap(self._sequences, matches)
                if snapped is not None and self._is_clone(*snapped):
                    self._join(pair)
                    self._link_runs(pair, *snapped)

    def _join(self, pair: FramePair) -> None:
        join(self._sequences, pair.one, self._pairs)
        join(self._sequences, pair.other, self._pairs)

    def _are_twins(self, pair: FramePair) -> bool:
        """Whether two functions as wholes are alike."""
        sequences = self._sequences
        one, other = sequences.frames[pair.one], sequences.frames[pair.other]
        if pair.one == pair.other or one.kind == MODULE or other.kind == MODULE:
            return False
        a, b = sequences.frame_unit(pair.one), sequences.frame_unit(pair.other)
        heavier = max(sequences.unit_mass(a), sequences.unit_mass(b))
        if sum(chain.mass for chain in pair.chains) < _CANDIDATE_PART * heavier:
            return False
        lines = min(self._pairs.line_count(frame.first, frame.end) for frame in (one, other))
        return lines >= FEWEST_LINES and self._are_alike(a, b)

    def _are_alike(self, a: int, b: int) -> bool:
        """Whether two units share enough, and more than convention."""
        sequences = self._sequences
        lighter, heavier = sorted((sequences.unit_mass(a), sequences.unit_mass(b)))
        if lighter < _EXTENDED_SHARE * heavier:
            return False
        share = sequences.likeness(a, b)
        if share < _KEPT_SHARE:
            return False
        bag = sequences.bag(b)
        items = [i for run in sequences.units[a].ranges for i in range(*run) if sequences.blind[i] in bag]
        if share < _EXTENDED_SHARE:
            return self._is_reworked(a, b, items)
        if share < UNIT_SHARE and not self._is_extended(a, b) and not self._is_edited(a, b, items):
            return False
        return is_enough(measure(sequences, items), self._likeness(a, b, share))

    def _is_edited(self, a: int, b: int, items: list[int]) -> bool:
        """Whether most statements of two units are the same, though heavy ones differ."""
        if self._sequences.units[a].kind == "class":
            return False
        count = max(sum([spanned(self._sequences, *run) for run in self._sequences.units[u].ranges]) for u in (a, b))
        return len(items) >= _EDITED_SHARE * count

    def _is_reworked(self, a: int, b: int, items: list[int]) -> bool:
        """Whether most statements of two functions are the same, or the same but for an edit."""
        sequences = self._sequences
        if sequences.units[a].kind not in ("function", "method"):
            return False
        one, other = self._unmatched(a, b), self._unmatched(b, a)
        edited = {gist: min(mass, other[gist]) for gist, mass in one.items() if gist in other}
        heavier = max(sequences.unit_mass(a), sequences.unit_mass(b))
        if not edited or sequences.likeness(a, b) * heavier + sum(edited.values()) < _EXTENDED_SHARE * heavier:
            return False
        count = max(sum([spanned(sequences, *run) for run in sequences.units[u].ranges]) for u in (a, b))
        return len(items) + len(edited) >= _REWORKED_SHARE * count and is_enough(measure(sequences, items), "reworked")

    def _unmatched(self, a: int, b: int) -> dict[int, int]:
        """The mass that the statements of a unit which another one does not have put into each gist."""
        sequences, bag = self._sequences, self._sequences.bag(b)
        found: dict[int, int] = {}
        for item in (i for run in sequences.units[a].ranges for i in range(*run) if sequences.blind[i] not in bag):
            if sequences.gists[item]:
                found[sequences.gists[item]] = found.get(sequences.gists[item], 0) + sequences.masses[item]
        return found

    def _is_extended(self, a: int, b: int) -> bool:
        """Whether one unit is nearly all of another one that does more."""
        small, large = sorted((a, b), key=self._sequences.unit_mass)
        return contained(self._sequences.bag(small), self._sequences.bag(large)) >= _EXTENDED_PART

    def _likeness(self, a: int, b: int, share: float) -> str:
        sequences = self._sequences
        one, other = sequences.units[a].ranges, sequences.units[b].ranges
        if [sequences.exact[x:y] for x, y in one] == [sequences.exact[x:y] for x, y in other]:
            return "exact"
        if share < UNIT_SHARE:
            return "loose"
        return "equal" if share >= _NEARLY_EQUAL else "similar"

    # -- runs ----------------------------------------------------------------------------------------------------

    def _without_thin_ends(self, matches: runs.Matches) -> runs.Matches:
        """A chain without the first and last cells it hardly touches; a chain inside one cell as it is."""
        sequences = self._sequences
        for side in (0, 1):
            cells = [sequences.cell_index(match[side]) for match in matches]
            while matches and cells[0] != cells[-1]:
                first, last = cells.count(cells[0]), cells.count(cells[-1])
                if self._is_thin([match[side] for match in matches[:first]]):
                    matches, cells = matches[first:], cells[first:]
                elif self._is_thin([match[side] for match in matches[-last:]]):
                    matches, cells = matches[:-last], cells[:-last]
                else:
                    break
        return matches

    def _is_thin(self, items: list[int]) -> bool:
        """Whether items are little, and not most of the cell they stand in."""
        sequences = self._sequences
        found = measure(sequences, items)
        cell = sequences.cell_index(items[0])
        if found.weight >= _LEAST_OF_A_CELL or cell is None:
            return False
        unit = sequences.cell_unit(sequences.frame_at[items[0]], cell)
        return found.mass < _MOST_OF_A_CELL * sequences.unit_mass(unit)

    def _is_clone(self, one: runs.Run, other: runs.Run, matches: runs.Matches) -> bool:
        sequences = self._sequences
        if min(self._pairs.line_count(*one), self._pairs.line_count(*other)) < FEWEST_LINES:
            return False
        span = max(spanned(sequences, *one), spanned(sequences, *other))
        same = equal(sequences, matches)
        share = len(matches) / max(1, span)
        likeness = "equal" if share >= _NEARLY_EQUAL else "similar"
        if len(matches) == span and all(sequences.exact[i] == sequences.exact[j] for i, j in matches):
            likeness = "exact"
        return share >= RUN_SHARE and is_enough(measure(sequences, same), likeness)

    def _link_runs(self, pair: FramePair, one: runs.Run, other: runs.Run, matches: runs.Matches) -> None:
        mass = self._sequences.matched(matches)
        first, second = self._widen(pair.one, one, mass), self._widen(pair.other, other, mass)
        links, copies = self._pairs.links, self._pairs.copies
        links.append((first, second))
        for frame, piece in ((pair.one, first), (pair.other, second)):
            for copy in copies.get(frame, ()):
                links.append((piece, self._moved(piece, frame, copy)))

    def _widen(self, frame: int, run: runs.Run, mass: int) -> Piece:
        """The unit that a run is or nearly fills, or the run."""
        sequences = self._sequences
        if sequences.frames[frame].kind == MODULE:
            cells = {sequences.cell_index(run[0]), sequences.cell_index(run[1] - 1)}
            cell = cells.pop()
            if cells or cell is None:
                return Piece(-1, *run)
            unit = sequences.cell_unit(frame, cell)
        else:
            unit = sequences.frame_unit(frame)
        around = sequences.units[unit]
        is_whole = run == around.ranges[0] and len(around.ranges) == 1
        is_most = self._pairs.line_count(*run) >= _MOST_LINES * (around.end_line - around.line + 1)
        fills = is_most and mass >= UNIT_SHARE * sequences.unit_mass(unit)
        return Piece(unit, 0, 0) if is_whole or fills else Piece(-1, *run)

    def _moved(self, piece: Piece, frame: int, copy: int) -> Piece:
        """The piece that is to an equal frame what a piece is to a frame."""
        sequences = self._sequences
        if piece.unit >= 0 and sequences.units[piece.unit].kind != "cell":
            return self._pairs.whole(copy)
        first, end = (piece.first, piece.end) if piece.unit < 0 else sequences.units[piece.unit].ranges[0]
        shift = sequences.frames[copy].first - sequences.frames[frame].first
        return Piece(-1, first + shift, end + shift)

    # -- units around frames -------------------------------------------------------------------------------------

    def link_units(self) -> None:
        """Link the classes and cells that are alike by what lies in them."""
        sequences = self._sequences
        for (a, b), mass in self._pairs.shared.items():
            heavier = max(sequences.unit_mass(a), sequences.unit_mass(b))
            part = _CLASS_PART if sequences.units[a].kind == "class" else _CANDIDATE_PART
            if mass < max(_LEAST_OF_A_PAIR, part * heavier):
                continue
            if self._is_tall(a) and self._is_tall(b) and self._are_alike(a, b):
                self._pairs.links.append((Piece(a, 0, 0), Piece(b, 0, 0)))

    def _is_tall(self, unit: int) -> bool:
        sequences = self._sequences
        lines = {line for first, end in sequences.units[unit].ranges for line in sequences.lines[first:end]}
        return len(lines) >= _FEWEST_LINES_OF_CODE and max(lines) - min(lines) + 1 >= FEWEST_LINES
