"""Names with holes, filled: with what other modules, callers, configuration and the command line say."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from mldebt.facts.ways import HOLE
from mldebt.links.calling import Calling
from mldebt.links.configured import Configured
from mldebt.links.graph import Graph
from mldebt.links.resolve import Found
from mldebt.links.units import Unit

ROOT = "⟨root⟩"
_DEEPEST = 6
_MOST = 6  # names of one touch
_TRIED = 24  # ways of filling one name; names that are built from many others have thousands
_CLOSED = re.compile(r"⟨(?!root)[^⟨⟩]*⟩")


class Words:
    """The words of a command line after the script: by position, and by the name of their option."""

    def __init__(self, words: list[str]) -> None:
        self.positions: list[str] = []
        self.options: dict[str, str] = {}
        name = ""
        for word in words:
            if word.startswith("-"):
                name, _, value = word.lstrip("-").replace("-", "_").partition("=")
                if value:
                    self.options[name] = value
                    name = ""
            elif name:
                self.options[name] = word
                name = ""
            else:
                self.positions.append(word)


NO_WORDS = Words([])


class Program(NamedTuple):
    """What is run at once: the definitions that belong to it, and the words of its command line."""

    nodes: frozenset[int]
    words: Words = NO_WORDS


class Filling:
    """Fills the holes of names in one program."""

    def __init__(self, graph: Graph, calling: Calling, configured: Configured, program: Program) -> None:
        self._graph = graph
        self._calling = calling
        self._configured = configured
        self._program = program

    def fill(self, unit: Unit, names: tuple[str, ...]) -> list[str]:
        """The names a touch has in the program, from the surest on.

        A name that is still open is left out if another one is not.
        """
        found: list[str] = []
        for name in names:
            for way in islice(self._ways(unit, name, 0), _TRIED):
                if way not in found:
                    found.append(way)
        closed = [way for way in found if not _CLOSED.search(way)]
        told = [way for way in closed or found if re.search(r"\w", HOLE.sub("", way))]
        return told[:_MOST]

    def _ways(self, unit: Unit, name: str, depth: int) -> Iterator[str]:
        hole = next((h for h in HOLE.finditer(name) if h[1] not in ("*", "root") and h[1][:1] != "?"), None)
        if hole is None or depth > _DEEPEST:
            yield name
            return
        filled = list(islice(self._of_hole(unit, hole[1], depth), _MOST))
        for text in filled or [f"⟨?{hole[1]}⟩"]:
            whole = text if text.startswith((ROOT, "/", "~")) and hole.start() else ""
            rest = whole + name[hole.end() :] if whole else name[: hole.start()] + text + name[hole.end() :]
            yield from self._ways(unit, rest, depth + 1)

    def _of_hole(self, unit: Unit, what: str, depth: int) -> Iterator[str]:
        kind, _, told = what.partition(":")
        if what == "here":
            yield posixpath.join(ROOT, unit.folder).rstrip("/")
        elif what == "file":
            yield posixpath.join(ROOT, unit.path)
        elif kind == "a" and told.isdigit() and 0 < int(told) <= len(self._program.words.positions):
            yield self._program.words.positions[int(told) - 1]
        elif kind == "n":
            yield from self._named(unit, told, depth)
        elif kind == "k":
            yield from self._keyed(unit, told, depth)
        elif kind == "p":
            yield from self._given(unit, told, depth)
        elif kind == "f":
            yield from self._field(unit, told, depth)

    def _elsewhere(self, unit: Unit, name: str, depth: int) -> Iterator[str]:
        """What is kept in a unit under a name."""
        for key, text in unit.facts.traffic.names:
            if key == name:
                yield from self._ways(unit, text, depth + 1)

    def _named(self, unit: Unit, dotted: str, depth: int) -> Iterator[str]:
        for there, name in self._homes(unit, dotted, 0):
            found = list(self._elsewhere(there, name, depth))
            if found:
                yield from found
                return
        resolver = self._graph.resolver
        holder, _, last = dotted.rpartition(".")
        for state in resolver.follow(unit, 0, holder, Found()) if holder else ():
            if state.kind in ("node", "instance"):
                there = resolver.unit_of(state.node)
                wanted = f"{resolver.definition(state.node).name}.{last}"
                yield from self._elsewhere(there, wanted, depth)

    def _homes(self, unit: Unit, dotted: str, depth: int) -> Iterator[tuple[Unit, str]]:
        """The units that may keep a text under a name, nearest first, each with the name it has there."""
        yield unit, dotted
        first, _, rest = dotted.partition(".")
        for item in unit.facts.imports if depth < _DEEPEST else ():
            where = self._graph.locator.find(unit, item.module) if item.bound in (first, "*") else None
            if where is None or where[1]:
                continue
            stem, left = where[0], rest.split(".") if rest else []
            if item.name:
                inner = self._graph.locator.within(stem, item.name)
                stem, left = (inner, left) if inner is not None else (stem, [item.name, *left])
            if item.name == "*":
                stem, left = where[0], dotted.split(".")
            elif not item.name and item.bound != item.module:
                for part in item.module.split(".")[1:]:
                    left = left[1:] if left[:1] == [part] else left
            index = self._graph.locator.unit_at(stem)
            if index is not None and left:
                yield from self._homes(self._graph.units[index], ".".join(left), depth + 1)

    def _keyed(self, unit: Unit, key: str, depth: int) -> Iterator[str]:
        """An option if there is one of the name, or else a setting."""
        if key in self._program.words.options:
            yield self._program.words.options[key]
            return
        own = list(self._elsewhere(unit, f"--{key}", depth))
        if not own and "." not in key:
            for other in sorted({self._graph.resolver.unit_of(node).index for node in self._program.nodes}):
                own.extend(self._elsewhere(self._graph.units[other], f"--{key}", depth))
        yield from own
        if not own and self._configured.is_loaded:
            named = (load.partition(" ")[2] for load in unit.facts.loads if load.startswith("file "))
            yield from self._configured.values(key, frozenset(map(posixpath.normpath, named)))

    def _given(self, unit: Unit, told: str, depth: int) -> Iterator[str]:
        """What callers give for a parameter; what a command gives, if it is an option."""
        function, index, name = told.split(":")
        if name in self._program.words.options:
            yield self._program.words.options[name]
            return
        yield from self._called(unit, function, (index, name), depth)
        yield from self._elsewhere(unit, f"--{name}", depth)

    def _field(self, unit: Unit, told: str, depth: int) -> Iterator[str]:
        holder, name = told.split(":")
        return self._called(unit, holder, (name,), depth)

    def _called(self, unit: Unit, callee: str, keys: tuple[str, ...], depth: int) -> Iterator[str]:
        """What the calls of a function or class in the program give for a parameter."""
        nodes = (unit.base + i for i, definition in enumerate(unit.facts.definitions) if definition.name == callee)
        for call in (call for node in nodes for call in self._calling.of(node)):
            for key, text in call.passed.names if call.node in self._program.nodes else ():
                if key in keys:
                    yield from self._ways(call.unit, text, depth + 1)


def settled(name: str, folder: str) -> str:
    """A filled name in its final form: a path from the root of the repository on; what is open is `*`."""
    text = re.sub(r"⟨\?[kef]:([^⟨⟩]*)⟩", r"{\1}", name).replace(f"{ROOT}/", "⟨root⟩")
    anchored = text.startswith("⟨root⟩")
    text = re.sub(r"⟨[^⟨⟩]*⟩", "*", text.removeprefix("⟨root⟩") if anchored else text.replace(ROOT, "."))
    if "://" in text or text.startswith("runs:/"):
        return text
    if text.startswith(("/", "~", "*", "{")) or re.match(r"[A-Za-z]:[\\/]", text):
        return text
    text = text.replace("\\", "/")
    found = posixpath.normpath(text if anchored else posixpath.join(folder, text))
    return re.sub(r"\*(?:\*|/\*(?=/))+", "*", found)
