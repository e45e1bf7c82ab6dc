"""Gradients that are filled with zeros although the library would drop them.

## Why it is debt
Writing zeros costs a pass over all gradients and keeps their memory between the steps. PyTorch drops them by default
since 2.0; asking for zeros is mostly left over from before.

## Flagged
```python
import torch

net = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
optimizer.zero_grad(set_to_none=False)  # debt
net.zero_grad(set_to_none=False)  # debt
```

## Fine
```python
import torch

net = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
optimizer.zero_grad()
net.zero_grad(set_to_none=True)
```

## Limits
Off by default: code that reads gradients of unused weights needs the zeros, and the call does not tell.

## Source
PyTorch 2.0 release notes, `zero_grad`; what TorchFix reports as TOR402.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(2, source="our estimate: leave the argument out, run one epoch"),
    since="0.1.0",
    on=False,
)


def find(module: Module) -> Iterator[Hit]:
    if "torch" not in module.packages or "set_to_none" not in module.code.text:
        return
    for call in module.of(ast.Call):
        given = next((keyword.value for keyword in call.keywords if keyword.arg == "set_to_none"), None)
        if last_name(call.func) == "zero_grad" and isinstance(given, ast.Constant) and given.value is False:
            yield Hit(module.place(call), "gradients are filled with zeros at each step: leave `set_to_none=False` out")
