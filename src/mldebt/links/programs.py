"""Which modules may run together: a module, what imports it however far away, and all that those import."""

from __future__ import annotations

from collections import defaultdict

from mldebt.links.graph import Graph


class Programs:
    """The modules by number, with the ways between them; errs towards running together."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._imports: dict[int, set[int]] = {}
        self._importers: dict[int, set[int]] = defaultdict(set)
        self._lost: set[int] = set()
        stems = {part for unit in graph.units for part in unit.path.removesuffix(".py").split("/")}
        for unit in graph.units:
            self._imports[unit.index] = self._of(unit.index, stems)
            for target in self._imports[unit.index]:
                self._importers[target].add(unit.index)
        self._of_module: dict[int, frozenset[int]] = {}
        self._whole = frozenset(range(len(graph.units)))
        self._known: dict[frozenset[int], frozenset[int]] = {}

    def _of(self, index: int, stems: set[str]) -> set[int]:
        unit = self._graph.units[index]
        found: set[int] = set()
        if "imports-by-name" in unit.facts.traits:
            self._lost.add(index)
        for item in unit.facts.imports:
            where = self._graph.locator.find(unit, item.module)
            if where is None:
                if item.module.lstrip(".").partition(".")[0] in stems - _FOREIGN:
                    self._lost.add(index)
                continue
            inner = self._graph.locator.within(where[0], item.name) if item.name and not where[1] else None
            for stem in (where[0], inner):
                for body in self._graph.bodies(stem) if stem is not None else ():
                    found.add(self._graph.resolver.unit_of(body).index)
        return found - {index}

    def around(self, index: int) -> frozenset[int]:
        """The modules that may run in one program with this one; all, if one of them imports by a computed name.

        Equal programs are the same object.
        """
        if index not in self._of_module:
            above = self._closure({index}, self._importers)
            found = frozenset(self._closure(above, self._imports))
            if not found.isdisjoint(self._lost):
                found = self._whole
            self._of_module[index] = self._known.setdefault(found, found)
        return self._of_module[index]

    def _closure(self, start: set[int], ways: dict[int, set[int]]) -> set[int]:
        found, waiting = set(start), list(start)
        while waiting:
            new = ways.get(waiting.pop(), set()) - found
            found |= new
            waiting.extend(new)
        return found


# packages from outside whose names folders of a repository often share
_FOREIGN = frozenset(
    """torch tensorflow keras datasets evaluate tokenizers transformers logging json types typing random math time os
    sys re copy code collections test tests numpy pandas sklearn scipy matplotlib jax flax wandb ray""".split()
)
