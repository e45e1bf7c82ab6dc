"""The clone items of all modules as one long sequence, and the units of code that lie on it.

Everything here is an index: an item's place in the columns, a frame's or unit's place in its list.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from mldebt.facts.sorts import CONTINUED, IMPORT, PART, PLACE, SORT
from mldebt.facts.statements import CLASS_FRAME, MODULE, unpack
from mldebt.links.boilerplate import Boilerplate
from mldebt.model import FileFacts, Place

_CODE = ("python", "notebook")  # a document repeats code to show it


class Source(NamedTuple):
    """One module: `module` is its place in the file's facts, `cells` (number, first line, lines) in ascending order."""

    path: str
    module: int
    cells: list[tuple[int, int, int]]


class Frame(NamedTuple):
    """A stretch of items, from `first` to `end` exclusive; see facts/statements.py."""

    kind: int
    first: int
    end: int
    parent: int
    source: int
    line: int
    end_line: int


class Unit(NamedTuple):
    """A piece of code with borders of its own: a class, function or method, or a cell.

    `ranges` are its items; `line` and `end_line` count in the module's text.
    """

    kind: str
    source: int
    line: int
    end_line: int
    ranges: tuple[tuple[int, int], ...]
    frame: int


class Sequences:
    """The items of a repository in flat columns, in the order of paths, modules and frames.

    Imports match nothing unless their filter is off. `masses` are 0 for what matches nothing, `weights` and `cores`
    are as in boilerplate.py, and a level is twice an item's depth, and one more if it continues the statement before.
    """

    def __init__(self, files: Mapping[str, FileFacts], boilerplate: Boilerplate | None = None) -> None:
        self.boilerplate = boilerplate or Boilerplate()
        self.sources: list[Source] = []
        self.frames: list[Frame] = []
        self.blind: array[int] = array("I")
        self.exact: array[int] = array("I")
        self.lines: array[int] = array("I")
        self.ends: array[int] = array("I")
        self.metas: array[int] = array("I")
        self.gists: array[int] = array("I")
        for path in sorted(path for path, facts in files.items() if facts.kind in _CODE):
            for index, facts in enumerate(files[path].modules):
                if facts.items:
                    self._add(path, index, facts.items)
        self._weigh()
        self.frame_at: array[int] = array("I")
        for number, frame in enumerate(self.frames):
            self.frame_at.extend([number] * (frame.end - frame.first))
        self._children: dict[int, list[int]] = {}
        for number, frame in enumerate(self.frames):
            if frame.kind != MODULE:
                self._children.setdefault(frame.parent, []).append(number)
        self._of_frame: dict[int, int] = {}
        self._of_cell: dict[tuple[int, int], int] = {}
        self._around: dict[int, list[int]] = {}
        self.units: list[Unit] = []
        self._walls: dict[int, list[int]] = {}
        self._masses: dict[int, int] = {}
        self._bags: dict[int, dict[int, int]] = {}

    def _add(self, path: str, index: int, data: bytes) -> None:
        items = unpack(data)
        base, first_frame, source = len(self.blind), len(self.frames), len(self.sources)
        self.sources.append(Source(path, index, items.cells))
        for kind, first, end, parent, line, end_line in items.frames:
            self.frames.append(Frame(kind, base + first, base + end, first_frame + parent, source, line, end_line))
        self.blind += items.blind
        self.exact += items.exact
        self.lines += items.lines
        self.ends += items.ends
        self.metas += items.metas
        self.gists += items.gists

    def frames_of(self, source: int) -> range:
        """The frames of a module, its own first."""
        first = bisect_left(self.frames, source, key=lambda frame: frame.source)
        return range(first, bisect_right(self.frames, source, key=lambda frame: frame.source))

    def _weigh(self) -> None:
        """Fill the columns that boilerplate makes a difference to."""
        kinds = set(self.metas)
        weight = {meta: self.boilerplate.weight(meta) for meta in kinds}
        core = {meta: self.boilerplate.core(meta) for meta in kinds}
        self.weights = array("I", map(weight.__getitem__, self.metas))
        self.cores = array("I", map(core.__getitem__, self.metas))
        level = {meta: meta >> 7 & 0x1FE | (meta & (PART | CONTINUED) != 0) for meta in kinds}
        self.levels = array("H", map(level.__getitem__, self.metas))
        if self.boilerplate.has("imports"):
            imports = {meta for meta in kinds if meta & SORT == IMPORT}
            for item in [item for item, meta in enumerate(self.metas) if meta in imports]:
                self.blind[item] = 0
        both = zip(self.blind, self.metas, strict=True)
        self.masses = array("I", [meta >> 16 if shape else 0 for shape, meta in both])

    # -- items ---------------------------------------------------------------------------------------------------

    def mass(self, first: int, end: int) -> int:
        """The mass of a range of items, without those that match nothing."""
        return sum(self.masses[first:end])

    def matched(self, pairs: Iterable[tuple[int, int]]) -> int:
        """The mass that matches share; an edited statement keeps half of the lighter one's."""
        blind, masses = self.blind, self.masses
        return sum([masses[i] if blind[i] == blind[j] else min(masses[i], masses[j]) // 2 for i, j in pairs])

    def has_cells(self, frame: int) -> bool:
        """Whether a frame stands in a notebook."""
        return bool(self.sources[self.frames[frame].source].cells)

    def in_class(self, number: int) -> bool:
        """Whether a frame is a class, or stands directly in one."""
        frame = self.frames[number]
        return CLASS_FRAME in (frame.kind, self.frames[frame.parent].kind)

    def cell_index(self, item: int) -> int | None:
        """The index of the cell an item stands in, in its source's list; None outside notebooks."""
        source = self.sources[self.frames[self.frame_at[item]].source]
        if not source.cells:
            return None
        return bisect_right(source.cells, self.lines[item], key=lambda cell: cell[1]) - 1

    def places(self, source: int, stretches: list[tuple[int, int]]) -> tuple[Place, ...]:
        """The places of stretches of lines of a module's text, one a cell, in order."""
        cells = self.sources[source].cells
        if not cells:
            return (Place(stretches[0][0], stretches[-1][1]),)
        found: dict[int, tuple[int, int]] = {}
        for line, end_line in stretches:
            at = max(0, bisect_right(cells, line, key=lambda cell: cell[1]) - 1)
            start, last = found.get(at, (line, end_line))
            found[at] = min(start, line), max(last, end_line)
        return tuple(self._in_cell(cells[at], *found[at]) for at in sorted(found))

    @staticmethod
    def _in_cell(cell: tuple[int, int, int], line: int, end_line: int) -> Place:
        number, first, lines = cell
        return Place(max(1, line - first + 1), min(end_line - first + 1, lines), 1, number)

    def walls(self, number: int) -> list[int]:
        """The items of a frame that nothing runs across, with those before its first and after its last one.

        In a module these are the places of its definitions.
        """
        known = self._walls.get(number)
        if known is None:
            frame, metas = self.frames[number], self.metas
            inner = range(frame.first, frame.end) if frame.kind == MODULE else ()
            known = [frame.first - 1, *(i for i in inner if metas[i] & SORT == PLACE), frame.end]
            self._walls[number] = known
        return known

    # -- units ---------------------------------------------------------------------------------------------------

    def frame_unit(self, number: int) -> int:
        """The unit that a definition's frame is; a class has the items of its methods too."""
        known = self._of_frame.get(number)
        if known is not None:
            return known
        frame = self.frames[number]
        if frame.kind == CLASS_FRAME:
            kind = "class"
        else:
            kind = "method" if self.frames[frame.parent].kind == CLASS_FRAME else "function"
        ranges = tuple(self._ranges(number))
        self._of_frame[number] = len(self.units)
        self.units.append(Unit(kind, frame.source, frame.line, frame.end_line, ranges, number))
        return self._of_frame[number]

    def _ranges(self, number: int) -> Iterator[tuple[int, int]]:
        yield self.frames[number].first, self.frames[number].end
        for child in self._children.get(number, ()):
            yield from self._ranges(child)

    def cell_unit(self, module_frame: int, cell: int) -> int:
        """The unit that a cell of a notebook is, with the definitions it holds."""
        key = (module_frame, cell)
        known = self._of_cell.get(key)
        if known is not None:
            return known
        frame = self.frames[module_frame]
        _, first_line, lines = self.sources[frame.source].cells[cell]
        last_line = first_line + lines - 1
        own = [i for i in range(frame.first, frame.end) if first_line <= self.lines[i] <= last_line]
        ranges = [(own[0], own[-1] + 1)] if own else []
        for child in self._children.get(module_frame, ()):
            if first_line <= self.frames[child].line <= last_line:
                ranges.extend(self._ranges(child))
        self._of_cell[key] = len(self.units)
        self.units.append(Unit("cell", frame.source, first_line, last_line, tuple(ranges), module_frame))
        return self._of_cell[key]

    def units_around(self, item: int) -> list[int]:
        """The units an item stands in, the smallest first."""
        number = self.frame_at[item]
        known = self._around.get(number)
        if known is None:
            known = self._around[number] = self._definitions_around(number)
        cell = self.cell_index(item)
        if cell is None:
            return known
        while self.frames[number].kind != MODULE:
            number = self.frames[number].parent
        return [*known, self.cell_unit(number, cell)]

    def _definitions_around(self, number: int) -> list[int]:
        found = []
        while self.frames[number].kind != MODULE:
            found.append(self.frame_unit(number))
            number = self.frames[number].parent
        return found

    def unit_mass(self, unit: int) -> int:
        """The mass of all of a unit's items."""
        known = self._masses.get(unit)
        if known is None:
            known = self._masses[unit] = sum([self.mass(*run) for run in self.units[unit].ranges])
        return known

    def bag(self, unit: int) -> dict[int, int]:
        """The mass a unit has in each shape."""
        if unit not in self._bags:
            self._bags[unit] = self.bag_of(self.units[unit].ranges)
        return self._bags[unit]

    def bag_of(self, ranges: tuple[tuple[int, int], ...]) -> dict[int, int]:
        """The mass that ranges of items have in each shape."""
        return self._sums(self.masses, ranges)

    def weight_in(self, ranges: Iterable[tuple[int, int]]) -> dict[int, int]:
        """The weight that ranges of items have in each shape."""
        return self._sums(self.weights, ranges)

    def _sums(self, column: array[int], ranges: Iterable[tuple[int, int]]) -> dict[int, int]:
        found: dict[int, int] = {}
        for first, end in ranges:
            for shape, figure in zip(self.blind[first:end], column[first:end], strict=True):
                found[shape] = found.get(shape, 0) + figure
        found.pop(0, None)
        return found

    def likeness(self, one: int, other: int) -> float:
        """The mass two units share, as a part of the heavier one's."""
        heavier = max(1, self.unit_mass(one), self.unit_mass(other))
        return _shared(self.bag(one), self.bag(other)) / heavier


def contained(part: dict[int, int], whole: dict[int, int]) -> float:
    """How much of a bag's mass another one has too."""
    return _shared(part, whole) / max(1, sum(part.values()))


def alike(one: dict[int, int], other: dict[int, int]) -> float:
    """The mass two bags share, as a part of the heavier one's."""
    return _shared(one, other) / max(1, sum(one.values()), sum(other.values()))


def _shared(one: dict[int, int], other: dict[int, int]) -> int:
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return sum([mass if mass < (found := large[shape]) else found for shape, mass in small.items() if shape in large])
