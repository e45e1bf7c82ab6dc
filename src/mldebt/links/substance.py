"""Whether what two pieces of code have in common is enough to call one a copy of the other.

Machine-learning code repeats much without copying: settings, layer lists, forward chains, plot calls. The named
filters take such statements for less than they say: each counts little, whatever its mass. So a long run of copied
settings still is a clone, and a few lines of them are not.
"""

from __future__ import annotations

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
    "signatures": frozenset({sorts.DEFINITION, sorts.CLASS}),
}
_CONVENTIONAL = frozenset().union(*FILTERS.values())
_CONVENTIONAL_WEIGHT = 3
_DECORATION = FILTERS["plot-calls"] | FILTERS["log-runs"] | FILTERS["assertions"]
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
    "equal": Substance(3, 3, 25, 20, 0),
    "similar": Substance(4, 3, 30, 24, 20),
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
            weight += min(meta >> 16, _CONVENTIONAL_WEIGHT) if sort in _CONVENTIONAL else meta >> 16
            core += 0 if sort in _DECORATION else meta >> 16
    return Substance(count, len(shapes), mass, weight, core)


def is_enough(found: Substance, likeness: str) -> bool:
    """Whether shared items make a clone; `likeness` is exact, equal (in shape) or similar."""
    if any(have < least for have, least in zip(found, LEAST[likeness], strict=True)):
        return False
    return likeness == "exact" or found.shapes >= _VARIETY * found.items
