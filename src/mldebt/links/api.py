"""What a published project offers to code outside the repository.

Its interface is what it says it is: the names its `__init__` files define or take from its modules, those in
`__all__`, those its documents name or use, and everything public in a module that nothing else in the package imports
(a module without an importer inside exists for those outside) or that the package hands out whole. Of a class that is
offered, the public methods and attributes are too. A project that says nothing of this kind offers everything public.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from mldebt.links.classes import Classes
from mldebt.links.entry import is_test
from mldebt.links.graph import Graph
from mldebt.links.resolve import Found
from mldebt.links.units import Unit
from mldebt.model import Definition, FileFacts

_ASIDE = re.compile(
    r"(?:^|/)(?:tests?|docs?|examples?|scripts?|tools|benchmarks?|notebooks?|tutorials?|projects|samples?|demos?)/"
)
_DOCUMENTS_ALL = re.compile(r"sphinx-apidoc|autoapi|api-autonav|pdoc3?\b")
_COMPUTED = frozenset({"looks-up-names", "__getattr__"})
_DOCUMENT = (".md", ".markdown", ".rst")


class Interface:
    """The interface of a project that `why` says is published; every part is derived once."""

    def __init__(self, files: Mapping[str, FileFacts], graph: Graph, classes: Classes, why: str) -> None:
        self._files = files
        self._graph = graph
        self._classes = classes
        self._why = why
        inside = [u for u in graph.units if u.path.endswith(".py") and not is_test(u) and not _ASIDE.search(u.path)]
        folders = {unit.folder for unit in inside if unit.is_package}
        packaged = [unit for unit in inside if unit.folder in folders]
        self.modules = packaged or inside

    def roots(self) -> Iterator[tuple[int, str]]:
        """All that code outside may start from, each with the reason."""
        for unit in self.modules:
            yield unit.base, f"may be imported from outside: {self._why}"
        for node, said in sorted(self.offered.items()):
            yield node, f"{said} of a published library: {self._why}"
        for node in self._methods():
            yield node, f"is a public method of a class that a published library offers: {self._why}"

    @cached_property
    def offered(self) -> dict[int, str]:
        """The functions and classes that are offered, each with what makes them so."""
        said = {**self._documented(), **self._exported()}
        if not said or self._is_boundless():
            return {node: "is a public name" for unit in self.modules for node in _public(unit)}
        for unit in self.modules:
            if unit.index in self._open:
                said.update((node, "is a public name") for node in _public(unit) if node not in said)
        return said

    @cached_property
    def families(self) -> frozenset[int]:
        """The families of the classes that are offered."""
        kinds = ((node, self._graph.resolver.definition(node).kind) for node in self.offered)
        return frozenset(self._classes.family(node) for node, kind in kinds if kind == "class")

    def may_hold(self, node: int) -> bool:
        """Whether a definition has a public name in a module of the package, though nothing offers it."""
        unit = self._graph.resolver.unit_of(node)
        parts = self._graph.resolver.definition(node).name.split(".")
        return unit.index in self._inside and not any(part.startswith("_") for part in parts)

    @cached_property
    def _inside(self) -> frozenset[int]:
        return frozenset(unit.index for unit in self.modules)

    def may_read_variables(self, unit: Unit) -> bool:
        """Whether the top-level variables of a module may be read from outside."""
        if unit.index not in self._inside:
            return False
        return unit.index in self._open or not self._limits or unit.is_package

    @cached_property
    def _limits(self) -> bool:
        return bool(self._documented() or self._exported()) and not self._is_boundless()

    def _methods(self) -> Iterator[int]:
        for family in sorted(self.families):
            for holder in self._classes.members[family]:
                for name, nodes in sorted(self._classes.methods[holder].items()):
                    if not name.startswith("_"):
                        yield from nodes

    @cached_property
    def _open(self) -> set[int]:
        """The modules that no other module of the package imports, or that an `__init__` hands out whole."""
        inside = {unit.path for unit in self.modules}
        imported = {edge.target for path in inside for edge in self._graph.imports.get(path, ())}
        found = {unit.index for unit in self.modules if unit.path not in imported}
        for unit in self.modules:
            for item in unit.facts.imports if unit.is_package else ():
                states = self._graph.resolver.bound(unit, item.bound, Found()) if not item.owner else []
                whole = (self._graph.locator.unit_at(s.stem) for s in states if s.kind == "module")
                found.update(index for index in whole if index is not None)
        return found

    def _exported(self) -> dict[int, str]:
        """What `__init__` files define or import, and what any module lists in `__all__`."""
        found: dict[int, str] = {}
        for unit in self.modules:
            names = set(unit.facts.exports or ())
            if unit.is_package:
                found.update((node, "is defined in an `__init__`") for node in _public(unit))
                names.update(item.bound for item in unit.facts.imports if not item.owner and item.bound[:1] != "_")
                for item in unit.facts.imports:
                    names.update(self._starred(unit, item.module) if item.name == "*" else ())
            for name in sorted(names):
                states = self._graph.resolver.bound(unit, name, Found())
                found.update((state.node, "is exported") for state in states if state.kind == "node")
        return found

    def _starred(self, unit: Unit, module: str) -> list[str]:
        where = self._graph.locator.find(unit, module)
        index = self._graph.locator.unit_at(where[0]) if where is not None and not where[1] else None
        if index is None:
            return []
        facts = self._graph.units[index].facts
        names = [d.name for d in facts.definitions if d.kind in ("function", "class") and d.name[:1] != "_"]
        return list(facts.exports) if facts.exports is not None else names

    def _documented(self) -> dict[int, str]:
        """What documents name, and what their examples and the notebooks use."""
        found: dict[int, str] = {}
        for unit in self._graph.units:
            if unit.is_notebook or unit.path.endswith(_DOCUMENT):
                found.update((node, f"is used in {unit.path}") for node in self._used_by(unit))
        words: dict[str, str] = {}
        for path, facts in self._files.items():
            for mention in facts.mentions:
                words.update((word, path) for word in mention.split(".") if word not in words)
                if mention.endswith(".*"):
                    found.update((node, f"is documented by {path}") for node in self._placed(mention[:-2]))
        for unit in self.modules:
            for node in _public(unit):
                name = self._graph.resolver.definition(node).name
                if name in words and node not in found:
                    found[node] = f"is named in {words[name]}"
        return found

    def _used_by(self, unit: Unit) -> Iterator[int]:
        """What a document's example or a notebook uses of the package."""
        for owner in range(len(unit.facts.definitions)):
            nodes = sorted(self._graph.targets(unit.base + owner).nodes)
            yield from (node for node in nodes if self._graph.resolver.unit_of(node).index in self._inside)

    def _placed(self, dotted: str) -> list[int]:
        """The public names of the module that a dotted name means."""
        where = self._graph.locator.seen_from("", dotted)
        index = self._graph.locator.unit_at(where[0]) if where is not None and not where[1] else None
        return [] if index is None else list(_public(self._graph.units[index]))

    def _is_boundless(self) -> bool:
        """Whether a generator makes pages of all there is, or a package finds its names by computation."""
        for unit in self.modules:
            names = {definition.name for definition in unit.facts.definitions}
            if unit.is_package and not _COMPUTED.isdisjoint({*unit.facts.traits, *names}):
                return True
        for facts in self._files.values():
            texts = [s.value for s in facts.settings]
            texts.extend(command.text for command in facts.commands)
            texts.extend(s for m in facts.modules for s in m.definitions[0].strings)
            if "**" in facts.mentions or any(_DOCUMENTS_ALL.search(text) for text in texts):
                return True
        return False


def _public(unit: Unit) -> Iterator[int]:
    """The functions and classes of a module's top without a leading underscore."""
    for index, definition in enumerate(unit.facts.definitions):
        if _is_public(definition):
            yield unit.base + index


def _is_public(definition: Definition) -> bool:
    return definition.kind in ("function", "class") and not definition.name.startswith("_")
