"""The names a module binds at its top, ready to look up."""

from __future__ import annotations

from mldebt.links.units import Unit
from mldebt.model import Import


class Top:
    """A unit's top-level names: what is bound again before it can be read is left out."""

    __slots__ = ("definitions", "imports", "local_imports", "stars", "variables")

    def __init__(self, unit: Unit) -> None:
        self.definitions: dict[str, list[int]] = {}
        self.imports: dict[str, list[Import]] = {}
        self.local_imports: dict[tuple[int, str], list[Import]] = {}
        self.stars: list[Import] = []
        self.variables = {v.name: v.value for v in unit.facts.variables if v.owner == 0}
        for index, definition in enumerate(unit.facts.definitions):
            if definition.kind in ("function", "class") and not definition.shadowed:
                self.definitions.setdefault(definition.name, []).append(index)
        for item in unit.facts.imports:
            if item.name == "*":
                self.stars.append(item)
            elif item.owner:
                self.local_imports.setdefault((item.owner, item.bound), []).append(item)
                self.imports.setdefault(item.bound, [])
            elif item.quiet != "shadowed":
                self.imports.setdefault(item.bound, []).append(item)
