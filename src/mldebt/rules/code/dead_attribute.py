"""An attribute that a class stores on itself and nothing ever reads.

## Why it is debt
It is state that has to be kept right, is saved with every pickled object, and says of the class what is not true.

## Flagged
```python title="train.py"
class Agent:
    def __init__(self, size, seed):
        self.size = size
        self.seed = seed  # debt

    def act(self):
        return self.size


print(Agent(3, 4).act())
```

## Fine
```python title="train.py"
from dataclasses import dataclass


class Agent:
    def __init__(self, size):
        self.size = size


@dataclass
class Row:
    left: int = 0


agent = Agent(3)
print(agent.size, Row())
```

## Limits
A read on a receiver that cannot be resolved counts as a read of every attribute of that name. Classes that inherit
from an unknown base, look at their own `__dict__`, or are offered by a published library are left alone.

## Source
The judged unread attributes of eight research repositories: no analyser finds them, and they are one dead name in four.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from mldebt.links.repository import Repository
from mldebt.model import Hit, Place, Removal
from mldebt.rules.about import About, Minutes
from mldebt.rules.confidence import UNREAD

ABOUT = About(
    family="dead-code",
    severity="low",
    minutes=Minutes(3, source="our estimate: check callers and saved objects, delete it"),
    since="0.1.0",
)

# decorators that make a class a record, whose fields are read by what it is written to and compared with
_FIELDS = re.compile(r"data|\battrs?\b|\b(?:define|frozen|mutable|struct|model|serializable)$|\.s$")
_LOOKS_AT_ITSELF = frozenset({"__dict__", "__getstate__", "*", "__slots__"})


def find(repository: Repository) -> Iterator[Hit]:
    candidates = list(_not_read_on_self(repository))
    # most names are read somewhere on whatever receiver: only for the rest are the receivers looked into
    spelt = {word.removeprefix(".") for word in repository.words if word.startswith(".")}
    for unit in repository.units:
        spelt.update(*(definition.attributes for definition in unit.facts.definitions))
    candidates = [found for found in candidates if found[2] not in spelt]
    read = _read_by_name(repository) if candidates else set()
    for family, node, name, at in candidates:
        if name not in read and (family, name) not in read:
            yield from _hit(repository, node, name, at)


def _not_read_on_self(repository: Repository) -> Iterator[tuple[int, int, str, Place]]:
    """What is stored and not read through `self`: class family, class, attribute, first place."""
    stored = _stored(repository)
    offered = repository.interface.families if repository.interface else frozenset()
    for family in sorted(stored):
        own = _read_on_self(repository, family)
        if own & _LOOKS_AT_ITSELF:
            continue
        for node, name, at in stored[family]:
            if family in offered and not name.startswith("_"):
                continue
            if name not in own and not repository.classes.is_foreign_attribute(node, name):
                yield family, node, name, at


def _read_by_name(repository: Repository) -> set[str | tuple[int, str]]:
    """Attributes read on receivers of unknown class or by computed name, by name; on known ones, as (family, name)."""
    graph, classes = repository.graph, repository.classes
    read: set[str | tuple[int, str]] = set()
    computed = any("looks-up-names" in unit.facts.traits for unit in repository.units)
    for unit in repository.units:
        if computed:
            read.update(unit.facts.definitions[0].strings)
        for index, definition in enumerate(unit.facts.definitions):
            found = graph.targets(unit.base + index)
            read.update(found.attributes)
            read.update((classes.family(node), name) for node, name in found.members)
            if definition.kind not in ("class", "method"):
                read.update(definition.own)
    return read


def _stored(repository: Repository) -> dict[int, list[tuple[int, str, Place]]]:
    """What reached methods store on themselves, by class family: (class, attribute, first place)."""
    stored: dict[int, list[tuple[int, str, Place]]] = defaultdict(list)
    reach, resolver = repository.reach, repository.graph.resolver
    for node, methods in sorted(repository.classes.methods.items()):
        if node not in reach or not repository.wants(resolver.unit_of(node).path):
            continue
        seen: set[str] = set()
        for method in sorted(m for nodes in methods.values() for m in nodes if m in reach):
            for name, at in resolver.definition(method).stores:
                if name not in seen and name not in methods and not name.startswith("__"):
                    seen.add(name)
                    stored[repository.classes.family(node)].append((node, name, at))
    return stored


def _read_on_self(repository: Repository, family: int) -> set[str]:
    read: set[str] = set()
    for node in repository.classes.members[family]:
        for member in (node, *(m for nodes in repository.classes.methods[node].values() for m in nodes)):
            read.update(repository.graph.resolver.definition(member).own)
    return read


def _hit(repository: Repository, node: int, name: str, at: Place) -> Iterator[Hit]:
    unit = repository.graph.resolver.unit_of(node)
    holder = repository.graph.resolver.definition(node)
    if unit.facts.name or any(_FIELDS.search(decorator) for decorator in holder.decorators):
        return
    yield Hit(
        at,
        f"attribute `{name}` of `{holder.name}` is stored and never read",
        path=unit.path,
        kind="attribute",
        symbol=f"{holder.name}.{name}",
        confidence=repository.certainty(node, UNREAD),
        scope=holder.name,
        identity=name,
        removes=_removal(repository, node, name, at),
    )


def _removal(repository: Repository, node: int, name: str, at: Place) -> Removal | None:
    """All stores in the class's file; None if a relative in another file stores it too."""
    classes, resolver = repository.classes, repository.graph.resolver
    home = resolver.unit_of(node)
    for member in classes.members[classes.family(node)]:
        if resolver.unit_of(member) is not home:
            methods = (m for nodes in classes.methods[member].values() for m in nodes)
            if any(stored == name for m in methods for stored, _ in resolver.definition(m).stores):
                return None
    return Removal("attribute", f"{resolver.definition(node).name}.{name}", at)
