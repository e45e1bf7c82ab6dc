"""Practices that no tool proves: one module each (its name the practice's), found by its name.

`check(scene)` yields evidence as `Item`s; what it finds is weighed like that of the tools.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

Check = Callable[[Scene], Iterator[Item]]


@lru_cache(maxsize=1)
def checks() -> dict[str, Check]:
    """The checks by the practice's name."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return {name.replace("_", "-"): import_module(f"{__name__}.{name}").check for name in names}
