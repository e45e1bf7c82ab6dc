"""A text file read into a table without saying which columns there are or what types they have.

## Why it is debt
pandas guesses the types from the values of the day: a column of numbers becomes text with the first stray word, an
identifier loses its leading zeros. What the code needs of the file is written nowhere.

## Flagged
```python
import pandas as pd

houses = pd.read_csv("houses.csv")  # debt
print(houses)
```

## Fine
```python
import pandas as pd

houses = pd.read_csv("houses.csv", dtype={"zip": str})
towns = pd.read_table("towns.tsv", usecols=["town", "tax"])
print(houses, towns)
```

## Limits
Off by default: most files are read like this, and reviewers of such places disagreed on half of them. `dtype`,
`parse_dates`, `usecols`, `names`, `converters` and `dtype_backend` count as saying something, and so does `**options`.

## Source
pandas' API reference, `read_csv`; "columns and data type not explicitly set" in Zhang et al., The Prevalence of Code
Smells in Machine Learning Projects, WAIN 2022.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.facts.callees import calls_named
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(5, source="our estimate: write down the columns that are used, with their types"),
    since="0.1.0",
    on=False,
)

_READERS = ("read_csv", "read_table", "read_fwf")
_SAYING = frozenset({"dtype", "parse_dates", "usecols", "names", "converters", "dtype_backend", None})


def find(module: Module) -> Iterator[Hit]:
    if "pandas" not in module.packages:
        return
    for call in calls_named(module, _READERS):
        if _SAYING.isdisjoint(k.arg for k in call.keywords) and (module.name(call.func) or "").startswith("pandas."):
            yield Hit(module.place(call), "columns and types are left to what the file holds today: give `dtype`")
