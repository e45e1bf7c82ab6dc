"""Rows that a model is fitted to and judged on: copied before the split, or not divided at all.

## Why it is debt
What a model has seen it can repeat, so the score says how well it remembers. A copy of a row on either side of the
split, or a row made from its neighbours by resampling, does the same quietly.

## Flagged
```python
import pandas as pd
from imblearn.over_sampling import SMOTE
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

rows = pd.read_csv("churn.csv")
X, y = SMOTE(random_state=7).fit_resample(rows[["age", "fee"]], rows["left"])  # debt
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)
model = LogisticRegression().fit(X, y)
print(model.score(X_test, y_test))  # debt
```

## Fine
```python
import pandas as pd
from imblearn.over_sampling import SMOTE
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

rows = pd.read_csv("churn.csv")
X_train, X_test, y_train, y_test = train_test_split(rows[["age", "fee"]], rows["left"], random_state=7)
X_more, y_more = SMOTE(random_state=7).fit_resample(X_train, y_train)
model = LogisticRegression().fit(X_more, y_more)
print(model.score(X_train, y_train), model.score(X_test, y_test))
```

## Limits
Followed as for preprocessing-leakage. A score on the training part counts only where it is all there is, though there
is a test set, and nothing is cross-validated: beside a score on other rows it tells of overfitting. Sampling that only
leaves rows out puts no row on both sides and does not count.

## Source
Yang et al., Data Leakage in Notebooks: Static Detection and Better Processes, ASE 2022; Kapoor and Narayanan, Leakage
and the Reproducibility Crisis in Machine-Learning-Based Science, Patterns 2023 (L1.1 and L1.4, no test set and
duplicates); imbalanced-learn user guide, "Common pitfalls and recommended practices".
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.facts.leakage.study import study
from mldebt.facts.leakage.verdicts import Leak, Overlap
from mldebt.facts.leakage.wording import evidence, line, outcome, told, written
from mldebt.facts.syntax import Module
from mldebt.facts.traits import is_test
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(30, 5, "place", "our estimate: divide first, train and score again"),
    since="0.1.0",
)


def find(module: Module) -> Iterator[Hit]:
    found = module.shared(study)
    if (found.copied or found.overlaps) and not is_test(module):
        yield from (_copied(module, leak) for leak in found.copied)
        yield from (_judged(module, overlap) for overlap in found.overlaps)


def _copied(module: Module, leak: Leak) -> Hit:
    at, *others = (module.place(step.node) for step in leak.steps)
    puts = "puts copies of rows, or new ones made from them, among those that"
    says = f"{told(leak.steps)} {puts} {outcome(module, leak.split)}: resample the training part only"
    see = [*evidence(module, leak.split, leak.fit, leak.check), *(Related(o, "copies rows too") for o in others)]
    return Hit(at, says, see=tuple(see), units=len(leak.steps), confidence=0.9)


def _judged(module: Module, overlap: Overlap) -> Hit:
    first, *others = overlap.checks
    fit = first.fit.node
    more = f" and {len(others)} more {'does' if len(others) == 1 else 'do'} so" if others else ""
    on = f"judges a model on rows that `{written(fit)}` at {line(module, fit)} fitted it to{more}"
    says = f"`{written(first.node)}` {on}: judge it on rows held out from the fit"
    see = [Related(module.place(fit), "fits the model"), Related(module.place(overlap.split), "has rows held out")]
    see.extend(Related(module.place(check.node), "judges one on its own rows too") for check in others)
    return Hit(module.place(first.node), says, see=tuple(see), units=len(overlap.checks), confidence=0.8)
