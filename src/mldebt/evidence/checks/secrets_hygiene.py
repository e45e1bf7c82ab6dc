"""Secrets that lie in the code: what the rule on them found."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.context import is_aside
from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_RULE = "committed-secret"


def check(scene: Scene) -> Iterator[Item]:
    for path, facts in scene.files.items():
        for hit in facts.hits.get(_RULE, ()):
            excused = any(_RULE in d.rules and d.first <= hit.at.line <= d.last for d in facts.directives)
            if not excused and not is_aside(path):
                yield Item("none", path, hit.at.line, _RULE, hit.says.partition(":")[0])
