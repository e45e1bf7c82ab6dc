"""The linked facts of a whole repository: what per-repository rules see."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from mldebt.frameworks import Framework, Knowledge, frameworks
from mldebt.links.api import Interface
from mldebt.links.artifacts import Artifacts
from mldebt.links.classes import Classes
from mldebt.links.clones import CloneClass, clone_classes
from mldebt.links.dead import Group, groups
from mldebt.links.entry import Entry, entries, is_test, named_settings, plain_words, published
from mldebt.links.graph import Graph
from mldebt.links.loops import Loops
from mldebt.links.randomness import Run, runs
from mldebt.links.reach import Reach
from mldebt.links.resolve import Found
from mldebt.links.units import Unit, units
from mldebt.links.unparsed import is_named, named_roots, unparsed_words
from mldebt.links.whitelist import Whitelist
from mldebt.model import Code, FileFacts, Listing

_TEST_NAMES = re.compile(r"(test|Test|setup|teardown|set_up|tear_down|pytest_)")
_ADVICE = 0.6  # confidence in what a published package does not offer, but has under a public name
_INPUT = re.compile(r"(?:^|/)tests?/(?:.+/)?(?:fixtures?|test_?data|data|cases|resources|inputs?|samples)/")
# functions that tell a script of a migration tool or of a scoring service, whatever the file is called
_SCRIPTS = (frozenset({"migrate", "rollback"}), frozenset({"upgrade", "downgrade"}), frozenset({"init", "run"}))
_PACKAGING = tuple(f"is named in {name}:" for name in ("pyproject.toml", "setup.cfg", "setup.py"))
_FEWEST_REACHED = 0.2  # below this share of reached modules the entry points cannot be the real ones


class Repository:
    """All files' facts by path (sorted), and what is derived from them, each derived once and only when asked for.

    `focus` are the paths that findings are wanted for; None means all of them. `known` are the frameworks to know of;
    None means those that come with mldebt. `unfiltered` are the filters of the clone search that are off. `listing` is
    the tree that the files lie in; `source` gives the code of a path, for what the facts of a few files do not tell.
    """

    def __init__(
        self,
        files: Mapping[str, FileFacts],
        focus: frozenset[str] | None = None,
        known: tuple[Framework, ...] | None = None,
        unfiltered: frozenset[str] = frozenset(),
        listing: Listing = Listing(),  # noqa: B008 - it is frozen
        source: Callable[[str], Code | None] = lambda path: None,
    ) -> None:
        self.files = dict(sorted(files.items()))
        self.focus = focus
        self.listing = listing
        self.source = source
        self._known = known
        self._unfiltered = unfiltered

    def wants(self, path: str) -> bool:
        """Whether findings in this file are asked for; what a test only reads, as a linter's do, has no debt."""
        return (self.focus is None or path in self.focus) and path not in self._inputs

    @cached_property
    def _inputs(self) -> frozenset[str]:
        """The files in a data folder of the tests that nothing imports and that are no tests."""
        apart = (u for u in self.units if _INPUT.search(u.path) and u.index not in self.graph.imported)
        return frozenset(unit.path for unit in apart if "tests" not in unit.facts.traits)

    @cached_property
    def units(self) -> list[Unit]:
        """All Python modules, by path."""
        return units(self.files)

    @cached_property
    def graph(self) -> Graph:
        """Who imports and refers to whom."""
        return Graph(self.units)

    @cached_property
    def knowledge(self) -> Knowledge:
        """What the frameworks that are imported anywhere call by themselves."""
        imported = {item.module.partition(".")[0] for unit in self.units for item in unit.facts.imports}
        return Knowledge(frameworks() if self._known is None else self._known, imported)

    @cached_property
    def classes(self) -> Classes:
        """The class families."""
        return Classes(self.graph.resolver, self.knowledge)

    @cached_property
    def entries(self) -> list[Entry]:
        """The entry points, by path."""
        return entries(self.files, self.units, self.graph.imported, self.knowledge)

    @cached_property
    def published(self) -> str | None:
        """Why the repository counts as a published library; None if it does not."""
        return published(self.files)

    @cached_property
    def interface(self) -> Interface | None:
        """What a published project offers to code outside; None if it is not published."""
        return None if self.published is None else Interface(self.files, self.graph, self.classes, self.published)

    def certainty(self, node: int, usual: float) -> float:
        """How sure it is that an unreached definition is dead: less if code outside could import it all the same."""
        return usual if self.interface is None or not self.interface.may_hold(node) else _ADVICE

    @cached_property
    def whitelist(self) -> Whitelist:
        """What must not be called dead because vulture was told so."""
        return Whitelist(self.files, self.units)

    @cached_property
    def reach(self) -> Reach:
        """What all entry points and outside references reach."""
        return self._reached(all_ways=False)

    @cached_property
    def ways(self) -> Reach:
        """The same with every way that leads to each, for who asks why."""
        return self._reached(all_ways=True)

    def _reached(self, all_ways: bool) -> Reach:
        roots = [
            *self._entry_roots(),
            *self._configured_roots(),
            *named_roots(self.units, self.words),
            *self._public_roots(),
        ]
        roots.extend(self.whitelist.roots())
        found = Reach(self.graph, self.classes, roots, all_ways)
        bodies = [unit.base for unit in self.units]
        if bodies and sum(body in found for body in bodies) < _FEWEST_REACHED * len(bodies):
            every = [(body, "no entry point was found, so every module may be one") for body in bodies]
            roots.extend([*every, *self._public_names("no entry point was found")])
            return Reach(self.graph, self.classes, roots, all_ways)
        return found

    @cached_property
    def dead(self) -> list[Group]:
        """What nothing reaches, in groups, by place."""
        return groups(self.graph, self.classes, self.reach)

    @cached_property
    def clones(self) -> list[CloneClass]:
        """The clone classes that have a member in the focus, by place."""
        return clone_classes(self.files, self.focus, self._unfiltered)

    @cached_property
    def artifacts(self) -> Artifacts:
        """Who reads and writes which file, table, topic or model."""
        return Artifacts(self.files, self.graph, self.classes, self.entries, self.listing)

    @cached_property
    def loops(self) -> Loops:
        """The loops of the artifact graph."""
        return Loops(self.artifacts)

    @cached_property
    def runs(self) -> list[Run]:
        """The entry points that train or divide data, and what draws and seeds on their way."""
        return runs(self.entries, self.graph, self.reached_from)

    def reached_from(self, entry: Entry, handed_on: bool) -> Reach:
        """What one entry point reaches, with or without what packages on the way only hand on."""
        unit = next(u for u in self.units if u.path == entry.path and u.module == entry.module)
        return Reach(self.graph, self.classes, [(unit.base, entry.why)], handed_on=handed_on)

    def _entry_roots(self) -> Iterator[tuple[int, str]]:
        by_place = {(unit.path, unit.module): unit for unit in self.units}
        for entry in self.entries:
            unit = by_place[entry.path, entry.module]
            yield unit.base, entry.why
            if entry.kind == "test" or is_test(unit):
                yield from _named(unit, _TEST_NAMES, "is run by the test framework")
            if unit.facts.name:
                yield from _named(unit, re.compile(r"[^_]"), "may be used from outside")
        for unit in self.units:
            yield from self._named_by_tools(unit)
        if any("imports-by-name" in unit.facts.traits for unit in self.units if not is_test(unit)):
            for unit in self.units:
                yield unit.base, "may be imported by a computed name"

    def _named_by_tools(self, unit: Unit) -> Iterator[tuple[int, str]]:
        """What tools call in files of a name; of a class without a framework's base that may be any method."""
        here = {definition.name: unit.base + i for i, definition in enumerate(unit.facts.definitions)}
        for pair in _SCRIPTS:
            if pair <= here.keys():
                yield unit.base, "has the functions of a script that a tool loads by its path"
                yield from ((here[name], "is called by a tool that loads such scripts") for name in sorted(pair))
        names = self.knowledge.named_in(unit.path)
        based: set[str] = set()
        for index, definition in enumerate(unit.facts.definitions if names else ()):
            name, _, method = definition.name.partition(".")
            if definition.kind == "class" and self.classes.outside_bases(unit.base + index):
                based.add(name)
            hidden = name.startswith("_") or method.startswith("_") or (method and name in based)
            if index and names and name in names and not hidden:
                yield unit.base + index, "is called by a tool that looks for files of this name"

    @cached_property
    def _named(self) -> list[tuple[str, list[str], str]]:
        """What configuration and literals name by a dotted path: (stem, parts left over, why)."""
        found: list[tuple[str, list[str], str]] = []
        for path, line, dotted in named_settings(self.files):
            where = self.graph.locator.seen_from(posixpath.dirname(path), dotted)
            if where is not None and len(where[1]) < dotted.count(".") + 1:
                found.append((where[0], where[1], f"is named in {path}:{line}"))
        return found

    @cached_property
    def taken(self) -> dict[int, set[str]]:
        """The top-level names of each unit that other units, the configuration or code not parsed take from it."""
        found = {index: set(names) for index, names in self.graph.taken.items()}
        for stem, left, _ in self._named:
            index = self.graph.locator.unit_at(stem)
            if index is not None and left:
                found.setdefault(index, set()).add(left[0])
        for unit in self.units if self.words else ():
            bound = {*(item.bound for item in unit.facts.imports), *(v.name for v in unit.facts.variables)}
            if is_named(unit, self.words):
                found.setdefault(unit.index, set()).update(bound & self.words.keys())
        return found

    @cached_property
    def lent(self) -> dict[str, tuple[str, ...]]:
        """The imported names of each file that other files take from it."""
        found: dict[str, set[str]] = {}
        for unit in self.units:
            bound = {item.bound for item in unit.facts.imports} & self.taken.get(unit.index, set())
            found.setdefault(unit.path, set()).update(bound)
        return {path: tuple(sorted(names)) for path, names in found.items() if names}

    def _configured_roots(self) -> Iterator[tuple[int, str]]:
        for stem, left, why in self._named:
            yield from self._placed(stem, left, why)
        if any("looks-up-names" in unit.facts.traits for unit in self.units):
            words = plain_words(self.files)
            for unit in self.units:
                words.update(unit.facts.definitions[0].strings)
            for unit in self.units:
                for index, definition in enumerate(unit.facts.definitions):
                    if definition.name.rpartition(".")[2] in words:
                        yield unit.base + index, "is named by a string, and names are looked up by computation"

    def _placed(self, stem: str, left: list[str], why: str) -> Iterator[tuple[int, str]]:
        is_plugin = why.startswith(_PACKAGING)  # whoever finds a class by the package's metadata may call any of it
        for body in self.graph.bodies(stem):
            yield body, why
        index = self.graph.locator.unit_at(stem)
        if index is None or not left:
            return
        unit = self.units[index]
        found = Found()
        self.graph.resolver.bound(unit, left[0], found)
        for node in sorted(found.nodes):
            yield node, why
            methods = self.classes.methods.get(node, {})
            for name, nodes in sorted(methods.items()):
                if name in left[1:2] or (is_plugin and len(left) == 1 and not name.startswith("_")):
                    yield from ((method, why) for method in nodes)

    @cached_property
    def spelt(self) -> frozenset[str]:
        """The attributes that are read on receivers nobody can place."""
        return frozenset(name for u in self.units for d in u.facts.definitions for name in d.attributes)

    @cached_property
    def words(self) -> dict[str, str]:
        """What code that was not parsed names, each word with the first such file; it may use all of that."""
        return unparsed_words(self.files)

    def _public_roots(self) -> Iterator[tuple[int, str]]:
        if self.interface is not None:
            yield from self.interface.roots()

    def _public_names(self, why: str) -> Iterator[tuple[int, str]]:
        for unit in self.units:
            if unit.path.endswith(".py") and not is_test(unit):
                yield unit.base, why
                for index, definition in enumerate(unit.facts.definitions):
                    if index and not any(part.startswith("_") for part in definition.name.split(".")):
                        yield unit.base + index, why


def _named(unit: Unit, pattern: re.Pattern[str], why: str) -> Iterator[tuple[int, str]]:
    for index, definition in enumerate(unit.facts.definitions):
        if index and pattern.match(definition.name.rpartition(".")[2]):
            yield unit.base + index, why
