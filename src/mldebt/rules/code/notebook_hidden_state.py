"""A notebook whose cells depend on an order of execution that the page does not show.

## Why it is debt
Run from top to bottom it stops at a name that does not exist yet, or computes other values than the outputs saved
in it. Of 863,878 notebooks with a clear order that were run again, one in four finished and one in 25 gave its results.

## Flagged
A cell that uses a name only a later cell sets:

```python title="first.ipynb"
# %%
import pandas as pd

# %%
clean = table.dropna()  # debt

# %%
table = pd.read_csv("rows.csv")  # see

# %%
print(clean)
```

A cell that, by the numbers of its last run, saw another value than a run from top to bottom would give it:

```python title="rerun.ipynb"
# %% [1]
rate = 0.1

# %% [4]
weights = [rate * i for i in range(3)]  # debt

# %% [2]
print(weights)

# %% [3]
rate = 0.5  # see
```

## Fine
```python title="clean.ipynb"
# %% [1]
rate = 0.1

# %% [2]
weights = [rate * i for i in range(3)]

# %% [5]
print(weights)
```

## Limits
One finding a notebook, with every such cell. Gaps in the numbers mean nothing by themselves, and cells that were run in
another order but share no name neither. A notebook saved without numbers has no order to judge. Imports are left out,
function bodies are not looked into, and a notebook with a star import, `exec` or `%run` is skipped for the first form.

## Source
Pimentel et al., A Large-Scale Study About Quality and Reproducibility of Jupyter Notebooks, MSR 2019.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mldebt.facts.cells import CellNames, cell_names
from mldebt.facts.syntax import Module
from mldebt.model import Hit, Place, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="notebooks",
    severity="medium",
    minutes=Minutes(10, 5, "cell"),
    since="0.1.0",
)


class Slip(NamedTuple):
    """One use of a name that its order gives away: where, what is wrong, and the binding it is about."""

    at: Place
    kind: str
    says: str
    other: Place
    note: str


def find(module: Module) -> Iterator[Hit]:
    if not module.code.cells or module.code.name:
        return
    cells = cell_names(module)
    found = [*_too_early(module, cells), *_from_another(module, cells)]
    slips = sorted(found, key=lambda slip: (slip.at.cell or 0, slip.at.line))
    if not slips:
        return
    first, *others = slips
    count = len({slip.at.cell for slip in slips})
    more = f", and {count - 1} more {'cell does' if count == 2 else 'cells do'} the like" if count > 1 else ""
    yield Hit(
        first.at,
        first.says + more,
        kind=first.kind,
        see=(Related(first.other, first.note), *(Related(slip.at, slip.says) for slip in others)),
        confidence=0.9,
        units=count,
        identity=first.kind,
    )


def _too_early(module: Module, cells: list[CellNames]) -> Iterator[Slip]:
    """Uses of names that no cell above binds, and one below does; imports below are a matter of taste."""
    bound: set[str] = set()
    for index, names in enumerate(cells):
        for name, node in names.uses.items():
            later = next((c for c in cells[index + 1 :] if name in c.binds), None)
            if name not in bound and later is not None and not later.binds[name]:
                number = later.cell.number
                says = f"`{name}` is used here and first set in cell {number}, further down: move that cell up"
                yield Slip(module.first_line(node), "undefined", says, _bound_in(module, name, number), "sets it")
        bound.update(names.binds)


def _from_another(module: Module, cells: list[CellNames]) -> Iterator[Slip]:
    """Uses that, by the numbers of the last run, saw what a cell further down had set."""
    counted = [names for names in cells if names.cell.execution is not None]
    for index, names in enumerate(counted):
        for name, node in names.uses.items():
            above = [c for c in counted[:index] if name in c.binds and _before(c, names)]
            below = [c for c in counted[index + 1 :] if name in c.binds and not c.binds[name] and _before(c, names)]
            latest = max(below, key=_execution, default=None)
            if latest is None or not above or any(_before(latest, c) for c in above):
                continue
            number = latest.cell.number
            says = f"the last run took `{name}` from cell {number}, further down: restart and run all cells in order"
            yield Slip(module.first_line(node), "stale", says, _bound_in(module, name, number), "was run before it")


def _execution(names: CellNames) -> int:
    return names.cell.execution or 0


def _before(one: CellNames, other: CellNames) -> bool:
    return _execution(one) < _execution(other)


def _bound_in(module: Module, name: str, number: int) -> Place:
    """The first binding of a name in a cell."""
    places = (module.first_line(node) for node in module.top.bindings[name])
    return min(place for place in places if place.cell == number)
