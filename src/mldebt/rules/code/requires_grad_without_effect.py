"""A `requires_grad` that is misspelt, or set on a network where it means nothing.

## Why it is debt
The line looks as if it froze or trained weights. Python lets any attribute be set, so nothing complains, and what
should be frozen is trained.

## Flagged
```python
import torch
from torch import nn

rows = torch.zeros(1)
rows.require_grad = True  # debt
net = nn.Linear(2, 1)
net.requires_grad = False  # debt
print(rows, net)
```

## Fine
```python
import torch
from torch import nn

rows = torch.zeros(1)
rows.requires_grad = True
net = nn.Linear(2, 1)
net.requires_grad_(False)
for weight in net.parameters():
    weight.requires_grad = False
print(rows, net)
```

## Limits
A network is one only if the file shows that it was made by PyTorch's or the file's own classes. An attribute of that
name which a network class gives itself is its own affair.

## Source
PyTorch documentation, torch.Tensor.requires_grad and torch.nn.Module.requires_grad_; what TorchFix reports as TOR002.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(15, source="our estimate: mend the line, train again, compare"),
    since="0.1.0",
    mends=True,
)

_WRITTEN = re.compile(r"\.req\w*_g\w*\s*=[^=]")
_LIKE = re.compile(r"req\w*_g(?=\w*r)(?=\w*a)(?=\w*d)[rades]{3,4}")


def find(module: Module) -> Iterator[Hit]:
    if "torch" not in module.packages or ".req" not in module.code.text:
        return
    if not _WRITTEN.search(module.code.text):
        return
    objects = module.shared(Objects)
    stored = (a for a in module.of(ast.Attribute) if isinstance(a.ctx, ast.Store))
    for attribute in stored:
        whole = ast.unparse(attribute.value)
        if attribute.attr != "requires_grad" and _LIKE.fullmatch(attribute.attr):
            if f"self.{attribute.attr}" in module.code.text:  # a class of the file has one by that name
                continue
            says = f"`{whole}.{attribute.attr}` is no attribute of a tensor: write `requires_grad`"
            mended = module.rewrite(attribute, f"{whole}.requires_grad", certain=False)
            yield Hit(module.place(attribute), says, kind="misspelt", rewrites=(mended,))
        elif attribute.attr == "requires_grad" and whole != "self" and objects.is_a(attribute.value, "module"):
            says = f"`{whole}` is a network, whose weights know nothing of this: call `{whole}.requires_grad_(...)`"
            yield Hit(module.place(attribute), says, kind="network")
