"""Clumps of parameters: several that functions hand to one another together, always under the same names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

from mldebt.facts.parameters import FEWEST
from mldebt.links.units import Unit
from mldebt.model import Definition, Signature

_MOST_NAMESAKES = 3  # functions of one name that a call may mean; of more nobody can tell which


class Holder(NamedTuple):
    """A function with many parameters."""

    unit: Unit
    definition: Definition
    signature: Signature


class Clump(NamedTuple):
    """The parameters, in the order of the first function, and the functions, by place."""

    names: tuple[str, ...]
    holders: tuple[Holder, ...]


class _Edge(NamedTuple):
    names: frozenset[str]
    giver: int
    taker: int


class _Chain(NamedTuple):
    """Three functions, of which the middle one hands on what it got."""

    names: frozenset[str]
    members: frozenset[int]


def clumps(units: Iterable[Unit], promised: Set[int] = frozenset()) -> list[Clump]:
    """The clumps of a repository, by the place of their first function; a function is in one at most.

    `promised` are the nodes whose signature has to stay as it is. A clump begins with three functions in a row, and
    takes in what they hand most of it to, or get it from.
    """
    holders = [holder for unit in units for holder in _holders(unit, promised)]
    edges = sorted(set(_edges(holders)), key=_order)
    taken: set[int] = set()
    found: list[Clump] = []
    for chain in sorted(_chains(edges), key=lambda c: (-len(c.names), sorted(c.members))):
        if chain.members & taken:
            continue
        edges = [e for e in edges if e.giver not in taken and e.taker not in taken]
        names, members = _grown(chain, edges)
        taken |= members
        inside = [holders[m] for m in sorted(members)]
        found.append(Clump(tuple(n for n in inside[0].signature.names if n in names), tuple(inside)))
    return sorted(found, key=lambda c: (c.holders[0].unit.path, c.holders[0].definition.at))


def _holders(unit: Unit, promised: Set[int]) -> Iterator[Holder]:
    fixed = {d.name for index, d in enumerate(unit.facts.definitions) if unit.base + index in promised}
    for signature in unit.facts.signatures:
        definition = unit.facts.definitions[signature.owner]
        if definition.name.removesuffix(".__init__") not in fixed:
            yield Holder(unit, definition, signature)


def _order(edge: _Edge) -> tuple[int, int, int, list[str]]:
    return -len(edge.names), edge.giver, edge.taker, sorted(edge.names)


def _chains(edges: list[_Edge]) -> Iterator[_Chain]:
    given: dict[int, list[_Edge]] = defaultdict(list)
    for edge in edges:
        given[edge.giver].append(edge)
    for first in edges:
        for second in given[first.taker]:
            names = first.names & second.names
            if second.taker != first.giver and len(names) >= FEWEST:
                yield _Chain(names, frozenset({first.giver, first.taker, second.taker}))


def _grown(chain: _Chain, edges: list[_Edge]) -> tuple[frozenset[str], set[int]]:
    """A chain with the functions around it that half of its parameters are handed to or from, the likest first."""
    names, members = chain.names, set(chain.members)
    fewest = max(FEWEST, (len(names) + 1) // 2)
    while True:
        border = [e for e in edges if (e.giver in members) != (e.taker in members)]
        best = max(border, key=lambda e: len(e.names & names), default=None)
        if best is None or len(best.names & names) < fewest:
            return names, members
        names &= best.names
        members |= {best.giver, best.taker}


def _edges(holders: list[Holder]) -> Iterator[_Edge]:
    """Who hands what to whom; a function of the same name is an override, or a wrapper that has to take the same."""
    named: dict[str, list[int]] = defaultdict(list)
    for number, holder in enumerate(holders):
        scope, _, last = holder.definition.name.rpartition(".")
        named[scope.rpartition(".")[2] if last == "__init__" else last].append(number)
    for number, holder in enumerate(holders):
        own = holder.definition.name.rpartition(".")[2]
        for handing in holder.signature.handed:
            for other in _meant(holders, number, named.get(handing.callee, ())):
                names = frozenset(handing.names).intersection(holders[other].signature.names)
                if other != number and handing.callee != own and len(names) >= FEWEST:
                    yield _Edge(names, number, other)


def _meant(holders: list[Holder], caller: int, namesakes: Iterable[int]) -> list[int]:
    """The functions of a name that a call may mean: those of its own module, else all if they are few."""
    every = list(namesakes)
    here = [n for n in every if holders[n].unit is holders[caller].unit]
    return here or (every if len(every) <= _MOST_NAMESAKES else [])
