"""The logarithm of what a softmax or sigmoid gives, which is minus infinity as soon as that rounds to zero.

## Why it is debt
A confident network gives probabilities that are zero in single precision: the loss becomes infinite, its gradient NaN,
and the run is lost, days later and never on the sample.

## Flagged
```python
import torch
import torch.nn.functional as F


def loss_of(logits, targets):
    chances = torch.sigmoid(logits)
    nll = -torch.log(F.softmax(logits, dim=1))  # debt
    return nll[targets] + torch.log(chances) + torch.log(1 - chances)  # debt x2
```

## Fine
```python
import torch
import torch.nn.functional as F


def loss_of(logits, targets):
    chances = torch.sigmoid(logits).clamp(min=1e-7)
    nll = -F.log_softmax(logits, dim=1)
    return nll[targets] + torch.log(chances) + torch.log(1 - chances + 1e-7)
```

## Limits
The probability has to be computed in the call, or under a name that is bound to nothing else there. Divisions are not
judged: what may be zero is not seen in the code.

## Source
PyTorch's API reference, `log_softmax`, `logsigmoid` and `BCEWithLogitsLoss`; TensorFlow's
`softmax_cross_entropy_with_logits`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import calls_named
from mldebt.facts.reaching import Reaching
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(15, source="our estimate: take the function of logits, compare the losses"),
    since="0.1.0",
)

_LOGS = frozenset("torch.log numpy.log tensorflow.log tensorflow.math.log jax.numpy.log".split())
_SOFT = frozenset(
    """torch.softmax torch.sigmoid torch.nn.functional.softmax torch.nn.functional.sigmoid torch.special.expit
    tensorflow.nn.softmax tensorflow.nn.sigmoid tensorflow.sigmoid tensorflow.math.sigmoid scipy.special.softmax
    scipy.special.expit jax.nn.softmax jax.nn.sigmoid""".split()
)
# what to write instead, of the function itself and of one minus it
_INSTEAD = {
    ("softmax", False): "take log_softmax",
    ("softmax", True): "keep it below one with clamp",
    ("sigmoid", False): "take logsigmoid, or a loss of logits",
    ("sigmoid", True): "take logsigmoid of minus the logits, or a loss of logits",
}
_PACKAGES = frozenset({"torch", "tensorflow", "jax", "scipy"})


def find(module: Module) -> Iterator[Hit]:
    if module.packages.isdisjoint(_PACKAGES):
        return
    for call in calls_named(module, ("log",)):
        inner = _argument(module, call)
        soft = _soft(module, inner) if inner is not None else ""
        if soft:
            is_rest = isinstance(inner, ast.BinOp)
            instead = _INSTEAD[soft, is_rest]
            what, limit = (f"one minus a {soft}", "one") if is_rest else (f"a {soft}", "zero")
            says = f"the logarithm of {what} is infinite where that {soft} rounds to {limit}: {instead}"
            yield Hit(module.place(call), says)


def _argument(module: Module, call: ast.Call) -> ast.expr | None:
    """What the logarithm is taken of: the argument, or the receiver of the method."""
    if module.name(call.func) in _LOGS:
        return call.args[0] if len(call.args) == 1 else None
    if isinstance(call.func, ast.Attribute) and not call.args and not call.keywords:
        return call.func.value
    return None


def _soft(module: Module, node: ast.expr) -> str:
    """Which of the two functions gives a value, or one minus it; empty if neither surely does."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        is_one = isinstance(node.left, ast.Constant) and node.left.value == 1
        return _soft(module, node.right) if is_one and not isinstance(node.right, ast.BinOp) else ""
    if isinstance(node, ast.Name):
        bindings = Reaching(module).bindings(node)
        holders = [module.parent(binding) for binding in bindings]
        values = [h.value for h in holders if isinstance(h, ast.Assign) and isinstance(h.value, ast.Call)]
        found = {_soft(module, value) for value in values} if len(values) == len(bindings) else {""}
        return found.pop() if len(found) == 1 else ""
    return _called(module, node) if isinstance(node, ast.Call) and not _is_written_out(module, node) else ""


def _called(module: Module, call: ast.Call) -> str:
    name = module.name(call.func)
    last = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    is_method = name is None and last in ("softmax", "sigmoid") and isinstance(call.func, ast.Attribute)
    if name in _SOFT or (is_method and not _is_own(call.func)):
        return "softmax" if "softmax" in (name or last) else "sigmoid"
    return ""


def _is_written_out(module: Module, call: ast.Call) -> bool:
    """Whether the function is given numbers that stand in the file: what they give is known."""
    given: ast.AST | None = call.args[0] if call.args else getattr(call.func, "value", None)
    if isinstance(given, ast.Name):
        bindings = Reaching(module).bindings(given)
        holder = module.parent(bindings[-1]) if bindings else None
        given = holder.value if isinstance(holder, ast.Assign) else None
    numbers = given.args[0] if isinstance(given, ast.Call) and given.args else given
    return isinstance(numbers, ast.List | ast.Tuple) and not any(isinstance(n, ast.Name) for n in ast.walk(numbers))


def _is_own(function: ast.expr) -> bool:
    """Whether a method is one of `self`: that may be anything."""
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "self"
