"""Modules that import each other in a circle.

## Why it is debt
None of them can be understood, tested or moved without the others, and which one is imported first decides whether the
program starts.

## Flagged
```python title="model.py"
import train  # debt


def build():
    return train.RATE
```
```python title="train.py"
import model  # see

RATE = 0.1

if __name__ == "__main__":
    print(model.build())
```

## Fine
```python title="model.py"
def build():
    import train

    return train.RATE
```
```python title="train.py"
import model

RATE = 0.1

if __name__ == "__main__":
    print(model.build())
```

## Limits
Imports inside functions and under `TYPE_CHECKING` do not count, for they are how a circle is broken; nor do names with
two underscores, such as the `__version__` a package sets before anything else. A package whose `__init__` imports its
own modules is a circle only if one of them takes from the package what `__init__` defines or imports. One finding for
all modules of a circle, with its shortest round as evidence.

## Source
Martin, Design Principles and Design Patterns, 2000: the acyclic dependencies principle.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from mldebt.links.graph import Edge
from mldebt.links.repository import Repository
from mldebt.model import Hit, Import, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="complexity",
    severity="medium",
    minutes=Minutes(30, 10, "module of the circle beyond two"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    edges = {path: list(_binding(repository, path)) for path in sorted(repository.graph.imports)}
    for circle in _circles(edges):
        if not any(repository.wants(path) for path in circle):
            continue
        (start, first), *others = _shortest_round(edges, circle)
        names = [start, *(path for path, _ in others), start]
        larger = len(circle) > len(names) - 1
        size = f" (one round of {len(circle)} modules that depend on each other)" if larger else ""
        yield Hit(
            first.at,
            f"imports run in a circle, {' → '.join(names)}{size}: move what is shared into a module of its own",
            path=start,
            kind="cycle",
            see=tuple(Related(edge.at, f"imports {edge.target}", path) for path, edge in others),
            units=len(circle) - 2,
            identity=" ".join(names),
        )


def _binding(repository: Repository, path: str) -> Iterator[Edge]:
    """The imports of a file that need what the other file defines, and that mean it for certain."""
    imports = {item.at: item for item in repository.files[path].modules[0].imports}
    for edge in repository.graph.imports[path]:
        item = imports[edge.at]
        is_set_first = item.name.startswith("__") and item.name.endswith("__")
        if not (edge.deferred or is_set_first or _is_foreign(repository, item, edge.target)):
            yield edge


def _is_foreign(repository: Repository, item: Import, target: str) -> bool:
    """Whether an import means another distribution: a package's own `torch` is no `import torch`."""
    module = item.module.replace(".", "/")
    stem = target.removesuffix(".py").removesuffix("/__init__")
    home = next((stem.removesuffix(end) for end in (f"/{module}", f"/{module}/{item.name}") if stem.endswith(end)), "")
    return not item.module.startswith(".") and f"{home}/__init__.py" in repository.files


def _circles(edges: Mapping[str, list[Edge]]) -> list[frozenset[str]]:
    """The strongly connected components of more than one module, by their first path (Tarjan, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    open_ones: list[str] = []
    found: list[frozenset[str]] = []
    for root in edges:
        if root in order:
            continue
        work = [(root, iter(edges[root]))]
        order[root] = low[root] = len(order)
        open_ones.append(root)
        while work:
            path, rest = work[-1]
            target = next((e.target for e in rest if e.target in edges), None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[path])
                if low[path] == order[path]:
                    at = open_ones.index(path)
                    found.append(frozenset(open_ones[at:]))
                    del open_ones[at:]
            elif target not in order:
                order[target] = low[target] = len(order)
                open_ones.append(target)
                work.append((target, iter(edges[target])))
            elif target in open_ones:
                low[path] = min(low[path], order[target])
    return sorted((circle for circle in found if len(circle) > 1), key=min)


def _shortest_round(edges: Mapping[str, list[Edge]], circle: frozenset[str]) -> list[tuple[str, Edge]]:
    """The shortest way round inside a circle, as (file, its import of the next); of equals the first by path."""
    rounds = [_round_from(edges, circle, start) for start in sorted(circle)]
    return min(rounds, key=len)


def _round_from(edges: Mapping[str, list[Edge]], circle: frozenset[str], start: str) -> list[tuple[str, Edge]]:
    came: dict[str, tuple[str, Edge]] = {}
    queue = deque([start])
    while queue:
        path = queue.popleft()
        for edge in edges[path]:
            if edge.target not in circle or edge.target in came:
                continue
            came[edge.target] = (path, edge)
            if edge.target == start:
                return _walked(came, start)
            queue.append(edge.target)
    return []


def _walked(came: Mapping[str, tuple[str, Edge]], start: str) -> list[tuple[str, Edge]]:
    steps = [came[start]]
    while steps[-1][0] != start:
        steps.append(came[steps[-1][0]])
    return steps[::-1]
