"""A network class whose `__init__` does not call that of its superclass.

## Why it is debt
`torch.nn.Module.__init__` makes the tables that hold parameters, buffers and submodules. Without it the first layer
that is assigned raises, or, where none is, the class breaks as soon as it is moved, saved or called.

## Flagged
```python
import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, size):  # debt
        self.factor = nn.Parameter(torch.ones(size))

    def forward(self, rows):
        return self.factor * rows


print(Scale(2)(torch.ones(2)))
```

## Fine
```python
import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.factor = nn.Parameter(torch.ones(size))

    def forward(self, rows):
        return self.factor * rows


print(Scale(2)(torch.ones(2)))
```

## Limits
Only classes that derive from PyTorch's by what this file shows. Any call of an `__init__` or of `super` counts, in
whatever branch.

## Source
PyTorch documentation, torch.nn.Module ("an `__init__()` call to the parent class must be made before assignment").
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.kinds import BASES
from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Function, Module
from mldebt.facts.types import kind_of_class
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(2, source="our estimate: add the call"),
    since="0.1.0",
)


_DEEPEST = 8  # classes in a line of inheritance


def find(module: Module) -> Iterator[Hit]:
    if not module.packages & {"torch", "pytorch_lightning", "lightning"}:
        return
    objects = module.shared(Objects)
    for node in module.of(ast.ClassDef):
        initialiser = objects.local.methods(node).get("__init__")
        if initialiser is None or any(map(_begins, initialiser.body)) or any(map(_hands_on, ast.walk(initialiser))):
            continue
        if not _does_something(initialiser):
            continue
        if _is_network(objects, node, 0):
            says = f"`{node.name}.__init__` does not call `super().__init__()`: call it first"
            yield Hit(module.first_line(initialiser), says, symbol=f"{node.name}.__init__")


def _is_network(objects: Objects, owner: ast.ClassDef, depth: int) -> bool:
    """Whether one of the bases is PyTorch's own, or a class of the file that has such a one.

    Another library's base class may call the initialiser by itself, as that of fastai does.
    """
    names = map(objects.types.name, owner.bases)
    if any(BASES.get(name) == "module" or kind_of_class(name) == "module" for name in names):
        return True
    return depth < _DEEPEST and any(_is_network(objects, base, depth + 1) for base in objects.local.bases(owner))


def _begins(statement: ast.stmt) -> bool:
    """Whether a statement is `super().__init__(...)` or the like: quick, to ask first."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"


def _hands_on(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in ("__init__", "__dict__", "__setstate__")
    return isinstance(node, ast.Name) and node.id == "super"


def _does_something(initialiser: Function) -> bool:
    """Whether it does more than to raise or to pass, as that of an interface or a stand-in does."""
    return any(
        isinstance(node, ast.Assign | ast.AnnAssign | ast.Call)
        for s in initialiser.body
        for node in ast.walk(s)
        if not isinstance(s, ast.Raise)
    )
