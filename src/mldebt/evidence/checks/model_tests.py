"""Tests of what a model does, not only of the code around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.evidence.checks.unit_tests import tests
from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_SURE = re.compile(r"invarian|directional|(?:^|_)mft|min(?:imum)?_func|behaviou?ral|overfit|checklist", re.IGNORECASE)
_NAMED = re.compile(r"direction|behaviou?r|train|predict|accuracy|regress|transcri|infer", re.IGNORECASE)
_RUNS = frozenset("predict predict_proba transcribe forward fit train".split())
_ABOUT = re.compile(r"(?:^|/)(?:ml|models?)/[^/]*$|(?:train|predict|model|infer)[^/]*$")
_SEVERAL = 3
_TOOL = "tests of the model"


def check(scene: Scene) -> Iterator[Item]:
    running: list[Item] = []
    for unit, definition in tests(scene):
        words = {*definition.attributes, *(use.rpartition(".")[2] for use in definition.uses)}
        if _SURE.search(definition.name) and "loss" not in definition.name:
            yield Item(
                "strong", unit.path, definition.at.line, _TOOL, f"`{definition.name}` tests how the model behaves"
            )
        elif words & _RUNS and (_NAMED.search(definition.name) or _ABOUT.search(unit.path)):
            running.append(
                Item("medium", unit.path, definition.at.line, _TOOL, f"`{definition.name}` runs the model", lesser=True)
            )
    yield from running[:1]
    if len(running) >= _SEVERAL:
        first = running[0]
        yield Item("strong", first.path, first.line, _TOOL, f"{len(running)} tests run the model", lesser=True)
