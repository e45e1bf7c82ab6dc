"""A scaler, imputer or selector that learns from the rows which are held out for testing.

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
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, StandardScaler

rows = pd.read_csv("churn.csv")
rows["city"] = LabelEncoder().fit_transform(rows["city"])
train, test = train_test_split(rows.fillna(0), random_state=7)
scaler = StandardScaler().fit(train)
print(scaler.transform(train), scaler.transform(test))
print(cross_val_score(make_pipeline(StandardScaler(), LogisticRegression()), rows[["age"]], rows["left"]))
```

## Limits
Followed in source order through one module or notebook and into its own functions. Held out are rows by
`train_test_split`, by folds, by slices, masks and samples that are called train and test or that a model is fitted to
and judged on, and a second file that a model foretells. Training and test files that are joined for a fit count: the
scores on a test file are no more honest for its rows having come without answers, and the literature sees it so.
A step on the training part that folds of it are validated with afterwards does not count, as the test rows stay clean.
Encoders that only learn which categories there are do not count, nor do masks that leave rows out. The learning steps
that meet in one split are one finding.

## Source
Yang et al., Data Leakage in Notebooks: Static Detection and Better Processes, ASE 2022; Kapoor and Narayanan, Leakage
and the Reproducibility Crisis in Machine-Learning-Based Science, Patterns 2023 (L1.2, pre-processing on training and
test set); scikit-learn user guide, "Common pitfalls and recommended practices".
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.facts.leakage.study import study
from mldebt.facts.leakage.verdicts import Leak
from mldebt.facts.leakage.wording import evidence, outcome, told
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
    "bins": "takes its borders from",
    "selects": "chooses columns by figures of",
    "encodes": "encodes with figures of",
}
_CURES = {
    "fits": "fit it on the training part only, or put it into a Pipeline",
    "selects": "choose on the training part only",
}


def find(module: Module) -> Iterator[Hit]:
    leaks = module.shared(study).learnt
    if leaks and not is_test(module):
        yield from (_hit(module, leak) for leak in leaks)


def _hit(module: Module, leak: Leak) -> Hit:
    first, *others = leak.steps
    cure = _CURES.get(first.how, "take them from the training part only")
    says = f"{told(leak.steps)} {_DOES[first.how]} the rows that {outcome(module, leak.split)}: {cure}"
    notes = (Related(module.place(step.node), f"{_DOES[step.how]} them too") for step in others)
    sure = 0.7 if all(step.how == "fills" for step in leak.steps) else 0.9
    see = (*evidence(module, leak.split, leak.fit, leak.check), *notes)
    return Hit(module.place(first.node), says, see=see, units=len(leak.steps), confidence=sure)
