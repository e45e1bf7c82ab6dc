"""A function, class or method that nothing in the repository can reach.

## Why it is debt
Everybody who reads, moves or tests the code pays for it, and nobody gains. In research code it also hides which of
three variants of a loss or a network is the one that made the results.

## Flagged
```python title="train.py"
from losses import dice


def main():
    print(dice(1, 2))


if __name__ == "__main__":
    main()
```
```python title="losses.py"
def dice(a, b):
    return 2 * a / (a + b)


def focal(a, b):  # debt
    return smooth(a) * b


def smooth(a):
    return a + 1
```

## Fine
```python title="train.py"
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x):
        return self.layer(x)


if __name__ == "__main__":
    print(Net()(torch.ones(1, 2)))
```

## Limits
Whatever may be called from outside stays silent: hooks of known frameworks, overrides of unknown base classes,
decorated definitions that may be registered, what a published library offers (its other public names are reported with
a low confidence), names that configuration or a string gives where the repository looks names up by computation. What
only tests use counts as used. What is dead only because something else is dead is listed with that and not reported
again.

## Source
Sculley et al., Hidden Technical Debt in Machine Learning Systems, NeurIPS 2015, section 5 (dead experimental paths).
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.dead import Group, folded
from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import Hit, Removal
from mldebt.rules.about import About, Minutes
from mldebt.rules.confidence import RING, UNREACHED

ABOUT = About(
    family="dead-code",
    severity="medium",
    minutes=Minutes(4, 0.1, "line", "our estimate: find out that it is dead, delete it, run the tests"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    for group in repository.dead:
        unit = repository.graph.resolver.unit_of(group.root)
        if group.root != unit.base and repository.wants(unit.path):
            yield _hit(repository, unit, group)


def _hit(repository: Repository, unit: Unit, group: Group) -> Hit:
    definition = unit.facts.definitions[group.root - unit.base]
    see = folded(repository.graph, group)
    others = sum(1 for other in see if other.note == "goes with it" and other.kind != "method")
    callers = _callers(repository, group)
    confidence = repository.certainty(group.root, RING if callers else UNREACHED)
    evidence = _evidence(definition.kind, callers, group.root, repository)
    doubt = ", though code outside may import it" if confidence < RING else ""
    return Hit(
        definition.at,
        f"{definition.kind} `{definition.name}` {evidence}{_also(definition.kind, others)}{doubt}",
        path=unit.path,
        kind=definition.kind,
        symbol=definition.name,
        see=see,
        confidence=confidence,
        units=definition.at.end_line - definition.at.line + 1,
        scope=definition.name.rpartition(".")[0],
        identity=definition.name,
        removes=_removal(repository, unit, group),
    )


def _callers(repository: Repository, group: Group) -> list[int]:
    """Who refers to the root of a group; what a class's own methods refer to is its own doing."""
    holders = ((node, repository.classes.holder(node)) for node in group.by)
    return sorted({group.root if holder == group.root else node for node, holder in holders})


def _evidence(kind: str, callers: list[int], root: int, repository: Repository) -> str:
    others = [repository.graph.resolver.definition(node).name for node in callers if node != root]
    if len(others) == 1:
        return f"is used by `{others[0]}` only, which is dead too"
    if others:
        return f"is used by {len(others)} others only, which are dead too"
    if callers:
        return "is used by nothing but itself"
    return "is used nowhere" if kind == "class" else "has no caller"


def _also(kind: str, others: int) -> str:
    if not others:
        return ""
    return f", nor {'are' if kind == 'class' else 'have'} {others} more without it"


def _removal(repository: Repository, unit: Unit, group: Group) -> Removal:
    """What the patch takes out of the file: the root, and what goes with it there and is not inside it."""
    definitions = unit.facts.definitions
    here = [n - unit.base for n in (group.root, *group.members) if unit.base < n < unit.base + len(definitions)]
    classes = {definitions[i].name for i in here if definitions[i].kind == "class"}
    alone = [definitions[i] for i in here if i == here[0] or definitions[i].name.rpartition(".")[0] not in classes]
    root, *others = [Removal(d.kind, d.name.rpartition(".")[2], d.at) for d in alone]
    taken = repository.taken.get(unit.index, set())
    keeps = sorted(taken.intersection(item.bound for item in unit.facts.imports))
    # an import that nothing reads still fails without what it names
    certain = taken.isdisjoint(d.name for d in alone)
    return Removal(root.kind, root.name, root.at, tuple(others), tuple(keeps), certain)
