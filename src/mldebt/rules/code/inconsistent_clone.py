"""A copy that is equal to the others but for one literal, name or statement.

## Why it is debt
That is what a mistake in copying looks like, and a fix that one copy never got. Where one of the copies prepares data
for training and the other for serving, the model sees other numbers in production than it was trained on, and no test
fails.

## Flagged
```python title="train.py"
import re


def clean_text(text):
    text = text.lower()
    text = re.sub("[^a-z0-9]", " ", text)
    text = re.sub(" +", " ", text)  # see
    text = text.strip()
    words = [word for word in text.split(" ") if len(word) > 1]
    return " ".join(words)


print(clean_text("A b"))
```
```python title="serve.py"
import re


def clean_text(text):
    text = text.lower()
    text = re.sub("[^a-z0-9]", " ", text)
    text = re.sub(" +", "", text)  # debt
    text = text.strip()
    words = [word for word in text.split(" ") if len(word) > 1]
    return " ".join(words)


print(clean_text("A b"))
```

## Fine
```python title="text.py"
import re


def clean_text(text):
    text = text.lower()
    text = re.sub("[^a-z0-9]", " ", text)
    text = re.sub(" +", " ", text)
    text = text.strip()
    words = [word for word in text.split(" ") if len(word) > 1]
    return " ".join(words)
```
```python title="train.py"
from text import clean_text

print(clean_text("A b"))
```
```python title="serve.py"
from text import clean_text

print(clean_text("a B"))
```

## Limits
Of three and more copies two thirds have to be equal word for word, and to bear one name or be long. Of two, only
functions of one name that prepare data are compared, and only their literals; and blocks of one function, of which one
was copied for other variables and once kept an old one. What experiments vary is silent: sizes, rates, steps, seeds,
layers, names of files and data sets, options that calls are given, and all that is only shown. A name counts if it is
another variable of the same copy. A hook compares more than two copies only in repositories of up to 50,000 lines.

## Source
Mo et al., Exploring the impact of code clones on deep learning software, TOSEM 2023; Li et al., CP-Miner, OSDI 2004.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.links.clones import CloneClass, clone_classes
from mldebt.links.oddities import Oddity, oddities, turned
from mldebt.links.repository import Repository
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="clones",
    severity="medium",
    minutes=Minutes(20, 0, "", "our estimate: find out which of the copies is right, and keep one"),
    since="0.1.0",
)
_TRAINS = re.compile(r"(?<![a-z])(?:re|pre)?(?:train|fit|finetune|learn|experiment)")
_SERVES = re.compile(r"(?<![a-z])(?:serv|predict|infer|deploy|app|api|endpoint|score|scoring|handler|demo|production)")
_MOST_LINES = 50_000  # of a repository, up to which a hook may search it for clones twice
_SHOWN = 60  # characters of a statement


def find(repository: Repository) -> Iterator[Hit]:
    for oddity in oddities(_classes(repository), repository.source):
        paths = oddity.odd.fragment.path, oddity.model.fragment.path
        turns = oddity.equal == 1 and oddity.kind == "literal"  # then nobody can tell which one is odd
        if turns and (_is_asked_first(paths[1], paths[0]) or not repository.wants(paths[0])):
            oddity = turned(oddity)
        if repository.wants(oddity.odd.fragment.path):
            yield _hit(oddity)


def _classes(repository: Repository) -> list[CloneClass]:
    """The clone classes with all their copies: a search with a focus only asks for what it has to be compared with."""
    found = repository.clones
    is_whole = repository.focus is None or all(c.kind == "type-1" for c in found)
    if is_whole or sum(facts.lines for facts in repository.files.values()) > _MOST_LINES:
        return found
    return clone_classes(repository.files)


def _is_asked_first(one: str, other: str) -> bool:
    """Whether a mistake is looked for in the first of two files: it serves what the other one trained."""
    return _is_skewed(one, other) and bool(_SERVES.search(one.lower()))


def _hit(oddity: Oddity) -> Hit:
    odd, model = oddity.odd.fragment, oddity.model.fragment
    skewed = _is_skewed(odd.path, model.path)
    return Hit(
        oddity.at,
        _says(oddity) + (", and one side trains while the other serves" if skewed else ""),
        path=odd.path,
        kind=oddity.kind,
        symbol=odd.symbol or None,
        see=(Related(oddity.there, _there(oddity), model.path, model.symbol or None, model.unit),),
        confidence=0.85 if oddity.equal > 1 else 0.8,
        scope=odd.symbol,
        identity=f"{oddity.kind} {oddity.ours} {oddity.theirs}",
        severity="high" if skewed else None,
    )


def _says(oddity: Oddity) -> str:
    others = f"{oddity.equal} equal copies have" if oddity.equal > 1 else "its copy has"
    if oddity.kind == "missing":
        return f"`{_short(oddity.theirs)}` is missing here, which {others}"
    if oddity.kind == "rename":
        return f"`{oddity.ours}` is left of the block this was copied from: everywhere else `{oddity.theirs}` stands"
    return f"`{_short(oddity.ours)}` stands where {others} `{_short(oddity.theirs)}`"


def _there(oddity: Oddity) -> str:
    return f"`{_short(oddity.theirs)}`" if oddity.kind != "rename" else f"`{oddity.ours}` belongs here"


def _short(text: str) -> str:
    line = " ".join(text.split()).replace("`", "'")
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _is_skewed(one: str, other: str) -> bool:
    """Whether the names of two files say that one trains and the other serves."""
    sides = [(bool(_TRAINS.search(p.lower())), bool(_SERVES.search(p.lower()))) for p in (one, other)]
    return sorted(sides) == [(False, True), (True, False)]
