"""A loss added up or collected over batches with the graph behind it.

## Why it is debt
The sum is a tensor that remembers each loss, so what every batch computed stays in memory until the epoch ends: a run
that fits at first dies later, on the larger data set. A number is all that is wanted of it.

## Flagged
```python
import torch


def train(net, loss_of, optimizer, batches):
    total = 0
    for rows, wanted in batches:
        optimizer.zero_grad()
        loss = loss_of(net(rows), wanted)
        loss.backward()
        optimizer.step()
        total += loss  # debt
    return total / len(batches), torch.is_grad_enabled()


print(train)
```

## Fine
```python
import torch


def train(net, loss_of, optimizer, batches):
    total = 0.0
    for rows, wanted in batches:
        optimizer.zero_grad()
        loss = loss_of(net(rows), wanted)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches), torch.is_grad_enabled()


print(train)
```

## Limits
The loop has to hold the backward pass of the same name, and what it adds to must come from outside the loop and have no
backward pass of its own. What is made a number or detached on the way is left alone.

## Source
PyTorch documentation, "Frequently Asked Questions" ("don't accumulate history across your training loop").
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.loops import loops_around
from mldebt.facts.syntax import Module
from mldebt.facts.values import Values, last_name
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(3, source="our estimate: add `.item()`, or `.detach()` where a tensor is wanted"),
    since="0.1.0",
)

_PLAIN = frozenset("item detach tolist numpy cpu float data".split())
_LIBRARIES = frozenset({"torch", "pytorch_lightning", "lightning", "accelerate"})


def find(module: Module) -> Iterator[Hit]:
    if not module.packages & _LIBRARIES or "backward" not in module.code.text:
        return
    passes = [(call, lost) for call in module.of(ast.Call) if (lost := _backward_of(call))]
    sunk = {lost for _, lost in passes}
    values = Values(module)
    for node, target, value in _keeps(module):
        name = _loss_in(value)
        if name is None or name.id not in sunk or last_name(target) in sunk:
            continue
        loop = next(loops_around(module, node), None)
        call = next((c for c, n in passes if n == name.id and next(loops_around(module, c), None) is loop), None)
        if loop is None or call is None or not _is_outer(module, target, node) or _is_plain(values, name):
            continue
        where = ast.unparse(target)
        says = f"`{where}` keeps each `{name.id}` with all that was computed for it: add `{name.id}.item()`"
        yield Hit(module.place(node), says, see=(Related(module.first_line(call), "the backward pass"),))


def _backward_of(call: ast.Call) -> str:
    """The name of the loss whose backward pass a call is; empty if it is none."""
    if last_name(call.func) != "backward" or not isinstance(call.func, ast.Attribute):
        return ""
    if any(keyword.arg == "retain_graph" for keyword in call.keywords):
        return ""
    inner: ast.expr = call.args[0] if call.args else call.func.value
    while isinstance(inner, ast.Call) and inner.args:  # `scaler.scale(loss).backward()`
        inner = inner.args[0]
    return inner.id if isinstance(inner, ast.Name) else ""


def _keeps(module: Module) -> Iterator[tuple[ast.stmt, ast.expr, ast.expr]]:
    """The statements that add a value up or append it, with what to, and the value."""
    for statement in module.of(ast.AugAssign):
        if isinstance(statement.op, ast.Add):
            yield statement, statement.target, statement.value
    for expression in module.of(ast.Expr):
        call = expression.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr != "append":
            continue
        if len(call.args) == 1 and not call.keywords:
            yield expression, call.func.value, call.args[0]
    for assignment in module.of(ast.Assign):
        value, target = assignment.value, assignment.targets[0]
        if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Add) or len(assignment.targets) > 1:
            continue
        if ast.unparse(value.left) == ast.unparse(target):
            yield assignment, target, value.right


def _loss_in(value: ast.expr) -> ast.Name | None:
    """The tensor that a value is, or is a multiple of."""
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult | ast.Div):
        value = value.left if isinstance(value.left, ast.Name | ast.BinOp) else value.right
    return value if isinstance(value, ast.Name) else None


def _is_outer(module: Module, target: ast.expr, node: ast.AST) -> bool:
    """Whether what is added to lives longer than one round of the loop: nothing in the loop makes it anew."""
    loop = next(loops_around(module, node), None)
    root = target
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    wanted = ast.unparse(target)
    for inner in ast.walk(loop) if loop is not None else ():
        targets = inner.targets if isinstance(inner, ast.Assign) and inner is not node else ()
        if any(ast.unparse(t) in (wanted, root.id) for t in targets):
            return False
    return True


def _is_plain(values: Values, name: ast.Name) -> bool:
    """Whether a name was made a number before, or is a tensor that no graph hangs on any more."""
    sources = [value for _, value in values.latest(name)]
    return any(isinstance(value, ast.Call) and last_name(value.func) in _PLAIN for value in sources) or any(
        isinstance(value, ast.Attribute) and value.attr == "data" for value in sources
    )
