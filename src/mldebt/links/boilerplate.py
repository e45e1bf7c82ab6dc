"""What machine-learning code repeats without having been copied: named filters, each of which can be switched off.

A filter takes the statements of a sort for less than they say, whatever their mass. So a long run of copied settings
still is a clone, and a few lines of them are not. docs/clone-filters.md shows each.
"""

from __future__ import annotations

from typing import NamedTuple

from mldebt.facts import sorts


class Filter(NamedTuple):
    """The sorts it stands for; `eighths` of its mass are what such a statement counts, and as much at least.

    What is `decoration` never makes a clone of code that differs; what is `of_a_kind` is alike in files that are not.
    """

    sorts: frozenset[int]
    eighths: int = 3
    decoration: bool = False
    of_a_kind: bool = False


FILTERS = {
    "imports": Filter(frozenset({sorts.IMPORT}), 0),
    "arguments": Filter(frozenset({sorts.ARGUMENT}), 2, decoration=True, of_a_kind=True),
    "settings": Filter(frozenset({sorts.SETTING}), decoration=True),
    "layer-lists": Filter(frozenset({sorts.LAYER}), 4, of_a_kind=True),
    "forward-chains": Filter(frozenset({sorts.STEP}), of_a_kind=True),
    "plot-calls": Filter(frozenset({sorts.PLOT}), decoration=True),
    "log-runs": Filter(frozenset({sorts.LOG}), decoration=True),
    "assertions": Filter(frozenset({sorts.CHECK}), decoration=True),
    "set-up": Filter(frozenset({sorts.SETUP})),
    # left out as a whole, see clones.py: short tables of constants, functions that hand literals on, short tests
    "constants": Filter(frozenset()),
    "presets": Filter(frozenset()),
    "test-cases": Filter(frozenset()),
}


class Boilerplate:
    """The filters that are on; `off` names the others."""

    def __init__(self, off: frozenset[str] = frozenset()) -> None:
        self._on = {name: found for name, found in FILTERS.items() if name not in off}
        self._eighths = {sort: found.eighths for found in self._on.values() for sort in found.sorts}
        self._decoration = {sort for found in self._on.values() if found.decoration for sort in found.sorts}
        self._of_a_kind = {sort for found in self._on.values() if found.of_a_kind for sort in found.sorts}

    def has(self, name: str) -> bool:
        """Whether a filter is on."""
        return name in self._on

    def weight(self, meta: int) -> int:
        """What an item counts."""
        mass = meta >> 16
        eighths = self._eighths.get(meta & sorts.SORT)
        return mass if eighths is None else min(mass, max(eighths, eighths * mass // 8))

    def core(self, meta: int) -> int:
        """What an item counts where plain statements are asked for."""
        return 0 if meta & sorts.SORT in self._decoration else meta >> 16

    def is_of_a_kind(self, meta: int) -> bool:
        """Whether an item says nothing of where a file begins to be a copy."""
        return meta & sorts.SORT in self._of_a_kind
