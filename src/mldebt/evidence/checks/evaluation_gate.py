"""A metric compared by hand: it promotes the model, or ends a job that something else promotes after."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.context import is_aside
from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene, Use
from mldebt.practices import Strength

_TOOL = "comparison of a metric"


def check(scene: Scene) -> Iterator[Item]:
    for unit in scene.code:
        for gate in unit.facts.gates if not is_aside(unit.path) else ():
            doubt = "nothing reaches that code" if scene.is_dead(Use(unit.path, gate.at.line)) else ""
            if gate.what == "promotes" and not unit.is_notebook:
                strength: Strength = "medium" if doubt else "strong"
                yield Item(strength, unit.path, gate.at.line, _TOOL, "promotes a model by its metric", doubt)
            else:
                yield Item("medium", unit.path, gate.at.line, _TOOL, "ends the job by a metric", doubt)
