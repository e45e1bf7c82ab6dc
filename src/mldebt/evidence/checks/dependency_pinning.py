"""Versions fixed by hand, where no lock file fixes all of them."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_EXACT = 0.6  # share of the declared packages with an exact version
_TOOL = "exact requirements"


def check(scene: Scene) -> Iterator[Item]:
    listed = [one for one in scene.manifests if one.path.rpartition("/")[2] != "setup.py"]
    if not listed:
        return
    exact = [one for one in listed if one.exact]
    if len(exact) >= _EXACT * len(listed):
        note = f"fixes {len(exact)} of {len(listed)} versions, and none of what they need"
        yield Item("medium", exact[0].path, exact[0].line, _TOOL, note)
