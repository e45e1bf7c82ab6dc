"""Two tables merged on whatever columns they happen to share.

## Why it is debt
Without keys pandas joins on every column that both tables have. A column that one side gains later, an index saved by
mistake or a date of import, silently becomes a key, and rows vanish or multiply.

## Flagged
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
towns = pd.read_csv("towns.csv")
print(houses.merge(towns), pd.merge(houses, towns, how="left"))  # debt x2
```

## Fine
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
towns = pd.read_csv("towns.csv")
print(houses.merge(towns, on="town"), pd.merge(houses, towns, left_index=True, right_index=True))
print(houses.merge(towns, how="cross"), houses.merge(towns, "left", "town"))
```

## Limits
A table whose columns are all named where it is merged, as in `houses.merge(towns[["town", "tax"]])` or in a chain of
`groupby`, is left alone: there the keys can be read off. `validate=` is not asked for.

## Source
pandas' API reference, `DataFrame.merge`; "merge API parameter not explicitly set" in Zhang et al., The Prevalence of
Code Smells in Machine Learning Projects, WAIN 2022. Reviewers of such places did not agree whether a missing `how` or
`validate` is one: we side with those who say no.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import calls_named, option, spreads
from mldebt.facts.kinds import TABLES
from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(5, source="our estimate: look which columns both sides have, and name the keys"),
    since="0.1.0",
)

_KEYS = ("on", "left_on", "right_on", "left_index", "right_index")
_FUNCTIONS = frozenset({"pandas.merge", "pandas.DataFrame.merge"})


def find(module: Module) -> Iterator[Hit]:
    if "pandas" not in module.packages:
        return
    objects = module.shared(Objects)
    for call in calls_named(module, ("merge",)):
        if spreads(call) or any(option(call, key) is not None for key in _KEYS):
            continue
        tables = _tables(module, objects, call)
        how = option(call, "how")
        if not tables or (isinstance(how, ast.Constant) and how.value == "cross"):
            continue
        if not any(_names_its_columns(table) for table in tables):
            says = "the tables are merged on every column that both happen to have"
            yield Hit(module.place(call), f"{says}: name the keys with `on`")


def _tables(module: Module, objects: Objects, call: ast.Call) -> list[ast.expr]:
    """The tables a call merges; empty if it is no such call, or names the keys by position."""
    if module.name(call.func) in _FUNCTIONS:
        named = [value for word in ("left", "right") if (value := option(call, word)) is not None]
        return [*call.args[:2], *named] if len(call.args) <= 3 else []
    if not isinstance(call.func, ast.Attribute) or len(call.args) > 2:
        return []
    other = call.args[0] if call.args else option(call, "right")
    if other is None:
        return []
    either = (call.func.value, other)
    is_table = any(objects.is_a(side, *TABLES) for side in either)
    return [*either] if is_table and not any("other" in objects.kinds(side) for side in either) else []


def _names_its_columns(table: ast.expr) -> bool:
    """Whether the columns can be read off: a choice of them, or what is left of one that was grouped."""
    inner: ast.AST = table
    while isinstance(inner, ast.Attribute | ast.Call):
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    if not isinstance(inner, ast.Subscript) or not isinstance(inner.slice, ast.List | ast.Constant):
        return False
    is_grouped = isinstance(inner.value, ast.Call) and last_name(inner.value.func) == "groupby"
    return is_grouped or (inner is table and isinstance(inner.slice, ast.List))
