"""Who calls which definition with what: the calls that modules noted (Traffic.passed), each with its callees found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from mldebt.links.graph import Graph
from mldebt.links.resolve import Found
from mldebt.links.units import Unit
from mldebt.model import Passed

_DEEPEST = 4  # bases of bases


class Call(NamedTuple):
    """A call by a definition of a unit."""

    unit: Unit
    passed: Passed

    @property
    def node(self) -> int:
        """The definition that calls."""
        return self.unit.base + self.passed.owner


class Calling:
    """The calls of a repository by the definition that is called; of a class that is its constructor too."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[tuple[int, int, str], list[int]] = {}

    @cached_property
    def _calls(self) -> dict[int, list[Call]]:
        found: dict[int, list[Call]] = defaultdict(list)
        for unit in self._graph.units:
            for passed in unit.facts.traffic.passed:
                for node in self.callees(unit, passed.owner, passed.callee):
                    found[node].append(Call(unit, passed))
        return found

    def of(self, node: int) -> list[Call]:
        """The calls of a definition, by place of the caller's module."""
        return self._calls.get(node, [])

    def callees(self, unit: Unit, owner: int, dotted: str) -> list[int]:
        """The definitions that a dotted name may call, ascending."""
        key = (unit.index, owner, dotted)
        if key not in self._known:
            self._known[key] = sorted(set(self._found(unit, owner, dotted)))
        return self._known[key]

    def _found(self, unit: Unit, owner: int, dotted: str) -> Iterator[int]:
        own = [unit.base + i for i, d in enumerate(unit.facts.definitions) if d.name == dotted]
        into = Found()
        states = [] if own else self._graph.resolver.follow(unit, owner, dotted, into)
        nodes = own or [s.node for s in states if s.kind == "node"]
        last = dotted.rpartition(".")[2]
        for holder, name in into.members:
            if name == last:
                nodes.extend(self.inside(holder, name))
        for node in nodes:
            yield node
            made = (self.inside(holder, "__init__") for holder in self.line(node))
            yield from next((found for found in made if found), ())

    def line(self, node: int, depth: int = 0) -> Iterator[int]:
        """A class and the classes of the repository that it is derived from, nearest first."""
        definition = self._graph.resolver.definition(node)
        if definition.kind != "class" or depth > _DEEPEST:
            return
        yield node
        unit = self._graph.resolver.unit_of(node)
        for base in definition.bases:
            for other in self.callees(unit, 0, base):
                yield from self.line(other, depth + 1)

    def inside(self, holder: int, name: str) -> list[int]:
        """The methods of this name that a class itself defines."""
        unit = self._graph.resolver.unit_of(holder)
        wanted = f"{self._graph.resolver.definition(holder).name}.{name}"
        return [unit.base + i for i, d in enumerate(unit.facts.definitions) if d.name == wanted]
