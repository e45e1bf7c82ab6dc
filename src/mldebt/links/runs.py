"""From a chain to a run of whole statements in one block on either side: what could be moved out as a piece."""

from __future__ import annotations

from mldebt.facts.sorts import CONTINUED, PART
from mldebt.links.sequences import Sequences

_MOSTLY = 0.6  # a statement that is cut by a chain's end belongs to it if this part of its mass is matched

Run = tuple[int, int]  # items, the end exclusive
Pairs = list[tuple[int, int]]


def snap(sequences: Sequences, pairs: Pairs) -> tuple[Run, Run, Pairs] | None:
    """The runs of whole statements a chain covers on both sides, and the matches inside both; None if none is left."""
    while True:
        kept = pairs
        found: list[Run] = []
        for side in (0, 1):
            run = _run(sequences, [pair[side] for pair in kept]) if kept else None
            if run is None:
                return None
            found.append(run)
            kept = [pair for pair in kept if run[0] <= pair[side] < run[1]]
        if len(kept) == len(pairs):
            return found[0], found[1], pairs
        pairs = kept


def _run(sequences: Sequences, matched: list[int]) -> Run | None:
    """The run of statements of one block that holds the most matched mass between the first and the last match."""
    first, end = matched[0], matched[-1] + 1
    metas = sequences.metas
    frame = sequences.frames[sequences.frame_at[first]]
    depths = sorted({metas[i] >> 8 & 0xFF for i in range(first, end)})
    known = set(matched)
    best: tuple[int, int, Run] | None = None
    for depth in depths:
        for run in _at_depth(metas, first, end, depth):
            whole = _whole(sequences, run, depth, (frame.first, frame.end), known)
            if whole is None:
                continue
            mass = sum([metas[i] >> 16 for i in range(*whole) if i in known])
            if best is None or mass > best[0]:
                best = mass, depth, whole
    return best[2] if best else None


def _at_depth(metas, first: int, end: int, depth: int) -> list[Run]:  # type: ignore[no-untyped-def]
    """The maximal stretches of items that lie at a depth or below it."""
    found: list[Run] = []
    start: int | None = None
    for i in range(first, end):
        below = (metas[i] >> 8 & 0xFF) < depth
        if below and start is not None:
            found.append((start, i))
            start = None
        elif not below and start is None:
            start = i
    if start is not None:
        found.append((start, end))
    return found


def _whole(sequences: Sequences, run: Run, depth: int, frame: Run, known: set[int]) -> Run | None:
    """A stretch fitted to whole statements of this depth; None if no statement is left."""
    metas = sequences.metas

    def begins(i: int) -> bool:
        return metas[i] >> 8 & 0xFF == depth and not metas[i] & (PART | CONTINUED)

    def inside(i: int) -> bool:
        return metas[i] >> 8 & 0xFF > depth or (metas[i] >> 8 & 0xFF == depth and bool(metas[i] & (PART | CONTINUED)))

    def is_mostly_matched(first: int, end: int) -> bool:
        total = sum([metas[i] >> 16 for i in range(first, end)])
        return sum([metas[i] >> 16 for i in range(first, end) if i in known]) >= _MOSTLY * total

    starts = [i for i in range(*run) if begins(i)]
    first, end = run
    if not begins(first):
        before = first - 1
        while before >= frame[0] and inside(before):
            before -= 1
        after = starts[0] if starts else end
        statement_end = after
        while not starts and statement_end < frame[1] and inside(statement_end):
            statement_end += 1
        if before >= frame[0] and begins(before) and is_mostly_matched(before, statement_end):
            first = before
            starts.insert(0, before)
        elif starts:
            first = starts[0]
        else:
            return None
    last = starts[-1]
    stop = max(end, last + 1)
    while stop < frame[1] and inside(stop):
        stop += 1
    if stop > end and not is_mostly_matched(last, stop):
        stop = last
    return (first, stop) if stop > first else None
