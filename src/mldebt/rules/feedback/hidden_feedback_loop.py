"""A model trained on data that further steps make from stored predictions of the same repository.

## Why it is debt
It is a feedback loop that nobody sees in any one file: the training script reads a harmless table of features, and only
who follows it back through the steps finds the model's own answers in it.

## Flagged
```python title="predict.py"
import joblib
import pandas as pd

model = joblib.load("model.joblib")
rows = pd.read_csv("data/new.csv")
rows["churn"] = model.predict(rows)
rows.to_csv("data/scored.csv")
```
```python title="features.py"
import pandas as pd

scored = pd.read_csv("data/scored.csv")
scored.groupby("city").mean().to_parquet("data/features.parquet")
```
```python title="train.py"
import joblib
import pandas as pd
from sklearn.linear_model import Ridge

rows = pd.read_parquet("data/features.parquet")  # debt
joblib.dump(Ridge().fit(rows[["age"]], rows["churn"]), "model.joblib")
```

## Fine
```python title="predict.py"
import pandas as pd
from sklearn.linear_model import Ridge

rows = pd.read_parquet("data/features.parquet")
model = Ridge().fit(rows[["age"]], rows["churn"])
fresh = pd.read_csv("data/new.csv")
fresh["churn"] = model.predict(fresh)
fresh.to_csv("data/scored.csv")
```
```python title="features.py"
import pandas as pd

scored = pd.read_csv("data/scored.csv")
scored.groupby("city").mean().to_parquet("data/monitored.parquet")
pd.read_csv("data/raw.csv").groupby("city").mean().to_parquet("data/features.parquet")
```

## Limits
As for `direct-feedback-loop`. Between the prediction and the fit lie up to five steps, in each of which what is written
comes from what was read.

## Source
Sculley et al., Hidden Technical Debt in Machine Learning Systems (2015), section 4: hidden feedback loops.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.chain import hit, shown, told
from mldebt.links.repository import Repository
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="artifacts",
    severity="high",
    minutes=Minutes(180, source="our estimate: as for a direct loop, with a look at every step between"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    for loop in repository.loops.all:
        last = loop.hops[-1]
        if not loop.is_direct and repository.loops.closes(loop) and repository.wants(last.read.path):
            chain = f"`{shown(last.reader)}` trains on predictions that came round: {told(loop)}"
            yield hit(loop, f"{chain}: make the features of what came true", 0.85)
