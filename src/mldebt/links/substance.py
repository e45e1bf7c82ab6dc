"""Whether what two pieces of code have in common is enough to call one a copy of the other.

Machine-learning code repeats much without copying: settings, layer lists, forward chains, plot calls. The named
filters take such statements for less than they say: each counts little, whatever its mass. So a long run of copied
settings still is a clone, and a few lines of them are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from mldebt.facts import sorts
from mldebt.links.sequences import Sequences

FILTERS = {
    "settings": frozenset({sorts.SETTING}),
    "layer-lists": frozenset({sorts.LAYER}),
    "forward-chains": frozenset({sorts.STEP}),
    "plot-calls": frozenset({sorts.PLOT}),
    "log-runs": frozenset({sorts.LOG}),
    "assertions": frozenset({sorts.CHECK}),
    "set-up": frozenset({sorts.SETUP}),
    "arguments": frozenset({sorts.ARGUMENT}),
    "signatures": frozenset({sorts.DEFINITION, sorts.CLASS}),
}
# what a conventional statement counts: eighths of its mass, and as much at least
_EIGHTHS = {sort: 3 for kept_low in FILTERS.values() for sort in kept_low} | {sorts.ARGUMENT: 2}
_DECORATION = FILTERS["plot-calls"] | FILTERS["log-runs"] | FILTERS["assertions"] | FILTERS["arguments"]
_OF_A_KIND = FILTERS["arguments"] | FILTERS["layer-lists"] | FILTERS["forward-chains"]
_VARIETY = 0.4  # CLONES.md §6: distinct shapes among the matched items, at least


class Substance(NamedTuple):
    """What matched items amount to.

    `weight` is their mass with conventional statements taken for less, `core` that of the plain statements alone.
    """

    items: int
    shapes: int
    mass: int
    weight: int
    core: int


# CLONES.md §6 has the mass of exact and of similar pieces; the rest is ours, set on the judged pairs
LEAST = {
    "exact": Substance(3, 2, 20, 16, 0),
    "equal": Substance(3, 3, 20, 18, 0),
    "similar": Substance(4, 3, 25, 20, 18),
    "loose": Substance(5, 4, 30, 24, 22),
}
LEAST_OF_ALL = LEAST["exact"]


def measure(sequences: Sequences, items: Iterable[int]) -> Substance:
    """What matched items amount to."""
    shapes: set[int] = set()
    count = mass = weight = core = 0
    for item in items:
        shape, meta = sequences.blind[item], sequences.metas[item]
        if shape:
            count += 1
            shapes.add(shape)
            mass += meta >> 16
            sort = meta & sorts.SORT
            weight += _weight(meta >> 16, sort)
            core += 0 if sort in _DECORATION else meta >> 16
    return Substance(count, len(shapes), mass, weight, core)


def weights(sequences: Sequences, ranges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The weight that ranges of items have in each shape."""
    bag: Counter[int] = Counter()
    for item in (i for first, end in ranges for i in range(first, end) if sequences.blind[i]):
        meta = sequences.metas[item]
        bag[sequences.blind[item]] += _weight(meta >> 16, meta & sorts.SORT)
    return bag


def weigh(sequences: Sequences, item: int, shared: set[int]) -> int:
    """The weight of a shared item; of another one half of it, negative; of a declared argument all of it, negative."""
    mass, sort = sequences.metas[item] >> 16, sequences.metas[item] & sorts.SORT
    weight = _weight(mass, sort)
    if sort in _OF_A_KIND:
        return -weight
    return weight if sequences.blind[item] in shared else -weight // 2


def _weight(mass: int, sort: int) -> int:
    eighths = _EIGHTHS.get(sort)
    return mass if eighths is None else min(mass, max(eighths, eighths * mass // 8))


def is_enough(found: Substance, likeness: str) -> bool:
    """Whether shared items make a clone; `likeness` is exact, equal (in shape), similar or loose."""
    if any(have < least for have, least in zip(found, LEAST[likeness], strict=True)):
        return False
    return likeness == "exact" or found.shapes >= _VARIETY * found.items
