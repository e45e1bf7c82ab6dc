"""One test set that several models are judged on, where nothing else is there to choose between them.

## Why it is debt
The best of many scores on the same rows is partly luck with those rows. Once it has served to choose, the test set can
no longer tell how the choice does on new data.

## Flagged
```python
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

rows = pd.read_csv("churn.csv")
X_train, X_test, y_train, y_test = train_test_split(rows[["age", "fee"]], rows["left"], random_state=7)
for near in range(1, 20):
    model = KNeighborsClassifier(near).fit(X_train, y_train)
    print(near, model.score(X_test, y_test))  # debt
```

## Fine
```python
import pandas as pd
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neighbors import KNeighborsClassifier

rows = pd.read_csv("churn.csv")
X_train, X_test, y_train, y_test = train_test_split(rows[["age", "fee"]], rows["left"], random_state=7)
search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": range(1, 20)}).fit(X_train, y_train)
print(search.score(X_test, y_test))
```

## Limits
Followed as for preprocessing-leakage. Counted are models that are made anew in each round of a loop, or three and more
by name; two may be a baseline and what is compared with it. Silent where anything in the module is cross-validated,
searched, or divided a second time, or where further rows are foretold in the end.

## Source
Yang et al., Data Leakage in Notebooks: Static Detection and Better Processes, ASE 2022 (multi-test leakage). Some call
a comparison of models on one test set a benchmark; we side with Yang et al. where the module has no other set.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.facts.leakage.study import study
from mldebt.facts.leakage.verdicts import Reuse
from mldebt.facts.leakage.wording import line, written
from mldebt.facts.syntax import Module
from mldebt.facts.traits import is_test
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(30, 0, "", "our estimate: set a validation part aside, choose on it, test once"),
    since="0.1.0",
)


def find(module: Module) -> Iterator[Hit]:
    found = module.shared(study).reuses
    if found and not is_test(module):
        yield from (_hit(module, reuse) for reuse in found)


def _hit(module: Module, reuse: Reuse) -> Hit:
    first, *others = reuse.checks
    what = "another model in each round" if reuse.loop else f"one of {len(reuse.checks)} models"
    rows = f"the rows that `{written(reuse.split)}` at {line(module, reuse.split)} holds out"
    cure = "choose by cross-validation or a validation part, and test the choice once"
    see = [
        Related(module.place(reuse.split), "holds rows out"),
        Related(module.place(first.fit.node), "fits the model"),
    ]
    nodes = {check.node: None for check in others if check.node is not first.node}
    see.extend(Related(module.place(node), "judges another on them") for node in nodes)
    says = f"`{written(first.node)}` judges {what} on {rows}: {cure}"
    return Hit(module.place(first.node), says, see=tuple(see), confidence=0.8)
