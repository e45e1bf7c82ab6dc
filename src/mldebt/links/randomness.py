"""Which entry points train or divide data, with numbers from which generators, and whether something seeds them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from mldebt.links.classes import Classes
from mldebt.links.entry import Entry
from mldebt.links.graph import Graph
from mldebt.links.reach import Reach
from mldebt.links.units import Unit
from mldebt.model import Draw

# scripts of a package this large are not followed call by call if anything in it seeds: that would take longer than
# the rest of the scan, and such packages leave the seed to their callers
_MOST_FILES = 150
_CODE = (".py", ".ipynb")  # examples in a text are no entry points of the project
_RUN = frozenset({"script", "notebook", "convention", "command"})


class Placed(NamedTuple):
    """A draw with the file it is in."""

    path: str
    draw: Draw


class Run(NamedTuple):
    """What an entry point reaches, each by path and place."""

    entry: Entry
    trains: tuple[Placed, ...]
    draws: tuple[Placed, ...]
    seeds: tuple[Placed, ...]


def runs(entries: list[Entry], graph: Graph, classes: Classes, reached_from: Callable[[Entry], Reach]) -> list[Run]:
    """The entry points, tests apart, that reach something that trains or divides data, by path."""
    by_place = {(unit.path, unit.module): unit for unit in graph.units}
    closures = _Closures(graph)
    found: list[Run] = []
    for entry in entries:
        unit = by_place[entry.path, entry.module]
        files = closures.files(unit.path) if entry.kind in _RUN and entry.path.endswith(_CODE) else set()
        if files and closures.is_of_interest(files):
            run = _run(entry, files, _Called(graph, classes, reached_from(entry)))
            if run.trains or any(placed.draw.splits for placed in run.draws):
                found.append(run)
    return found


def _run(entry: Entry, files: set[str], called: _Called) -> Run:
    roles: dict[str, list[Placed]] = {"trains": [], "draws": [], "seeds": []}
    for unit, indices in called.by_unit():
        # a computed name, or a notebook's `%run`, brings in what seeds without an import
        known = (draw for draw in unit.facts.draws if unit.path in files or draw.role == "seeds")
        for draw in known:
            if draw.owner in indices and (draw.role == "seeds" or called.is_called(unit.base + draw.owner)):
                roles[draw.role].append(Placed(unit.path, draw))
    first = sorted(roles["trains"], key=lambda placed: placed.path != entry.path)
    return Run(entry, tuple(first), tuple(roles["draws"]), tuple(roles["seeds"]))


class _Called:
    """What of all that is reached is more than handed on by the package it is in, where an entry point imports that."""

    def __init__(self, graph: Graph, classes: Classes, reach: Reach) -> None:
        self._graph = graph
        self._classes = classes
        self._reach = reach

    def by_unit(self) -> list[tuple[Unit, set[int]]]:
        """The units that hold something reached, by path and module, with the indices of the definitions."""
        found: dict[int, set[int]] = {}
        for node in self._reach.reasons:
            unit = self._graph.resolver.unit_of(node)
            found.setdefault(unit.index, set()).add(node - unit.base)
        pairs = [(self._graph.units[index], indices) for index, indices in found.items()]
        return sorted(pairs, key=lambda pair: (pair[0].path, pair[0].module))

    def is_called(self, node: int) -> bool:
        holder = self._classes.holder(node)
        top = node if holder is None else holder
        reason = self._reach.reasons.get(top)
        if reason is None or reason.by is None or not self._is_package(reason.by) or self._is_body(top):
            return True
        return top in self._used

    def _is_body(self, node: int) -> bool:
        return node == self._graph.resolver.unit_of(node).base

    def _is_package(self, node: int) -> bool:
        return self._is_body(node) and self._graph.resolver.unit_of(node).is_package

    @cached_property
    def _used(self) -> set[int]:
        """The definitions that something reached refers to, other than a package that only imports them."""
        users = (node for node in self._reach.reasons if not self._is_package(node))
        return {target for user in users for target in self._graph.leads(user)[0]}


class _Closures:
    """What the files an entry point imports, directly or not, can do at all: a cheap test before the exact one."""

    def __init__(self, graph: Graph) -> None:
        self._imports = graph.imports
        self._roles: dict[str, set[str]] = {}
        for unit in graph.units:
            kinds = {"splits" if draw.splits else draw.role for draw in unit.facts.draws}
            self._roles.setdefault(unit.path, set()).update(kinds)

    def is_of_interest(self, files: set[str]) -> bool:
        """Whether anything in the files trains or divides data, and they are few enough to follow calls."""
        roles: set[str] = set().union(*(self._roles.get(path, set()) for path in files))
        if roles.isdisjoint({"trains", "splits"}):
            return False
        return len(files) <= _MOST_FILES or "seeds" not in roles

    def files(self, path: str) -> set[str]:
        """The file and what it imports, directly or not."""
        seen = {path}
        waiting = [path]
        while waiting:
            for edge in self._imports.get(waiting.pop(), ()):
                if edge.target not in seen:
                    seen.add(edge.target)
                    waiting.append(edge.target)
        return seen
