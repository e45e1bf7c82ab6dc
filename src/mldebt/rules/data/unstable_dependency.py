"""Data or weights fetched by a name that may stand for something else tomorrow.

## Why it is debt
Who owns the name changes what is behind it, and yesterday's result cannot be had again: nothing in the repository says
which version it was.

## Flagged
```python title="train.py"
import pandas as pd
from transformers import AutoModel

model = AutoModel.from_pretrained("google/bert_uncased_L-2")  # debt
rows = pd.read_csv("https://raw.githubusercontent.com/someone/data/main/rows.csv")  # debt
print(model, rows)
```

## Fine
```python title="train.py"
import pandas as pd
from transformers import AutoModel

model = AutoModel.from_pretrained("google/bert_uncased_L-2", revision="30b0a37ccaaa32f332884b96992754e246e48c5f")
rows = pd.read_csv("https://raw.githubusercontent.com/someone/data/8c2f7a1/rows.csv")
local = pd.read_csv("data/rows.csv")
print(model, rows, local)
```

## Limits
Off unless asked for (`--select unstable-dependency`): most projects that fetch anything do it so. Seen are repositories
on the Hugging Face hub with an owner in their name and no `revision`, and files on a branch of a repository of GitHub
(`main`, `master` and the like). Whatever names a tag or a commit is fine, and so are addresses elsewhere: whether they
change cannot be told. All uses of one name are one finding; tests, documents and names put together are left alone.

## Source
Hugging Face documentation, "Loading methods": a revision is a branch, a tag or a commit. Sculley et al. (2015), section
3: unstable data dependencies.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from mldebt.links.chain import shown
from mldebt.links.entry import is_test
from mldebt.links.repository import Repository
from mldebt.model import Hit, Place, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="artifacts",
    severity="low",
    minutes=Minutes(10, 2, "place", "our estimate: look up what is used today, name that commit"),
    since="0.1.0",
    on=False,
)

_HUB = re.compile(r"[\w.\-]{2,}/[\w.\-]{2,}")
_BRANCH = re.compile(
    r"https://(?:raw\.githubusercontent\.com/[\w.\-]+/[\w.\-]+|github\.com/[\w.\-]+/[\w.\-]+/(?:raw|blob))"
    r"/(?:refs/heads/)?(?:main|master|develop|dev|trunk|gh-pages)/[^?#\s]+"
)
_ASIDE = re.compile(r"(?:^|/)(?:tests?|testing|docs?)/")
Spot = tuple[str, Place]


def find(repository: Repository) -> Iterator[Hit]:
    for name, (what, spots) in sorted(_fetched(repository).items()):
        first, *others = spots
        yield Hit(
            first[1],
            f"`{shown(name)}` is {what}: name the commit that is meant",
            path=first[0],
            kind=what.partition(" ")[0],
            symbol=name,
            see=tuple(Related(at, "here too", path) for path, at in others),
            confidence=0.9,
            units=len(spots),
            identity=name,
        )


def _fetched(repository: Repository) -> dict[str, tuple[str, list[Spot]]]:
    found: dict[str, tuple[str, list[Spot]]] = defaultdict(lambda: ("", []))
    for unit in repository.units:
        if not unit.is_code or is_test(unit) or _ASIDE.search(unit.path) or not repository.wants(unit.path):
            continue
        for touch in unit.facts.traffic.touches if "tests" not in unit.facts.traits else ():
            name = touch.names[0]
            what = _what(name, touch.kind) if touch.verb == "reads" and not touch.pinned else ""
            if what and not repository.artifacts.holds(unit.folder, name):
                found[name] = what, [*found[name][1], (unit.path, touch.at)]
    return found


def _what(name: str, kind: str) -> str:
    """Why a name is not stable; empty if it may be."""
    if kind == "hub" and _HUB.fullmatch(name):
        return "fetched from the hub without a revision"
    return "fetched from a branch, which moves" if _BRANCH.fullmatch(name) else ""
