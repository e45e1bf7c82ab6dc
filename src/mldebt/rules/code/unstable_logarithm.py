"""A logarithm or exponential written out where a stable function of the library exists.

## Why it is debt
`exp` overflows from 89 on in single precision, and 1 + x forgets a small x: the loss becomes infinite, or its gradient
zero, on rows that are rare enough to pass every test.

## Flagged
```python
import torch

rows = torch.randn(5)
print(torch.log(1 + rows.exp()))  # debt
print(torch.exp(rows) - 1)  # debt
print(torch.log(torch.sum(torch.exp(rows), dim=0)))  # debt
```

## Fine
```python
import torch

rows = torch.randn(5)
print(torch.nn.functional.softplus(rows), torch.expm1(rows), torch.logsumexp(rows, dim=0))
print(torch.log(2 + rows), torch.log(torch.exp(rows).sum(0) + 2.5), torch.exp(rows) - 2)
```

## Limits
Functions of PyTorch, and the logarithm of a sum of exponentials with NumPy, JAX and TensorFlow too. A sum with another
term in it, or over no named axis, has no stable counterpart. Methods on tensors count inside, not as the outermost
call. Whole numbers, as the file shows them, are never small: counts, positions, what is rounded at once.

## Source
PyTorch documentation of log1p, expm1 and logsumexp; what TorchFix reports as TOR106, TOR107 and TOR108.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.facts.values import Values, last_name
from mldebt.model import Hit, Rewrite
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(5, source="our estimate: write the stable form, compare the numbers"),
    since="0.1.0",
    mends=True,
)

_LIBRARIES = frozenset({"torch", "numpy", "jax", "tensorflow"})
_LOGS = frozenset({"torch.log", "numpy.log", "jax.numpy.log", "tensorflow.math.log"})
_EXPS = frozenset({"torch.exp", "numpy.exp", "jax.numpy.exp", "tensorflow.exp", "tensorflow.math.exp"})
_SUMS = frozenset({"torch.sum", "numpy.sum", "jax.numpy.sum", "tensorflow.reduce_sum", "tensorflow.math.reduce_sum"})
_WHOLE = frozenset("arange randint bincount long int float round floor ceil".split())
_LARGEST = frozenset("max amax reduce_max maximum nanmax".split())
_ROUNDS = frozenset("round floor ceil int long trunc rint".split())
_DEEPEST = 4  # names bound to names
_AXES = frozenset({"dim", "axis"})
_STABLE = {
    "torch": "torch.logsumexp",
    "numpy": "scipy.special.logsumexp",
    "jax": "jax.nn.logsumexp",
    "tensorflow": "tf.reduce_logsumexp",
}


def find(module: Module) -> Iterator[Hit]:
    text = module.code.text
    if not module.packages & _LIBRARIES or ("log(" not in text and "exp(" not in text):
        return
    for call in module.of(ast.Call):
        if last_name(call.func) == "log" and len(call.args) == 1 and module.name(call.func) in _LOGS:
            yield from _of_log(module, call, call.args[0])
    for operation in module.of(ast.BinOp) if "torch" in module.packages else ():
        inner = operation.left
        if not isinstance(operation.op, ast.Sub) or not _is_one(operation.right) or not isinstance(inner, ast.Call):
            continue
        if module.name(inner.func) != "torch.exp" or len(inner.args) != 1 or inner.keywords:
            continue
        up = module.parent(operation)
        if not isinstance(up, ast.Call | ast.Attribute) or last_name(getattr(up, "func", up)) not in _ROUNDS:
            says = "`exp(x) - 1` loses the small x: use `torch.expm1`"
            yield Hit(module.place(operation), says, rewrites=_as(module, operation, inner, "expm1", inner.args[0]))


def _of_log(module: Module, call: ast.Call, inside: ast.expr) -> Iterator[Hit]:
    name = module.name(call.func) or ""
    if name == "torch.log" and isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Add):
        other = inside.right if _is_one(inside.left) else inside.left if _is_one(inside.right) else None
        if other is not None and not _calls(module, other, _WHOLE):
            stable = "torch.nn.functional.softplus" if _is_exp(module, other) else "torch.log1p"
            rewrites = _as(module, call, call, "log1p", other)
            yield Hit(module.place(call), f"`log(1 + x)` loses the small x: use `{stable}`", rewrites=rewrites)
    elif isinstance(inside, ast.Call) and _sums(module, inside):
        package = name.partition(".")[0]
        says = f"the logarithm of a sum of exponentials overflows for large values: use `{_STABLE[package]}`"
        yield Hit(module.place(call), says)


def _sums(module: Module, call: ast.Call) -> bool:
    """Whether a call sums exponentials over an axis it names."""
    function = call.func
    if module.name(function) in _SUMS:
        summed, axes = (call.args[0] if call.args else None), call.args[1:2]
    elif isinstance(function, ast.Attribute) and function.attr == "sum" and module.name(function) is None:
        summed, axes = function.value, call.args[:1]
    else:
        return False
    axes = [*axes, *(keyword.value for keyword in call.keywords if keyword.arg in _AXES)]
    named = [axis for axis in axes if not (isinstance(axis, ast.Constant) and axis.value is None)]
    return bool(named) and summed is not None and _is_exp(module, summed) and not _is_shifted(module, summed)


def _is_shifted(module: Module, exponential: ast.expr) -> bool:
    """Whether the largest value was taken off before, which is the stable form written out."""
    assert isinstance(exponential, ast.Call), "an exponential is called"
    inner = exponential.args[0] if exponential.args else getattr(exponential.func, "value", exponential)
    if isinstance(inner, ast.Name):
        inner = next((value for _, value in Values(module).latest(inner) if value is not None), inner)
    if not isinstance(inner, ast.BinOp) or not isinstance(inner.op, ast.Sub):
        return False
    return "max" in ast.unparse(inner.right).lower() or _calls(module, inner.right, _LARGEST)


def _calls(module: Module, node: ast.expr, names: frozenset[str], depth: int = 0) -> bool:
    """Whether an expression calls something of these names, itself or where the names in it were bound."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and last_name(inner.func) in names:
            return True
        if isinstance(inner, ast.Name) and depth < _DEEPEST:
            values = [value for _, value in Values(module).latest(inner)]
            if any(value is not None and _calls(module, value, names, depth + 1) for value in values):
                return True
    return False


def _is_exp(module: Module, node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    is_method = isinstance(node.func, ast.Attribute) and node.func.attr == "exp" and not node.args
    return module.name(node.func) in _EXPS or (is_method and module.name(node.func) is None)


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1 and node.value is not True


def _as(module: Module, whole: ast.expr, call: ast.Call, name: str, argument: ast.expr) -> tuple[Rewrite, ...]:
    """The whole as a call of another function of the same module, if it is written `torch.f`."""
    if not isinstance(call.func, ast.Attribute) or call.keywords:
        return ()
    text = f"{ast.unparse(call.func.value)}.{name}({ast.unparse(argument)})"
    return (module.rewrite(whole, text, certain=False),)
