"""What a dotted name means in the whole repository: followed through imports, re-exports and stars.

Following a name ends in *nodes* (definitions of the repository), in *attributes* nobody can place, or in foreign code.
"""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterator

import msgspec

from mldebt.links.handed import hands_back, makes_by_name
from mldebt.links.tops import Top
from mldebt.links.units import Locator, Unit
from mldebt.model import Definition, Import

_BUILTINS = frozenset(dir(builtins))
_MOST_OPEN = 8  # names open at once beyond which a partial answer is kept: many modules that import each other
_DEEPEST = 30  # re-exports and aliases followed before giving up; real chains are shorter than ten


class State(msgspec.Struct, frozen=True):
    """Where the following of a name stands.

    `kind` is module (`stem`), node (`node`), instance (of the class `node`), made (by the library `stem` from a name:
    of the repository only what inherits from its classes), unknown, or foreign: `stem` is then the dotted name of what
    was imported, and empty for what foreign code made of its own.
    """

    kind: str
    stem: str = ""
    node: int = -1


FOREIGN = State("foreign")
UNKNOWN = State("unknown")


class Found:
    """What was met on the way.

    `nodes` are definitions, `stems` modules, `members` attributes of a class (node, name), `attributes` those that
    could be anybody's, `every` modules whose names are looked up by computation, `variables` (unit, name) pairs.
    """

    __slots__ = ("attributes", "every", "members", "nodes", "stems", "variables")

    def __init__(self) -> None:
        self.nodes: set[int] = set()
        self.stems: set[str] = set()
        self.attributes: set[str] = set()
        self.members: set[tuple[int, str]] = set()
        self.every: set[str] = set()
        self.variables: set[tuple[int, str]] = set()


class Resolver:
    """Follows names through all units; answers are remembered a unit and a name."""

    def __init__(self, all_units: list[Unit], locator: Locator) -> None:
        self.units = all_units
        self.locator = locator
        self._tops = [Top(unit) for unit in all_units]
        self._bound: dict[tuple[int, str], list[State]] = {}
        self._busy: set[tuple[int, str]] = set()
        self._cut: set[tuple[int, str]] = set()
        self.imported: set[tuple[int, str]] = set()  # names that other modules take from a unit
        self._unit_of = _node_owners(all_units)
        self._heirs: dict[str, list[int]] = defaultdict(list)
        for unit in all_units:
            for package, node in _inherited(unit):
                self._heirs[package].append(node)

    def unit_of(self, node: int) -> Unit:
        """The unit that a node belongs to."""
        return self.units[self._unit_of[node]]

    def definition(self, node: int) -> Definition:
        """The definition that a node stands for."""
        unit = self.unit_of(node)
        return unit.facts.definitions[node - unit.base]

    def follow(self, unit: Unit, owner: int, dotted: str, into: Found) -> list[State]:
        """Where a dotted name of a definition leads; what it passes is added to `into`."""
        first, *rest = dotted.split(".")
        called = first.endswith("()")
        name = first[:-2] if called else first
        states = self._local(unit, owner, name, into) or self.bound(unit, name, into) or self._unbound(unit, name)
        if called:
            states = [self._call(state) for state in states]
        for part in rest:
            states = self._step_all(states, part, into)
            if not states:
                break
        return states

    def _unbound(self, unit: Unit, name: str) -> list[State]:
        """A name that nothing here binds: the language has it, or a star import, `exec` or an interactive session."""
        if name in _BUILTINS and not self._tops[unit.index].stars:
            return [State("foreign", f"builtins.{name}")]
        return [UNKNOWN]

    def _step_all(self, states: list[State], part: str, into: Found) -> list[State]:
        after: list[State] = []
        for state in states:
            after.extend(self._step(state, part, into))
        return after

    def _local(self, unit: Unit, owner: int, name: str, into: Found) -> list[State]:
        found = self._tops[unit.index].local_imports.get((owner, name))
        return [state for item in found for state in self._import(unit, item, into, 0)] if found else []

    def bound(self, unit: Unit, name: str, into: Found, depth: int = 0) -> list[State]:
        """What a unit's top binds a name to; an empty list for a name it does not bind (a builtin)."""
        key = (unit.index, name)
        cached = self._bound.get(key)
        if cached is None:
            cached = self._answer(key, unit, name, depth)
        for state in cached:
            if state.kind == "node":
                into.nodes.add(state.node)
            elif state.kind == "module":
                into.stems.add(state.stem)
        if name in self._tops[unit.index].variables:
            into.variables.add(key)
        return cached

    def _answer(self, key: tuple[int, str], unit: Unit, name: str, depth: int) -> list[State]:
        """Look a name up. What was found while a name further out was still open is not all there is: not kept."""
        if key in self._busy:
            self._cut.add(key)
            return []
        self._busy.add(key)
        found = self._look_up(unit, name, depth)
        self._busy.remove(key)
        self._cut.discard(key)
        if not self._cut or len(self._busy) > _MOST_OPEN:
            self._bound[key] = found
        return found

    def _look_up(self, unit: Unit, name: str, depth: int) -> list[State]:
        if depth > _DEEPEST:
            return [UNKNOWN]
        top = self._tops[unit.index]
        ignored = Found()
        states = [State("node", node=unit.base + index) for index in top.definitions.get(name, ())]
        for item in top.imports.get(name, ()):
            states.extend(self._import(unit, item, ignored, depth + 1))
        if name in top.variables:
            states.extend(self._variable(unit, top.variables[name], depth))
        if not states:
            for star in top.stars:
                states.extend(self._through_star(unit, star, name, depth + 1))
        return states

    def _variable(self, unit: Unit, value: str, depth: int) -> list[State]:
        if not value:
            return [UNKNOWN]
        first, *rest = value.split(".")
        called = first.endswith("()")
        ignored = Found()
        states = self.bound(unit, first[:-2] if called else first, ignored, depth + 1)
        states = [self._call(s) for s in states] if called else list(states)
        for part in rest:
            states = self._step_all(states, part, ignored)
        return states or [UNKNOWN]

    def _through_star(self, unit: Unit, star: Import, name: str, depth: int) -> list[State]:
        found = self.locator.find(unit, star.module)
        if found is None or found[1]:
            return []
        target = self.locator.unit_at(found[0])
        if target is None:
            return []
        self.imported.add((target, name))
        return list(self.bound(self.units[target], name, Found(), depth))

    def _import(self, unit: Unit, item: Import, into: Found, depth: int) -> list[State]:
        found = self.locator.find(unit, item.module)
        if found is None:
            return [_foreign(item)]
        stem, left = found
        if not item.name:
            return self._plain_import(item, stem, left, into)
        if left:
            return [_foreign(item)] if len(left) == item.module.count(".") + 1 else [UNKNOWN]
        into.stems.add(stem)
        return self._member(stem, item.name, into, depth)

    def _plain_import(self, item: Import, stem: str, left: list[str], into: Found) -> list[State]:
        """`import a.b.c` binds `a`; `import a.b.c as x` binds the whole."""
        into.stems.add(stem)
        if item.bound == item.module or item.bound != item.module.partition(".")[0]:
            return [State("module", stem)] if not left else [UNKNOWN]
        parts = item.module.split(".")
        depth = len(parts) - len(left) - 1
        return [State("module", "/".join(stem.split("/")[:-depth]) if depth else stem)]

    def _member(self, stem: str, name: str, into: Found, depth: int = 0) -> list[State]:
        """A name inside a module or package: what it binds, or a submodule."""
        states: list[State] = []
        target = self.locator.unit_at(stem)
        if target is not None:
            self.imported.add((target, name))
            states = list(self.bound(self.units[target], name, into, depth))
        inner = self.locator.within(stem, name)
        if inner is not None and not states:
            into.stems.add(inner)
            states = [State("module", inner)]
        return states or [UNKNOWN]

    def _step(self, state: State, part: str, into: Found) -> list[State]:
        """One part further: an attribute, and what calling it gives if the part ends in `()`."""
        called = part.endswith("()")
        name = part[:-2] if called else part
        if state.kind == "foreign":
            inner = State("foreign", f"{state.stem}.{name}") if state.stem else state
            return [self._call(inner) if called else inner]
        if name.endswith("*"):
            self._by_pattern(state, name, into)
            return []
        states = self._attribute(state, name, into)
        return [self._call(s) for s in states] if called else states

    def _attribute(self, state: State, name: str, into: Found) -> list[State]:
        if name == "__dict__":
            self._by_pattern(state, "*", into)
        if state.kind == "module":
            return [UNKNOWN] if name == "__dict__" else self._member(state.stem, name, into)
        if state.kind == "made":
            into.members.update((node, name) for node in self._heirs.get(state.stem, ()))
            return [state]
        if state.kind in ("node", "instance") and self.definition(state.node).kind == "class":
            into.members.add((state.node, name))
            return [UNKNOWN]
        into.attributes.add(name)
        return [UNKNOWN]

    def _by_pattern(self, state: State, pattern: str, into: Found) -> None:
        """A computed attribute: "*" for any, "prefix*" for those that begin alike."""
        if state.kind == "module":
            into.every.add(state.stem)
        elif state.kind in ("node", "instance"):
            into.members.add((state.node, pattern))
        elif pattern != "*":
            into.attributes.add(pattern)

    def _call(self, state: State) -> State:
        if state.kind == "foreign":
            if makes_by_name(state.stem):
                return State("made", state.stem.partition(".")[0])
            return UNKNOWN if hands_back(state.stem) else FOREIGN
        if state.kind == "made" and state.stem not in self._heirs:
            return FOREIGN
        if state.kind == "node" and self.definition(state.node).kind == "class":
            return State("instance", node=state.node)
        return UNKNOWN


def _node_owners(all_units: list[Unit]) -> list[int]:
    owners: list[int] = []
    for unit in all_units:
        owners.extend([unit.index] * len(unit.facts.definitions))
    return owners


def _foreign(item: Import) -> State:
    """What an import of foreign code binds: `import a.b` binds `a`."""
    if item.name:
        return State("foreign", f"{item.module}.{item.name}".lstrip("."))
    return State("foreign", item.module if item.bound != item.module.partition(".")[0] else item.bound)


def _inherited(unit: Unit) -> Iterator[tuple[str, int]]:
    """The top-level packages that a unit's classes name their bases by, each with the class."""
    packages = {item.bound: item.module.partition(".")[0] for item in unit.facts.imports}
    for index, definition in enumerate(unit.facts.definitions):
        for base in definition.bases:
            package = packages.get(base.partition(".")[0])
            if package:
                yield package, unit.base + index
