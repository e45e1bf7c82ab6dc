"""A table gone through row by row to do what one expression over its columns does.

## Why it is debt
`iterrows` makes a Series of every row: some hundred times slower than the same arithmetic over columns, and integers
become floats and dates objects on the way. The loop grows with the data and nobody looks at it again.

## Flagged
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
prices = []
for _, row in houses.iterrows():  # debt
    prices.append(row["price"] / row["rooms"])
for i, row in houses.iterrows():  # debt
    if row["price"] > 100:
        houses.loc[i, "dear"] = True
print(prices, houses)
```

## Fine
```python
import pandas as pd

houses = pd.read_csv("houses.csv")
houses["each"] = houses["price"] / houses["rooms"]
houses["dear"] = houses["price"] > 100
for _, row in houses.iterrows():
    print(row["town"], row["price"])
for row in houses.itertuples():
    print(row.town)
```

## Limits
Only loops are reported whose whole body is arithmetic, text methods and collecting: what writes files, asks a service,
yields, draws, formats a text, makes a record, goes by the row before or calls other functions of the project has to go
row by row. `itertuples` and `apply(axis=1)` are left alone.

## Source
pandas' API reference, `DataFrame.iterrows`; "unnecessary iteration" in Zhang et al., The Prevalence of Code Smells in
Machine Learning Projects, WAIN 2022.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import calls_named
from mldebt.facts.kinds import LOOKALIKES
from mldebt.facts.loops import inside
from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(15, source="our estimate: write the expression over columns, compare the results"),
    since="0.1.0",
)

_WRAPS = frozenset({"tqdm", "enumerate", "list", "track", "tqdm_notebook", "trange"})
_STATEMENTS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.If, ast.For, ast.Expr, ast.Continue, ast.Pass)
# calls that have their like over columns, or collect
_COLUMNAR = frozenset(
    """append add extend int float str bool len abs round min max sum mean get strip lstrip rstrip split rsplit lower
    upper replace startswith endswith join title capitalize isnull isna notnull notna isnan sqrt log exp log10
    log1p floor ceil item count std isdigit zfill date strftime to_datetime Timestamp total_seconds sin cos array
    power""".split()
)


def find(module: Module) -> Iterator[Hit]:
    if "pandas" not in module.packages or not module.packages.isdisjoint(LOOKALIKES):
        return
    for call in calls_named(module, ("iterrows",)):
        loop = _loop_over(module, call)
        if loop is not None and not loop.orelse and _is_columnar(loop):
            says = "the table is gone through row by row for what columns do at once, some hundred times faster"
            yield Hit(module.first_line(loop), f"{says}: write it as an expression over columns")


def _loop_over(module: Module, call: ast.Call) -> ast.For | None:
    """The loop that goes over the rows, directly or with a progress bar or counter around."""
    node: ast.AST = call
    up = module.parent(node)
    while isinstance(up, ast.Call) and last_name(up.func) in _WRAPS and node in up.args:
        node, up = up, module.parent(up)
    return up if isinstance(up, ast.For) and up.iter is node else None


def _is_columnar(loop: ast.For) -> bool:
    """Whether the body only computes with the row, by what columns can do, and keeps the results."""
    rows = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
    nodes = [*inside(loop)]
    if _looks_back(nodes, rows) or any(isinstance(n, ast.For) and not _is_fixed(n.iter, nodes, rows) for n in nodes):
        return False
    reads, keeps = False, False
    for node in nodes:
        if isinstance(node, ast.stmt) and not isinstance(node, _STATEMENTS):
            return False
        if isinstance(node, ast.Dict) and len(node.keys) > 1:
            return False
        if isinstance(node, ast.JoinedStr | ast.Yield | ast.YieldFrom | ast.Await) or (
            isinstance(node, ast.Call) and last_name(node.func) not in _COLUMNAR
        ):
            return False
        if isinstance(node, ast.Name) and node.id in rows:
            reads = True
        keeps = keeps or isinstance(node, ast.AugAssign) or _keeps(node)
    return reads and keeps


def _looks_back(nodes: list[ast.AST], rows: set[str]) -> bool:
    """Whether a round goes by an earlier one: by a name that is set further down, or the row before this one."""
    read: set[str] = set()
    made: set[str] = set()  # what each round sets before it reads it
    for node in nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and _is_neighbour(node, rows):
            return True
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in made:
            read.add(node.id)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            if node.id in read:
                return True
            made.add(node.id)
    return False


def _is_neighbour(node: ast.BinOp, rows: set[str]) -> bool:
    is_step = isinstance(node.right, ast.Constant) and node.right.value == 1
    return is_step and isinstance(node.left, ast.Name) and node.left.id in rows


def _is_fixed(over: ast.expr, nodes: list[ast.AST], rows: set[str]) -> bool:
    """Whether an inner loop goes over the same in each round: a literal, or a name that the outer one does not set."""
    if isinstance(over, ast.List | ast.Tuple):
        return True
    if not isinstance(over, ast.Name) or over.id in rows:
        return False
    return not any(isinstance(n, ast.Name) and n.id == over.id and isinstance(n.ctx, ast.Store) for n in nodes)


def _keeps(node: ast.AST) -> bool:
    """Whether a result goes into a list, a table or a dict."""
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Subscript) for t in node.targets)
    return isinstance(node, ast.Call) and last_name(node.func) in ("append", "add", "extend")
