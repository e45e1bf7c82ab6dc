"""A tensor repeated to the shape of the other operand, which the operation would have done without a copy.

## Why it is debt
`tile` fills memory with copies of what is there. Arithmetic stretches an axis of length one by itself: the same numbers
in a fraction of the memory.

## Flagged
```python
import tensorflow as tf


def shift(rows, offset):
    return rows + tf.tile(offset, [rows.shape[0], 1])  # debt
```

## Fine
```python
import tensorflow as tf


def shift(rows, offset):
    return rows + offset


def pairs(rows):
    return tf.concat([tf.tile(rows, [2, 1]), rows], axis=1)
```

## Limits
Off by default: the 15 places read in three repositories were right, but whether the repeated axis has length one, so
that it can be left to the operation, is not seen, and masks repeated for the heads of an attention look the same.
At least one axis has to be left as it is.

## Source
"Broadcasting feature not used" in Zhang et al., The Prevalence of Code Smells in Machine Learning Projects, WAIN 2022.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import calls_named
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(5, source="our estimate: leave the tiling out, compare shapes"),
    since="0.1.0",
    on=False,
)

_TILES = frozenset({"tensorflow.tile", "numpy.tile", "torch.tile", "jax.numpy.tile", "tensorflow.compat.v1.tile"})
_ELEMENTWISE = frozenset("add subtract multiply divide maximum minimum pow mul sub div true_divide".split())
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)


def find(module: Module) -> Iterator[Hit]:
    if module.packages.isdisjoint({"tensorflow", "numpy", "torch", "jax"}):
        return
    for call in calls_named(module, ("tile",)):
        up = module.parent(call)
        is_operand = isinstance(up, ast.BinOp) and isinstance(up.op, _ARITHMETIC)
        last = (module.name(up.func) or "").rpartition(".")[2] if isinstance(up, ast.Call) else ""
        if (is_operand or last in _ELEMENTWISE) and _keeps_an_axis(call) and module.name(call.func) in _TILES:
            yield Hit(
                module.place(call), "copied to a shape that the operation reaches by itself: leave the tiling out"
            )


def _keeps_an_axis(call: ast.Call) -> bool:
    """Whether one axis is not repeated: an array that is only made longer has no counterpart without the copy."""
    counts = call.args[1] if len(call.args) > 1 else next((k.value for k in call.keywords), None)
    parts = counts.elts if isinstance(counts, ast.List | ast.Tuple) else []
    return any(isinstance(part, ast.Constant) and part.value == 1 for part in parts)
