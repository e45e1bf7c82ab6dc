"""Activation checkpointing that does not say whether it is reentrant.

## Why it is debt
The two variants differ in what they support and in what they compute when inputs need no gradient. PyTorch warns at
every call that the default will change, so the code's behaviour hangs on the installed version.

## Flagged
```python
import torch
from torch.utils.checkpoint import checkpoint

print(checkpoint(torch.sin, torch.ones(1)))  # debt
```

## Fine
```python
import torch
from torch.utils.checkpoint import checkpoint

print(checkpoint(torch.sin, torch.ones(1), use_reentrant=False))
```

## Limits
A call with `**` may say it and is left alone.

## Source
PyTorch 2.1 release notes and documentation of torch.utils.checkpoint ("the use_reentrant parameter should be passed
explicitly"); what TorchFix reports as TOR003.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(5, source="our estimate: choose the variant that is not reentrant, run one step"),
    since="0.1.0",
)

_NAMES = frozenset({"torch.utils.checkpoint.checkpoint", "torch.utils.checkpoint.checkpoint_sequential"})


def find(module: Module) -> Iterator[Hit]:
    if "torch" not in module.packages or "torch.utils" not in module.code.text:
        return
    if "utils.checkpoint" not in module.code.text and "import checkpoint" not in module.code.text:
        return
    for call in module.of(ast.Call):
        named = {keyword.arg for keyword in call.keywords}
        if named.isdisjoint(("use_reentrant", None)) and module.name(call.func) in _NAMES:
            text = ast.unparse(call.func)
            says = f"`{text}` leaves open whether it is reentrant: pass `use_reentrant=False`, or True if it has to be"
            yield Hit(module.place(call), says)
