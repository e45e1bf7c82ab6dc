"""A notebook that still has the name the editor gave it.

## Why it is debt
`Untitled3` and `train-Copy1` say neither what they hold nor whether they count: nobody dares to delete them, and the
next reader runs the wrong one.

## Flagged
```python title="Untitled3.ipynb"
print("some study")  # debt
```
```python title="train-Copy1.ipynb"
print("some other study")  # debt
```

## Fine
```python title="price_by_town.ipynb"
print("a study")
```

## Limits
Only the names that Jupyter and Colab give by themselves: `Untitled`, `-Copy1`, `Copy of`.

## Source
Pimentel et al., A Large-Scale Study About Quality and Reproducibility of Jupyter Notebooks, MSR 2019.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from mldebt.links.repository import Repository
from mldebt.model import Hit, Place
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="notebooks",
    severity="low",
    minutes=Minutes(5, source="our estimate: look what it holds, then name or delete it"),
    since="0.1.0",
)

_GIVEN = re.compile(r"untitled\d*( ?\(\d+\))?|.*-copy\d*|copy[ _]of[ _].*", re.IGNORECASE)


def find(repository: Repository) -> Iterator[Hit]:
    for path in repository.files:
        name, extension = posixpath.splitext(posixpath.basename(path))
        if extension == ".ipynb" and _GIVEN.fullmatch(name) and repository.wants(path):
            says = f"`{name}` says neither what the notebook holds nor whether it counts"
            cell = next((cell.number for cell in repository.files[path].cells if cell.kind == "code"), 1)
            yield Hit(Place(1, 1, 1, cell), f"{says}: name it or delete it", path=path, identity="name")
