"""Settings kept as Python files that a program runs or imports by their path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_FOLDER = re.compile(r"(?:^|/)conf(?:ig)?s?/")
_TOOL = "Python files of settings"


def check(scene: Scene) -> Iterator[Item]:
    found = [u for u in scene.code if _FOLDER.search(u.path) and "only-assigns" in u.facts.traits]
    runs = any("evaluates" in u.facts.traits or "looks-up-names" in u.facts.traits for u in scene.code)
    if len(found) > 1 and runs:
        yield Item("strong", found[0].path, 1, _TOOL, "is one of several that the entry point runs")
