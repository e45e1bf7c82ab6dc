"""Tests that look at the data."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.checks.unit_tests import tests
from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_LOOKS = frozenset("isnull isna notnull read_csv read_parquet columns".split())
_TOOL = "tests of the data"


def check(scene: Scene) -> Iterator[Item]:
    for unit, definition in tests(scene):
        words = {*definition.attributes, *(use.rpartition(".")[2] for use in definition.uses)}
        about = "data" in unit.path.rpartition("tests/")[2].lower()
        if about and (words & _LOOKS or any(word.startswith("expect_") for word in words)):
            yield Item("strong", unit.path, definition.at.line, _TOOL, f"`{definition.name}` checks the data")
