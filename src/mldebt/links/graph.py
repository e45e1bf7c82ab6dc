"""The graph of the repository: which module imports which, and what each definition refers to."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import msgspec

from mldebt.links.resolve import Found, Resolver
from mldebt.links.units import Locator, Unit
from mldebt.model import Import, Place


class Edge(msgspec.Struct, frozen=True, order=True):
    """An import of the file `target`; `deferred` if it runs only in a function, in a script or for type checkers."""

    target: str
    at: Place
    deferred: bool


class Graph:
    """Modules, definitions and their references; everything is derived once, when it is asked for."""

    def __init__(self, all_units: list[Unit]) -> None:
        self.units = all_units
        self.locator = Locator(all_units)
        self.resolver = Resolver(all_units, self.locator)
        self._targets: dict[int, Found] = {}
        self._bodies: dict[str, list[int]] = {}
        self._leads: dict[int, tuple[list[int], list[int]]] = {}
        self._own_uses: dict[int, list[int]] = {}

    def targets(self, node: int) -> Found:
        """What a definition refers to, its own imports included."""
        found = self._targets.get(node)
        if found is None:
            found = self._targets[node] = self._collect(node)
        return found

    def leads(self, node: int) -> tuple[list[int], list[int]]:
        """The definitions that one refers to, and the module bodies it runs by importing, each in order."""
        known = self._leads.get(node)
        if known is None:
            found = self.targets(node)
            run = [body for stem in sorted(found.stems) for body in self.bodies(stem)]
            known = self._leads[node] = (sorted(found.nodes), run)
        return known

    def own_uses(self, node: int) -> list[int]:
        """The definitions that a module's body refers to in so many words, without those it only imports, in order."""
        known = self._own_uses.get(node)
        if known is None:
            unit, found = self.resolver.unit_of(node), Found()
            for name in self.resolver.definition(node).uses:
                self.resolver.follow(unit, node - unit.base, name, found)
            known = self._own_uses[node] = sorted(found.nodes)
        return known

    def _collect(self, node: int) -> Found:
        unit = self.resolver.unit_of(node)
        owner = node - unit.base
        found = Found()
        for name in unit.facts.definitions[owner].uses:
            self.resolver.follow(unit, owner, name, found)
        for item in unit.facts.imports:
            if item.owner == owner:
                self._import(unit, item, found)
        return found

    def _import(self, unit: Unit, item: Import, found: Found) -> None:
        """An import runs the modules it names, whether or not the name is used afterwards."""
        where = self.locator.find(unit, item.module)
        if where is None:
            return
        found.stems.add(where[0])
        if not item.name:
            return
        inner = self.locator.within(where[0], item.name)
        if inner is not None and not where[1]:
            found.stems.add(inner)
        if unit.is_package and not where[1]:
            self.resolver.follow(unit, 0, item.bound, found)

    def bodies(self, stem: str) -> list[int]:
        """The module bodies that importing a stem runs: the packages above it and itself."""
        known = self._bodies.get(stem)
        if known is not None:
            return known
        parts = stem.split("/") if stem else []
        nodes = self._bodies[stem] = []
        for depth in range(len(parts) + 1):
            index = self.locator.unit_at("/".join(parts[:depth]))
            if index is not None:
                nodes.append(self.units[index].base)
        return nodes

    @cached_property
    def imports(self) -> dict[str, list[Edge]]:
        """The files each file imports, by path; only `.py` files, an edge for each import statement."""
        found: dict[str, list[Edge]] = {}
        for unit in self.units:
            edges: set[Edge] = set()
            for item in unit.facts.imports:
                target = self._imported_file(unit, item)
                if target is not None and target != unit.path:
                    deferred = bool(item.owner) or item.guarded or item.quiet == "type checking"
                    edges.add(Edge(target, item.at, deferred))
            if unit.module == 0:
                found[unit.path] = sorted(edges)
        return found

    def _imported_file(self, unit: Unit, item: Import) -> str | None:
        where = self.locator.find(unit, item.module)
        if where is None or where[1]:
            return None
        stem = where[0]
        inner = self.locator.within(stem, item.name) if item.name else None
        index = self.locator.unit_at(inner) if inner is not None else None
        if index is None:
            index = self.locator.unit_at(stem)
        return None if index is None else self.units[index].path

    @cached_property
    def imported(self) -> set[int]:
        """The units that some other unit imports."""
        by_path = {unit.path: unit.index for unit in self.units if unit.module == 0}
        return {by_path[edge.target] for edges in self.imports.values() for edge in edges if edge.target in by_path}

    @cached_property
    def taken(self) -> dict[int, set[str]]:
        """The top-level names of each unit that others import, read through it, star-import and read, or compute."""
        computed: set[str] = set()
        for unit in self.units:
            for index in range(len(unit.facts.definitions)):
                computed |= self.targets(unit.base + index).every
            for item in unit.facts.imports:
                where = self.locator.find(unit, item.module) if item.name and item.name != "*" else None
                if where is not None and not where[1]:
                    target = self.locator.unit_at(where[0])
                    if target is not None and target != unit.index:
                        self.resolver.imported.add((target, item.name))
        found: dict[int, set[str]] = defaultdict(set)
        for index, name in self.resolver.imported:
            found[index].add(name)
        for stem in computed:
            unit_index = self.locator.unit_at(stem)
            if unit_index is not None:
                facts = self.units[unit_index].facts
                found[unit_index].update(variable.name for variable in facts.variables)
                found[unit_index].update(item.bound for item in facts.imports)
        return found
