"""Versions fixed by hand, where no lock file fixes all of them."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.checks.dependency_declaration import MANIFEST
from mldebt.evidence.items import Item
from mldebt.evidence.packages import Declared
from mldebt.evidence.scene import Scene

_FIXED = 0.5  # share of the declared packages whose minor version is fixed
_TOOLS = frozenset({"pip", "python", "setuptools", "wheel"})
_TOOL = "exact requirements"


def check(scene: Scene) -> Iterator[Item]:
    best: dict[str, Declared] = {}
    written = [one for one in scene.manifests if MANIFEST.search(one.path)] or scene.manifests
    for one in written:
        known = best.get(one.name)
        if one.path.rpartition("/")[2] != "setup.py" and (known is None or known.fixed < one.fixed):
            best[one.name] = one  # what one manifest leaves open another may fix
    best = {name: one for name, one in best.items() if name not in _TOOLS}
    listed = list(best.values())
    fixed = [one for one in listed if one.fixed]
    if fixed and len(fixed) >= _FIXED * len(listed):
        note = f"fixes {len(fixed)} of {len(listed)} versions, and none of what these need"
        yield Item("medium", fixed[0].path, fixed[0].line, _TOOL, note, lesser=True)
