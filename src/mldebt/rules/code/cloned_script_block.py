"""A run of statements that stands in several scripts or functions with little or no change.

## Why it is debt
Training loops are copied from script to script and then drift apart: one gets the fix, the schedule or the metric, the
others do not, and their results can no longer be compared.

## Flagged
```python title="fit_small.py"
from data import batches, model, optimizer

total = 0.0  # see
for inputs, labels in batches:
    optimizer.zero_grad()
    outputs = model(inputs)
    loss = model.loss(outputs, labels)
    loss.backward()
    optimizer.step()
    total += loss.item() * inputs.size(0)
print("small", total)
```
```python title="fit_large.py"
from data import batches, model, optimizer

running = 0.0  # debt
print("the large one")
for images, targets in batches:
    optimizer.zero_grad()
    predictions = model(images)
    cost = model.loss(predictions, targets)
    cost.backward()
    optimizer.step()
    running += cost.item() * images.size(0)
```
```python title="data.py"
from torch import load, optim

batches = load("batches.pt", weights_only=True)
model = load("model.pt", weights_only=True)
optimizer = optim.SGD(model.parameters(), lr=0.1)
```

## Fine
```python
import matplotlib.pyplot as plt


def show(history, scores):
    plt.figure()
    plt.plot(history)
    plt.title("loss")
    plt.xlabel("epoch")
    plt.ylabel("loss")
    plt.show()
    plt.figure()
    plt.plot(scores)
    plt.title("score")
    plt.xlabel("epoch")
    plt.ylabel("score")
    plt.show()


show([1, 2], [3, 4])
```

## Limits
A block is a run of whole statements, of at least five lines, that never crosses the border of a function. Imports and
declared command-line arguments match nothing. Up to four statements in a row may differ.

## Source
Jebnoun et al., Clones in deep learning code: what, where, and why?, EMSE 2022.
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
    minutes=Minutes(20, 0.4, "line", "our estimate: as for a copied function, and its parameters have to be found"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    for found in repository.clones:
        if found.unit == "block" and not is_in_notebook(found):
            yield clone_hit(found, repository.focus)
