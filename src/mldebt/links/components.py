"""The components of a system: what is run by itself, what it does with models, and which definitions it reaches."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from mldebt.links.calling import Calling
from mldebt.links.classes import Classes
from mldebt.links.declared import Declared, scripts
from mldebt.links.entry import Entry
from mldebt.links.filling import NO_WORDS, Words
from mldebt.links.graph import Graph
from mldebt.links.reach import Reach
from mldebt.links.shells import spelled
from mldebt.links.strict import strictly
from mldebt.links.units import Unit
from mldebt.model import FileFacts

_RUN = frozenset({"script", "notebook", "convention", "command", "called"})
_MOST_FILES = 40  # in a larger program most methods of a name are somebody else's: only sure ways are followed
_CODE = (".py", ".ipynb")
_SHELL = (".sh", ".bash")
_COMMANDS = re.compile(
    r"\.(?:sh|bash|mk|ya?ml)$|(?:^|/)(?:[Mm]akefile|[Jj]ustfile|Procfile|Dockerfile[^/]*|[^/]*\.[Dd]ockerfile)$"
)
_ROOTS = frozenset(
    """pyproject.toml setup.py setup.cfg requirements.txt Pipfile environment.yml environment.yaml dvc.yaml
    MLproject""".split()
)


class Component(msgspec.Struct, frozen=True):
    """Something that is run by itself: `kind` is script, notebook, service, stage, entry, step or module.

    `unit` is the module it runs, -1 if there is none of the repository; `nodes` are the definitions that belong to it.
    `folder` is what its relative paths are relative to.
    """

    name: str
    kind: str
    path: str
    line: int
    unit: int
    nodes: frozenset[int]
    folder: str
    words: Words = NO_WORDS
    declared: Declared | None = None


class Components:
    """The components of one repository."""

    def __init__(
        self,
        files: Mapping[str, FileFacts],
        graph: Graph,
        classes: Classes,
        entries: list[Entry],
        steps: list[Declared],
    ) -> None:
        self._calling = Calling(graph)
        self._files = files
        self._graph = graph
        self._classes = classes
        self._entries = entries
        self._steps = steps

    @cached_property
    def _telling(self) -> set[str]:
        """The files that touch or do anything."""
        return {unit.path for unit in self._graph.units if _tells(unit)}

    @cached_property
    def _starts(self) -> dict[int, str]:
        """The units that are run by themselves, each with the kind of component it is."""
        found: dict[int, str] = {}
        by_place = {(unit.path, unit.module): unit for unit in self._graph.units}
        for entry in self._entries:
            unit = by_place[entry.path, entry.module]
            if entry.kind in _RUN and entry.path.endswith(_CODE) and not unit.facts.name:
                found[unit.index] = "notebook" if unit.is_notebook else "script"
        for unit in self._graph.units:
            if any(act.what == "serves" for act in unit.facts.traffic.acts) and unit.path.endswith(_CODE):
                found[unit.index] = "notebook" if unit.is_notebook else "service"
        return found

    def all(self) -> list[Component]:
        """The components that touch something or declare that they do, by path."""
        found = list(self._declared())
        staged = {component.unit for component in found}
        taken: set[int] = set().union(*(component.nodes for component in found))
        for index, kind in sorted(self._starts.items()):
            unit = self._graph.units[index]
            if index in staged or self._closure(unit.path).isdisjoint(self._telling):
                continue
            nodes = self._nodes(unit)
            taken |= nodes
            words = self._commanded.get(index, NO_WORDS)
            found.append(Component(unit.path, kind, unit.path, 1, index, nodes, self._folder(unit, kind), words))
        found.extend(self._left(taken))
        return sorted(found, key=lambda c: (c.path, c.line, c.name))

    def _left(self, taken: set[int]) -> Iterator[Component]:
        """The modules with something that no component reaches: somebody else's code may call them."""
        for unit in self._graph.units:
            if unit.path not in self._telling or not unit.path.endswith(_CODE) or unit.facts.name:
                continue
            if "tests" in unit.facts.traits or "conftest" in unit.path:
                continue
            nodes = frozenset(range(unit.base, unit.base + len(unit.facts.definitions))) - taken
            owners = {unit.base + touch.owner for touch in unit.facts.traffic.touches}
            if not owners.isdisjoint(nodes):
                yield Component(unit.path, "module", unit.path, 1, unit.index, nodes, self._folder(unit, "module"))

    def _declared(self) -> Iterator[Component]:
        for step in self._steps:
            ran = [(unit, words) for word, words in scripts(step.command) if (unit := self.meant(step.folder, word))]
            name = f"{step.kind} {step.name}"
            unit, words = ran[0] if ran else (None, [])
            nodes = self._nodes(unit) if unit is not None else frozenset()
            index = unit.index if unit is not None else -1
            yield Component(name, step.kind, step.path, step.line, index, nodes, step.folder, Words(words), step)

    def meant(self, folder: str, named: str) -> Unit | None:
        """The module that a command run in a folder means by a file name."""
        for candidate in (posixpath.join(folder, named), posixpath.join(folder, "src", named), named):
            index = self._by_path.get(posixpath.normpath(candidate))
            if index is not None:
                return self._graph.units[index]
        return None

    @cached_property
    def _by_path(self) -> dict[str, int]:
        return {unit.path: unit.index for unit in self._graph.units if unit.module == 0}

    @cached_property
    def _commanded(self) -> dict[int, Words]:
        """The words that commands give a script, if all commands that name it give the same."""
        found: dict[int, set[tuple[str, ...]]] = {}
        for path, facts in self._files.items():
            texts = [command.text for command in facts.commands] if _COMMANDS.search(path) else []
            if not any(".py" in text for text in texts):
                continue
            for text in spelled(texts) if path.endswith(_SHELL) else texts:
                for word, words in scripts(text) if ".py" in text else ():
                    unit = self.meant(posixpath.dirname(path), word)
                    if unit is not None and words:
                        found.setdefault(unit.index, set()).add(tuple(words))
        return {index: Words([*ways.pop()]) for index, ways in found.items() if len(ways) == 1}

    def _nodes(self, unit: Unit) -> frozenset[int]:
        """What a module reaches when it is run."""
        files = self._closure(unit.path)
        own = frozenset(range(unit.base, unit.base + len(unit.facts.definitions)))
        if files.isdisjoint(self._telling):
            return own
        served = any(act.what == "serves" for act in unit.facts.traffic.acts)
        roots = sorted(own) if served else [unit.base]
        if len(files) > _MOST_FILES:
            return strictly(self._graph, self._calling, roots)
        return frozenset(Reach(self._graph, self._classes, [(node, "is run") for node in roots]).reasons)

    def _closure(self, path: str) -> frozenset[str]:
        """The files that a file imports, directly or not, and itself."""
        known = self._closures.get(path)
        if known is None:
            seen, waiting = {path}, [path]
            while waiting:
                for edge in self._graph.imports.get(waiting.pop(), ()):
                    if edge.target not in seen:
                        seen.add(edge.target)
                        waiting.append(edge.target)
            known = self._closures[path] = frozenset(seen)
        return known

    @cached_property
    def _closures(self) -> dict[str, frozenset[str]]:
        return {}

    def _folder(self, unit: Unit, kind: str) -> str:
        """The folder a module is most likely run in: a notebook's own, or the nearest that is a project's."""
        if kind == "notebook":
            return unit.folder
        folder = unit.folder
        while folder and not any(posixpath.join(folder, name) in self._files for name in _ROOTS):
            folder = posixpath.dirname(folder)
        return folder


def _tells(unit: Unit) -> bool:
    return bool(unit.facts.traffic.touches or unit.facts.traffic.acts)
