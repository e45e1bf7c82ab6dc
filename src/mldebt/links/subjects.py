"""What `PATH:NAME` means: a module, a definition, an import, a variable or an attribute, and where it is mentioned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mldebt.errors import UsageError
from mldebt.explanation import Mention
from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import Import, Place, Span, Variable

_CODE = ("name", "attribute")


class Subject(NamedTuple):
    """What is asked for; `node` is its definition, or for what is none the definition it stands in."""

    unit: Unit
    kind: str
    name: str
    at: Place
    node: int
    item: Import | Variable | None = None

    @property
    def word(self) -> str:
        """How code names it."""
        return self.name.rpartition(".")[2]


def subjects(repository: Repository, path: str, name: str) -> list[Subject]:
    """All that a name means in a file: by its full name, else by its last part; an empty one is the file's module.

    Raises UsageError, naming the nearest, if there is no such thing.
    """
    found = [unit for unit in repository.units if unit.path == path]
    if not found:
        raise UsageError(f"no Python file {path} was read{_nearest(path, [u.path for u in repository.units])}")
    everything = [subject for unit in found for subject in _all(unit)]
    exact = [subject for subject in everything if subject.name == name]
    short = [subject for subject in everything if subject.word == name]
    if not exact and not short:
        raise UsageError(f"{path} defines no `{name}`{_nearest(name, [s.name for s in everything if s.name])}")
    return exact or short


def _all(unit: Unit) -> Iterator[Subject]:
    definitions = unit.facts.definitions
    for index, definition in enumerate(definitions):
        yield Subject(unit, definition.kind, definition.name, definition.at, unit.base + index)
    for index, definition in enumerate(definitions):
        holder = definition.name.rpartition(".")[0] if definition.kind == "method" else ""
        for name, at in definition.stores if holder else ():
            yield Subject(unit, "attribute", f"{holder}.{name}", at, unit.base + index)
    seen: set[tuple[str, int]] = set()
    for item in unit.facts.imports:
        yield Subject(unit, "import", item.bound, item.at, unit.base + item.owner, item)
    for variable in unit.facts.variables:
        name = ".".join(part for part in (definitions[variable.owner].name, variable.name) if part)
        if (name, variable.owner) not in seen:
            seen.add((name, variable.owner))
            yield Subject(unit, "variable", name, variable.at, unit.base + variable.owner, variable)


def _nearest(wanted: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(wanted, known, n=1)
    return f": did you mean {close[0]}" if close else ""


def of_node(repository: Repository, node: int) -> Subject:
    """A definition as a subject."""
    unit = repository.graph.resolver.unit_of(node)
    definition = unit.facts.definitions[node - unit.base]
    return Subject(unit, definition.kind, definition.name, definition.at, node)


def span(unit: Unit, at: Place) -> Span:
    """A place of a unit, with its path."""
    return Span(unit.path, at.line, at.end_line, at.column, at.cell)


def label(subject: Subject) -> str:
    """How something is called in a sentence, with its place."""
    if subject.kind == "module":
        return f"module {subject.unit.path}"
    cell = f"cell {subject.at.cell}:" if subject.at.cell else ""
    return f"{subject.kind} `{subject.name}` ({subject.unit.path}:{cell}{subject.at.line})"


def owner(unit: Unit, at: Place) -> int:
    """The node of the innermost definition around a place; the module's body outside all of them."""
    best, lines = 0, None
    for index, definition in enumerate(unit.facts.definitions):
        span = definition.at
        inside = index and span.cell == at.cell and span.line <= at.line <= span.end_line
        if inside and (lines is None or span.end_line - span.line < lines):
            best, lines = index, span.end_line - span.line
    return unit.base + best


def in_code(mentions: Iterable[Mention], unit: Unit, words: Iterable[str]) -> list[Mention]:
    """Where a unit's code has one of these words: uses before imports, calls before other uses."""
    wanted = set(words)
    imported = {(i.at.cell, n) for i in unit.facts.imports for n in range(i.at.line, i.at.end_line + 1)}
    found = [m for m in mentions if m.path == unit.path and m.module == unit.module and m.word in wanted]
    code = [m for m in found if m.kind in _CODE]
    return sorted(code, key=lambda m: ((m.at.cell, m.at.line) in imported, not m.called, m.at.cell or 0, m.at.line))
