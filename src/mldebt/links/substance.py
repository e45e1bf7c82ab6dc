"""Whether what two pieces of code have in common is enough to call one a copy of the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mldebt.links.sequences import Sequences

_VARIETY = 0.4  # CLONES.md §6: distinct shapes among the matched items, at least


class Substance(NamedTuple):
    """What matched items amount to.

    `weight` is their mass with boilerplate taken for less, `core` their mass without decoration; see boilerplate.py.
    """

    items: int
    shapes: int
    mass: int
    weight: int
    core: int


# CLONES.md §6 has the mass of exact and of similar pieces; the rest is ours, set on the judged pairs
LEAST = {
    "exact": Substance(3, 2, 18, 16, 0),
    "equal": Substance(3, 3, 20, 18, 0),
    "similar": Substance(4, 3, 25, 20, 18),
    "reworked": Substance(5, 4, 18, 16, 14),
    "loose": Substance(5, 4, 30, 24, 22),
}


def measure(sequences: Sequences, items: Iterable[int]) -> Substance:
    """What matched items amount to."""
    blind = sequences.blind
    solid = [item for item in items if blind[item]]
    return Substance(
        len(solid),
        len(set(map(blind.__getitem__, solid))),
        sum(map(sequences.masses.__getitem__, solid)),
        sum(map(sequences.weights.__getitem__, solid)),
        sum(map(sequences.cores.__getitem__, solid)),
    )


def equal(sequences: Sequences, matches: Iterable[tuple[int, int]]) -> list[int]:
    """The items, on the first side, of the matches that are equal in shape; others are of one gist."""
    blind = sequences.blind
    return [i for i, j in matches if blind[i] == blind[j]]


def weigh(sequences: Sequences, item: int, shared: set[int]) -> int:
    """The weight of a shared item; of another one half of it, negative; of one of a kind all of it, negative."""
    weight = sequences.weights[item]
    if sequences.boilerplate.is_of_a_kind(sequences.metas[item]):
        return -weight
    return weight if sequences.blind[item] in shared else -weight // 2


def is_enough(found: Substance, likeness: str) -> bool:
    """Whether shared items make a clone; `likeness` is exact, equal (in shape), similar or loose."""
    if any(have < least for have, least in zip(found, LEAST[likeness], strict=True)):
        return False
    return likeness == "exact" or found.shapes >= _VARIETY * found.items
