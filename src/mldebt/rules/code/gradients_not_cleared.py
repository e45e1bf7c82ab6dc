"""A training loop that steps the optimizer and never clears the gradients.

## Why it is debt
PyTorch adds each backward pass to the gradients that are there. Without clearing them every step goes along the sum of
all gradients since the start: training still runs, and converges worse than it should or not at all.

## Flagged
```python
import torch


def train(model, batches, loss_of):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for batch in batches:
        loss = loss_of(model(batch))
        loss.backward()  # debt
        optimizer.step()


def descend(weights, batches, loss_of):
    for batch in batches:
        loss_of(weights, batch).backward()  # debt
        with torch.no_grad():
            weights -= 0.1 * weights.grad
```

## Fine
```python
import torch


def train(model, batches, loss_of, every):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for batch in batches:
        loss_of(model(batch)).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    for number, batch in enumerate(batches):
        (loss_of(model(batch)) / every).backward()
        if number % every == 0:
            optimizer.step()
            optimizer.zero_grad()


def descend(weights, batches, loss_of):
    for batch in batches:
        loss_of(weights, batch).backward()
        with torch.no_grad():
            weights -= 0.1 * weights.grad
            weights.grad = None
```

## Limits
Only loops that hold both the backward pass and the step themselves are judged, in files that import torch. Clearing
anywhere in the loop counts, at its end too, or in a function of the same file that the loop calls. A step under a
condition is taken for gradient accumulation, unless that is a plain name that the loop does not set; an optimizer made
inside the loop has no old gradients.

## Source
PyTorch documentation, "Optimizing Model Parameters"; Zhang et al., The Prevalence of Code Smells in Machine Learning
Projects, WAIN 2022 ("gradients not cleared before backward propagation").
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.loops import BORDERS, LOOPS, inside
from mldebt.facts.syntax import Module
from mldebt.facts.values import Values, source_package
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(30, source="our estimate: add the call, train again, compare the curves"),
    since="0.1.0",
)

_LONGEST = 40  # characters of source that a message quotes
_CLEARS = re.compile(r"(zero|clear|reset|empty|clean)\w*_?grad|zero_?grad|grad\w*_zero|set_to_none", re.IGNORECASE)


def find(module: Module) -> Iterator[Hit]:
    passes = [c for c in module.of(ast.Call) if isinstance(c.func, ast.Attribute) and c.func.attr == "backward"]
    if not passes or not any(source_package(module, alias) == "torch" for alias in module.of(ast.alias)):
        return
    values = Values(module)
    for call in passes:
        loop, use = _loop_with_use(module, values, call)
        if use is None or _is_cleared(module, loop) or _stops(loop) or _is_conditional(module, use, loop):
            continue
        yield Hit(module.place(call), _says(call, use), see=(Related(module.place(use), "uses the gradients"),))


def _says(call: ast.Call, use: ast.AST) -> str:
    given, used = _cut(ast.unparse(call)), _cut(ast.unparse(use))
    return f"`{given}` adds to the gradients of all rounds before, and `{used}` goes by the sum: clear them in the loop"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else "..." + text[-_LONGEST:]


def _loop_with_use(module: Module, values: Values, call: ast.Call) -> tuple[ast.AST, ast.AST | None]:
    """The innermost loop around a backward pass that also uses the gradients, and that use, if there is one."""
    inner: ast.AST = call
    for up in module.ancestors(call):
        if isinstance(up, BORDERS):
            break
        if isinstance(up, LOOPS) and inner is not getattr(up, "iter", None):
            use = next(
                (n for n in inside(up) if _is_step(module, values, n, up) or _is_sum(module, n, up)),
                None,
            )
            if use is not None:
                return up, use
        inner = up
    return call, None


def _is_step(module: Module, values: Values, node: ast.AST, loop: ast.AST) -> bool:
    """Whether a node is `optimizer.step()` or `scaler.step(optimizer)`, the optimizer made outside the loop."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "step":
        return False
    if len(node.args) > 1 or node.keywords:
        return False
    optimizer = node.args[0] if node.args else node.func.value
    return values.is_optimizer(optimizer) and not _is_bound_in(module, optimizer, loop)


def _is_sum(module: Module, node: ast.AST, loop: ast.AST) -> bool:
    """Whether a node is `w -= rate * w.grad` or the like, for a tensor from outside the loop."""
    if not isinstance(node, ast.AugAssign):
        return False
    grads = (n for n in ast.walk(node.value) if isinstance(n, ast.Attribute) and n.attr == "grad")
    return any(isinstance(g.value, ast.Name) and not _is_bound_in(module, g.value, loop, but=node) for g in grads)


def _is_bound_in(module: Module, node: ast.expr, loop: ast.AST, but: ast.AST | None = None) -> bool:
    """Whether the root name of an expression is bound inside the loop, so that it may be another one each round."""
    root = node
    while isinstance(root, ast.Attribute | ast.Subscript | ast.Call):
        root = root.func if isinstance(root, ast.Call) else root.value
    if not isinstance(root, ast.Name):
        return False
    home = module.scope(root).resolve(root.id)
    bindings = home.bindings.get(root.id, []) if home is not None else []
    inside = (b for b in bindings if loop in set(module.ancestors(b)))
    return any(module.parent(b) is not but for b in inside)


def _is_cleared(module: Module, loop: ast.AST) -> bool:
    """Whether anything in the loop, or in a function of this module it calls by name, clears gradients."""
    called: set[str] = set()
    for node in ast.walk(loop):
        if _clears(node):
            return True
        if isinstance(node, ast.Call):
            called.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
    return any(_clears(n) for f in module.functions if f.name in called for n in ast.walk(f))


def _clears(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Attribute) and t.attr == "grad" for t in node.targets)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        inner = node.func.value
        names = [node.func.attr, inner.attr if isinstance(inner, ast.Attribute) else ""]
        if node.func.attr in ("zero_", "fill_", "detach_", "data") and "grad" in ast.unparse(inner):
            return True
        return any(_CLEARS.search(name) for name in names)
    return isinstance(node.func, ast.Name) and bool(_CLEARS.search(node.func.id))


def _stops(loop: ast.AST) -> bool:
    """Whether the loop's body runs at most once."""
    body: list[ast.stmt] = getattr(loop, "body", [])
    return bool(body) and isinstance(body[-1], ast.Break | ast.Return | ast.Raise)


def _is_conditional(module: Module, use: ast.AST, loop: ast.AST) -> bool:
    """Whether a condition stands between the loop and the use, other than one on mixed precision."""
    for up in module.ancestors(use):
        if up is loop:
            return False
        if isinstance(up, ast.If) and not re.search(r"scaler|amp|fp16|half|precision", ast.unparse(up.test)):
            return not _is_steady(module, up.test, loop)
    return False


def _is_steady(module: Module, test: ast.expr, loop: ast.AST) -> bool:
    """Whether a condition is the same in each round: plain names, none of them bound in the loop."""
    nodes = [*ast.walk(test)]
    if not all(
        isinstance(n, ast.Name | ast.expr_context | ast.BoolOp | ast.boolop | ast.UnaryOp | ast.Not) for n in nodes
    ):
        return False
    return not any(isinstance(n, ast.Name) and _is_bound_in(module, n, loop) for n in nodes)
