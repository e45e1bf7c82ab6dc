"""An endpoint where people confirm or correct what the model said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene
from mldebt.links.units import Unit

_PEOPLE = re.compile(r"annotat|feedback|(?:^|_)votes?(?:_|$)|relabel|correction", re.IGNORECASE)
_ROUTES = ("post", "put", "route", "patch")
_TOOL = "endpoint for corrections"


def check(scene: Scene) -> Iterator[Item]:
    for unit in scene.code:
        if not scene.is_aside(unit.path):
            yield from (
                Item("strong", unit.path, line, _TOOL, f"`{name}` takes what people say") for line, name in _of(unit)
            )


def _of(unit: Unit) -> Iterator[tuple[int, str]]:
    for definition in unit.facts.definitions:
        holder, _, name = definition.name.rpartition(".")
        routed = any(decorator.rpartition(".")[2] in _ROUTES for decorator in definition.decorators)
        if (routed and _PEOPLE.search(name)) or (name in ("on_post", "on_put") and _PEOPLE.search(holder)):
            yield definition.at.line, definition.name
