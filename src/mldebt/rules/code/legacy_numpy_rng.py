"""Random numbers from NumPy's global generator.

## Why it is debt
Whatever else draws from it, an import or a library, changes what this code gets, and a seed set here changes what they
get. A generator that is handed around has one owner and can be made per worker.

## Flagged
```python
import numpy as np

np.random.seed(0)
print(np.random.rand(3), np.random.permutation(3))  # debt x2
```

## Fine
```python
import numpy as np

rng = np.random.default_rng(0)
print(rng.random(3), rng.permutation(3), np.random.RandomState(3).rand(3))
```

## Limits
Off by default: it modernises, and libraries that draw from the global generator still need its seed. `seed` itself is
not reported.

## Source
NumPy's reference, "Random sampling": the functions of `numpy.random` are called legacy; NPY002 and the like in linters.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.facts.callees import calls_named
from mldebt.facts.chance import DRAWS
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(5, source="our estimate: make a generator, hand it on"),
    since="0.1.0",
    on=False,
)

_LEGACY = frozenset(n for n in DRAWS if n.startswith("numpy.random.")) - {
    "numpy.random.default_rng",
    "numpy.random.RandomState",
}
_LAST = frozenset(name.rpartition(".")[2] for name in _LEGACY)


def find(module: Module) -> Iterator[Hit]:
    if "numpy" not in module.packages:
        return
    for call in calls_named(module, _LAST):
        if module.name(call.func) in _LEGACY:
            yield Hit(
                module.place(call), "drawn from the global generator, which everyone shares: make one and hand it on"
            )
