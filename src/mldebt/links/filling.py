"""Names with holes, filled: with what other modules, callers, configuration and the command line say."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from mldebt.facts.templates import HOLE
from mldebt.links.calling import Calling
from mldebt.links.configured import Configured
from mldebt.links.graph import Graph
from mldebt.links.resolve import Found
from mldebt.links.units import Unit

ROOT = "⟨root⟩"
_DEEPEST = 6
_MOST = 6  # names of one touch
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


class Filling:
    """Fills the holes of one repository's names."""

    def __init__(self, graph: Graph, calling: Calling, configured: Configured) -> None:
        self._graph = graph
        self._calling = calling
        self._configured = configured
        self._loads = any(unit.facts.loads for unit in graph.units)

    def fill(self, unit: Unit, names: tuple[str, ...], words: Words, within: frozenset[int]) -> list[str]:
        """The names a touch has in a program that runs the definitions `within`, from the surest on.

        A name that is still open is left out if another one is not.
        """
        found: list[str] = []
        for name in names:
            for way in self._ways(unit, name, words, within, 0):
                if way not in found:
                    found.append(way)
        closed = [way for way in found if not _CLOSED.search(way)]
        told = [way for way in closed or found if re.search(r"\w", HOLE.sub("", way))]
        return told[:_MOST]

    def _ways(self, unit: Unit, name: str, words: Words, within: frozenset[int], depth: int) -> Iterator[str]:
        hole = next((h for h in HOLE.finditer(name) if h[1] not in ("*", "root") and h[1][:1] != "?"), None)
        if hole is None or depth > _DEEPEST:
            yield name
            return
        filled = list(self._of_hole(unit, hole[1], words, within, depth))[:_MOST]
        for text in filled or [f"⟨?{hole[1]}⟩"]:
            whole = text if text.startswith((ROOT, "/", "~")) and hole.start() else ""
            rest = whole + name[hole.end() :] if whole else name[: hole.start()] + text + name[hole.end() :]
            yield from self._ways(unit, rest, words, within, depth + 1)

    def _of_hole(self, unit: Unit, what: str, words: Words, within: frozenset[int], depth: int) -> Iterator[str]:
        kind, _, told = what.partition(":")
        if what == "here":
            yield posixpath.join(ROOT, unit.folder).rstrip("/")
        elif what == "file":
            yield posixpath.join(ROOT, unit.path)
        elif kind == "a" and told.isdigit() and 0 < int(told) <= len(words.positions):
            yield words.positions[int(told) - 1]
        elif kind == "n":
            yield from self._named(unit, told, words, within, depth)
        elif kind == "k":
            yield from self._keyed(unit, told, words, within, depth)
        elif kind == "p":
            yield from self._given(unit, told, words, within, depth)
        elif kind == "f":
            yield from self._field(unit, told, words, within, depth)

    def _elsewhere(self, unit: Unit, name: str, words: Words, within: frozenset[int], depth: int) -> Iterator[str]:
        """What is kept in a unit under a name."""
        for key, text in unit.facts.traffic.names:
            if key == name:
                yield from self._ways(unit, text, words, within, depth + 1)

    def _named(self, unit: Unit, dotted: str, words: Words, within: frozenset[int], depth: int) -> Iterator[str]:
        own = list(self._elsewhere(unit, dotted, words, within, depth))
        if own:
            yield from own
            return
        into = Found()
        resolver = self._graph.resolver
        holder, _, last = dotted.rpartition(".")
        states = resolver.follow(unit, 0, dotted, into)
        for index, name in sorted(into.variables):
            if name == last or not holder:
                yield from self._elsewhere(self._graph.units[index], name, words, within, depth)
        if states and states[0].kind == "foreign":
            return
        for state in resolver.follow(unit, 0, holder, Found()) if holder else ():
            if state.kind in ("node", "instance"):
                there = resolver.unit_of(state.node)
                wanted = f"{resolver.definition(state.node).name}.{last}"
                yield from self._elsewhere(there, wanted, words, within, depth)

    def _keyed(self, unit: Unit, key: str, words: Words, within: frozenset[int], depth: int) -> Iterator[str]:
        """An option if there is one of the name, or else a setting."""
        if key in words.options:
            yield words.options[key]
            return
        own = list(self._elsewhere(unit, f"--{key}", words, within, depth))
        if not own and "." not in key:
            for other in sorted({self._graph.resolver.unit_of(node).index for node in within}):
                own.extend(self._elsewhere(self._graph.units[other], f"--{key}", words, within, depth))
        yield from own
        if not own and self._loads:
            named = (load.partition(" ")[2] for load in unit.facts.loads if load.startswith("file "))
            yield from self._configured.values(key, frozenset(map(posixpath.normpath, named)))

    def _given(self, unit: Unit, told: str, words: Words, within: frozenset[int], depth: int) -> Iterator[str]:
        """What callers give for a parameter; what a command gives, if it is an option."""
        function, index, name = told.split(":")
        if name in words.options:
            yield words.options[name]
            return
        for i, definition in enumerate(unit.facts.definitions):
            if definition.name != function:
                continue
            for call in self._calling.of(unit.base + i):
                if call.node in within:
                    given = (text for key, text in call.passed.names if key in (index, name))
                    for text in given:
                        yield from self._ways(call.unit, text, words, within, depth + 1)
        yield from self._elsewhere(unit, f"--{name}", words, within, depth)

    def _field(self, unit: Unit, told: str, words: Words, within: frozenset[int], depth: int) -> Iterator[str]:
        holder, name = told.split(":")
        for i, definition in enumerate(unit.facts.definitions):
            if definition.name == holder:
                for call in self._calling.of(unit.base + i):
                    if call.node in within:
                        for text in (text for key, text in call.passed.names if key == name):
                            yield from self._ways(call.unit, text, words, within, depth + 1)


def settled(name: str, folder: str) -> str:
    """A filled name in its final form: a path from the root of the repository on; what is open is `*`."""
    text = re.sub(r"⟨\?[kef]:([^⟨⟩]*)⟩", r"{\1}", name).replace(f"{ROOT}/", "⟨root⟩")
    anchored = text.startswith("⟨root⟩")
    text = re.sub(r"⟨[^⟨⟩]*⟩", "*", text.removeprefix("⟨root⟩") if anchored else text.replace(ROOT, "."))
    if "://" in text or text.startswith(("/", "~", "*", "{")) or re.match(r"[A-Za-z]:[\\/]", text):
        return text
    text = text.replace("\\", "/")
    found = posixpath.normpath(text if anchored else posixpath.join(folder, text))
    return re.sub(r"\*(?:\*|/\*(?=/))+", "*", found)
