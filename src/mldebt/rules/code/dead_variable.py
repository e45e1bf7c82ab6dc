"""A variable that is assigned and never read.

## Why it is debt
It looks like a result somebody needs: the reader searches for the use that is not there, and the computation behind
it is paid for at every run.

## Flagged
```python title="train.py"
def evaluate(rows):
    best = max(rows)  # debt
    return min(rows)


print(evaluate([1, 2]))
```

## Fine
```python title="train.py"
def evaluate(rows):
    low, high = min(rows), max(rows)
    for index in range(3):
        print(high)
    _unused = 3
    return rows


print(evaluate([1, 2]))
```

## Limits
Loop targets never count, targets of an unpacking only if none of them is read, names with a leading underscore never.
A function that calls `locals()`, `eval` or `exec` is left alone, and so are the top-level names of a package's
`__init__`, of a module that only holds assignments, of a published library's modules that nothing in it imports, and
names another module reads.

## Source
pyflakes' F841, extended to the names at a module's or notebook's top.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import Hit, Removal, Variable
from mldebt.rules.about import About, Minutes
from mldebt.rules.confidence import ALONE, LOCAL

ABOUT = About(
    family="dead-code",
    severity="low",
    minutes=Minutes(2, source="our estimate: check that the right-hand side has no effect, delete it"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    asked = _asked_of_any_module(repository)
    for unit in repository.units:
        if repository.wants(unit.path) and unit.base in repository.reach and not unit.facts.name:
            yield from _of_unit(repository, unit, asked)


def _asked_of_any_module(repository: Repository) -> set[str]:
    """What is read where modules are looked up while the program runs: `sys.modules[name].defaults`."""
    definitions = (d for unit in repository.units for d in unit.facts.definitions if "sys.modules" in d.uses)
    return {name for definition in definitions for name in definition.attributes}


def _of_unit(repository: Repository, unit: Unit, asked: set[str]) -> Iterator[Hit]:
    for variable in unit.facts.variables:
        if variable.used or unit.base + variable.owner not in repository.reach:
            continue
        if variable.owner or not (variable.name in asked or _is_needed(repository, unit, variable)):
            yield _hit(unit, variable)


def _is_needed(repository: Repository, unit: Unit, variable: Variable) -> bool:
    """Whether a top-level name may be read from outside its module."""
    name = variable.name
    if variable.form == "guarded":
        return False
    if unit.is_package or _is_setting(repository, unit, variable):
        return True
    if name in (repository.knowledge.named_in(unit.path) or ()) or name in repository.knowledge.names:
        return True
    if repository.interface is not None and repository.interface.may_read_variables(unit):
        return True
    if name in repository.taken.get(unit.index, ()):
        return True
    return any(name in command.text for command in repository.files[unit.path].commands)


def _is_setting(repository: Repository, unit: Unit, variable: Variable) -> bool:
    """Whether a module seems to be there for its values, which somebody may read who does not import it by its name.

    Nobody unpacks what a call gives to make a setting.
    """
    if "only-assigns" not in unit.facts.traits or variable.form == "unpacked":
        return False
    return unit.index not in repository.graph.imported or variable.name in repository.spelt


def _hit(unit: Unit, variable: Variable) -> Hit:
    return Hit(
        variable.at,
        f"variable `{variable.name}` is assigned and never read",
        path=unit.path,
        kind="variable",
        symbol=variable.name,
        confidence=LOCAL if variable.owner else ALONE,
        scope=unit.facts.definitions[variable.owner].name,
        identity=variable.name,
        removes=Removal("variable", variable.name, variable.at),
    )
