"""A pandas method that returns a new object, called as a statement: its result is thrown away.

## Why it is debt
The line reads as if it cleaned the data, and it changes nothing: rows that were to be dropped, filled or sorted go
into training as they were. Nobody is told, because the code runs.

## Flagged
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
houses.dropna()  # debt
houses["price"].fillna(0)  # debt
houses.sort_values("price", inplace=False).reset_index(drop=True)  # debt


def clean(rows: pd.DataFrame) -> pd.DataFrame:
    rows.drop(columns=["id"])  # debt
    return rows


print(clean(houses))
```

## Fine
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
houses = houses.dropna()
houses.drop(columns=["id"], inplace=True)
names = ["a", "b"]
names.append("c")
print(houses, names)
```

A cell's last expression is what the notebook shows:
```python title="explore.ipynb"
import pandas as pd

houses = pd.read_csv("houses.csv")
houses.sort_values("price")
# %%
houses.describe()
houses.dropna()
```

## Limits
The receiver has to be a table by what the file says of it, or a bare name that is used or called like one. Calls made
to see whether they raise (in
`try`, `pytest.raises`) and timed ones are left alone.

## Source
pandas' user guide; the pattern is W5501/W8201 and the like in the linters for data science code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.frames import CHANGING, LOOKING, SORTING
from mldebt.facts.kinds import TABLES
from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(10, source="our estimate: keep the result, run again, see what changes downstream"),
    since="0.1.0",
)

_LOST = CHANGING | SORTING | LOOKING
# how exports of notebooks, and editors, mark where a cell begins
_CELL_MARKS = ("# In[", "# %%", "#%%", "# COMMAND -", "# <codecell>")
_PROBES = frozenset(
    "raises warns assertRaises assertWarns assert_produces_warning timeit catch_warnings suppress".split()
)


def find(module: Module) -> Iterator[Hit]:
    if "pandas" not in module.packages:
        return
    objects = module.shared(Objects)
    for statement in module.of(ast.Expr):
        call = statement.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr not in _LOST:
            continue
        if _works_in_place(call) or _is_shown(module, statement, call.func.attr) or _is_probe(module, statement):
            continue
        if objects.is_a(call.func.value, *TABLES):
            yield Hit(module.place(statement), _says(call.func))


def _says(function: ast.Attribute) -> str:
    root = ast.unparse(function.value)
    shown = f"`{root}.{function.attr}`" if len(root) <= _LONGEST else f"`.{function.attr}`"
    return f"{shown} returns a new object that nobody keeps and changes nothing: assign the result"


def _works_in_place(call: ast.Call) -> bool:
    """Whether the call says `inplace=` anything but False, or may say so through `**`."""
    for keyword in call.keywords:
        if keyword.arg is None:
            return True
        if keyword.arg == "inplace":
            return not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    return False


def _is_shown(module: Module, statement: ast.Expr, method: str) -> bool:
    """Whether a statement at the top is there for a notebook, or one that was exported, to show its value."""
    if not isinstance(module.parent(statement), ast.Module):
        return False
    if method in LOOKING:
        return True
    following = next((s for s in module.tree.body if s.lineno > statement.lineno), None)
    if module.code.cells:
        return following is None or module.cell_number(following.lineno) != module.cell_number(statement.lineno)
    if method in SORTING and any(line.startswith(_CELL_MARKS) for line in module.lines):
        return True
    return _ends_a_cell(module, statement, following)


def _ends_a_cell(module: Module, statement: ast.Expr, following: ast.stmt | None) -> bool:
    """Whether an exported notebook's cell ends here: by a mark, or by the two empty lines exporters leave."""
    end = statement.end_lineno or statement.lineno
    between = module.lines[end : following.lineno - 1 if following is not None else len(module.lines)]
    if any(line.startswith(_CELL_MARKS) for line in between):
        return True
    defines = isinstance(following, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return following is not None and not defines and between[:2] == ["", ""]


def _is_probe(module: Module, statement: ast.Expr) -> bool:
    """Whether the call is made for what it raises, warns or costs."""
    for up in module.ancestors(statement):
        if isinstance(up, ast.Try) and statement in up.body:
            return True
        if isinstance(up, ast.With | ast.AsyncWith):
            calls = (item.context_expr for item in up.items)
            if any(last_name(c.func if isinstance(c, ast.Call) else c) in _PROBES for c in calls):
                return True
    return False


_LONGEST = 40  # characters of the receiver that a message quotes
