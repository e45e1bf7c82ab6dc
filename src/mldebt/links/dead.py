"""What nothing reaches, grouped: one root and what is dead only because of it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from mldebt.links.classes import Classes
from mldebt.links.graph import Graph
from mldebt.links.reach import Reach
from mldebt.links.units import Unit
from mldebt.model import Related


class Group(msgspec.Struct, frozen=True):
    """A dead definition, or the body of a dead module, with all that goes with it (nodes, in order).

    `by` are those of them that refer to the root, itself included: nothing else does.
    """

    root: int
    members: tuple[int, ...]
    by: tuple[int, ...] = ()


def groups(graph: Graph, classes: Classes, reach: Reach) -> list[Group]:
    """All dead nodes, each in one group; roots are what no other dead node refers to, then one node of each cycle."""
    dead = [
        n for unit in graph.units for n in range(unit.base, unit.base + len(unit.facts.definitions)) if n not in reach
    ]
    loaded = {unit.index for unit in graph.units if unit.base not in reach and _may_be_loaded(graph, classes, unit)}
    dead = [n for n in dead if not _is_quiet(graph, n) and graph.resolver.unit_of(n).index not in loaded]
    edges = {node: _edges(graph, classes, node, set(dead)) for node in dead}
    referred = {target for node, targets in edges.items() for target in targets if target != node}
    order = [n for n in dead if n not in referred] + [n for n in dead if n in referred]
    order.sort(key=lambda n: (n in referred, graph.resolver.definition(n).kind != "module"))
    return sorted(_grouped(order, edges), key=lambda g: g.root)


def _grouped(order: list[int], edges: dict[int, set[int]]) -> Iterator[Group]:
    taken: set[int] = set()
    for root in order:
        if root not in taken:
            members = _closure(root, edges, taken)
            by = tuple(sorted(node for node in members if root in edges[node]))
            yield Group(root, tuple(sorted(members - {root})), by)


def _is_quiet(graph: Graph, node: int) -> bool:
    """A package's `__init__` says nothing by being dead: what is in the package does."""
    unit = graph.resolver.unit_of(node)
    return node == unit.base and (unit.is_package or len(unit.facts.definitions) == 1)


def _may_be_loaded(graph: Graph, classes: Classes, unit: Unit) -> bool:
    """Whether decorators register what a module defines: a framework may load the file by its path."""
    tops = (i for i, d in enumerate(unit.facts.definitions) if d.kind == "function" and d.decorators)
    return any(classes.registers(unit.base + i) for i in tops)


def _edges(graph: Graph, classes: Classes, node: int, dead: set[int]) -> set[int]:
    definition = graph.resolver.definition(node)
    found = graph.targets(node)
    targets = set(found.nodes)
    for stem in found.stems:
        targets.update(graph.bodies(stem)[-1:])
    for owner, name in found.members:
        targets.update(classes.all_methods(owner, name))
    if definition.kind == "module":
        unit = graph.resolver.unit_of(node)
        targets.update(range(node, node + len(unit.facts.definitions)))
    elif definition.kind == "class":
        targets.update(m for methods in classes.methods[node].values() for m in methods)
    for name in (*definition.attributes, *found.attributes):
        targets.update(classes.named.get(name, ()))
    holder = classes.holder(node) if definition.kind == "method" else None
    for name in definition.own if holder is not None else ():
        targets.update(classes.all_methods(holder, name) if holder is not None else ())
    return targets & dead


def _closure(root: int, edges: dict[int, set[int]], taken: set[int]) -> set[int]:
    members: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in taken:
            taken.add(node)
            members.add(node)
            stack.extend(edges[node])
    return members


def folded(graph: Graph, group: Group) -> tuple[Related, ...]:
    """What a group's finding lists: its other members, and the unread names inside all of them."""
    found: list[Related] = []
    home = graph.resolver.unit_of(group.root).path
    for node in (group.root, *group.members):
        unit = graph.resolver.unit_of(node)
        definition = graph.resolver.definition(node)
        path = "" if unit.path == home else unit.path
        if node != group.root and not definition.name.endswith("__"):
            symbol = definition.name or unit.path[:-3].replace("/", ".")
            found.append(Related(definition.at, "goes with it", path, symbol, definition.kind))
        owner = node - unit.base
        for variable in unit.facts.variables:
            if variable.owner == owner and (not variable.used or variable.form == "target"):
                found.append(Related(variable.at, "inside it", path, variable.name, "variable"))
        for item in unit.facts.imports:
            if item.owner == owner and not item.used and not item.quiet:
                found.append(Related(item.at, "inside it", path, item.bound, "import"))
    return tuple(found)
