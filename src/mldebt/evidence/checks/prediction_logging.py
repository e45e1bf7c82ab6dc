"""Predictions that a batch job stores."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.circumstances import scorers
from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_TOOL = "batch output"


def check(scene: Scene) -> Iterator[Item]:
    for path, line in scorers(scene):
        yield Item("strong", path, line, _TOOL, "predicts and writes what it predicted")
