"""Names and attributes that scikit-learn's pipelines and estimators cannot take.

## Why it is debt
A parameter of a step that is not there fails when the search begins, after the data has been loaded and prepared. A
fitted attribute that the constructor sets makes an estimator look fitted before it is, and `clone` loses it.

## Flagged
```python
from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

model = Pipeline([("scale", StandardScaler()), ("classify", SVC())])
search = GridSearchCV(model, {"svc__C": [1, 10]})  # debt
model.set_params(classifier__C=3)  # debt


class Mean(BaseEstimator):
    def __init__(self, rate=1.0):
        self.rate = rate
        self.mean_ = None  # debt

    def fit(self, X, y=None):
        self.mean_ = X.mean() * self.rate
        return self


print(search, Mean().fit([1]))
```

## Fine
```python
from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

model = Pipeline([("scale", StandardScaler()), ("classify", SVC())], memory="cache")
search = GridSearchCV(model, {"classify__C": [1, 10], "scale": [None]})
other = GridSearchCV(make_pipeline(StandardScaler(), SVC()), {"svc__C": [1, 10]})


class Mean(BaseEstimator):
    def __init__(self, rate=1.0):
        self.rate = rate

    def fit(self, X, y=None):
        self.mean_ = X.mean() * self.rate
        return self


print(search, other, Mean().fit([1]))
```

## Limits
Steps and parameters have to be written out in the file, and the pipeline under a name that is bound once.

## Source
scikit-learn's user guide, "Pipelines and composite estimators", and its developers' guide; S6969 and S6974 in Sonar's
rules for Python.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import calls_named, option
from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.facts.values import Values, last_name
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(10, source="our estimate: name the step as the pipeline does, run the search once on little data"),
    since="0.1.0",
)

_PARTS = frozenset({"sklearn.pipeline.Pipeline", "imblearn.pipeline.Pipeline"})
_MADE = frozenset({"sklearn.pipeline.make_pipeline", "imblearn.pipeline.make_pipeline"})
_SEARCHES = ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV")
_OWN = frozenset({"steps", "memory", "verbose"})


def find(module: Module) -> Iterator[Hit]:
    if module.packages.isdisjoint({"sklearn", "imblearn"}):
        return
    values = Values(module)
    for call in calls_named(module, (*_SEARCHES, "set_params")):
        searched, parameters = _asked(call)
        steps = _steps(module, values, searched) if parameters else None
        for node, parameter in _keys(values, parameters) if steps else ():
            step = parameter.partition("__")[0]
            if steps and step not in steps | _OWN:
                known = ", ".join(sorted(steps))
                says = f"the pipeline has no step `{step}`, it has {known}"
                yield Hit(module.place(node), f"{says}: name the step as it does", kind="unknown-step")
    yield from _set_too_early(module)


def _asked(call: ast.Call) -> tuple[ast.expr | None, list[ast.expr | ast.keyword]]:
    """Whose parameters a call names, and by what."""
    if last_name(call.func) == "set_params":
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        return owner, [k for k in call.keywords if k.arg is not None]
    named = {k.arg: k.value for k in call.keywords}
    grid = call.args[1] if len(call.args) > 1 else named.get("param_grid") or named.get("param_distributions")
    return (call.args[0] if call.args else named.get("estimator")), [grid] if grid is not None else []


def _steps(module: Module, values: Values, pipeline: ast.expr | None) -> frozenset[str] | None:
    """The names of a pipeline's steps, of those made from classes in lower case; None if they are not seen."""
    if isinstance(pipeline, ast.Name):
        sources = values.sources(pipeline)
        pipeline = sources[0][1] if len(sources) == 1 else None
    if not isinstance(pipeline, ast.Call) or any(isinstance(a, ast.Starred) for a in pipeline.args):
        return None
    name = module.name(pipeline.func)
    if name in _MADE:
        called = [last_name(a.func).lower() if isinstance(a, ast.Call) else "" for a in pipeline.args]
        return frozenset(called) if all(called) else None
    return _listed(pipeline) if name in _PARTS else None


def _listed(pipeline: ast.Call) -> frozenset[str] | None:
    """The names in the list of pairs that a pipeline is made from; None if not all of them are texts."""
    steps = pipeline.args[0] if pipeline.args else option(pipeline, "steps")
    if not isinstance(steps, ast.List):
        return None
    names = [e.elts[0] if isinstance(e, ast.Tuple) and e.elts else None for e in steps.elts]
    found = [n.value for n in names if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return frozenset(found) if len(found) == len(names) else None


def _keys(values: Values, parameters: list[ast.expr | ast.keyword]) -> Iterator[tuple[ast.AST, str]]:
    """The parameters that are named, each with the node that does."""
    for parameter in parameters:
        if isinstance(parameter, ast.keyword):
            yield parameter, parameter.arg or ""
            continue
        grid: ast.expr | None = parameter
        if isinstance(grid, ast.Name):
            sources = values.sources(grid)
            grid = sources[0][1] if len(sources) == 1 else None
        for table in grid.elts if isinstance(grid, ast.List) else [grid]:
            for key in table.keys if isinstance(table, ast.Dict) else ():
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key, key.value


def _set_too_early(module: Module) -> Iterator[Hit]:
    objects = module.shared(Objects)
    for owner in module.of(ast.ClassDef):
        if not owner.bases or objects.types.class_kind(owner) != "estimator":
            continue
        methods = objects.local.methods(owner)
        if "__sklearn_is_fitted__" in methods:  # the class says by itself when it is
            continue
        start = methods.get("__init__")
        for statement in start.body if start is not None else ():
            targets = statement.targets if isinstance(statement, ast.Assign) else ()
            for target in targets:
                if isinstance(target, ast.Attribute) and _is_fitted(target) and not _is_parameter(statement, target):
                    says = f"`{target.attr}` looks fitted before `fit` ran, and `clone` loses it"
                    yield Hit(module.place(statement), f"{says}: set it in `fit`", kind="fitted-in-init")


def _is_fitted(target: ast.Attribute) -> bool:
    is_own = isinstance(target.value, ast.Name) and target.value.id == "self"
    return is_own and target.attr.endswith("_") and not target.attr.endswith("__") and not target.attr.startswith("_")


def _is_parameter(statement: ast.stmt, target: ast.Attribute) -> bool:
    """Whether what is kept is a parameter of that name, as scikit-learn wants it."""
    value = getattr(statement, "value", None)
    return isinstance(value, ast.Name) and value.id == target.attr
