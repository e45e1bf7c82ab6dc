"""The classes of a repository: who inherits from whom, from what outside, and what that makes alive.

A *family* is all classes that inheritance connects inside the repository. A method or attribute read on one member
is taken as read on all of them: any may be the one that stands behind the name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from mldebt.frameworks import Knowledge, Known
from mldebt.links.resolve import Found, Resolver
from mldebt.links.units import Unit

# what a decorator may use and still only wrap: none of these keeps or calls a function it is given by itself
_PLAIN = tuple("functools time timeit logging warnings contextlib typing torch numpy datetime os".split())


class Classes:
    """The class families, with their methods by name."""

    def __init__(self, resolver: Resolver, knowledge: Knowledge) -> None:
        self._resolver = resolver
        self.knowledge = knowledge
        self._root: dict[int, int] = {}
        self._known: dict[int, Known | None] = {}
        self.methods: dict[int, dict[str, list[int]]] = {}
        self.outside: dict[int, set[str]] = defaultdict(set)
        self._holders: dict[int, int | None] = {}
        self.named: dict[str, list[int]] = defaultdict(list)
        for unit in resolver.units:
            self._collect(unit)
        for unit in resolver.units:
            self._connect(unit)

    def _collect(self, unit: Unit) -> None:
        by_name: dict[str, int] = {}
        for index, definition in enumerate(unit.facts.definitions):
            node = unit.base + index
            if definition.kind == "class":
                by_name[definition.name] = node
                self._root[node] = node
                self.methods[node] = {}
            elif definition.kind == "method":
                holder, _, name = definition.name.rpartition(".")
                if holder in by_name and not definition.shadowed:
                    self.methods[by_name[holder]].setdefault(name, []).append(node)
                    self.named[name].append(node)

    def _connect(self, unit: Unit) -> None:
        for index, definition in enumerate(unit.facts.definitions):
            if definition.kind != "class":
                continue
            node = unit.base + index
            for base in definition.bases:
                parents = self.inside(unit, base) - {node}
                for parent in parents:
                    self._join(node, parent)
                if not parents:
                    self.outside[node].add(self._origin(unit, base) or self.qualified(unit, base))

    def inside(self, unit: Unit, name: str) -> set[int]:
        """The classes of the repository that a name means in a unit."""
        states = self._resolver.follow(unit, 0, name, Found()) if name != "?" else []
        return {s.node for s in states if s.kind == "node" and s.node in self._root}

    def _origin(self, unit: Unit, name: str) -> str:
        """What a variable that stands for a base was made from: `db.Model` of `db = SQLAlchemy()`; empty for others."""
        first, _, rest = name.partition(".")
        for home, variable in self._places(unit, first):
            value = next((v.value for v in home.facts.variables if v.name == variable and v.owner == 0), "")
            if value and "()." not in value:
                made = self.qualified(home, value.removesuffix("()"))
                return f"{made}.{rest}" if rest else made
        return ""

    def _places(self, unit: Unit, name: str) -> Iterator[tuple[Unit, str]]:
        """Where a name of a unit is a variable: there, or in the module it is imported from if it is."""
        items = [item for item in unit.facts.imports if item.bound == name]
        if not items:
            yield unit, name
        for item in items:
            where = self._resolver.locator.find(unit, item.module) if item.name else None
            index = self._resolver.locator.unit_at(where[0]) if where is not None and not where[1] else None
            if index is not None:
                yield self._resolver.units[index], item.name

    @staticmethod
    def qualified(unit: Unit, name: str) -> str:
        """A name of outside the repository with its import alias resolved; `builtins.` before what nothing binds."""
        first, _, rest = name.partition(".")
        for item in unit.facts.imports:
            if item.bound == first:
                source = f"{item.module}.{item.name}" if item.name else (item.module if item.bound != first else "")
                source = source or (first if item.module.partition(".")[0] == first else item.module)
                return f"{source}.{rest}" if rest else source
        return f"builtins.{name}" if "." not in name else name

    def _join(self, a: int, b: int) -> None:
        ra, rb = self.family(a), self.family(b)
        if ra != rb:
            low, high = sorted((ra, rb))
            self._root[high] = low

    def family(self, node: int) -> int:
        """The number of a class's family: the least node in it."""
        while self._root[node] != node:
            self._root[node] = self._root[self._root[node]]
            node = self._root[node]
        return node

    @cached_property
    def members(self) -> dict[int, list[int]]:
        """The classes of each family."""
        found: dict[int, list[int]] = defaultdict(list)
        for node in sorted(self._root):
            found[self.family(node)].append(node)
        return found

    @cached_property
    def _outside_of_family(self) -> dict[int, tuple[str, ...]]:
        found: dict[int, set[str]] = defaultdict(set)
        for node, names in self.outside.items():
            found[self.family(node)].update(names)
        return {family: tuple(sorted(names)) for family, names in found.items()}

    def outside_bases(self, node: int) -> tuple[str, ...]:
        """The qualified bases from outside the repository of a class's whole family."""
        return self._outside_of_family.get(self.family(node), ())

    def holder(self, method: int) -> int | None:
        """The class that a method's node belongs to."""
        if method not in self._holders:
            self._holders[method] = self._find_holder(method)
        return self._holders[method]

    def _find_holder(self, method: int) -> int | None:
        definition = self._resolver.definition(method)
        unit = self._resolver.unit_of(method)
        name = definition.name.rpartition(".")[0]
        for index in range(method - unit.base, -1, -1):
            candidate = unit.facts.definitions[index]
            if candidate.kind == "class" and candidate.name == name:
                return unit.base + index
        return None

    def is_hook(self, node: int, name: str) -> bool:
        """Whether a method of a class may be called by what the class inherits from outside."""
        if (name.startswith("__") and name.endswith("__")) or name in self.knowledge.protocols:
            return True
        known = self._inherited(node)
        return known is None or name in known.hooks

    def is_found(self, node: int) -> bool:
        """Whether what a class inherits from outside finds it by itself as soon as its module is imported."""
        return any(self.knowledge.found(base) for base in self.outside_bases(node))

    def asked_for(self, node: int) -> list[int]:
        """The methods of a class that decorators of other ones have called."""
        methods = self.methods[node]
        if not self.knowledge.asks:
            return []
        decorators = [d for nodes in methods.values() for m in nodes for d in self._resolver.definition(m).decorators]
        names = self.knowledge.asked_for(decorators) if decorators else None
        return [m for name, nodes in sorted(methods.items()) if names and name in names for m in nodes]

    def is_open(self, node: int) -> bool:
        """Whether a class inherits from something outside that nothing is known of."""
        return self._inherited(node) is None

    def is_foreign_attribute(self, node: int, name: str) -> bool:
        """Whether an attribute of a class may be read by what the class inherits from outside."""
        known = self._inherited(node)
        return known is None or name in known.attributes or name in known.hooks or name in self.knowledge.protocols

    def _inherited(self, node: int) -> Known | None:
        """What is known of the bases of a class's family from outside; None if one of them is not known."""
        family = self.family(node)
        if family not in self._known:
            self._known[family] = self.knowledge.inherited(self.outside_bases(node))
        return self._known[family]

    @cached_property
    def _methods_of_family(self) -> dict[int, dict[str, list[int]]]:
        found: dict[int, dict[str, list[int]]] = defaultdict(dict)
        for node, methods in sorted(self.methods.items()):
            of_family = found[self.family(node)]
            for name, nodes in methods.items():
                of_family.setdefault(name, []).extend(nodes)
        return found

    def all_methods(self, node: int, name: str) -> list[int]:
        """The methods of this name in a class's whole family; all that begin alike for "prefix*"."""
        of_family = self._methods_of_family[self.family(node)]
        if not name.endswith("*"):
            return of_family.get(name, [])
        return [m for key, nodes in of_family.items() if key.startswith(name[:-1]) for m in nodes]

    def registers(self, node: int) -> bool:
        """Whether a decorator of a definition may register it somewhere, which is a use nobody sees."""
        unit = self._resolver.unit_of(node)
        return any(not self._is_inert(unit, decorator) for decorator in self._resolver.definition(node).decorators)

    def _is_inert(self, unit: Unit, decorator: str) -> bool:
        last = decorator.rpartition(".")[2]
        if self.knowledge.is_inert(decorator):
            return True
        if last == decorator or decorator == "?":
            return self._only_wraps(unit, decorator)
        return self._only_wraps(unit, decorator.rpartition(".")[2])

    def _only_wraps(self, unit: Unit, name: str) -> bool:
        """A decorator of the repository that touches no variable of its module cannot remember what it decorates."""
        found = Found()
        states = self._resolver.bound(unit, name, found)
        nodes = [s.node for s in states if s.kind == "node"]
        if len(nodes) != len(states) or not nodes:
            return False
        return all(self._is_plain(node) for node in nodes)

    def _is_plain(self, node: int) -> bool:
        """Whether a decorator's definition hands what it decorates to nobody: to no variable and no other function."""
        home, definition = self._resolver.unit_of(node), self._resolver.definition(node)
        if definition.kind != "function" or definition.attributes:
            return False
        variables = {v.name for v in home.facts.variables if v.owner == 0}
        owned = {d.name for d in home.facts.definitions if d.kind in ("function", "class")} - {definition.name}
        imported = {item.bound: item.module.partition(".")[0] for item in home.facts.imports}
        first = {use.partition(".")[0].removesuffix("()") for use in definition.uses}
        return first.isdisjoint(variables | owned) and all(imported.get(name, _PLAIN[0]) in _PLAIN for name in first)
