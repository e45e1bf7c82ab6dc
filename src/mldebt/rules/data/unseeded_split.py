"""A train/test split whose shuffle has no fixed seed.

## Why it is debt
Each run scores another test set, so a metric may move with the split and not with the model, and rows that one run
tested on are trained on by the next.

## Flagged
```python
from sklearn.model_selection import train_test_split


def divide(rows):
    return train_test_split(rows, test_size=0.2)  # debt


print(divide([1, 2, 3]))
```

## Fine
```python
from sklearn.model_selection import KFold, train_test_split


def divide(rows, seed):
    return train_test_split(rows, random_state=seed), train_test_split(rows, shuffle=False), KFold(5)


print(divide([1, 2, 3], 7))
```

A seed of the generator that the split draws from will do, wherever it is set on the way:
```python title="chance.py"
import numpy as np


def fix():
    np.random.seed(7)
```
```python title="train.py"
from chance import fix
from sklearn.model_selection import train_test_split

fix()
print(train_test_split([1, 2, 3]))
```

## Limits
Only splits that an entry point reaches are judged: scripts, notebooks, what commands of the repository run; never
tests. Arguments passed through `**` are taken to hold a seed. The same rows divided in each round of a loop over a
`range`, to see how a score varies, are left alone: one seed would make all rounds alike.

## Source
scikit-learn user guide, 12.3 "Controlling randomness"; Sculley et al., Hidden Technical Debt in Machine Learning
Systems, NeurIPS 2015.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.facts.chance import seeds_for
from mldebt.links.randomness import Placed, Run
from mldebt.links.repository import Repository
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(5, source="our estimate: pass a seed, run again, note the new score"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    found: dict[Placed, Run] = {}
    for run in repository.runs:
        for placed in run.draws:
            if placed.draw.splits and repository.wants(placed.path) and not _is_seeded(run, placed):
                found.setdefault(placed, run)
    for placed, run in sorted(found.items(), key=lambda item: (item[0].path, item[0].draw.at)):
        yield _hit(placed, run)


def _is_seeded(run: Run, placed: Placed) -> bool:
    return any(seeds_for(seed.draw.name, placed.draw.name) for seed in run.seeds)


def _hit(placed: Placed, run: Run) -> Hit:
    entry = run.entry
    elsewhere = entry.path != placed.path
    reached = f", reached from {entry.path}," if elsewhere else ""
    see = (Related(entry.at, f"reaches the split: {entry.why}", entry.path),) if elsewhere else ()
    says = f"`{placed.draw.name.rpartition('.')[2]}`{reached} divides the data anew in each run: pass it a fixed seed"
    return Hit(placed.draw.at, says, path=placed.path, see=see, confidence=0.9)
