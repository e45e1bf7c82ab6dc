"""How far a family of files reaches: where a member has what others have too, and what nobody need be told again."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from mldebt.facts.sorts import CONTINUED, PART, PLACE, SORT
from mldebt.facts.statements import CLASS_FRAME
from mldebt.links.families import Family
from mldebt.links.groups import Member
from mldebt.links.pieces import Piece
from mldebt.links.sequences import Sequences
from mldebt.links.substance import weigh
from mldebt.model import Place

_SCRIPT_PART = 0.3  # of a module's lines, from which what is no class is what the family is about


class Extent(NamedTuple):
    """A member: all of its file as a piece, its share, the places of what it shares, and the lines that are told of."""

    member: Member
    share: float
    places: tuple[Place, ...]
    told: list[tuple[int, int]]


def extents(sequences: Sequences, family: Family) -> list[Extent]:
    """The members of a family: first the one it stands around, then the others by their share.

    A family of scripts is about what they do: their classes, which can be moved out whole, are told of by themselves.
    """
    members = [_whole_file(sequences, source) for source in sorted(family.shares)]
    members.sort(key=lambda m: (m.source != family.medoid, -family.shares[m.source], m.source))
    holders = Counter(shape for member in members for shape in sequences.bag_of(member.ranges))
    shared = {shape for shape, count in holders.items() if count > 1}
    return [Extent(member, family.shares[member.source], *_extent(sequences, member, shared)) for member in members]


def _whole_file(sequences: Sequences, source: int) -> Member:
    frames = [sequences.frames[number] for number in sequences.frames_of(source)]
    ranges = tuple((frame.first, frame.end) for frame in frames)
    return Member(Piece(-1, *ranges[0]), ranges, source, 1, max(frame.end_line for frame in frames))


def _extent(sequences: Sequences, member: Member, shared: set[int]) -> tuple[tuple[Place, ...], list[tuple[int, int]]]:
    """Of a notebook the cells that mostly hold shared shapes; of a module the stretch where these outweigh the rest."""
    told = [(member.line, member.end_line)]
    if sequences.sources[member.source].cells:
        return sequences.places(member.source, _shared_cells(sequences, member, shared)), told
    statements = list(_statements(sequences, member, shared))
    lines = sum(s.end_line - s.line + 1 for s in statements)
    if sum(s.end_line - s.line + 1 for s in statements if not s.is_class) >= _SCRIPT_PART * lines:
        told = _between([s for s in statements if s.is_class], member)
        most = sum(abs(s.gain) for s in statements)
        statements = [s._replace(gain=-most) if s.is_class else s for s in statements]
    return sequences.places(member.source, _heaviest_stretch(statements)), told


def _between(classes: list[_Statement], member: Member) -> list[tuple[int, int]]:
    """The lines around classes."""
    starts = [member.line, *(found.end_line + 1 for found in classes)]
    ends = [*(found.line - 1 for found in classes), member.end_line]
    return [(line, end_line) for line, end_line in zip(starts, ends, strict=True) if line <= end_line]


def _shared_cells(sequences: Sequences, member: Member, shared: set[int]) -> list[tuple[int, int]]:
    cells: dict[int | None, list[int]] = defaultdict(list)
    for first, end in member.ranges:
        for item in range(first, end):
            cells[sequences.cell_index(item)].append(item)
    chosen = [items for items in cells.values() if sum(weigh(sequences, i, shared) for i in items) > 0]
    return sorted((sequences.lines[i], sequences.ends[i]) for items in chosen or cells.values() for i in items)


class _Statement(NamedTuple):
    """A statement or definition at the top of a module, with what it gains."""

    line: int
    end_line: int
    gain: int
    is_class: bool


def _statements(sequences: Sequences, member: Member, shared: set[int]) -> Iterator[_Statement]:
    own, *inner = member.ranges
    gains = {sequences.lines[i]: 0 for i in range(*own) if sequences.metas[i] & SORT == PLACE}
    starts = sorted(gains)
    for item in (i for inside in inner for i in range(*inside)):
        gains[starts[bisect_right(starts, sequences.lines[item]) - 1]] += weigh(sequences, item, shared)
    frames = [sequences.frames[number] for number in sequences.frames_of(member.source)]
    classes = {frame.line for frame in frames if frame.kind == CLASS_FRAME}
    line = end_line = gain = 0
    for item in range(*own):
        meta = sequences.metas[item]
        if not (meta >> 8 & 0xFF or meta & (PART | CONTINUED)):
            if line:
                yield _Statement(line, end_line, gain, line in classes)
            line, end_line, gain = sequences.lines[item], 0, 0
        end_line = max(end_line, sequences.ends[item])
        gain += gains[sequences.lines[item]] if meta & SORT == PLACE else weigh(sequences, item, shared)
    if line:
        yield _Statement(line, end_line, gain, line in classes)


def _heaviest_stretch(statements: list[_Statement]) -> list[tuple[int, int]]:
    """The lines of the stretch of statements that gains most."""
    most, first, end = 0, 0, len(statements)
    start = total = 0
    for at, statement in enumerate(statements):
        if total <= 0:
            start, total = at, 0
        total += statement.gain
        if total > most:
            most, first, end = total, start, at + 1
    return [(statement.line, statement.end_line) for statement in statements[first:end]]
