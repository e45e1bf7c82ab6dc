"""A README with the steps that set the project up and run it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.kinds import teaches
from mldebt.evidence.scene import Row, Scene

_STEP = re.compile(
    r"\b(?:pip3?|conda|mamba|poetry|uv|docker|python3?|make|dvc|git clone|npm|bash|sh|jupyter|train)\b|\./"
)
_SECTION = re.compile(
    r"install|set.?up|usage|\buse\b|\brun|train|quick|getting started|how to|requirements", re.IGNORECASE
)
_FEWEST_LINES = 15
_OUTLINE = 4  # headings
_TOOL = "README"


def check(scene: Scene) -> Iterator[Item]:
    readmes = [p for glob in ("readme*", "docs/readme*", ".github/readme*") for p in scene.paths.matching(glob)]
    guides = [p for glob in ("docs/*start*", "docs/*install*", "docs/*setup*") for p in scene.paths.matching(glob)]
    for path in [*readmes, *(guides if readmes else [])]:
        step = _step(scene, path)
        heads = [row for row in scene.rows(path) if row.key == "heading"]
        if step is None and len(heads) >= _OUTLINE and teaches(scene):
            yield Item("strong", path, heads[1].line, _TOOL, f"outlines the lessons under {len(heads)} headings")
        elif step is not None:
            yield Item("strong", path, step.line, _TOOL, f"gives a step: `{step.value[:60]}`")
        elif scene.sizes[path] > 0:
            yield Item("medium", path, 0, _TOOL, "gives no step to set up or run")


def _step(scene: Scene, path: str) -> Row | None:
    rows = scene.rows(path)
    command = next((row for row in rows if not row.key and _STEP.search(row.value)), None)
    if command is not None or scene.files[path].lines < _FEWEST_LINES if path in scene.files else True:
        return command
    return next((row for row in rows if row.key == "heading" and _SECTION.search(row.value)), None)
