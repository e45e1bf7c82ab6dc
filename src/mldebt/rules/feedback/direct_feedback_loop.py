"""A model trained on what a model of the same repository has predicted and stored.

## Why it is debt
The model learns from its own answers. Its mistakes come back as labels or features and grow from one training to the
next, while every metric on data of the same origin still looks well.

## Flagged
```python title="predict.py"
import joblib
import pandas as pd

model = joblib.load("model.joblib")
rows = pd.read_csv("data/new.csv")
rows["churn"] = model.predict(rows)
rows.to_csv("data/scored.csv")
```
```python title="train.py"
import joblib
import pandas as pd
from sklearn.linear_model import Ridge

rows = pd.concat([pd.read_csv("data/labelled.csv"), pd.read_csv("data/scored.csv")])  # debt
model = Ridge().fit(rows[["age"]], rows["churn"])
joblib.dump(model, "model.joblib")
```

## Fine
```python title="predict.py"
import pandas as pd
from sklearn.linear_model import Ridge

rows = pd.read_csv("data/labelled.csv")
model = Ridge().fit(rows[["age"]], rows["churn"])
fresh = pd.read_csv("data/new.csv")
fresh["churn"] = model.predict(fresh)
fresh.to_csv("data/scored.csv")
```
```python title="report.py"
import pandas as pd

print(pd.read_csv("data/scored.csv").describe())
```

## Limits
A prediction is what `predict` and its like give, a function called so, a network that is called where no gradients are
kept or after its `eval()`, and what a language model generates; a fit is `fit` and its like, `backward` on a loss, and
a trainer that is given a `train_dataset`. Values are followed through assignments in their order, returned values,
parameters and the items of data sets to the call that writes them, and from the call that reads them to the fit. What
is written and read must have the same name: a literal, a joined path, a constant, an option's default, a setting;
files that are named anew each time are the same if their patterns are, with two words or more in them. Most scripts of
research are given their folders on the command line only: nothing is said of those, nor of what one run predicts and
trains on again.

## Source
Sculley et al., Hidden Technical Debt in Machine Learning Systems (2015), section 4: feedback loops.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.chain import hit, shown
from mldebt.links.repository import Repository
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="artifacts",
    severity="high",
    minutes=Minutes(120, source="our estimate: log what was predicted and what came true apart, train on the latter"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    for loop in repository.loops.all:
        hop = loop.hops[0]
        if loop.is_direct and repository.loops.closes(loop) and repository.wants(hop.read.path):
            says = (
                f"`{shown(hop.reader)}` trains on `{shown(hop.artifact.name)}`, in which `{shown(hop.component)}` "
                "stores predictions: train on what came true, and keep the two apart"
            )
            yield hit(loop, says, 0.9)
