"""A module that no entry point imports and nothing runs.

## Why it is debt
A file that looks like part of the system is kept working in every refactoring, and misleads whoever searches for
how something is done.

## Flagged
```python title="train.py"
from model import build

if __name__ == "__main__":
    print(build())
```
```python title="model.py"
def build():
    return 1
```
```python title="plots.py"
import math  # debt


def curve(x):
    return math.sqrt(x)
```

## Fine
```python title="run.py"
import tools

if __name__ == "__main__":
    tools.work()
```
```python title="tools.py"
def work():
    return 1
```

## Limits
Modules are taken as used when a command, a configuration file or a workflow names them, when they have a main guard
or do work at their top, when they only hold assignments, and everywhere in a repository that imports modules by a
computed name. In a published library the modules that it offers count as used.

## Source
Sculley et al., Hidden Technical Debt in Machine Learning Systems, NeurIPS 2015, section 5 (dead experimental paths).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from mldebt.links.dead import Group, folded
from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import Hit, Place, Removal
from mldebt.rules.about import About, Minutes
from mldebt.rules.confidence import UNLOADED

ABOUT = About(
    family="dead-code",
    severity="medium",
    minutes=Minutes(10, 0.05, "line", "our estimate: find out that nothing needs it, delete it"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    for group in repository.dead:
        unit = repository.graph.resolver.unit_of(group.root)
        if group.root == unit.base and repository.wants(unit.path) and unit.path.endswith(".py"):
            yield _hit(repository, unit, group)


def _hit(repository: Repository, unit: Unit, group: Group) -> Hit:
    body = unit.facts.definitions[0]
    name = unit.path[:-3].replace("/", ".")
    return Hit(
        Place(1, body.at.end_line),
        f"module `{name}` is never imported and nothing runs it",
        path=unit.path,
        kind="module",
        symbol=name,
        see=folded(repository.graph, group),
        confidence=repository.certainty(group.root, UNLOADED),
        units=body.at.end_line,
        identity=name,
        removes=_removal(repository, unit),
    )


def _removal(repository: Repository, unit: Unit) -> Removal | None:
    """The whole file; None if another file imports it, be it dead itself."""
    if unit.index in repository.graph.imported:
        return None
    place = Place(1, repository.files[unit.path].lines)
    return Removal("module", unit.path, place, certain=not _is_mentioned(repository, unit))


def _is_mentioned(repository: Repository, unit: Unit) -> bool:
    """Whether a command or a setting has the file's name in it, if only as a word."""
    name = re.compile(rf"\b{re.escape(posixpath.basename(unit.path)[:-3])}\b")
    for facts in repository.files.values():
        texts = (*(command.text for command in facts.commands), *(setting.value for setting in facts.settings))
        if any(name.search(text) for text in texts):
            return True
    return False
