"""What machine-learning code repeats without being copied: named filters on what two pieces have in common.

Statements of a conventional sort do not make a clone by what they say, only by how many agree: each counts little,
whatever its mass. So a long run of copied settings still is a clone, a few lines of them are not.
"""

from __future__ import annotations

from collections.abc import Iterable

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
LEAST_WEIGHT = 24
_MOST_OF_ONE = 3
_CONVENTIONAL = frozenset().union(*FILTERS.values())


def weight(sequences: Sequences, items: Iterable[int]) -> int:
    """The mass of matched items, those of a conventional sort taken as three at most."""
    total = 0
    for item in items:
        meta = sequences.metas[item]
        total += min(meta >> 16, _MOST_OF_ONE) if meta & sorts.SORT in _CONVENTIONAL else meta >> 16
    return total
