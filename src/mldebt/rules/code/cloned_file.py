"""A script, notebook or module that is a variant of other whole files.

## Why it is debt
A new experiment often begins as a copy of the last one. Thirty variants of one training script later nobody can say
which differences are meant, and a better schedule or a mended metric has to be carried into every one of them.

## Flagged
```python title="fit_small.py"
import data

rows, labels = data.load("small.csv")  # see
weights = [0.0] * len(rows[0])
for epoch in range(40):
    total = 0.0
    for row, label in zip(rows, labels):
        guess = sum(w * x for w, x in zip(weights, row))
        error = guess - label
        weights = [w - 0.01 * error * x for w, x in zip(weights, row)]
        total += error * error
    if epoch % 10 == 0:
        print("epoch", epoch, "loss", total / len(rows))
data.save("small.json", {"weights": weights, "loss": total / len(rows)})
with open("small.log", "w", encoding="utf-8") as log:
    log.write(f"{len(rows)} rows, {total / len(rows):.3f}")
```
```python title="fit_large.py"
import data

examples, targets = data.load("large.csv")  # debt
factors = [0.0] * len(examples[0])
for step in range(400):
    loss = 0.0
    for example, target in zip(examples, targets):
        value = sum(f * x for f, x in zip(factors, example))
        gap = value - target
        factors = [f - 0.001 * gap * x for f, x in zip(factors, example)]
        loss += gap * gap
    if step % 100 == 0:
        print("step", step, "loss", loss / len(examples))
data.save("large.json", {"weights": factors, "loss": loss / len(examples), "steps": 400})
with open("large.log", "w", encoding="utf-8") as log:
    log.write(f"{len(examples)} examples, {loss / len(examples):.3f}")
```
```python title="data.py"
def load(path):
    return [[1.0, 2.0], [2.0, 1.0]], [len(path), 2.0]


def save(path, found):
    print(path, found)
```

## Fine
```python title="fit_small.py"
from fit import fit

print(fit("small.csv", steps=40, rate=0.01))
```
```python title="fit_large.py"
from fit import fit

print(fit("large.csv", steps=400, rate=0.001))
```
```python title="fit.py"
def fit(path, steps, rate):
    return sum(rate for _ in range(steps)) / len(path)
```

## Limits
A family is all the files that have at least half of their statements in common with one of them, the one named in the
finding; once three have, those that share 40 % with any of them count too. Two families are one if half of the files of
the smaller are near-copies of files of the other. Statements are compared by their shape, so other names and values
make no difference. Clones that say no more than the family does are not reported again; the classes of scripts are,
since each can be moved out by itself. Short files are left to the rules for functions and blocks.

## Source
Mo et al., Exploring the impact of code clones on deep learning software, TOSEM 2023.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.repeats import clone_hit
from mldebt.links.repository import Repository
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="clones",
    severity="medium",
    minutes=Minutes(30, 0.2, "line", "our estimate: find what differs, make it an option, drop the copies one by one"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    for found in repository.clones:
        if found.unit == "file":
            yield clone_hit(found, repository.focus)
