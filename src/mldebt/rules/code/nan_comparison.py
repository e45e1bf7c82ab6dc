"""A value compared with NaN, which equals nothing, not even itself.

## Why it is debt
The comparison has the same outcome for every value, so missing values are silently treated like present ones and the
branch or filter that was meant for them never runs. `is` and `in` go by identity: they find the very object
`numpy.nan`, never the result of a computation or of reading a file.

## Flagged
```python
import math

import numpy as np
import pandas as pd


def clean(rows, limit):
    kept = [row for row in rows if row.value != np.nan]  # debt
    if limit == float("nan"):  # debt
        limit = None
    if kept[0].label is np.nan:  # debt
        kept[0].label = ""
    if kept[0].label in [math.nan, None]:  # debt
        kept[0].label = ""
    return kept, limit == pd.NA  # debt
```

## Fine
```python
import math

import numpy as np
import pandas as pd


def clean(rows, limit=np.nan):
    kept = [row for row in rows if not math.isnan(row.value)]
    if limit is np.nan:
        limit = None
    if kept[0].label is pd.NA or kept[0].value != kept[0].value:
        kept[0].label = ""
    return kept, np.isnan(limit)
```

## Limits
`is` with a parameter whose default is that NaN is how one asks whether it was left out, and `is pd.NA` and
`is pd.NaT` ask for a singleton: neither is reported. NaN kept in a variable is not followed.

## Source
IEEE 754, 5.11; pandas' user guide, "Working with missing data".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(5, source="our estimate: replace the comparison by isna or isnan, see what the branch now does"),
    since="0.1.0",
)

_SPELLINGS = frozenset({"nan", "NaN", "NAN", "NA", "NaT", "float"})
_NANS = frozenset(
    """numpy.nan numpy.NaN numpy.NAN math.nan cmath.nan torch.nan pandas.NA pandas.NaT jax.numpy.nan
    pandas.np.nan tensorflow.experimental.numpy.nan cupy.nan scipy.nan""".split()
)
_SINGLETONS = frozenset({"pandas.NA", "pandas.NaT"})
_FLOATS = frozenset({"float", "numpy.float32", "numpy.float64"})
_TEXTS = frozenset({"nan", "+nan", "-nan"})
_BY_IDENTITY = (ast.Is, ast.IsNot, ast.In, ast.NotIn)
_LONGEST = 60  # characters of source that a message quotes


def find(module: Module) -> Iterator[Hit]:
    for compare in module.of(ast.Compare):
        operands = [compare.left, *compare.comparators]
        for left, operator, right in zip(operands, compare.ops, operands[1:], strict=False):
            nan = _senseless(module, left, operator, right)
            if nan is not None:
                sure = 0.8 if isinstance(operator, _BY_IDENTITY) else 1.0
                yield Hit(module.place(compare), _says(compare, operator, nan), confidence=sure)
                break


def _senseless(module: Module, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr | None:
    """The NaN that makes this comparison senseless; None if there is none."""
    if isinstance(operator, ast.In | ast.NotIn):
        candidates = [left, *(right.elts if isinstance(right, ast.List | ast.Tuple | ast.Set) else [])]
    else:
        candidates = [left, right]
    found = next((c for c in candidates if _is_nan(module, c)), None)
    if found is not None and isinstance(operator, ast.Is | ast.IsNot):
        other = right if found is left else left
        if module.name(found) in _SINGLETONS or _defaults_to_nan(module, other):
            return None
    return found


def _says(compare: ast.Compare, operator: ast.cmpop, nan: ast.expr) -> str:
    whole = ast.unparse(compare)
    shown = f"`{whole}`" if len(whole) <= _LONGEST else "this comparison"
    if isinstance(operator, _BY_IDENTITY):
        return f"{shown} goes by identity and misses every NaN that was computed or read: use isnan or isna"
    always = "true" if isinstance(operator, ast.NotEq) else "false"
    return f"{shown} is {always} for every value, since `{ast.unparse(nan)}` equals nothing: use isnan or isna"


def _is_nan(module: Module, node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _SPELLINGS and module.name(node) in _NANS
    if isinstance(node, ast.Name):
        return node.id in _SPELLINGS and module.name(node) in _NANS
    if isinstance(node, ast.UnaryOp):
        return _is_nan(module, node.operand)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute) or len(node.args) != 1:
        return False
    last = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    argument = node.args[0]
    if not last.startswith("float") or not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
        return False
    return argument.value.strip().lower() in _TEXTS and module.name(node.func) in _FLOATS


def _defaults_to_nan(module: Module, node: ast.expr) -> bool:
    """Whether a name is a parameter of the function around it whose default is NaN."""
    if not isinstance(node, ast.Name):
        return False
    home = module.scope(node).resolve(node.id)
    if home is None or not isinstance(home.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return False
    arguments = home.node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = []
    pairs += zip(reversed(plain), reversed(arguments.defaults), strict=False)
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return any(a.arg == node.id and d is not None and _is_nan(module, d) for a, d in pairs)
