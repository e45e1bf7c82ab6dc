"""What a set of starting points reaches, and by which way.

A definition is reached if something reached refers to it. An attribute whose receiver is unknown refers to every
method of that name in a reached class; so the answer errs towards alive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import msgspec

from mldebt.links.classes import Classes
from mldebt.links.graph import Graph


class Reason(msgspec.Struct, frozen=True):
    """Why a node is reached: `by` is the node that refers to it, or None for a starting point."""

    by: int | None
    why: str


class Reach:
    """The nodes reached from the starting points given, each with the first reason found.

    If all ways are asked for, `ways` has every reason of each node, in the order in which they were found. What a
    package only hands on, by importing or exporting it, is reached too, unless `handed_on` is False.
    """

    def __init__(
        self,
        graph: Graph,
        classes: Classes,
        roots: Iterable[tuple[int, str]],
        all_ways: bool = False,
        handed_on: bool = True,
    ) -> None:
        self._handed_on = handed_on
        self.ways: dict[int, list[Reason]] = defaultdict(list)
        self._readers: dict[str, list[int]] = defaultdict(list)
        self._all_ways = all_ways
        self._graph = graph
        self._classes = classes
        self.reasons: dict[int, Reason] = {}
        self._names: dict[str, int] = {}
        self._prefixes: dict[str, int] = {}
        self._members: set[tuple[int, str]] = set()
        self._queue: list[int] = []
        for node, why in roots:
            self._add(node, None, why)
        self._run()
        for name, readers in sorted(self._readers.items()):
            self._read_by(name, readers)

    def __contains__(self, node: int) -> bool:
        return node in self.reasons

    def _add(self, node: int, by: int | None, why: str) -> None:
        if self._all_ways:
            self.ways[node].append(Reason(by, why))
        if node not in self.reasons:
            self.reasons[node] = Reason(by, why)
            self._queue.append(node)

    def _run(self) -> None:
        position = 0
        while position < len(self._queue):
            node = self._queue[position]
            position += 1
            kind = self._graph.resolver.definition(node).kind
            self._refer(node)
            if kind == "module":
                self._enter_module(node)
            elif kind == "class":
                self._enter_class(node)
            elif kind == "method":
                holder = self._classes.holder(node)
                if holder is not None:
                    self._add(holder, node, "holds it")

    def _refer(self, node: int) -> None:
        definition = self._graph.resolver.definition(node)
        found = self._graph.targets(node)
        used, run = self._graph.leads(node)
        if not self._handed_on and definition.kind == "module" and self._graph.resolver.unit_of(node).is_package:
            used = self._graph.own_uses(node)
        for target in used:
            self._add(target, node, "is used")
        for body in run:
            self._add(body, node, "is imported")
        for stem in sorted(found.every):
            self._everything(stem, node)
        for owner, name in sorted(found.members):
            self._on_class(owner, name, node)
        if definition.own:
            self._own(node, definition.own)
        for name in sorted({*definition.attributes, *found.attributes}):
            self._name(name, node)
        for name in (*definition.attributes, *found.attributes) if self._loads(node) else ():
            for target in self._tops.get(name, ()):
                self._add(target, node, "may be taken from a module that is loaded by its path or a computed name")
        for name in filter(self._classes.knowledge.may_expose, definition.uses):
            self._expose(node, name)

    def _loads(self, node: int) -> bool:
        """Whether a definition stands in, or uses something of, a module that loads modules by computed names."""
        resolver = self._graph.resolver
        if not self._loading:
            return False
        return any(resolver.unit_of(one).index in self._loading for one in (node, *self._graph.targets(node).nodes))

    @cached_property
    def _loading(self) -> set[int]:
        """The units that load modules by computed names; one that only runs them (`exec`) gets no hold of them."""
        found: set[int] = set()
        for unit in self._graph.resolver.units:
            facts = unit.facts
            if "imports-by-name" in facts.traits and "tests" not in facts.traits:
                found.update(unit.index for i in facts.imports if i.module.partition(".")[0] in ("importlib", "imp"))
        return found

    @cached_property
    def _tops(self) -> dict[str, list[int]]:
        """The functions and classes at the top of all modules, by name."""
        found: dict[str, list[int]] = defaultdict(list)
        for unit in self._graph.resolver.units:
            for index, definition in enumerate(unit.facts.definitions):
                if definition.kind in ("function", "class"):
                    found[definition.name].append(unit.base + index)
        return found

    def _expose(self, node: int, name: str) -> None:
        """A call that makes commands: of the methods of a class it is handed, or of its own module if of nothing."""
        unit = self._graph.resolver.unit_of(node)
        names = self._classes.knowledge.exposed(self._classes.qualified(unit, name))
        if names is None:
            return
        for target in sorted(self._graph.targets(node).nodes):
            for method, nodes in self._classes.methods.get(target, {}).items():
                for public in nodes if not method.startswith("_") else ():
                    self._add(public, node, f"is a command of `{name}`")
        for index, definition in enumerate(unit.facts.definitions if "calls-bare" in unit.facts.traits else ()):
            if definition.kind in ("function", "class") and definition.name in names:
                self._add(unit.base + index, node, f"is called by `{name}`")

    def _own(self, node: int, names: tuple[str, ...]) -> None:
        kind = self._graph.resolver.definition(node).kind
        holder = node if kind == "class" else self._classes.holder(node) if kind == "method" else None
        for name in names:
            if holder is None:
                self._name(name, node)
            else:
                self._on_class(holder, name, node)

    def _on_class(self, owner: int, name: str, by: int) -> None:
        key = (self._classes.family(owner), name)
        if key not in self._members or self._all_ways:
            self._members.add(key)
            for method in self._classes.all_methods(owner, name):
                self._add(method, by, "is used on its class")

    def _name(self, name: str, by: int) -> None:
        """An attribute read on an unknown receiver: every method of the name, in each class that is or gets reached."""
        if self._all_ways and not name.endswith("*"):
            self._readers[name].append(by)
        if name in self._names or name in self._prefixes:
            return
        if name.endswith("*"):
            if len(name) > 1:
                self._prefixes[name] = by
                for known in sorted(self._classes.named):
                    if known.startswith(name[:-1]):
                        self._name(known, by)
            return
        self._names[name] = by
        self._read_by(name, [by])

    def _read_by(self, name: str, readers: list[int]) -> None:
        for method in self._classes.named.get(name, ()):
            if self._classes.holder(method) in self.reasons:
                for by in readers:
                    self._add(method, by, f"`.{name}` is read")

    def _everything(self, stem: str, by: int) -> None:
        """A module whose names are looked up by computation: all its public names may be meant."""
        for body in self._graph.bodies(stem)[-1:]:
            unit = self._graph.resolver.unit_of(body)
            for index, definition in enumerate(unit.facts.definitions):
                if definition.kind in ("function", "class") and not definition.name.startswith("_"):
                    self._add(unit.base + index, by, "may be looked up by name")

    def _enter_module(self, body: int) -> None:
        unit = self._graph.resolver.unit_of(body)
        exported = set(unit.facts.exports or ()) if self._handed_on else set()
        for index, definition in enumerate(unit.facts.definitions):
            node = unit.base + index
            if definition.kind not in ("function", "class") or definition.shadowed:
                continue
            if definition.name in exported:
                self._add(node, body, "is exported in `__all__`")
            elif definition.decorators and self._classes.registers(node):
                self._add(node, body, f"is registered by `@{definition.decorators[0]}`")
            elif definition.name in self._classes.knowledge.names:
                self._add(node, body, "is called by name")
            elif definition.bases and self._classes.is_found(node):
                self._add(node, body, "is found by the framework it inherits from")
            elif "evaluates" in unit.facts.traits:
                self._add(node, body, "may be named in what its module gives to `eval`")
        for item in unit.facts.imports if exported else ():
            if item.bound in exported:
                for state in self._graph.resolver.bound(unit, item.bound, self._graph.targets(body)):
                    if state.kind == "node":
                        self._add(state.node, body, "is exported in `__all__`")

    def _enter_class(self, node: int) -> None:
        for method in self._classes.asked_for(node):
            self._add(method, node, "is called by a decorator of its class")
        for name, methods in sorted(self._classes.methods[node].items()):
            for method in methods:
                if self._classes.is_hook(node, name):
                    self._add(method, node, "is called by the framework or the language")
                elif name in self._names:
                    self._add(method, self._names[name], f"`.{name}` is read")
                elif self._classes.registers(method):
                    self._add(method, node, "is registered by its decorator")
