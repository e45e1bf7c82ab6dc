"""A name, argument or method that a library has deprecated in a version which the project allows.

## Why it is debt
The library says that it will go, or that it is kept for old code only: it gets no fixes, its successor is often more
exact or faster, and each further use makes the later migration longer.

## Flagged
```python
import torch
from torch.autograd import Variable  # debt
from torchvision import models

net = models.resnet18(pretrained=True)  # debt
with torch.cuda.amp.autocast():  # debt
    print(net(Variable(torch.ones(1, 3, 32, 32))))  # debt
```

## Fine
```python title="train.py"
import torch
from torchvision import models

net = models.resnet18(weights=models.ResNet18_Weights.DEFAULT)
with torch.amp.autocast("cuda"):
    print(net(torch.ones(1, 3, 32, 32)))
```
```python title="legacy/train.py"
import torch

with torch.cuda.amp.autocast():
    print(torch.ones(1))
```
```text title="legacy/requirements.txt"
torch>=1.7,<2.0
```

## Limits
As for removed-api, whose table this is. A name counts from the first version that warns or that says so in its
documentation.

## Source
The release notes and documentation of each library, named in the table; the PyTorch part follows what TorchFix looks
for (TOR101, TOR103, TOR201, TOR202).
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
    minutes=Minutes(5, 2, "further use", "our estimate: look the successor up, replace it, run the code"),
    since="0.1.0",
    mends=True,
)


def find(repository: Repository) -> Iterator[Hit]:
    yield from hits(repository, "deprecated")
