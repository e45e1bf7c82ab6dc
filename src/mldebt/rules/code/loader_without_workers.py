"""A data loader that loads each batch in the process that trains.

## Why it is debt
The accelerator waits while rows are read and transformed: often half of the time of an epoch, paid at every run.

## Flagged
```python
import torch

rows = torch.rand(100, 4)
print(torch.utils.data.DataLoader(rows, batch_size=10))  # debt
```

## Fine
```python
import torch

rows = torch.rand(100, 4)
print(torch.utils.data.DataLoader(rows, batch_size=10, num_workers=4))
```

## Limits
Off by default: for data in memory and small jobs workers cost more than they bring, and the code does not tell which it
is. A number that is computed, and `**`, are left alone.

## Source
PyTorch performance tuning guide, "Enable asynchronous data loading and augmentation"; what TorchFix reports as TOR401.
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
    minutes=Minutes(5, source="our estimate: try two and four workers, keep what is faster"),
    since="0.1.0",
    on=False,
)

_NAMES = frozenset({"torch.utils.data.DataLoader", "torch.utils.data.dataloader.DataLoader"})
_PLACE = 5  # of num_workers among the arguments


def find(module: Module) -> Iterator[Hit]:
    if "torch" not in module.packages or "DataLoader" not in module.code.text:
        return
    for call in module.of(ast.Call):
        if module.name(call.func) not in _NAMES:
            continue
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        if None in given or any(isinstance(argument, ast.Starred) for argument in call.args):
            continue
        workers = given.get("num_workers", call.args[_PLACE] if len(call.args) > _PLACE else ast.Constant(0))
        if isinstance(workers, ast.Constant) and workers.value == 0:
            yield Hit(module.place(call), "batches are loaded in the process that trains: try `num_workers=4`")
