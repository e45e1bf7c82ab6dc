"""A practice that the code knows and that is off by default: a tracker behind a flag, monitoring nobody calls.

## Why it is debt
Whoever runs the project as it is written does without it, mostly unknowing: there is no record of the run that made
the model in use, though somebody took the trouble to write it. No other debt is paid off with so small a change.

## Flagged
```python title="train.py"
import torch
import wandb

wandb_log = False
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
if wandb_log:
    wandb.init(project="churn")  # debt
for _ in range(3):
    loss = model(torch.ones(2)).sum()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
```

## Fine
```python title="train.py"
import argparse

import torch
import wandb

parser = argparse.ArgumentParser()
parser.add_argument("--offline", action="store_true")
args = parser.parse_args()
torch.manual_seed(1)
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
wandb.init(project="churn", mode="offline" if args.offline else "online")
for _ in range(3):
    loss = model(torch.ones(2)).sum()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
```

## Limits
A flag counts as off if every option, setting, constant and parameter of its name is off by default. Practices that any
other evidence shows to be on are left alone. What the settings say of a practice is not asked: the finding is about
the code.

## Source
Our own reading of thirty repositories: of the practices that were half there, most were behind a flag or never called.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.scene import scene_of
from mldebt.evidence.switched import Off, switched_off
from mldebt.links.repository import Repository
from mldebt.model import Hit, Place, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(10, source="our estimate: turn the default round or select it, and run it once"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    if repository.focus is not None and not _may_show(repository, repository.focus):
        return
    for off in switched_off(scene_of(repository)):
        if repository.wants(off.best.path):
            yield _hit(off)


def _may_show(repository: Repository, focus: frozenset[str]) -> bool:
    """Whether any of some files has a call behind a flag that is off, dead code that uses something, or settings."""
    scene = scene_of(repository)
    if any(path in focus and facts.kind == "config" for path, facts in repository.files.items()):
        return True
    for unit in repository.units:
        if unit.path in focus:
            if any(scene.is_off(flag, unit.path) for call in unit.facts.calls for flag in call.guards):
                return True
            nodes = (unit.base + i for i, d in enumerate(unit.facts.definitions) if d.uses or d.attributes)
            if any(node not in repository.reach for node in nodes):
                return True
    return False


def _hit(off: Off) -> Hit:
    best = off.best
    see = [Related(Place(max(1, i.line), max(1, i.line)), f"{i.note}, {i.doubt}", i.path) for i in off.others]
    if off.switch is not None:
        see.insert(0, Related(off.switch[1], "the switch", off.switch[0]))
    return Hit(
        Place(max(1, best.line), max(1, best.line)),
        f"{best.note}, but {best.doubt}: {off.practice.practice} is switched off for who runs the project as it is",
        path=best.path,
        kind=off.practice.practice,
        symbol=off.practice.practice,
        see=tuple(see),
        confidence=0.85,
        identity=f"{off.practice.practice} {best.tool}",
    )
