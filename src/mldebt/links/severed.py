"""Imports that found what they name in one state of a repository and do not any more in another."""

from __future__ import annotations

from typing import NamedTuple

from mldebt.links.graph import Graph
from mldebt.links.resolve import Found
from mldebt.links.units import Unit
from mldebt.model import Import


class Tie(NamedTuple):
    """What an import takes: the file, and the name in it, empty for the module itself."""

    path: str
    name: str


class Severed(NamedTuple):
    """An import's file, and what it no longer finds."""

    importer: str
    tie: Tie


def severed(before: Graph, after: Graph) -> list[Severed]:
    """The imports of a later state that found something in the earlier one and nothing now, in order."""
    found, left = _ties(before), _ties(after)
    lost = ((key[0], tie) for key, tie in found.items() if key in left and left[key] is None)
    return sorted({Severed(importer, tie) for importer, tie in lost if tie is not None})


def _ties(graph: Graph) -> dict[tuple[str, int, str, str], Tie | None]:
    return {
        (unit.path, unit.module, item.module, item.name): _tie(graph, unit, item)
        for unit in graph.units
        for item in unit.facts.imports
    }


def _tie(graph: Graph, unit: Unit, item: Import) -> Tie | None:
    """What an import finds in the repository; None if nothing."""
    place = graph.locator.find(unit, item.module)
    if place is None or place[1]:
        return None
    stem = place[0]
    target = graph.locator.unit_at(stem)
    if item.name in ("", "*"):
        return Tie(graph.units[target].path if target is not None else stem, "")
    inner = graph.locator.within(stem, item.name)
    if target is not None:
        passed = Found()
        bound = graph.resolver.bound(graph.units[target], item.name, passed)
        if bound or passed.variables:
            return Tie(graph.units[target].path, item.name)
    if inner is None:
        return None
    module = graph.locator.unit_at(inner)
    return Tie(graph.units[module].path if module is not None else inner, "")
