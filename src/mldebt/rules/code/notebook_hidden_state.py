"""A notebook whose cells depend on an order of execution that the page does not show.

## Why it is debt
Run from top to bottom it stops at a name that does not exist yet, or computes other values than the outputs saved
in it. Of the notebooks on GitHub that a study ran again, a quarter finished and one in 25 gave the same results.

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

# %% [3]
weights = [rate * i for i in range(3)]  # debt

# %% [2]
rate = 0.5  # see

# %% [4]
print(weights, rate)
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
another order but share no name neither. A notebook saved without numbers has no order to judge. Function bodies are not
looked into, an import that was run again changes nothing, and a notebook with a star import, `exec` or a cell that does
not parse is skipped.

## Source
Pimentel et al., A Large-Scale Study About Quality and Reproducibility of Jupyter Notebooks, MSR 2019.
"""

from __future__ import annotations

import ast
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
    """One use of a name that the order of the cells gives away: which, where, and the binding it is about."""

    early: bool
    at: Place
    says: str
    other: Related


def find(module: Module) -> Iterator[Hit]:
    if not module.code.cells or module.code.name:
        return
    slips = sorted(_slips(module, cell_names(module)), key=lambda slip: (not slip.early, slip.at.cell or 0, slip.at))
    if not slips:
        return
    of_cell: dict[int | None, Slip] = {}
    for slip in slips:
        of_cell.setdefault(slip.at.cell, slip)
    first, *others = of_cell.values()
    more = f" ({len(others)} more cell{'s' if len(others) > 1 else ''} like it)" if others else ""
    yield Hit(
        first.at,
        f"{first.says}{more}: bring the cells in order, restart the kernel and run all of them",
        kind="used-before-set" if first.early else "out-of-order",
        confidence=1.0 if first.early else 0.9,
        see=(first.other, *(Related(slip.at, slip.says) for slip in others)),
        units=len(of_cell),
        identity="notebook",
    )


def _slips(module: Module, cells: list[CellNames]) -> Iterator[Slip]:
    for here in cells:
        for name, node in here.uses.items():
            setters = [other for other in cells if other is not here and name in other.binds]
            slip = _too_early(here, setters, name) or _from_another(here, setters, name)
            if slip is not None:
                early, says, setter = slip
                at = module.place(setter.binds[name])
                yield Slip(early, module.place(node), says, Related(at, f"cell {setter.cell.number} sets `{name}`"))


def _too_early(here: CellNames, setters: list[CellNames], name: str) -> tuple[bool, str, CellNames] | None:
    """Whether, the cell itself aside, only later cells set a name."""
    first = next(iter(setters), here)
    if first.cell.number <= here.cell.number:
        return None
    return True, f"cell {here.cell.number} uses `{name}`, which only cell {first.cell.number} below it sets", first


def _from_another(here: CellNames, setters: list[CellNames], name: str) -> tuple[bool, str, CellNames] | None:
    """Whether the last run of a cell saw another cell's value than the last one above it."""
    above = [setter for setter in setters if setter.cell.number < here.cell.number]
    mine, due = here.cell.execution, above[-1].cell.execution if above else None
    if mine is None or due is None or mine == due or isinstance(above[-1].binds[name], ast.alias):
        return None
    due_from, cell = above[-1], f"cell {here.cell.number} [{mine}]"
    if due > mine:
        return False, f"{cell} ran before the `{name}` it uses was set by cell {due_from.cell.number} [{due}]", due_from
    ran = [(setter.cell.execution, setter) for setter in setters if setter.cell.execution is not None]
    seen, setter = max(((n, setter) for n, setter in ran if n < mine), key=lambda pair: pair[0])
    if seen == due:
        return None
    source = f"cell {setter.cell.number} [{seen}]"
    return False, f"{cell} saw the `{name}` of {source}, not of cell {due_from.cell.number} [{due}]", setter
