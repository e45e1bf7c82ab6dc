"""A function, method or class that stands in several places with little or no change.

## Why it is debt
A mistake mended in one copy stays in the others, and no reader can tell which differences are meant. In deep-learning
projects over half of the clones that are changed together take part in bugs.

## Flagged
```python title="acgan.py"
import torch


def init_weights(layer):  # debt
    kind = layer.__class__.__name__
    if kind.find("Conv") != -1:
        torch.nn.init.normal_(layer.weight.data, 0.0, 0.02)
    elif kind.find("BatchNorm2d") != -1:
        torch.nn.init.normal_(layer.weight.data, 1.0, 0.02)
        torch.nn.init.constant_(layer.bias.data, 0.0)


torch.nn.Conv2d(1, 1, 1).apply(init_weights)
```
```python title="dcgan.py"
import torch


def weights_init_normal(m):  # see
    name = m.__class__.__name__
    if name.find("Conv") != -1:
        torch.nn.init.normal_(m.weight.data, 0.0, 0.05)
    elif name.find("BatchNorm2d") != -1:
        torch.nn.init.normal_(m.weight.data, 1.0, 0.05)
        torch.nn.init.constant_(m.bias.data, 0.0)


torch.nn.Conv2d(1, 1, 1).apply(weights_init_normal)
```

## Fine
```python title="losses.py"
def dice(prediction, target):
    overlap = (prediction * target).sum()
    return 2 * overlap / (prediction.sum() + target.sum())


def jaccard(prediction, target):
    overlap = (prediction * target).sum()
    return overlap / (prediction.sum() + target.sum() - overlap)


print(dice, jaccard)
```

## Limits
Statements are compared by their shape: attribute, method and keyword names and operators count, variable names and
literals do not. Two functions are clones if the statements they share make up at least 70 % of both. Functions of less
than five lines, generated code, and what machine-learning code repeats by its nature (layer lists, forward chains,
settings copied to attributes, plot calls) are left out.

## Source
Mo et al., Exploring the impact of code clones on deep learning software, TOSEM 2023.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.repeats import clone_hit, is_in_notebook
from mldebt.links.repository import Repository
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="clones",
    severity="medium",
    minutes=Minutes(15, 0.3, "line", "our estimate: move one copy, import it everywhere, run what used the others"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    for found in repository.clones:
        if found.unit not in ("block", "file") and not is_in_notebook(found):
            yield clone_hit(found, repository.focus)
