"""An import that nothing reads.

## Why it is debt
It costs start-up time, adds a dependency that is not one, and hides which libraries the code needs.

## Flagged
```python title="train.py"
import os
import json  # debt
from typing import (
    Dict,
    List,  # debt
)


def table() -> Dict[str, str]:
    return dict(os.environ)


print(table())
```

## Fine
```python title="train.py"
from __future__ import annotations

import os

try:
    import wandb
except ImportError:
    wandb = None

import mpl_toolkits.mplot3d
import yaml  # noqa: F401


def place() -> str:
    return os.getcwd()


print(place())
```

## Limits
Silent in a package's `__init__`, in `try` (a probe), under `TYPE_CHECKING`, for names another module takes from this
one, for modules known to be imported for their effect, and where `noqa` stands. In a notebook a name counts as used
wherever it is read, whatever the order of the cells. Silent too where the import alone loads a module of the
repository with classes or functions that an unknown base or a decorator may register.

## Source
pyflakes' F401, with the re-exports and effects that a single file cannot show.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import Hit, Import, Removal
from mldebt.rules.about import About, Minutes
from mldebt.rules.confidence import ALONE, LOCAL

ABOUT = About(
    family="dead-code",
    severity="low",
    minutes=Minutes(1, source="our estimate: one line, and a look at what importing it does"),
    since="0.1.0",
)

_BOUND_AGAIN = {"again": "imported again", "shadowed": "imported and bound to something else before it is used"}


def find(repository: Repository) -> Iterator[Hit]:
    for unit in repository.units:
        if not unit.is_package and repository.wants(unit.path) and not unit.facts.name:
            yield from _of_unit(repository, unit)


def _of_unit(repository: Repository, unit: Unit) -> Iterator[Hit]:
    for item in unit.facts.imports:
        again = item.quiet in _BOUND_AGAIN
        if unit.base + item.owner not in repository.reach and len(unit.facts.definitions) > 1:
            continue  # it goes with the dead definition or module around it
        if (again or not (item.used or item.quiet)) and not _is_needed(repository, unit, item, again):
            yield _hit(unit, item, again)


def _is_needed(repository: Repository, unit: Unit, item: Import, again: bool) -> bool:
    """Whether something outside the module's own reads needs the import."""
    source = f"{item.module}.{item.name}".strip(".")
    runs = _registers_alone if item.name else _runs_something
    if repository.knowledge.has_effect(source) or (not again and runs(repository, unit, item)):
        return True
    if again or item.owner:
        return False
    if item.bound in repository.taken.get(unit.index, ()):
        return True
    return any(item.bound in command.text for command in repository.files[unit.path].commands)


def _runs_something(repository: Repository, unit: Unit, item: Import) -> bool:
    """Whether `import module` runs a module of the repository that may register something."""
    target = _target(repository, unit, item)
    if target is None:
        return False
    decorated = any(d.decorators and d.kind in ("function", "class") for d in target.facts.definitions)
    return decorated or target.is_package or "top-level-work" in target.facts.traits


def _registers_alone(repository: Repository, unit: Unit, item: Import) -> bool:
    """Whether only this statement loads a module whose classes or functions what they inherit or wear may register."""
    target = _target(repository, unit, item)
    if target is None or target.is_package or target.index == unit.index:
        return False
    edges = ((path, e) for path, found in repository.graph.imports.items() for e in found if e.target == target.path)
    if any(path != unit.path or edge.at.line != item.at.line for path, edge in edges):
        return False
    classes = repository.classes
    for index, definition in enumerate(target.facts.definitions):
        node = target.base + index
        if definition.kind in ("function", "class") and definition.decorators and classes.registers(node):
            return True
        if definition.kind == "class" and classes.is_open(node):
            return True
    return False


def _target(repository: Repository, unit: Unit, item: Import) -> Unit | None:
    """The module of the repository that an import loads; one the search path of a running program may lead to."""
    where = repository.graph.locator.find(unit, item.module)
    if where is None:
        end = f"/{item.module.replace('.', '/')}.py"
        return next((other for other in repository.units if other.path.endswith(end)), None)
    index = repository.graph.locator.unit_at(where[0])
    return None if index is None else repository.units[index]


def _hit(unit: Unit, item: Import, again: bool) -> Hit:
    says = f"`{item.bound}` is {_BOUND_AGAIN.get(item.quiet, 'imported and never used')}"
    return Hit(
        item.at,
        says,
        path=unit.path,
        kind="import",
        symbol=item.bound,
        confidence=LOCAL if again or item.owner else ALONE,
        scope=unit.facts.definitions[item.owner].name,
        identity=f"{item.module}:{item.name}:{item.bound}",
        removes=Removal("import", item.bound, item.at),
    )
