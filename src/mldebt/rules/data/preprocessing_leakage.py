"""A scaler, imputer or selector that learns from the rows which are held out for testing afterwards.

## Why it is debt
The test rows have shaped the training data, so the score on them says less about new data than it claims. The error is
invisible until the model meets data it has not been scaled with.

## Flagged
```python
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

rows = pd.read_csv("churn.csv")
scaler = StandardScaler()
features = scaler.fit_transform(rows[["age", "fee"]])  # debt
print(train_test_split(features, rows["left"], random_state=7))

rows["fee"] = rows["fee"].fillna(rows["fee"].mean())  # debt
print(train_test_split(rows, random_state=7))
```

## Fine
```python
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, StandardScaler

rows = pd.read_csv("churn.csv")
rows["city"] = LabelEncoder().fit_transform(rows["city"])
train, test = train_test_split(rows.fillna(0), random_state=7)
scaler = StandardScaler().fit(train)
print(scaler.transform(train), scaler.transform(test))
```

## Limits
Followed within one function, or the top of a module or notebook, in source order, and through functions of the same
file that return what they have fitted. A split is `train_test_split`, or two slices at the same border of which one is
called train, test or validation; cross-validation is not followed. Encoders that only learn which categories there
are do not count, nor does what is learnt from the target column alone. The learning steps that meet in one split are
one finding.

## Source
Yang et al., Data Leakage in Notebooks: Static Detection and Better Processes, ASE 2022; scikit-learn user guide,
"Common pitfalls and recommended practices".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.leakage import Leak, Learnt, leaks
from mldebt.facts.syntax import Module
from mldebt.facts.traits import is_test
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(30, 5, "learning step", "our estimate: move the steps behind the split, train and score again"),
    since="0.1.0",
)

_DOES = {
    "fits": "learns from",
    "fills": "fills in with figures of",
    "scales": "scales with figures of",
    "samples": "makes new rows from",
}
_CURE = {"samples": "resample the training part only"}
_LONGEST = 60  # characters of source that a message quotes


def find(module: Module) -> Iterator[Hit]:
    for leak in leaks(module):
        if is_test(module):
            return
        yield _hit(module, leak)


def _hit(module: Module, leak: Leak) -> Hit:
    first, *others = leak.learnt
    where = module.place(leak.split)
    at = f"cell {where.cell}, line {where.line}" if where.cell is not None else f"line {where.line}"
    more = f" and {len(others)} more {'step' if len(others) == 1 else 'steps'}" if others else ""
    cure = _CURE.get(first.how, "fit on the training part only")
    does = f"`{_written(first.node)}`{more} {_DOES[first.how]}"
    says = f"{does} the rows that {_split(leak.split)} at {at} holds out: {cure}"
    see = [Related(where, "holds rows out"), *(Related(module.place(o.node), _note(o)) for o in others)]
    sure = 0.7 if all(step.how == "fills" for step in leak.learnt) else 0.9
    return Hit(module.place(first.node), says, see=tuple(see), units=len(leak.learnt), confidence=sure)


def _note(step: Learnt) -> str:
    return f"{_DOES[step.how]} them too"


def _split(node: ast.AST) -> str:
    return "`train_test_split`" if isinstance(node, ast.Call) else f"`{_written(node)}`"


def _written(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
