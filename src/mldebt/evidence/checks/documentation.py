"""A README with the steps that set the project up and run it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_STEP = re.compile(r"\b(?:pip|conda|poetry|uv|docker|python|make|dvc|git clone|npm|bash|sh|jupyter|train)\b|\./")
_TOOL = "README"


def check(scene: Scene) -> Iterator[Item]:
    for glob in ("readme*", "docs/readme*", ".github/readme*"):
        for path in scene.paths.matching(glob):
            step = next((row for row in scene.rows(path) if _STEP.search(row.value)), None)
            if step is not None:
                yield Item("strong", path, step.line, _TOOL, f"gives a step: `{step.value[:60]}`")
            elif scene.sizes[path] > 0:
                yield Item("medium", path, 0, _TOOL, "gives no command to set up or run")
