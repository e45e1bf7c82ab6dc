"""An excuse in the source that excuses nothing.

## Why it is debt
It says that a problem is known and accepted where there is none, and it will hide the next one.

## Flagged
```python title="train.py"
rate = 3  # mldebt: ignore[dead-import] needed by the plug-in  # debt
print(rate)
```

```python title="names.py"
import sys  # mldebt: ignore[dead-inport]  # debt

print(sys.argv)
```

## Fine
```python title="train.py"
import handlers  # mldebt: ignore[dead-import] registers the handlers

print("training")
```

## Limits
An excuse is checked only when all rules it names ran, one that names none when all rules ran that are on by default.

## Source
ruff's RUF100 and mypy's unused-ignore: excuses rot like other comments.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.repository import Repository
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="dead-code",
    severity="low",
    minutes=Minutes(1, source="our estimate: delete the comment"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    """Nothing: only the judge knows which excuses were needed, and speaks in this rule's name."""
    yield from ()
