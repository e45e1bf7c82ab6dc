"""A table read through two subscripts in a row, which takes a part out only to take a part of that.

## Why it is debt
Each subscript makes a table or column of its own, and the form invites writing through it, where it fails. One `loc`
says rows and columns together, in one step.

## Flagged
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
cheap = houses[houses["price"] < 100]["rooms"]  # debt
first = houses["price"][0]  # debt
print(cheap, first)
```

## Fine
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
cheap = houses.loc[houses["price"] < 100, "rooms"]
first = houses["price"].iloc[0]
settings = {"a": {"b": 1}}
print(cheap, first, settings["a"]["b"], houses.groupby("rooms")["price"].mean())
```

## Limits
Off by default: reading this way is slower and harder to read, and right. Writing is `chained-assignment`.

## Source
pandas' user guide, "Returning a view versus a copy"; "chain indexing" in Zhang et al., The Prevalence of Code Smells in
Machine Learning Projects, WAIN 2022.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(2, source="our estimate: write one `loc`"),
    since="0.1.0",
    on=False,
)


def find(module: Module) -> Iterator[Hit]:
    if "pandas" not in module.packages:
        return
    objects = module.shared(Objects)
    for outer in module.of(ast.Subscript):
        inner = outer.value
        if not isinstance(inner, ast.Subscript) or not isinstance(outer.ctx, ast.Load):
            continue
        if isinstance(inner.value, ast.Attribute) and inner.value.attr in ("str", "at", "iat", "ix"):
            continue
        if objects.is_a(inner.value, "frame", "table") and not objects.is_a(inner, "array", "scalar", "other"):
            yield Hit(module.place(outer), "a part of a part of the table is read: name rows and columns in one `loc`")
