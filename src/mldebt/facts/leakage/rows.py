"""Which rows a value holds: where they come from, and how they were narrowed down since."""

from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """One narrowing: `by` is what divides the rows, `side` which piece is taken.

    Two sides of one division share no row, but for slices, whose sides are "lower:upper" as they are written.
    """

    by: str
    side: str


class Rows(NamedTuple):
    """The rows of one origin (a file, a call, a parameter), narrowed by each part in turn."""

    origin: str
    parts: tuple[Part, ...] = ()


RowSet = frozenset[Rows]
SLICE = "slice"


def narrowed(rows: RowSet, part: Part) -> RowSet:
    """The rows of a piece."""
    return frozenset(r._replace(parts=(*r.parts, part)) for r in rows)


def covers(whole: Rows, piece: Rows) -> bool:
    """Whether all rows of a piece surely lie in a whole."""
    return whole.origin == piece.origin and piece.parts[: len(whole.parts)] == whole.parts


def touches(one: RowSet, other: RowSet) -> bool:
    """Whether two sets surely share rows."""
    return any(covers(a, b) or covers(b, a) for a in one for b in other)


def holds(one: RowSet, other: RowSet) -> bool:
    """Whether all rows of the other set surely lie in the first."""
    return bool(other) and all(any(covers(a, b) for a in one) for b in other)


def apart(one: RowSet, other: RowSet) -> bool:
    """Whether two sets surely share no rows; other origins are other rows."""
    return bool(one and other) and all(_apart(a, b) for a in one for b in other)


def goes_beyond(one: RowSet, other: RowSet) -> bool:
    """Whether some rows of the first set surely are none of the other."""
    return bool(other) and any(all(_apart(a, b) for b in other) for a in one)


def divider(one: RowSet, other: RowSet) -> str | None:
    """What divides two sets of one origin, the first in the order of text; None if nothing does."""
    found = {by for a in one for b in other if a.origin == b.origin for by in [_divider(a, b)] if by is not None}
    return min(found) if found else None


def _apart(one: Rows, other: Rows) -> bool:
    return one.origin != other.origin or _divider(one, other) is not None


def _divider(one: Rows, other: Rows) -> str | None:
    for a, b in zip(one.parts, other.parts, strict=False):
        if a != b:
            return a.by if _sides_differ(a, b) else None
    return None


def _sides_differ(one: Part, other: Part) -> bool:
    if one.by != other.by:
        return False
    return one.by != SLICE or _ends_before(one.side, other.side) or _ends_before(other.side, one.side)


def _ends_before(one: str, other: str) -> bool:
    end, start = one.partition(":")[2], other.partition(":")[0]
    if not end or not start:
        return False
    return end == start or (end.isdigit() and start.isdigit() and int(end) <= int(start))
