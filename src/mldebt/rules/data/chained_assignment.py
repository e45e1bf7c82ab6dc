"""A table changed through a part taken out of it, so that the change may reach a copy only.

## Why it is debt
`table[a][b] = v` takes a part out first and then changes that part. Whether the part is a view or a copy depends on
the types and the memory of the table, and from pandas 3 on it always is a copy: the line runs and changes nothing.

## Flagged
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
houses[houses["price"] < 0]["price"] = 0  # debt
houses["rooms"][3] = 1  # debt
houses["rooms"].fillna(1, inplace=True)  # debt
print(houses)
```

## Fine
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
houses.loc[houses["price"] < 0, "price"] = 0
houses["rooms"] = houses["rooms"].fillna(1)
rooms = houses["rooms"].copy()
rooms[3] = 1
settings = {"a": {"b": 1}}
settings["a"]["b"] = 2
print(houses, rooms, settings)
```

## Limits
The receiver has to be a table by what the file says of it, or a bare name that is used or called like one. Reading
through two subscripts is `chained-indexing`, which is off by default.

## Source
pandas' user guide, "Copy-on-Write" and "Returning a view versus a copy".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import calls_named, option
from mldebt.facts.frames import CHANGING, SORTING
from mldebt.facts.kinds import ATTRIBUTES
from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(10, source="our estimate: write one `loc`, run again, see what changes downstream"),
    since="0.1.0",
)

_LOCATORS = frozenset({"loc", "iloc", "at", "iat", "ix"})
_IN_PLACE = CHANGING | SORTING | {"mask", "where"}
_LONGEST = 60  # characters of source that a message quotes


def find(module: Module) -> Iterator[Hit]:
    if "pandas" not in module.packages:
        return
    objects = module.shared(Objects)
    for target in module.of(ast.Subscript):
        if isinstance(target.ctx, ast.Store) and _is_part(objects, _without_locator(target.value)):
            says = (
                f"{_quoted(target)} is set in a part of the table, which may be a copy and from pandas 3 on always is"
            )
            yield Hit(module.place(target), f"{says}: name rows and columns in one `loc`", kind="item")
    for call in calls_named(module, _IN_PLACE):
        value = option(call, "inplace")
        if not isinstance(value, ast.Constant) or value.value is not True or not isinstance(call.func, ast.Attribute):
            continue
        if isinstance(call.func.value, ast.Subscript | ast.Attribute) and _is_part(objects, call.func.value):
            part = _quoted(call.func.value)
            says = f"`{call.func.attr}` changes {part} in place, a part that from pandas 3 on always is a copy"
            yield Hit(module.place(call), f"{says}: assign the result to the column", kind="inplace")


def _without_locator(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Attribute) and node.attr in _LOCATORS else node


def _is_part(objects: Objects, node: ast.expr) -> bool:
    """Whether an expression is a column or some rows taken out of a DataFrame."""
    if isinstance(node, ast.Subscript):
        whole = _without_locator(node.value)
        if isinstance(whole, ast.Subscript):
            return False  # what lies deeper is reported for its own part, or is no table
        return objects.is_a(whole, "frame") or (_names_a_column(node) and objects.is_a(whole, "frame", "table"))
    if isinstance(node, ast.Attribute) and ("frame", node.attr) not in ATTRIBUTES:
        return objects.is_a(node.value, "frame") and objects.is_a(node, "series")
    return False


def _names_a_column(node: ast.Subscript) -> bool:
    return isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)


def _quoted(node: ast.expr) -> str:
    text = ast.unparse(node)
    return f"`{text}`" if len(text) <= _LONGEST else "a value"
