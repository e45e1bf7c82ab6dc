"""A new column filled with zeros or empty texts and later searched for missing values.

## Why it is debt
Zero and the empty text are values: `isna` finds none of the rows that were never set, `fillna` fills nothing, and they
go into means and models as if they had been measured.

## Flagged
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
houses["tax"] = 0  # debt
houses.loc[houses["price"] > 100, "tax"] = 7
print(houses["tax"].isna().sum())
```

## Fine
```python
import numpy as np
import pandas as pd

houses = pd.read_csv("houses.csv")
houses["tax"] = np.nan
houses["seen"] = 0
houses.loc[houses["price"] > 100, "tax"] = 7
print(houses["tax"].isna().sum(), houses["seen"].sum())
```

## Limits
Table and column have to be written alike in both places of one function, and the column not set as a whole in between,
nor some rows of it to more than a constant. It is rare: in some 220 repositories we found no such column.

## Source
"Empty column misinitialization" in Zhang et al., The Prevalence of Code Smells in Machine Learning Projects, WAIN 2022.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import calls_named
from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(10, source="our estimate: begin with NaN, see which rows are now found missing"),
    since="0.1.0",
)

_ASKS = ("isna", "isnull", "notna", "notnull", "fillna", "dropna")


def find(module: Module) -> Iterator[Hit]:
    if "pandas" not in module.packages:
        return
    asked = [(_column_of(call), call) for call in calls_named(module, _ASKS)]
    filled = _filled(module, {key for key, _ in asked if key[0]})
    objects = module.shared(Objects)
    seen: set[ast.AST] = set()
    for key, call in asked:
        before = [s for s in filled.get(key, ()) if s.lineno < call.lineno and module.scope(s) is module.scope(call)]
        last = before[-1] if before else None
        if last is None or last in seen or not _is_placeholder(last.value):
            continue
        if _may_bring_missing(module, key, last, call):
            continue
        seen.add(last)
        target = last.targets[0]
        if isinstance(target, ast.Subscript) and objects.is_a(target.value, "frame", "table"):
            says = f"`{key[1]}` begins with a value, so no row of it is ever found missing"
            see = (Related(module.place(call), "asks for what is missing"),)
            yield Hit(module.place(last), f"{says}: begin with NaN", see=see)


def _filled(module: Module, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], list[ast.Assign]]:
    """Where columns are set as a whole, in source order."""
    found: dict[tuple[str, str], list[ast.Assign]] = {}
    for statement in module.of(ast.Assign) if wanted else ():
        key = _key(statement.targets[0])
        if key in wanted and len(statement.targets) == 1:
            found.setdefault(key, []).append(statement)
    return found


def _is_placeholder(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and not isinstance(value.value, bool) and value.value in (0, "")


def _may_bring_missing(module: Module, key: tuple[str, str], filled: ast.Assign, asked: ast.Call) -> bool:
    """Whether rows of the column are set, in between, to what may be missing: to anything but a constant."""
    table, column = key
    for statement in module.of(ast.Assign):
        target = statement.targets[0]
        if not filled.lineno < statement.lineno < asked.lineno or not isinstance(target, ast.Subscript):
            continue
        nodes = [*ast.walk(target)]
        is_column = any(isinstance(node, ast.Constant) and str(node.value) == column for node in nodes)
        is_table = any(isinstance(node, ast.Name) and node.id == table for node in nodes)
        if is_column and is_table and not isinstance(statement.value, ast.Constant):
            return True
    return False


def _column_of(call: ast.Call) -> tuple[str, str]:
    """The table, as it is written, and the column that a call asks for missing values; empty if it is no column."""
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    return _key(receiver) if isinstance(receiver, ast.Subscript) else ("", "")


def _key(node: ast.expr) -> tuple[str, str]:
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Constant):
        return node.value.id, str(node.slice.value)
    return "", ""
