"""A model of distances or gradients fitted in a file that scales nothing.

## Why it is debt
Distances and regularised weights go by the units of the columns: the one with the largest numbers decides alone, and
the result changes when metres become kilometres.

## Flagged
```python
import pandas as pd
from sklearn.neighbors import KNeighborsClassifier

houses = pd.read_csv("houses.csv")
model = KNeighborsClassifier(5)
model.fit(houses[["price", "rooms"]], houses["town"])  # debt
```

## Fine
```python
import pandas as pd
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

houses = pd.read_csv("houses.csv")
model = make_pipeline(StandardScaler(), KNeighborsClassifier(5))
model.fit(houses[["price", "rooms"]], houses["town"])
```

## Limits
Off by default: whether the columns differ in scale is not in the code, and scaling may have been done before. Any
scaler, normalising, vectorising or division by a constant anywhere in the file keeps the rule quiet, and only data read
into a table counts.

## Source
scikit-learn's user guide, "Importance of feature scaling"; "no scaling before scaling-sensitive operation" in Zhang et
al., The Prevalence of Code Smells in Machine Learning Projects, WAIN 2022.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.callees import calls_named
from mldebt.facts.chance import qualified
from mldebt.facts.kinds import TABLES
from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.facts.values import Values
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(10, source="our estimate: put a scaler before the model, compare the scores"),
    since="0.1.0",
    on=False,
)

_SENSITIVE = qualified("""
    sklearn.svm: SVC SVR LinearSVC LinearSVR NuSVC
    sklearn.neighbors: KNeighborsClassifier KNeighborsRegressor NearestNeighbors
    sklearn.decomposition: PCA
    sklearn.cluster: KMeans MiniBatchKMeans DBSCAN
    sklearn.linear_model: SGDClassifier SGDRegressor Lasso Ridge ElasticNet
    sklearn.neural_network: MLPClassifier MLPRegressor
""")
_SCALES = re.compile(r"scale|normali[sz]|Vectorizer|zscore|/ ?255|\.std\(|embed|whiten", re.IGNORECASE)


def find(module: Module) -> Iterator[Hit]:
    if not {"sklearn", "pandas"} <= module.packages or _SCALES.search(module.code.text):
        return
    values = Values(module)
    objects = module.shared(Objects)
    for call in calls_named(module, ("fit", "fit_transform", "fit_predict")):
        if not call.args or not isinstance(call.func, ast.Attribute) or not objects.is_a(call.args[0], *TABLES):
            continue
        found = sorted(values.makers(call.func.value) & _SENSITIVE)
        if found:
            says = (
                f"{found[0].rpartition('.')[2]} goes by the units of the columns, and nothing in this file scales them"
            )
            yield Hit(module.place(call), f"{says}: put a scaler before it")
