"""A model made with no word about the parameters that its results hang on.

## Why it is debt
What decides how good a model can be is left to a default, which nobody chose for this data and which changes with the
library: the same code gives another model after an upgrade.

## Flagged
```python
from sklearn.cluster import KMeans
from sklearn.svm import SVC

print(SVC(), KMeans(random_state=0))  # debt x2
```

## Fine
```python
from sklearn.cluster import KMeans
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC

options = {"C": 3}
print(SVC(C=10), KMeans(8), SVC(**options), GridSearchCV(SVC(), {"C": [1, 10]}))
```

## Limits
Off by default: a baseline with defaults is good practice, and what is a parameter worth naming is a matter of taste.
Asked about are the models of the table below, each with the parameters of which at least one should be given.

## Source
"Hyperparameter not explicitly set" in Zhang et al., The Prevalence of Code Smells in Machine Learning Projects, WAIN
2022.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import calls_named, spreads
from mldebt.facts.chance import SEARCHES
from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(5, source="our estimate: write the chosen values down"),
    since="0.1.0",
    on=False,
)

_PARAMETERS: dict[str, tuple[str, ...]] = {
    "SVC": ("C", "kernel", "gamma"),
    "SVR": ("C", "kernel", "gamma", "epsilon"),
    "KMeans": ("n_clusters",),
    "MiniBatchKMeans": ("n_clusters",),
    "DBSCAN": ("eps", "min_samples"),
    "KNeighborsClassifier": ("n_neighbors",),
    "KNeighborsRegressor": ("n_neighbors",),
    "RandomForestClassifier": ("n_estimators", "max_depth", "min_samples_leaf", "max_features"),
    "RandomForestRegressor": ("n_estimators", "max_depth", "min_samples_leaf", "max_features"),
    "GradientBoostingClassifier": ("n_estimators", "learning_rate", "max_depth"),
    "GradientBoostingRegressor": ("n_estimators", "learning_rate", "max_depth"),
    "DecisionTreeClassifier": ("max_depth", "min_samples_leaf", "ccp_alpha", "max_leaf_nodes"),
    "DecisionTreeRegressor": ("max_depth", "min_samples_leaf", "ccp_alpha", "max_leaf_nodes"),
    "MLPClassifier": ("hidden_layer_sizes", "alpha", "learning_rate_init"),
    "MLPRegressor": ("hidden_layer_sizes", "alpha", "learning_rate_init"),
    "PCA": ("n_components",),
    "Ridge": ("alpha",),
    "Lasso": ("alpha",),
    "ElasticNet": ("alpha", "l1_ratio"),
    "LogisticRegression": ("C", "penalty", "solver", "class_weight"),
}


def find(module: Module) -> Iterator[Hit]:
    if "sklearn" not in module.packages:
        return
    for call in calls_named(module, _PARAMETERS):
        name = module.name(call.func) or ""
        last = name.rpartition(".")[2]
        if not name.startswith("sklearn.") or last not in _PARAMETERS or call.args or spreads(call):
            continue
        up = module.parent(call)
        if isinstance(up, ast.Call) and SEARCHES.search(last_name(up.func)):
            continue
        wanted = _PARAMETERS[last]
        if not any(k.arg in wanted for k in call.keywords):
            says = f"`{last}` is made with the defaults of this version of the library"
            yield Hit(module.place(call), f"{says}: choose {' and '.join(wanted[:2])}")
