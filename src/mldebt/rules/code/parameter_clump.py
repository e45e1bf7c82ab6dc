"""The same four or more parameters handed from function to function through three or more of them.

## Why it is debt
What always travels together is one thing without a name. A fifth value means a change in every signature and every call
on the way, and two of the same type that are swapped once are swapped silently.

## Flagged
```python title="train.py"
def main(rate, momentum, decay, epochs):  # debt
    print("begins")
    fit([], rate, momentum, decay, epochs)


def fit(batches, rate, momentum, decay, epochs):  # see
    for epoch in range(epochs):
        step(batches, epoch, rate=rate, momentum=momentum, decay=decay, epochs=epochs)


def step(batches, epoch, rate, momentum, decay, epochs):  # see
    for batch in batches:
        print(batch, rate * decay ** (epoch / epochs), momentum)


main(0.1, 0.9, 0.0, 10)
```

## Fine
```python title="train.py"
from dataclasses import dataclass


@dataclass
class Schedule:
    rate: float
    momentum: float
    decay: float
    epochs: int


def main(schedule):
    print("begins")
    fit([], schedule)


def fit(batches, schedule):
    for epoch in range(schedule.epochs):
        step(batches, epoch, schedule)


def step(batches, epoch, schedule):
    for batch in batches:
        print(batch, schedule.rate * schedule.decay ** (epoch / schedule.epochs), schedule.momentum)


main(Schedule(0.1, 0.9, 0.0, 10))
```

## Limits
One function has to get the parameters and hand them on: that several have the same ones, or are given them by one
caller, may be an interface they keep to. A call of a function by its own name, as of `super()` or of what is wrapped,
hands nothing on. Names have to stay the same on the way. What a published library offers keeps its signature and is
left out.

## Source
Fowler, Refactoring, 2nd edition: Data Clumps, Long Parameter List.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.clumps import Clump, Holder, clumps
from mldebt.links.entry import is_test
from mldebt.links.repository import Repository
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="missing-abstractions",
    severity="low",
    minutes=Minutes(20, 5, "function", "our estimate: write the class, then change each signature and its calls"),
    since="0.1.0",
)
_NAMED = 6  # parameters that are written out


def find(repository: Repository) -> Iterator[Hit]:
    interface = repository.interface
    promised = {node for node, _ in interface.roots()} if interface is not None else set()
    for clump in clumps((unit for unit in repository.units if unit.is_code and not is_test(unit)), promised):
        holders = list(clump.holders)
        first = next((h for h in holders if repository.wants(h.unit.path)), None)
        if first is not None:
            holders.remove(first)
            yield _hit(clump, first, holders)


def _hit(clump: Clump, first: Holder, others: list[Holder]) -> Hit:
    named = ", ".join(f"`{name}`" for name in clump.names[:_NAMED])
    more = f" and {len(clump.names) - _NAMED} more" if len(clump.names) > _NAMED else ""
    return Hit(
        first.definition.at,
        f"{named}{more} travel together through {len(others) + 1} functions: make them one object",
        path=first.unit.path,
        kind="parameters",
        symbol=first.definition.name,
        see=tuple(_related(holder) for holder in others),
        confidence=0.9,
        units=len(others) + 1,
        scope=first.definition.name,
        identity=" ".join(sorted(clump.names)),
    )


def _related(holder: Holder) -> Related:
    name = holder.definition.name
    return Related(holder.definition.at, f"`{name}` has them too", holder.unit.path, name, holder.definition.kind)
