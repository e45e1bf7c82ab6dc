"""Clone classes: pieces of code that were copied, with all their copies.

A class is found from pairs: overlapping pieces are one, pairs are joined, and each member must be like the one that
has most pairs. What lies wholly inside another class with the same members is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from zlib import crc32

from mldebt.links.pieces import Piece
from mldebt.links.sequences import Sequences, alike
from mldebt.links.twins import like_pairs
from mldebt.model import FileFacts, Place

_SAME = 0.7  # pieces that overlap by this part of the longer one are the same piece
_INSIDE = 0.9  # a fragment lies in another if this part of its lines does
_LIKE_LEADER = 0.55


class Fragment(NamedTuple):
    """One member: `parts` are its places, one a cell; `symbol` names the definition, or the one around the piece."""

    path: str
    parts: tuple[Place, ...]
    unit: str
    symbol: str
    lines: int


class CloneClass(NamedTuple):
    """A clone class; `unit` is class, function, method, cell or block, `kind` type-1, type-2 or type-3.

    `likeness` is the share of mass that the least similar member has in common with the leader; `identity` survives
    edits of names and literals. The fragments are in the order of path and place.
    """

    unit: str
    kind: str
    fragments: tuple[Fragment, ...]
    likeness: float
    identity: str


class _Member(NamedTuple):
    piece: Piece
    ranges: tuple[tuple[int, int], ...]
    source: int
    line: int
    end_line: int


def clone_classes(files: Mapping[str, FileFacts], focus: frozenset[str] | None = None) -> list[CloneClass]:
    """The clone classes of a repository, by the place of their first member; with a focus, only those with one in it.

    Cost: about linear in the lines of code; see benchmarks/quality/clones.py.
    """
    sequences = Sequences(files)
    wanted = None
    if focus is not None:
        wanted = {n for n, frame in enumerate(sequences.frames) if sequences.sources[frame.source].path in focus}
    groups = _groups(sequences, like_pairs(sequences, wanted))
    names = _Names(files)
    found = [_describe(sequences, names, group) for group in _largest(sequences, groups)]
    return sorted(found, key=lambda c: (c.fragments[0].path, c.fragments[0].parts, c.unit, c.identity))


# -- pairs → groups ----------------------------------------------------------------------------------------------


def _groups(sequences: Sequences, links: list[tuple[Piece, Piece]]) -> list[list[_Member]]:
    support = Counter(piece for link in links for piece in link)
    standing = _standing(sequences, support)
    linked: dict[Piece, set[Piece]] = defaultdict(set)
    for one, other in links:
        a, b = standing[one], standing[other]
        if a != b:
            linked[a].add(b)
            linked[b].add(a)
    groups: list[list[_Member]] = []
    left = set(linked)
    for start in sorted(linked):
        if start in left:
            groups.extend(_led(sequences, _component(start, linked, left), linked))
    return groups


def _standing(sequences: Sequences, support: Counter[Piece]) -> dict[Piece, Piece]:
    """Each piece with the one that stands for it: the best supported of those that nearly coincide with it."""
    standing: dict[Piece, Piece] = {}
    chosen: dict[int, list[Piece]] = defaultdict(list)
    for piece in sorted(support, key=lambda p: (-support[p], p.first - p.end, p)):
        if piece.unit >= 0:
            standing[piece] = piece
            continue
        rivals = chosen[sequences.frame_at[piece.first]]
        standing[piece] = next((rival for rival in rivals if _coincide(piece, rival)), piece)
        if standing[piece] == piece:
            rivals.append(piece)
    return standing


def _coincide(one: Piece, other: Piece) -> bool:
    shared = min(one.end, other.end) - max(one.first, other.first)
    return shared >= _SAME * max(one.end - one.first, other.end - other.first)


def _component(start: Piece, linked: Mapping[Piece, set[Piece]], left: set[Piece]) -> list[Piece]:
    found, waiting = [], [start]
    left.discard(start)
    while waiting:
        piece = waiting.pop()
        found.append(piece)
        new = sorted(linked[piece] & left)
        left.difference_update(new)
        waiting.extend(new)
    return sorted(found)


def _led(sequences: Sequences, pieces: list[Piece], linked: Mapping[Piece, set[Piece]]) -> Iterable[list[_Member]]:
    """Split a component so that each member is like its group's leader; a member may be in several groups."""
    rank = {piece: (-len(linked[piece]), piece) for piece in pieces}
    left = set(pieces)
    while left:
        leader = min(left, key=rank.__getitem__)
        bag = _bag(sequences, leader)
        candidates = sorted(left | linked[leader])
        near = [p for p in candidates if p == leader or alike(bag, _bag(sequences, p)) >= _LIKE_LEADER]
        left.difference_update(near)
        group = _apart([_member(sequences, p) for p in near])
        if len(group) > 1:
            yield group


def _bag(sequences: Sequences, piece: Piece) -> dict[int, int]:
    return sequences.bag(piece.unit) if piece.unit >= 0 else sequences.bag_of(((piece.first, piece.end),))


def _member(sequences: Sequences, piece: Piece) -> _Member:
    if piece.unit >= 0:
        unit = sequences.units[piece.unit]
        return _Member(piece, unit.ranges, unit.source, unit.line, unit.end_line)
    source = sequences.frames[sequences.frame_at[piece.first]].source
    line, end_line = sequences.lines[piece.first], max(sequences.ends[piece.first : piece.end])
    return _Member(piece, ((piece.first, piece.end),), source, line, end_line)


def _apart(members: list[_Member]) -> list[_Member]:
    """The members without those that overlap a longer one."""
    kept: dict[int, list[_Member]] = defaultdict(list)
    for member in sorted(members, key=lambda m: (m.line - m.end_line, m)):
        if all(member.end_line < k.line or member.line > k.end_line for k in kept[member.source]):
            kept[member.source].append(member)
    return sorted((m for group in kept.values() for m in group), key=lambda m: (m.source, m.line, m))


# -- groups → classes --------------------------------------------------------------------------------------------


def _largest(sequences: Sequences, groups: list[list[_Member]]) -> list[list[_Member]]:
    """The groups that do not lie, member by member, inside another."""
    order = sorted(groups, key=lambda g: (-sum(m.end_line - m.line + 1 for m in g), g))
    taken: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    kept: list[list[_Member]] = []
    for group in order:
        hosts: Counter[int] = Counter()
        for member in group:
            inside = {g for g, line, end_line, _ in taken[member.source] if _covers(line, end_line, member)}
            hosts.update(inside)
        spread = {g: len(_hosts_of(taken, g, group)) for g, count in hosts.items() if count == len(group)}
        if any(count == len(group) for count in spread.values()):
            continue
        for number, member in enumerate(group):
            taken[member.source].append((len(kept), member.line, member.end_line, number))
        kept.append(group)
    return kept


def _hosts_of(taken: Mapping[int, list[tuple[int, int, int, int]]], host: int, group: list[_Member]) -> set[int]:
    """Which members of a host class the members of a group lie in."""
    return {
        number
        for member in group
        for g, line, end_line, number in taken[member.source]
        if g == host and _covers(line, end_line, member)
    }


def _covers(line: int, end_line: int, member: _Member) -> bool:
    shared = min(end_line, member.end_line) - max(line, member.line) + 1
    return shared >= _INSIDE * (member.end_line - member.line + 1)


class _Names:
    """The names of definitions by file, module and line."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self._files = files
        self._known: dict[tuple[str, int], dict[tuple[int | None, int], str]] = {}

    def find(self, path: str, module: int, places: Iterable[Place]) -> str:
        """The name of the definition that begins in one of these places; empty if none does."""
        known = self._known.get((path, module))
        if known is None:
            definitions = self._files[path].modules[module].definitions[1:]
            known = {(d.at.cell, d.at.line): d.name for d in definitions}
            self._known[path, module] = known
        return next((known[p.cell, p.line] for p in places if (p.cell, p.line) in known), "")


def _describe(sequences: Sequences, names: _Names, group: list[_Member]) -> CloneClass:
    bags = [sequences.bag_of(member.ranges) for member in group]
    holders = Counter(shape for bag in bags for shape in bag)
    shared = {shape for shape, count in holders.items() if count > 1}
    fragments = sorted((_fragment(sequences, names, m, shared) for m in group), key=lambda f: (f.path, f.parts))
    units = Counter(f.unit for f in fragments)
    unit = min(units, key=lambda u: (-units[u], u))
    likeness = min(alike(bags[0], bag) for bag in bags)
    shapes = sorted(shape for first, end in group[0].ranges for shape in sequences.blind[first:end])
    identity = f"{crc32(repr(shapes).encode()):08x}"
    return CloneClass(unit, _kind(sequences, group), tuple(fragments), likeness, identity)


def _fragment(sequences: Sequences, names: _Names, member: _Member, shared: set[int]) -> Fragment:
    """A member in words; of a run over several cells, a cell that shares nothing is no part."""
    source = sequences.sources[member.source]
    unit = sequences.units[member.piece.unit] if member.piece.unit >= 0 else None
    if unit is not None and unit.kind != "cell":
        stretches = [(member.line, member.end_line)]
    else:
        items = [i for first, end in member.ranges for i in range(first, end)]
        cells = {sequences.cell_index(i) for i in items if sequences.blind[i] in shared}
        stretches = [(sequences.lines[i], sequences.ends[i]) for i in items if sequences.cell_index(i) in cells]
    places = sequences.places(member.source, sorted(stretches))
    frame = unit.frame if unit is not None else sequences.frame_at[member.ranges[0][0]]
    symbol = _symbol(sequences, names, frame)
    kind = unit.kind if unit is not None else "block"
    return Fragment(source.path, places, kind, symbol, sum(p.end_line - p.line + 1 for p in places))


def _symbol(sequences: Sequences, names: _Names, number: int) -> str:
    frame = sequences.frames[number]
    if not frame.kind:
        return ""
    source = sequences.sources[frame.source]
    end = min(frame.line + 20, frame.end_line)  # decorators stand before the line a definition is known by
    candidates = [p for line in range(frame.line, end + 1) for p in sequences.places(frame.source, [(line, line)])]
    return names.find(source.path, source.module, candidates)


def _kind(sequences: Sequences, group: list[_Member]) -> str:
    exact = {b"".join(sequences.exact[a:b].tobytes() for a, b in m.ranges) for m in group}
    if len(exact) == 1:
        return "type-1"
    blind = {b"".join(sequences.blind[a:b].tobytes() for a, b in m.ranges) for m in group}
    return "type-2" if len(blind) == 1 else "type-3"
