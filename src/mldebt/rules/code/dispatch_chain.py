"""A chain of `if` and `elif` that makes another thing for each name: a registry written out.

## Why it is debt
Each new model, data set or optimizer is one more branch in the middle of a function that need not know them. A name
that is missing shows only when it is asked for, and no help text, test or sweep can list the names there are.

## Flagged
```python
import sys

from losses import Contrastive, Cosine, Focal, Huber, Triplet


def make_loss(name, margin):
    if name == "contrastive":  # debt
        return Contrastive(margin)
    elif name == "cosine":
        return Cosine()
    elif name == "focal":
        return Focal(margin, size=2)
    elif name == "huber":
        return Huber()
    elif name in ("triplet", "three"):
        return Triplet(margin)
    raise ValueError(name)


print(make_loss(sys.argv[1], 0.2))
```

## Fine
```python
import sys

from losses import Contrastive, Cosine, Focal, Huber, Triplet

LOSSES = {
    "contrastive": Contrastive,
    "cosine": lambda margin: Cosine(),
    "focal": lambda margin: Focal(margin, size=2),
    "huber": lambda margin: Huber(),
    "triplet": Triplet,
}


def make_loss(name, margin):
    return LOSSES[name](margin)


print(make_loss(sys.argv[1], 0.2))
```

## Limits
At least five branches that compare one value with texts, four of five of which return, or give one variable, what a
call makes, and three of those calls to different things. With another chain over half of these names, which may have
four branches, one finding names both. Chains in tests, over single letters, or over numbers do not count.

## Source
Our own reading of repositories; the registries of timm and Detectron2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mldebt.links.entry import is_test
from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import Dispatch, Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="missing-abstractions",
    severity="low",
    minutes=Minutes(15, 2, "branch", "our estimate: a table of names and what makes each, looked up there"),
    since="0.1.0",
)
_FEWEST = 5
_NAMED = 3  # names that are written out
_SAME = 0.5  # of the names of the shorter chain


class _Chain(NamedTuple):
    """A chain where it stands."""

    unit: Unit
    found: Dispatch


def find(repository: Repository) -> Iterator[Hit]:
    left = [_Chain(u, d) for u in repository.units if u.is_code and not is_test(u) for d in u.facts.dispatches]
    left.sort(key=lambda chain: (-chain.found.branches, chain.unit.path, chain.found.at))
    while left:
        leader = left[0]
        group = [chain for chain in left if chain is leader or _is_of_one_table(leader.found, chain.found)]
        left = [chain for chain in left if chain not in group]
        first = next((c for c in group if repository.wants(c.unit.path)), None)
        if leader.found.branches >= _FEWEST and first is not None:
            yield _hit(first, [chain for chain in group if chain is not first])


def _is_of_one_table(one: Dispatch, other: Dispatch) -> bool:
    shared = len(set(one.names).intersection(other.names))
    return shared >= _SAME * min(len(one.names), len(other.names))


def _hit(first: _Chain, others: list[_Chain]) -> Hit:
    found = first.found
    named = ", ".join(f"`{name}`" for name in found.names[:_NAMED]) + (", …" if len(found.names) > _NAMED else "")
    what = "what is returned" if found.made == "return" else f"`{found.made}`"
    places = len(others) + 1
    where = f", here and in {places - 1} more place{'s' * (places > 2)}" if others else ""
    return Hit(
        found.at,
        f"{what} is chosen by `{found.subject}` in {found.branches} branches ({named}){where}: make it a table",
        path=first.unit.path,
        kind="branches",
        symbol=_symbol(first),
        see=tuple(Related(c.found.at, _note(c), c.unit.path, _symbol(c)) for c in others),
        confidence=0.9,
        units=found.branches + sum(c.found.branches for c in others),
        scope=_symbol(first) or "",
        identity=f"{found.subject} {found.made}",
    )


def _note(chain: _Chain) -> str:
    return f"{chain.found.branches} branches over `{chain.found.subject}`"


def _symbol(chain: _Chain) -> str | None:
    return chain.unit.facts.definitions[chain.found.owner].name or None
