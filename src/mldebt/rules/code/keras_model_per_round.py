"""A Keras model built and trained anew in every round of a loop, while Keras keeps the old ones.

## Why it is debt
Keras registers what it builds in a global state. Rounds of a search or of cross-validation get slower and larger one by
one, until the last folds run out of memory.

## Flagged
```python
from tensorflow import keras


def build():
    return keras.Sequential([keras.layers.Dense(1)])


def validate(folds):
    scores = []
    for train, test in folds:
        model = build()  # debt
        model.fit(train)
        scores.append(model.evaluate(test))
    return scores
```

## Fine
```python
from tensorflow import keras


def validate(folds):
    scores = []
    for train, test in folds:
        keras.backend.clear_session()
        model = keras.Sequential([keras.layers.Dense(1)])
        model.fit(train)
        scores.append(model.evaluate(test))
    return scores


def ensemble(folds):
    models = []
    for train in folds:
        model = keras.Sequential([keras.layers.Dense(1)])
        model.fit(train)
        models.append(model)
    return models
```

## Limits
Off by default: most such loops are the few folds of a cross-validation, and get through. The model has to be made by
Keras or by a function of the same file, and trained in the same loop. Loops that keep their models, or visibly make ten
rounds or fewer, are left alone, and so is a file that clears the session anywhere.

## Source
Keras' API reference, `clear_session`; "memory not freed" in Zhang et al., The Prevalence of Code Smells in Machine
Learning Projects, WAIN 2022. Layers and operations in a loop, which their list counts too, are how networks are
written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import calls_named
from mldebt.facts.loops import Loop, inside, is_short, loops_around
from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(5, source="our estimate: call clear_session() at the start of a round"),
    since="0.1.0",
    on=False,
)

_FITS = ("fit", "fit_generator", "train_on_batch")


def find(module: Module) -> Iterator[Hit]:
    if module.packages.isdisjoint({"keras", "tensorflow", "tf_keras"}) or "clear_session" in module.code.text:
        return
    objects = module.shared(Objects)
    seen: set[ast.AST] = set()
    for fit in calls_named(module, _FITS):
        loop = next(loops_around(module, fit), None)
        name = fit.func.value if isinstance(fit.func, ast.Attribute) else None
        if loop is None or not isinstance(name, ast.Name) or is_short(module, loop):
            continue
        made = _made_in(loop, name.id)
        if (
            made is None
            or made in seen
            or not objects.is_a(made.value, "keras-model")
            or _is_kept(module, loop, name.id)
        ):
            continue
        seen.add(made)
        says = f"`{name.id}` is built anew in every round and Keras keeps the old ones"
        see = (Related(module.place(fit), "and trained here"),)
        yield Hit(module.place(made), f"{says}: call keras.backend.clear_session() first", see=see)


def _made_in(loop: Loop, name: str) -> ast.Assign | None:
    """The assignment of a call to a name in a loop, if it is the only one."""
    found = [n for n in inside(loop) if isinstance(n, ast.Assign) and _targets(n) == [name]]
    return found[0] if len(found) == 1 and isinstance(found[0].value, ast.Call) else None


def _targets(statement: ast.Assign) -> list[str]:
    return [t.id if isinstance(t, ast.Name) else "" for t in statement.targets]


def _is_kept(module: Module, loop: Loop, name: str) -> bool:
    """Whether a loop hands its models on to something that keeps them."""
    for node in inside(loop):
        if not isinstance(node, ast.Name) or node.id != name or not isinstance(node.ctx, ast.Load):
            continue
        up = module.parent(node)
        if isinstance(up, ast.Call) and last_name(up.func) in ("append", "add", "insert"):
            return True
        if isinstance(up, ast.Return | ast.Yield | ast.Assign | ast.Tuple | ast.List | ast.Dict):
            return True
    return False
