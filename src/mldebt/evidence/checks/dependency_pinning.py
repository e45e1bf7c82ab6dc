"""Versions fixed by hand, where no lock file fixes all of them."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_FIXED = 0.6  # share of the declared packages whose version is fixed; a compatible release (~=) counts half
_TOOL = "exact requirements"


def check(scene: Scene) -> Iterator[Item]:
    listed = [one for one in scene.manifests if one.path.rpartition("/")[2] != "setup.py"]
    fixed = [one for one in listed if one.fixed]
    if fixed and sum(one.fixed for one in fixed) >= _FIXED * len(listed):
        note = f"fixes {len(fixed)} of {len(listed)} versions, and none of what these need"
        yield Item("medium", fixed[0].path, fixed[0].line, _TOOL, note, lesser=True)
