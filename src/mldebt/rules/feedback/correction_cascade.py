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
Off unless asked for (`--select correction-cascade`): of 22 findings read some 13 were fits on predictions, and hardly a
cascade that was not meant. Stacking, distillation, adversaries and features of a frozen network do it on purpose. Seen
is what `direct-feedback-loop` sees, also where the predictions are not stored, and what one run stores and trains on
again; losses that go back through a prediction are left alone.

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
_STEPS = frozenset({"backward", "train_on_batch"})  # of adversaries, teachers and targets, which are not stored
_REMEDY = "give it what the first was given"


def find(repository: Repository) -> Iterator[Hit]:
    for fit in repository.loops.fits:
        if PREDICTED in fit.origins and fit.act.name not in _STEPS and repository.wants(fit.unit.path):
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
