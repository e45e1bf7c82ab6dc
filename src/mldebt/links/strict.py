"""What a set of definitions surely runs: the strict counterpart of `reach`, for rules that claim that something runs.

A definition is followed only through names that resolve to it, and methods through receivers whose class is known. What
is read on a receiver nobody can place leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mldebt.links.calling import Calling
from mldebt.links.graph import Graph


def strictly(graph: Graph, calling: Calling, roots: Iterable[int], bodies: bool = True) -> frozenset[int]:
    """The definitions reached; of a class only its constructor, of an imported module only its body.

    A module with a main guard is run by its import too, but which of its body that is, is not known: nothing then.
    Without `bodies` a body leads no further than to what it imports: much that it names, it does not run.
    """
    found = set(roots)
    first = frozenset(found)
    waiting = sorted(found)
    while waiting:
        by = waiting.pop()
        if by not in first and _is_guarded(graph, by):
            continue
        imported = not bodies and by not in first and graph.resolver.definition(by).kind == "module"
        for node in graph.leads(by)[1] if imported else _next(graph, calling, by):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return frozenset(found)


def _is_guarded(graph: Graph, node: int) -> bool:
    unit = graph.resolver.unit_of(node)
    return node == unit.base and "main-guard" in unit.facts.traits


def _next(graph: Graph, calling: Calling, node: int) -> Iterator[int]:
    used, run = graph.leads(node)
    yield from used
    yield from run
    definition = graph.resolver.definition(node)
    if definition.kind == "class":
        yield from calling.inside(node, "__init__")
    for holder, name in sorted(graph.targets(node).members):
        yield from calling.inside(holder, name)
    if definition.kind == "method":
        unit = graph.resolver.unit_of(node)
        outer = definition.name.partition(".")[0]
        own = {f"{outer}.{name}" for name in definition.own}
        yield from (unit.base + i for i, d in enumerate(unit.facts.definitions) if d.name in own)
