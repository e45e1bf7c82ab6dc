"""An array, tensor or table that a loop makes anew, one piece longer, in every round.

## Why it is debt
Each round copies everything gathered so far: a thousand rounds copy half a million pieces. What takes seconds on the
sample takes hours on the data.

## Flagged
```python
import numpy as np
import pandas as pd
import torch


def gather(batches, model):
    scores = np.array([])
    rows = pd.DataFrame()
    outputs = torch.empty(0)
    for batch in batches:
        output = model(batch)
        scores = np.append(scores, output.mean())  # debt
        rows = pd.concat([rows, pd.DataFrame(batch)])  # debt
        outputs = torch.cat((outputs, output))  # debt
    return scores, rows, outputs
```

## Fine
```python
import numpy as np
import torch


def gather(batches, model):
    scores = []
    for batch in batches:
        scores.append(model(batch))
    return np.concatenate(scores)


def generate(model, tokens, rounds):
    for _ in range(rounds):
        tokens = torch.cat([tokens, model(tokens)], dim=1)
    return tokens


def densely(layers, x):
    for layer in layers:
        x = torch.cat([x, layer(x)], dim=1)
    return x
```

## Limits
Not reported: a loop that reads the whole so far, as generation does, or cuts or resets it; and one that visibly makes
ten rounds or fewer. Only plain names are followed.

## Source
NumPy's and pandas' API references (`append`, `concat` copy); CPython's notes on the cost of `list.append`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import calls_named
from mldebt.facts.loops import Loop, inside, is_short, loops_around
from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(10, source="our estimate: gather in a list and join it once after the loop"),
    since="0.1.0",
)

_JOINS = frozenset(
    """numpy.append numpy.concatenate numpy.vstack numpy.hstack numpy.dstack numpy.column_stack numpy.row_stack
    numpy.insert pandas.concat torch.cat torch.concat torch.concatenate torch.vstack torch.hstack
    tensorflow.concat""".split()
)
_LAST = frozenset(name.rpartition(".")[2] for name in _JOINS)
_PACKAGES = frozenset({"numpy", "pandas", "torch", "tensorflow"})
_MEASURES = frozenset({"shape", "size", "ndim", "empty", "append"})


def find(module: Module) -> Iterator[Hit]:
    if module.packages.isdisjoint(_PACKAGES):
        return
    seen: set[tuple[ast.AST, str]] = set()
    for call in calls_named(module, _LAST):
        statement = module.parent(call)
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target = statement.targets[0]
        if not isinstance(target, ast.Name) or not _joins(module, call, target.id):
            continue
        loop = next(loops_around(module, statement), None)
        if loop is None or is_short(module, loop) or (loop, target.id) in seen:
            continue
        if _only_grows(module, loop, statement, target.id):
            seen.add((loop, target.id))
            says = f"`{target.id}` is copied whole in every round to become one piece longer"
            yield Hit(module.place(statement), f"{says}: gather the pieces in a list and join them after the loop")


def _joins(module: Module, call: ast.Call, name: str) -> bool:
    """Whether a call gives what is kept under a name, as it is, with something more."""
    if not call.args:
        return False
    first = call.args[0]
    if isinstance(call.func, ast.Attribute) and call.func.attr == "append" and _is(call.func.value, name):
        return module.shared(Objects).is_a(call.func.value, "frame", "series")
    if module.name(call.func) not in _JOINS:
        return False
    if isinstance(first, ast.List | ast.Tuple):
        return len(first.elts) > 1 and any(_is(element, name) for element in first.elts)
    return _is(first, name)


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _only_grows(module: Module, loop: Loop, growth: ast.Assign, name: str) -> bool:
    """Whether a loop does nothing else with the whole, but measure it, or begin it in its first round."""
    if isinstance(loop, ast.For | ast.AsyncFor) and any(_is(node, name) for node in ast.walk(loop.target)):
        return False
    for node in inside(loop):
        if not isinstance(node, ast.Name) or node.id != name:
            continue
        statement = next(up for up in module.ancestors(node) if isinstance(up, ast.stmt))
        if isinstance(node.ctx, ast.Store):
            if not _begins(module, statement, growth):
                return False
        elif not _is_measured(module, node) and not (
            _grows_too(module, statement, name) and _is_operand(module, statement, node)
        ):
            return False
    tests = ast.walk(loop.test) if isinstance(loop, ast.While) else ()
    return all(_is_measured(module, n) for n in tests if isinstance(n, ast.Name) and n.id == name)


def _begins(module: Module, statement: ast.stmt, growth: ast.stmt) -> bool:
    """Whether a statement sets the whole in the other branch of the `if` that the growth is in, or grows it as well."""
    if _grows_too(module, statement, getattr(growth, "targets", [ast.Name("")])[0].id):
        return True
    up = module.parent(growth)
    return isinstance(up, ast.If) and module.parent(statement) is up


def _grows_too(module: Module, statement: ast.stmt, name: str) -> bool:
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
        return False
    return len(statement.targets) == 1 and _is(statement.targets[0], name) and _joins(module, statement.value, name)


def _is_operand(module: Module, statement: ast.stmt, node: ast.Name) -> bool:
    """Whether a read is the one by which the whole grows, and not another in the same statement."""
    up = module.parent(node)
    return (module.parent(up) if isinstance(up, ast.List | ast.Tuple | ast.Attribute) and up else up) is getattr(
        statement, "value", None
    )


def _is_measured(module: Module, node: ast.Name) -> bool:
    """Whether only the size of the whole is read, or whether it is there yet."""
    up = module.parent(node)
    if isinstance(up, ast.Attribute):
        return up.attr in _MEASURES
    if isinstance(up, ast.Compare):
        return any(isinstance(op, ast.Is | ast.IsNot) for op in up.ops)
    return isinstance(up, ast.Call) and isinstance(up.func, ast.Name) and up.func.id == "len"
