"""Code of a notebook that stands in other cells, notebooks or modules with little or no change.

## Why it is debt
A notebook cannot be imported, so its functions travel by copy and paste, out of sight of reviews and tests. The copy
in the package and the one in the notebook then say different things about the same experiment.

## Flagged
```python title="explore.ipynb"
# %%
import numpy as np
# %%
def normalise(rows):  # debt
    low = rows.min(axis=0)
    high = rows.max(axis=0)
    spread = np.where(high - low == 0, 1, high - low)
    scaled = (rows - low) / spread
    return np.clip(scaled, 0.0, 1.0)
# %%
print(normalise(np.eye(3)))
```
```python title="features.py"
import numpy as np


def rescale(table):  # see
    low = table.min(axis=0)
    high = table.max(axis=0)
    spread = np.where(high - low == 0, 1, high - low)
    scaled = (table - low) / spread
    return np.clip(scaled, 0.0, 1.0)


print(rescale(np.eye(2)))
```

## Fine
```python title="report.ipynb"
# %%
from features import rescale
# %%
print(rescale([1, 2, 3]))
# %%
print(rescale([4, 5, 6]))
```
```python title="features.py"
def rescale(table):
    low = min(table)
    return [value - low for value in table]
```

## Limits
Cells are read in their order in the file, whatever order they were run in. A piece may run over several cells, with a
short one between them.

## Source
Pimentel et al., A large-scale study about quality and reproducibility of Jupyter notebooks, MSR 2019.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.repeats import clone_hit, is_in_notebook
from mldebt.links.repository import Repository
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="clones",
    severity="medium",
    minutes=Minutes(15, 0.3, "line", "our estimate: move one copy to a module, import it, run the notebook"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    for found in repository.clones:
        if found.unit != "file" and is_in_notebook(found):
            yield clone_hit(found, repository.focus)
