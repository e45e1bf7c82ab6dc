"""A private name of a library, used although the library offers the same under a public one.

## Why it is debt
What begins with an underscore changes without notice: the next minor version may rename or drop it, and nobody will
have warned.

## Flagged
```python
import torch
from torch.utils.data._utils.collate import default_collate  # debt


def collate(rows):
    return default_collate([row for row in rows if row is not None])  # debt


print(torch.utils.data.DataLoader([], collate_fn=collate, num_workers=2))
```

## Fine
```python
import torch
from torch.utils.data import default_collate


def collate(rows):
    return default_collate([row for row in rows if row is not None])


print(torch.utils.data.DataLoader([], collate_fn=collate, num_workers=2))
```

## Limits
Only names with a public twin, which the table in `mldebt/apis` lists.

## Source
PyTorch documentation, torch.utils.data; what TorchFix reports as TOR104 and TOR105.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.retired import hits
from mldebt.links.repository import Repository
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(2, 1, "further use", "our estimate: import the public name"),
    since="0.1.0",
    mends=True,
)


def find(repository: Repository) -> Iterator[Hit]:
    yield from hits(repository, "private")
