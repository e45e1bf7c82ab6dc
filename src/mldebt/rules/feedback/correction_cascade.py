"""A model fitted on what another model of the repository predicts.

## Why it is debt
The second model learns to correct the first one as it is today. Any change to the first, even a better one, makes the
second worse, so that neither can be improved alone.

## Flagged
```python title="correct.py"
import joblib
import pandas as pd
from sklearn.linear_model import Ridge

first = joblib.load("models/demand.joblib")
rows = pd.read_csv("data/sales.csv")
rows["expected"] = first.predict(rows)
second = Ridge()
second.fit(rows[["expected"]], rows["sold"])  # debt
joblib.dump(second, "models/correction.joblib")
```

## Fine
```python title="train.py"
import joblib
import pandas as pd
from sklearn.linear_model import Ridge

rows = pd.read_csv("data/sales.csv")
model = Ridge().fit(rows[["price"]], rows["sold"])
print(model.predict(rows[["price"]]))
joblib.dump(model, "models/demand.joblib")
```

## Limits
Off unless asked for (`--select correction-cascade`): of 27 findings read in nine repositories none was a cascade that
was not meant. Stacking, distillation, adversaries and tests do it on purpose, and a table that gets its predictions
after the fit is taken for one that had them before. Seen is what `direct-feedback-loop` sees, also where the
predictions are not stored.

## Source
Sculley et al., Hidden Technical Debt in Machine Learning Systems (2015), section 2: correction cascades.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.chain import hit, told
from mldebt.links.loops import PREDICTED
from mldebt.links.repository import Repository
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="artifacts",
    severity="medium",
    minutes=Minutes(120, source="our estimate: add the features of the first model to the second, or train one"),
    since="0.1.0",
    on=False,
)

_SAYS = "a model is fitted on what another one predicts"
_REMEDY = "give it what the first was given"


def find(repository: Repository) -> Iterator[Hit]:
    for fit in repository.loops.fits:
        if PREDICTED in fit.origins and repository.wants(fit.unit.path):
            yield Hit(
                fit.act.at,
                f"{_SAYS}: {_REMEDY}",
                path=fit.unit.path,
                kind="value",
                confidence=0.8,
            )
    for loop in repository.loops.all:
        if not repository.loops.closes(loop) and repository.wants(loop.hops[-1].read.path):
            yield hit(loop, f"{_SAYS}: {told(loop)}: {_REMEDY}", 0.8)
