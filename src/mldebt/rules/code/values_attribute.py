"""The attribute `values` of a DataFrame, Series or Index, which may be an array, a view of one, or something else.

## Why it is debt
What `.values` gives depends on the types of the columns: an array that shares memory with the table, a copy, or an
extension array with other methods. Code behind it works until a column becomes categorical, nullable or dated.

## Flagged
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
prices = houses["price"].values  # debt
rows = houses.drop(columns=["price"]).values[:100]  # debt
print(prices, rows)
```

## Fine
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
prices = houses["price"].to_numpy()
settings = {"a": 1}
print(prices, settings.values())
```

## Limits
Off by default: it is advice of pandas' own manual, and most places work as they are. The receiver has to be a table by
what the file says of it, or a bare name that is used or called like one. Setting the attribute is not reported.

## Source
pandas' API reference, `DataFrame.values`, which advises against it; PD011 and the like in the linters for data science
code.
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
    minutes=Minutes(2, source="our estimate: write to_numpy() and look what type comes out"),
    since="0.1.0",
    on=False,
)


def find(module: Module) -> Iterator[Hit]:
    if "pandas" not in module.packages:
        return
    objects = module.shared(Objects)
    for attribute in module.of(ast.Attribute):
        if attribute.attr != "values" or not isinstance(attribute.ctx, ast.Load):
            continue
        up = module.parent(attribute)
        if isinstance(up, ast.Call) and up.func is attribute:
            continue
        if objects.is_a(attribute.value, "frame", "series", "table", "index"):
            says = (
                "`.values` of a table gives an array, a view or an extension array, as the columns' types will have it"
            )
            yield Hit(module.place(attribute), f"{says}: take to_numpy()")
