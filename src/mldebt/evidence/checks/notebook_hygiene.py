"""Notebooks without their outputs."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene
from mldebt.model import FileFacts

_CLEAN_CELLS = 0.1  # share of a clean notebook's code cells that may have outputs
_PRESENT, _PARTIAL = 0.9, 0.5  # share of clean notebooks
_TOOL = "notebook outputs"


def check(scene: Scene) -> Iterator[Item]:
    notebooks = [(path, facts) for path, facts in scene.files.items() if facts.cells]
    if not notebooks:
        return
    full = [path for path, facts in notebooks if _shown(facts) > _CLEAN_CELLS]
    share = 1 - len(full) / len(notebooks)
    note = f"{len(full)} of {len(notebooks)} notebooks carry outputs"
    path = full[0] if full else notebooks[0][0]
    yield Item("strong" if share >= _PRESENT else "medium" if share >= _PARTIAL else "none", path, 0, _TOOL, note)


def _shown(facts: FileFacts) -> float:
    code = [cell for cell in facts.cells if cell.kind in ("code", "broken") and cell.lines]
    return sum(cell.shown for cell in code) / len(code) if code else 0.0
