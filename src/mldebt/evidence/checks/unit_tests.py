"""Test functions that test something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.evidence.context import is_test
from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene
from mldebt.links.units import Unit
from mldebt.model import Definition

_FEWEST = 3
_NAME = re.compile(r"(?:^|\.)test", re.IGNORECASE)
_TOOL = "test functions"


def tests(scene: Scene) -> Iterator[tuple[Unit, Definition]]:
    """The test functions and methods that call or read something, in files that hold tests."""
    for unit in scene.code:
        if not unit.path.endswith(".py") or not (is_test(unit.path) or unit.path.endswith("_tests.py")):
            continue
        for definition in unit.facts.definitions:
            if definition.kind in ("function", "method") and _NAME.search(definition.name) and _does(definition):
                yield unit, definition


def _does(definition: Definition) -> bool:
    return bool(definition.uses or definition.attributes or definition.own)


def check(scene: Scene) -> Iterator[Item]:
    found = list(tests(scene))
    if found:
        unit, definition = found[0]
        note = f"{len(found)} test functions, `{definition.name}` the first"
        yield Item("strong" if len(found) >= _FEWEST else "medium", unit.path, definition.at.line, _TOOL, note)
