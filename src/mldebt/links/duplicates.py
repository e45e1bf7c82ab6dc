"""Frames that are equal in every shape: paired at once, and represented by one of them in the search for likeness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from mldebt.facts.statements import CLASS_FRAME, FUNCTION, MODULE
from mldebt.links.chains import Chain
from mldebt.links.pieces import FEWEST_LINES, Pairs, Piece
from mldebt.links.sequences import Frame, Sequences
from mldebt.links.substance import is_enough, measure

_LEAST_MASS = 8  # from which equal frames count towards the units around them
_LINKED = 3  # equal frames before one that the units around it are compared with


def represent(sequences: Sequences, wanted: set[int] | None, pairs: Pairs) -> list[int]:
    """Pair the equal frames; gives the frames that stand for all, ascending.

    With wanted frames, a wanted one stands for its equals, and groups without a wanted one are paired once something
    wanted is like them; see `join`.
    """
    groups: dict[bytes, list[int]] = defaultdict(list)
    for number, frame in enumerate(sequences.frames):
        groups[sequences.blind[frame.first : frame.end].tobytes()].append(number)
    standing = []
    for equal in groups.values():
        if wanted is not None:
            equal.sort(key=lambda f: (f not in wanted, f))
        if sequences.frames[equal[0]].kind != CLASS_FRAME:
            standing.append(equal[0])
        if len(equal) > 1:
            pairs.waiting[equal[0]] = equal
            if wanted is None or equal[0] in wanted:
                join(sequences, equal[0], pairs)
    return sorted(standing)


def join(sequences: Sequences, frame: int, pairs: Pairs) -> None:
    """Pair the frames that one stands for, unless they are."""
    equal = pairs.waiting.pop(frame, None)
    if equal is not None:
        pairs.copies[frame] = equal[1:]
        _note(sequences, equal, pairs)
        _link(sequences, equal, pairs)


def _note(sequences: Sequences, equal: list[int], pairs: Pairs) -> None:
    first = sequences.frames[equal[0]]
    mass = sequences.mass(first.first, first.end)
    if mass < _LEAST_MASS:
        return
    for at, number in enumerate(equal):
        frame = sequences.frames[number]
        for earlier in equal[max(0, at - _LINKED) : at]:
            shift = sequences.frames[earlier].first - frame.first
            last = frame.end if sequences.has_cells(number) or sequences.has_cells(earlier) else frame.first + 1
            inside = [i for i in range(frame.first, last) if sequences.blind[i]] or [frame.first]
            pairs.note(number, earlier, [Chain([(i, i + shift) for i in inside], mass)])


def _link(sequences: Sequences, equal: list[int], pairs: Pairs) -> None:
    frame = sequences.frames[equal[0]]
    if frame.kind == CLASS_FRAME:
        return
    for first, end in _stretches(sequences, equal[0]):
        if pairs.line_count(first, end) < FEWEST_LINES:
            continue
        substance = measure(sequences, range(first, end))
        offsets = (first - frame.first, end - frame.first)
        if is_enough(substance, "equal"):
            _link_all(sequences, equal, offsets, pairs)
        elif is_enough(substance, "exact"):
            for same in _by_tokens(sequences, equal, offsets):
                _link_all(sequences, same, offsets, pairs)


def _stretches(sequences: Sequences, number: int) -> Iterator[tuple[int, int]]:
    """A definition's own frame, or what lies between the definitions of a module, without ends that match nothing."""
    frame = sequences.frames[number]
    if frame.kind == FUNCTION:
        yield frame.first, frame.end
        return
    walls = sequences.walls(number)
    for before, after in pairwise(walls):
        solid = [i for i in range(before + 1, after) if sequences.blind[i]]
        if solid:
            yield solid[0], solid[-1] + 1


def _by_tokens(sequences: Sequences, equal: list[int], offsets: tuple[int, int]) -> list[list[int]]:
    """Frames by what they say word for word, the name of a function aside."""
    groups: dict[bytes, list[int]] = defaultdict(list)
    for number in equal:
        frame = sequences.frames[number]
        start = frame.first + offsets[0] + (frame.kind == FUNCTION)
        groups[sequences.exact[start : frame.first + offsets[1]].tobytes()].append(number)
    return list(groups.values())


def _link_all(sequences: Sequences, equal: list[int], offsets: tuple[int, int], pairs: Pairs) -> None:
    pieces = [_piece(sequences.frames[number], number, offsets, pairs) for number in equal]
    pairs.links.extend((pieces[0], piece) for piece in pieces[1:])


def _piece(frame: Frame, number: int, offsets: tuple[int, int], pairs: Pairs) -> Piece:
    if frame.kind == MODULE:
        return Piece(-1, frame.first + offsets[0], frame.first + offsets[1])
    return pairs.whole(number)
