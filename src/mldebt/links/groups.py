"""From pairs of like pieces to groups of copies.

Pieces that nearly coincide are one, pairs are joined, and each member of a group must be like the group's leader, the
one with the most pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mldebt.facts.statements import CLASS_FRAME, FUNCTION
from mldebt.links.pieces import Piece
from mldebt.links.sequences import Sequences, alike, contained

_SAME = 0.7  # pieces that overlap by this part of the longer one are the same piece
_LIKE_LEADER = 0.5
_NAMESAKES = 3  # functions of one name and signature that, alike, make a fourth that is part of them a member
_PART = 0.9

Shapes = dict[int, int]


class Member(NamedTuple):
    piece: Piece
    ranges: tuple[tuple[int, int], ...]
    source: int
    line: int
    end_line: int


def groups(sequences: Sequences, links: list[tuple[Piece, Piece]]) -> list[list[Member]]:
    support = Counter(piece for link in links for piece in link)
    standing = _standing(sequences, support)
    linked: dict[Piece, set[Piece]] = defaultdict(set)
    for one, other in links:
        a, b = standing[one], standing[other]
        if a != b:
            linked[a].add(b)
            linked[b].add(a)
    headers = _headers(sequences)
    left = set(linked)
    return [
        _with_namesakes(sequences, group, headers)
        for start in sorted(linked)
        if start in left
        for group in _led(sequences, _component(start, linked, left), linked)
    ]


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


def _led(sequences: Sequences, pieces: list[Piece], linked: Mapping[Piece, set[Piece]]) -> Iterable[list[Member]]:
    """Split a component so that each member is like its group's leader; a member may be in several groups."""
    rank = {piece: (-len(linked[piece]), piece) for piece in pieces}
    left = set(pieces)
    while left:
        leader = min(left, key=rank.__getitem__)
        bag = _bag(sequences, leader)
        candidates = sorted(left | linked[leader])
        known = [_bag(sequences, p) for p in sorted(linked[leader]) if p.unit >= 0]
        near = [p for p in candidates if p == leader or _is_near(_bag(sequences, p), bag, known)]
        left.difference_update(near)
        group = _apart([member(sequences, p) for p in near])
        if len(group) > 1:
            yield group


def _is_near(bag: Shapes, leader: Shapes, linked: list[Shapes]) -> bool:
    """Whether a piece is like the leader of a group, or equal in shape to one that was found to be like it."""
    return alike(leader, bag) >= _LIKE_LEADER or bag in linked


def _bag(sequences: Sequences, piece: Piece) -> dict[int, int]:
    return sequences.bag(piece.unit) if piece.unit >= 0 else sequences.bag_of(((piece.first, piece.end),))


def member(sequences: Sequences, piece: Piece) -> Member:
    if piece.unit >= 0:
        unit = sequences.units[piece.unit]
        return Member(piece, unit.ranges, unit.source, unit.line, unit.end_line)
    source = sequences.frames[sequences.frame_at[piece.first]].source
    line, end_line = sequences.lines[piece.first], max(sequences.ends[piece.first : piece.end])
    return Member(piece, ((piece.first, piece.end),), source, line, end_line)


def _apart(members: list[Member]) -> list[Member]:
    """The members without those that overlap a longer one."""
    kept: dict[int, list[Member]] = defaultdict(list)
    for member in sorted(members, key=lambda m: (m.line - m.end_line, m)):
        if all(member.end_line < k.line or member.line > k.end_line for k in kept[member.source]):
            kept[member.source].append(member)
    return sorted((m for group in kept.values() for m in group), key=lambda m: (m.source, m.line, m))


def _with_namesakes(sequences: Sequences, group: list[Member], headers: Mapping[int, list[int]]) -> list[Member]:
    """A group of functions of one name, with those of that name that are a part of it: copies that were cut short."""
    frames = [sequences.units[m.piece.unit].frame for m in group if m.piece.unit >= 0]
    heads = {sequences.exact[sequences.frames[frame].first] for frame in frames}
    if len(frames) < max(_NAMESAKES, len(group)) or len(heads) != 1:
        return group
    bag = sequences.bag_of(group[0].ranges)
    others = [frame for frame in headers[heads.pop()] if frame not in frames]
    parts = [f for f in others if contained(sequences.bag(sequences.frame_unit(f)), bag) >= _PART]
    members = [member(sequences, Piece(sequences.frame_unit(frame), 0, 0)) for frame in parts]
    return sorted([*group, *members], key=lambda m: (m.source, m.line, m))


def _headers(sequences: Sequences) -> dict[int, list[int]]:
    """The functions outside classes, by the tokens of their header."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, frame in enumerate(sequences.frames):
        if frame.kind == FUNCTION and sequences.frames[frame.parent].kind != CLASS_FRAME:
            found[sequences.exact[frame.first]].append(number)
    return found
