"""Code behind a switch that nothing in the repository turns on.

## Why it is debt
It looks like behaviour, is changed along with what runs, and is tried by nobody: the day the switch is turned it no
longer works.

## Flagged
```python title="train.py"
import sys


def report(rows):
    debug = False
    for row in rows:
        if debug:
            print("row", row)  # debt
        print(len(row))


report(sys.argv)
```

## Fine
```python title="train.py"
import sys

DEBUG = False


def report(rows):
    found = False
    for row in rows:
        if row:
            found = True
    if found or DEBUG:
        print("rows", rows)


report(sys.argv)
```

## Limits
Seen are local variables that are set once, and parameters of nested functions and of functions with a leading
underscore, which all calls leave at their default or give the same value. A flag that is also read for something
else than to decide is left alone. Constants at a module's or class's top, parameters of other functions and options of
the command line are switches for whoever edits, calls or runs the code: they never count.

## Source
Feature flags as debt: Sculley et al., Hidden Technical Debt in Machine Learning Systems (2015), dead experimental
codepaths.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import Flag, Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="dead-code",
    severity="low",
    minutes=Minutes(5, source="our estimate: take the branch, the flag and its parameter away"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    for unit in repository.units:
        if not unit.facts.flags or not repository.wants(unit.path) or unit.facts.name:
            continue
        for flag in unit.facts.flags:
            if _is_reached(repository, unit, flag) and not _is_called_elsewhere(repository, unit, flag):
                yield _hit(unit, flag)


def _is_reached(repository: Repository, unit: Unit, flag: Flag) -> bool:
    """Whether the function around runs: if not, it is dead as a whole."""
    owners = [i for i, d in enumerate(unit.facts.definitions) if f"{flag.scope}.".startswith(f"{d.name}.") and d.name]
    return all(unit.base + owner in repository.reach for owner in owners)


def _is_called_elsewhere(repository: Repository, unit: Unit, flag: Flag) -> bool:
    """Whether another module, a string or code not parsed names the function: it may turn the flag on."""
    if not flag.private:
        return False
    if flag.private in repository.words:
        return True
    others = (other for other in repository.units if other.index != unit.index)
    return any(
        flag.private in definition.attributes
        or flag.private in definition.own
        or flag.private in definition.strings
        or any(flag.private in use.replace("()", "").split(".") for use in definition.uses)
        for other in others
        for definition in other.facts.definitions
    ) or any(item.name == flag.private for other in repository.units for item in other.facts.imports)


def _hit(unit: Unit, flag: Flag) -> Hit:
    first, *others = flag.blocks
    never = "false" if flag.value else "true"
    return Hit(
        first,
        f"`{flag.name}` is never {never}, so this never runs: remove it with the flag",
        path=unit.path,
        kind="unreachable",
        symbol=flag.scope or None,
        see=(Related(flag.at, "the flag"), *(Related(block, "never runs either") for block in others)),
        confidence=0.85,
        scope=flag.scope,
        identity=f"{flag.scope}.{flag.name}",
    )
