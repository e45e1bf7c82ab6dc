"""An entry point that trains a model and on whose whole way nothing seeds a random number generator.

## Why it is debt
Each run draws other weights, batches and samples, so two results cannot be told apart from chance: neither a bug nor an
improvement can be reproduced.

## Flagged
```python title="model.py"
import torch


def build():
    return torch.nn.Linear(4, 1)
```
```python title="train.py"
import torch
from model import build

model = build()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(10):
    optimizer.zero_grad()
    model(torch.ones(2, 4)).sum().backward()
    optimizer.step()  # debt
```

## Fine
```python title="chance.py"
import torch


def fix(number):
    torch.manual_seed(number)
```
```python title="train.py"
import torch
from chance import fix

fix(7)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(10):
    optimizer.zero_grad()
    model(torch.ones(2, 4)).sum().backward()
    optimizer.step()
```

## Limits
An entry point is a script, a notebook or a module that a command of the repository runs, never a test. It trains if it
reaches an optimizer's step, `fit` of a network or of an estimator whose `random_state` is left open, or a trainer.
Any seed on the way counts, whichever generator it is for, and so does any call whose name speaks of seeds or
determinism; trainers that seed by themselves (transformers, ultralytics) are taken to. Where most of a repository's
entry points seed nothing, they are one finding. A package of more than 150 files that seeds somewhere is not followed.
Draws count in files that the entry point imports, directly or not, and in what is called there; colours of a picture
do not, nor layers where an optimizer moves tensors that are listed one by one, as for a pose.

## Source
Pineau et al., Improving Reproducibility in Machine Learning Research, JMLR 2021; PyTorch documentation,
"Reproducibility".
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.facts.chance import LISTED
from mldebt.links.randomness import Placed, Run
from mldebt.links.repository import Repository
from mldebt.model import Hit, Place, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(15, 3, "entry point", "our estimate: one helper that seeds, then a call in each entry point"),
    since="0.1.0",
)

# these draw by themselves: weights are set and batches shuffled inside
_DRAWING = ("keras.fit", "lightning", "fastai", "sklearn.")


def find(repository: Repository) -> Iterator[Hit]:
    training = [run for run in repository.runs if run.trains and _chance(run) is not None]
    unseeded = [run for run in training if not run.seeds]
    if len(unseeded) > max(1, len(training) // 2):
        if any(repository.wants(run.entry.path) for run in unseeded):
            yield _for_all(unseeded, len(training))
        return
    for run in unseeded:
        if repository.wants(run.entry.path):
            yield _for_one(run)


def _chance(run: Run) -> Placed | None:
    """What makes two runs differ; None if nothing seen does."""
    own = next((placed for placed in run.trains if placed.draw.name.startswith(_DRAWING)), None)
    is_fit = all(placed.draw.name == LISTED for placed in run.trains)  # it moves no layer's weights
    draws = [placed for placed in run.draws if not is_fit or not placed.draw.name.startswith("torch.nn.")]
    drawn = sorted(draws, key=lambda placed: placed.path != run.entry.path)
    return drawn[0] if drawn else own


def _for_one(run: Run) -> Hit:
    training, path = run.trains[0], run.entry.path
    chance = _chance(run) or training
    source = "" if chance is training else f" with numbers from `{chance.draw.name}` ({_where(chance, path)})"
    see = [_related(p, note) for p, note in ((training, "trains"), (chance, "draws")) if p.path != path]
    says = f"trains{source} and seeds no generator on its way: call a function that seeds them all first"
    return Hit(_place(run), says, path=path, see=tuple(see), units=1, identity=path, confidence=0.9)


def _for_all(unseeded: list[Run], training: int) -> Hit:
    first, *others = unseeded
    see = [Related(_place(run), "trains without a seed too", run.entry.path) for run in others]
    many = f"{len(unseeded)} of {training}" if len(unseeded) < training else f"all {training}"
    says = f"{many} entry points that train seed no generator: write one function that does, and call it in each"
    path = first.entry.path
    return Hit(_place(first), says, path=path, see=tuple(see), units=len(unseeded), identity="all", confidence=0.9)


def _place(run: Run) -> Place:
    """Where an entry point trains; its beginning if that is in another file."""
    at = run.trains[0]
    return at.draw.at if at.path == run.entry.path else run.entry.at


def _related(placed: Placed, note: str) -> Related:
    return Related(placed.draw.at, f"{note}: `{placed.draw.name}`", placed.path)


def _where(placed: Placed, path: str) -> str:
    at = placed.draw.at
    line = f"cell {at.cell}, line {at.line}" if at.cell is not None else f"line {at.line}"
    return line if placed.path == path else f"{placed.path}, {line}"
