"""A module that trains, predicts or serves and says nothing of what it and its functions are for.

## Why it is debt
Such a module is what everyone starts from who wants to train again, to evaluate or to change what is served. What it
expects and what it leaves behind is known to its author only, and is read out of the code by everybody else.

## Flagged
```python title="train.py"
import pandas as pd  # debt
from sklearn.linear_model import LinearRegression


def load(path):
    return pd.read_csv(path)


def train(rows):
    return LinearRegression().fit(rows[["size"]], rows["price"])


print(train(load("houses.csv")))
```

## Fine
```python title="train.py"
# fits the prices of houses to their sizes

import pandas as pd
from sklearn.linear_model import LinearRegression


def load(path):
    return pd.read_csv(path)


def train(rows):
    return LinearRegression().fit(rows[["size"]], rows["price"])


print(train(load("houses.csv")))
```

## Limits
Off by default: it asks for words, and names that say enough need none. One finding for a module that trains, predicts
or serves itself, has neither a docstring nor a comment at its top that tells of it, and has at least two public
functions and classes of which most have neither. Notebooks and tests are left alone.

## Source
PEP 257; Sculley et al., Hidden Technical Debt in Machine Learning Systems, NIPS 2015; our own threshold.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.entry import is_test
from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import Hit, Place
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="complexity",
    severity="low",
    minutes=Minutes(5, 2, "function", "our estimate: a sentence for the module, and one for each function"),
    since="0.1.0",
    on=False,
)

_FEWEST = 2
_MOST = 0.5  # more than this share has to be without a word
_SHOWN = 3
_DEEDS = {"fits": "trains", "serves": "serves", "predicts": "predicts"}


def find(repository: Repository) -> Iterator[Hit]:
    for unit in repository.units:
        if not unit.path.endswith(".py") or is_test(unit) or not repository.wants(unit.path):
            continue
        missing, does = unit.facts.undocumented, _does(unit)
        names = [unit.facts.definitions[index].name for index in missing if index]
        public = [d for d in unit.facts.definitions[1:] if d.kind != "method" and not d.name.startswith("_")]
        if does and missing[:1] == (0,) and len(names) >= _FEWEST and len(names) > _MOST * len(public):
            yield _hit(unit, does, names, len(public))


def _does(unit: Unit) -> str:
    """What a module does with models itself, in a word; empty if nothing."""
    deeds = {act.what for act in unit.facts.traffic.acts}
    deeds.update("fits" for draw in unit.facts.draws if draw.role == "trains")
    return next((word for what, word in _DEEDS.items() if what in deeds), "")


def _hit(unit: Unit, does: str, names: list[str], public: int) -> Hit:
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    many = f"{len(names)} of its {public} public functions and classes" if len(names) < public else f"all {public}"
    says = f"{does}, and says nothing of itself or of {many} ({shown}): write what goes in and what comes out"
    return Hit(Place(1, 1), says, path=unit.path, units=len(names), identity="module")
