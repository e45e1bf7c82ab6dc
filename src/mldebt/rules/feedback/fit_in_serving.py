"""A model or a transformer fitted in the program that answers requests.

## Why it is debt
What is served then depends on what the server has seen since it started: two replicas answer differently, a restart
changes the answers, nothing has been evaluated, and no version can be rolled back to.

## Flagged
```python title="app.py"
import pandas as pd
from fastapi import FastAPI
from sklearn.preprocessing import StandardScaler

app = FastAPI()


@app.post("/scale")
def scale(rows: list[dict]):
    return StandardScaler().fit_transform(pd.DataFrame(rows)).tolist()  # debt
```

## Fine
```python title="app.py"
import joblib
import pandas as pd
from fastapi import FastAPI

app = FastAPI()
scaler = joblib.load("scaler.joblib")


@app.post("/scale")
def scale(rows: list[dict]):
    return scaler.transform(pd.DataFrame(rows)).tolist()
```

## Limits
A module that makes a FastAPI, Flask, Starlette, Gradio, BentoML or like application serves, and so does what it calls,
as far as the names it uses say which; of a module that it imports only what it names itself. An endpoint that is there
to train is found as well: it is a service that changes while it runs. Streamlit is left alone: an application of its
kind is more often a notebook than a service. Notebooks, tests and gradients of an answer are left alone too. Of 16
findings in 201 repositories 15 were right when read, 8 of them in one repository; the other one is a library that
offers training to whoever uses it.

## Source
Sculley et al., Hidden Technical Debt in Machine Learning Systems (2015), section 4; Zinkevich, Rules of Machine
Learning, rule 32: share code between training and serving, not the fitting.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.chain import shown
from mldebt.links.components import Component
from mldebt.links.repository import Repository
from mldebt.links.strict import strictly
from mldebt.model import Act, Hit, Place, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="artifacts",
    severity="high",
    minutes=Minutes(90, source="our estimate: move the fit to a job, store what it gives, load that when starting"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    if not any(act.what == "serves" for unit in repository.units for act in unit.facts.traffic.acts):
        return
    seen: set[tuple[str, Place]] = set()
    for component in repository.artifacts.components:
        if component.kind == "service":
            for path, act in _fits(repository, component):
                if (path, act.at) not in seen and repository.wants(path):
                    seen.add((path, act.at))
                    yield _hit(repository, component, path, act)


def _fits(repository: Repository, component: Component) -> Iterator[tuple[str, Act]]:
    own = repository.units[component.unit]
    calling = repository.artifacts.calling
    runs = strictly(repository.graph, calling, range(own.base, own.base + len(own.facts.definitions)), bodies=False)
    for unit in repository.units:
        for act in unit.facts.traffic.acts:
            fits = act.what in ("fits", "prepares") and act.name != "backward"
            if fits and not act.deferred and unit.base + act.owner in runs:
                yield unit.path, act


def _hit(repository: Repository, component: Component, path: str, act: Act) -> Hit:
    own = repository.units[component.unit]
    serves = next(a for a in own.facts.traffic.acts if a.what == "serves")
    return Hit(
        act.at,
        f"`{act.name}` runs in `{shown(component.path)}`, which answers requests: fit in a job of its own, "
        "and load what it stores",
        path=path,
        kind="fit",
        see=(Related(serves.at, f"`{serves.name}` is made here", component.path),),
        confidence=0.9,
    )
