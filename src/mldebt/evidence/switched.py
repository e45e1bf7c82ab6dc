"""Practices that are there and off by default: every sign of them is behind a flag, not selected, or in dead code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mldebt.evidence.checks import checks
from mldebt.evidence.circumstances import circumstances
from mldebt.evidence.context import is_aside
from mldebt.evidence.items import Item, strongest
from mldebt.evidence.scene import Scene
from mldebt.evidence.search import Search
from mldebt.evidence.verdict import not_asked
from mldebt.model import Place
from mldebt.practices import Practice, catalogue


class Off(NamedTuple):
    """A practice that is switched off: the best evidence, all of it, and where the flag is defined (path, line)."""

    practice: Practice
    best: Item
    others: tuple[Item, ...]
    switch: tuple[str, Place] | None


def switched_off(scene: Scene) -> Iterator[Off]:
    """The practices that are asked for and whose evidence would do, were it not for what a switch takes away."""
    known = catalogue()
    facts = circumstances(scene, known.facts, {})
    for _, practice in known.practices:
        if not_asked(practice.applies, facts):
            continue
        search = Search(scene, practice.practice, known.home)
        items = [item for tool in practice.tools if not tool.against for item in search.items(tool)]
        mine = [item for item in items if item.strength == "medium" and item.doubt and not is_aside(item.path)]
        own = checks().get(practice.practice)
        if not mine or any(i.strength == "strong" for i in (*items, *(own(scene) if own is not None else ()))):
            continue
        best, *others = strongest(mine, 5)
        yield Off(practice, best, tuple(others), _switch(scene, best))


def _switch(scene: Scene, item: Item) -> tuple[str, Place] | None:
    """Where the flag that a doubt names is defined: in the same file, as an option, or in a configuration file."""
    if "`" not in item.doubt:
        return None
    name = item.doubt.split("`")[1].rpartition(".")[2]
    for path in (item.path, *(path for path in scene.files if not is_aside(path))):
        facts = scene.files[path]
        for module in facts.modules:
            for option in module.options:
                if option.name == name:
                    return path, option.at
            for variable in module.variables:
                if variable.name == name and variable.owner == 0 and path == item.path:
                    return path, variable.at
        for setting in facts.settings if facts.kind == "config" else ():
            if setting.key.rpartition(".")[2] == name:
                return path, Place(setting.line, setting.line)
    return None
