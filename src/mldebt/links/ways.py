"""The most telling way from an entry point to a definition: a doubtful step costs more than a sure one."""

from __future__ import annotations

import heapq
from collections import defaultdict

from mldebt.links.reach import Reason
from mldebt.links.repository import Repository

# a person runs a script, a command names one; tests and notebooks show less of what a program is for
_ENTRY_COSTS = {"script": 0, "command": 0, "convention": 1, "called": 1, "module": 4, "notebook": 5, "test": 8}
# other starting points, and steps, by how their reason begins; what is read off the source costs less than what may be
_COSTS = (
    ("is named in", 2),
    ("is run by the test framework", 8),
    ("is a whitelist", 30),
    ("is in `ignore", 30),
    ("is a public name", 15),
    ("no entry point", 40),
    ("may be", 12),
    ("is named by a string", 12),
    ("`.", 7),
    ("is exported", 3),
    ("is registered", 2),
)
_PLAIN = 1
_LITERAL = 9  # a string in code that reads like a name


def way(repository: Repository, node: int) -> list[tuple[int, str]]:
    """The steps from a starting point to a reached node: (node, why it is reached), the starting point first."""
    kinds = {(entry.path, entry.module, entry.why): entry.kind for entry in repository.entries}
    onward: dict[int | None, list[tuple[int, str]]] = defaultdict(list)
    for target, reasons in repository.ways.ways.items():
        for reason in reasons:
            onward[reason.by].append((target, reason.why))
    heap: list[tuple[int, int, int, int | None, str]] = []
    for target, why in onward[None]:
        unit = repository.graph.resolver.unit_of(target)
        kind = kinds.get((unit.path, unit.module, why), "") if target == unit.base else ""
        heap.append((_ENTRY_COSTS[kind] if kind else _cost(why), 0, target, None, why))
    heapq.heapify(heap)
    done: dict[int, Reason] = {}
    while heap and node not in done:
        cost, length, target, by, why = heapq.heappop(heap)
        if target not in done:
            done[target] = Reason(by, why)
            for further, because in onward.get(target, ()):
                if further not in done:
                    heapq.heappush(heap, (cost + _cost(because), length + 1, further, target, because))
    return _back(done, node)


def _cost(why: str) -> int:
    if why.endswith(".py:1") and why.startswith("is named in"):
        return _LITERAL
    return next((cost for start, cost in _COSTS if why.startswith(start)), _PLAIN)


def _back(done: dict[int, Reason], node: int) -> list[tuple[int, str]]:
    steps: list[tuple[int, str]] = []
    current: int | None = node
    while current is not None:
        reason = done[current]
        steps.append((current, reason.why))
        current = reason.by
    return steps[::-1]
