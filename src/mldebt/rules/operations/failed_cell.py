"""A notebook saved with the error that one of its cells ended in.

## Why it is debt
"Run all" stops there: what stands below was run in another order or is left from another day, and whoever opens the
notebook cannot tell whether the code or the data has changed since.

## Flagged
```python title="study.ipynb"
# %%
import pandas as pd

# %% [failed]
print(pd.read_csv("houses.csv").prise)  # debt
```

## Fine
A cell that is meant to fail is marked so, for Jupyter as for us:
```python title="lesson.ipynb"
# %% tags=raises-exception
print(1 / 0)
```

## Limits
One finding a notebook, at its first such cell. Lessons show errors on purpose: a cell with the tag `raises-exception`,
one whose own comments or the text around it speak of an error, and one after which the author simply went on are left
alone, the last unless the error is one of the machine, such as a missing module or file.

## Source
Pimentel et al., A Large-Scale Study About Quality and Reproducibility of Jupyter Notebooks, MSR 2019.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.model import Cell, Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="notebooks",
    severity="medium",
    minutes=Minutes(10, source="our estimate: restart the kernel, run all, mend or mark the cell that stops"),
    since="0.1.0",
)

_OF_THE_MACHINE = frozenset(
    """ModuleNotFoundError ImportError FileNotFoundError KeyboardInterrupt ConnectionError HTTPError URLError OSError
    MemoryError ResourceExhaustedError CalledProcessError InvalidArgumentError""".split()
)
_ON_PURPOSE = re.compile(r"#.*(error|exception|fail|raise|wrong|not work|illegal|invalid|can.?t)", re.IGNORECASE)


def find(module: Module) -> Iterator[Hit]:
    if module.code.name:
        return
    failed = [cell for cell in module.code.cells if cell.error and _is_left(module, cell)]
    if failed:
        first = failed[0]
        which = f"cell {first.number} and {len(failed) - 1} more end" if failed[1:] else f"cell {first.number} ends"
        place = module.stretch(first.first, first.first + max(0, first.lines - 1))
        remedy = "restart and run all, mend it or mark it with the tag raises-exception"
        yield Hit(place, f"{which} in {first.error}, as the notebook is saved: {remedy}", identity="failed")


def _is_left(module: Module, cell: Cell) -> bool:
    """Whether an error is what the run stopped at, or one that no lesson would show."""
    text = "\n".join(module.lines[cell.first - 1 : cell.first - 1 + cell.lines])
    if "raises-exception" in cell.tags or _ON_PURPOSE.search(text):
        return False
    later = [c.execution or 0 for c in module.code.cells if c.number > cell.number]
    return cell.error in _OF_THE_MACHINE or max(later, default=0) <= (cell.execution or 0)
