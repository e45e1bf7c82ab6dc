"""Which entry points train or divide data, with numbers from which generators, and whether something seeds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

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


def runs(entries: list[Entry], graph: Graph, reached_from: Callable[[Entry, bool], Reach]) -> list[Run]:
    """The entry points, tests apart, that reach something that trains or divides data, by path.

    What draws or trains is called; what seeds may also be handed on by a package, so that the answer errs to seeded.
    """
    by_place = {(unit.path, unit.module): unit for unit in graph.units}
    closures = _Closures(graph)
    found: list[Run] = []
    for entry in entries:
        unit = by_place[entry.path, entry.module]
        files = closures.files(unit.path) if entry.kind in _RUN and entry.path.endswith(_CODE) else set()
        if files and closures.is_of_interest(files):
            run = _run(entry, graph, files, reached_from(entry, False))
            if run.trains or any(placed.draw.splits for placed in run.draws):
                lax = run if run.seeds else _run(entry, graph, files, reached_from(entry, True))
                found.append(run._replace(seeds=lax.seeds))
    return found


def _run(entry: Entry, graph: Graph, files: set[str], reach: Reach) -> Run:
    roles: dict[str, list[Placed]] = {"trains": [], "draws": [], "seeds": []}
    for unit, indices in _by_unit(graph, reach):
        # a computed name, or a notebook's `%run`, brings in what seeds without an import
        for draw in (draw for draw in unit.facts.draws if unit.path in files or draw.role == "seeds"):
            if draw.owner in indices:
                roles[draw.role].append(Placed(unit.path, draw))
    first = sorted(roles["trains"], key=lambda placed: placed.path != entry.path)
    return Run(entry, tuple(first), tuple(roles["draws"]), tuple(roles["seeds"]))


def _by_unit(graph: Graph, reach: Reach) -> list[tuple[Unit, set[int]]]:
    """The units that hold something reached, by path and module, with the indices of the definitions."""
    found: dict[int, set[int]] = {}
    for node in reach.reasons:
        unit = graph.resolver.unit_of(node)
        found.setdefault(unit.index, set()).add(node - unit.base)
    pairs = [(graph.units[index], indices) for index, indices in found.items()]
    return sorted(pairs, key=lambda pair: (pair[0].path, pair[0].module))


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
