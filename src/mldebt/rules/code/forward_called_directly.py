"""A network run by its `forward` method instead of by calling it.

## Why it is debt
Calling the network runs its hooks: those of profilers, quantisation, pruning, weight normalisation and distributed
training among them. `forward` skips them all without a word.

## Flagged
```python
import torch
from torch import nn

net = nn.Linear(2, 1)
print(net.forward(torch.ones(2)))  # debt


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 2)
        self.second = nn.Linear(2, 1)

    def forward(self, rows):
        return self.second.forward(self.first(rows))  # debt

    def predict(self, rows):
        return self.forward(rows).round()  # debt


print(Pair().predict(torch.ones(2)))
```

## Fine
```python
import cv2
import torch
from torch import nn


class Doubled(nn.Linear):
    def forward(self, rows):
        return 2 * super().forward(rows)


net = Doubled(2, 1)
print(net(torch.ones(2)))
detector = cv2.dnn.readNet("detector.onnx")
print(detector.forward())
```

## Limits
What is called has to be a network by what the file shows: `self` in a network class, or something made by PyTorch's or
the file's own classes. Tests and what is compiled by TorchScript are left alone.

## Source
PyTorch documentation, torch.nn.Module.forward ("one should call the Module instance afterwards instead of this"); Zhang
et al., The Prevalence of Code Smells in Machine Learning Projects, WAIN 2022.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.facts.traits import is_test
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(2, source="our estimate: call the object, run the tests"),
    since="0.1.0",
    mends=True,
)

_LONGEST = 40  # characters of source that a message quotes


def find(module: Module) -> Iterator[Hit]:
    calls = [c for c in module.of(ast.Call) if isinstance(c.func, ast.Attribute) and c.func.attr == "forward"]
    if not calls or not module.packages & {"torch", "pytorch_lightning", "lightning"} or is_test(module):
        return
    objects = module.shared(Objects)
    for call in calls:
        assert isinstance(call.func, ast.Attribute), "only those were chosen"
        receiver = call.func.value
        if _is_compiled(module, call) or not _is_network(objects, receiver):
            continue
        text = ast.unparse(receiver)
        shown = text if len(text) <= _LONGEST else "..." + text[-_LONGEST:]
        says = f"`{shown}.forward(...)` skips the hooks of the network: call `{shown}(...)`"
        yield Hit(module.place(call), says, rewrites=(module.rewrite(call.func, text, certain=False),))


def _is_network(objects: Objects, receiver: ast.expr) -> bool:
    owner = objects.local.owner(receiver) if isinstance(receiver, ast.Name) else None
    return objects.types.class_kind(owner) == "module" if owner is not None else objects.is_a(receiver, "module")


def _is_compiled(module: Module, call: ast.Call) -> bool:
    """Whether TorchScript compiles the function around, which knows no other way in older versions."""
    function = module.enclosing(call, ast.FunctionDef, ast.AsyncFunctionDef)
    decorators = function.decorator_list if isinstance(function, ast.FunctionDef) else []
    return any((module.name(d) or "").startswith("torch.jit.") for d in decorators)
