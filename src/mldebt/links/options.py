"""The options of the command line that no program of the repository reads.

An option is read if an attribute or a string of its name is, on whatever receiver that could be the options, in any
module that may run together with the one that declares it; or if the options go as a whole to code that is not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from mldebt.facts.namespaces import ESCAPED, HOLDER, LOADED, NAMED
from mldebt.links.classes import Classes
from mldebt.links.graph import Graph
from mldebt.links.programs import Programs
from mldebt.links.resolve import Found
from mldebt.links.units import Unit
from mldebt.model import Definition, Option

_PARSERS = ("argparse", "absl")
_KEEP_RECORDS = frozenset({"wandb", "mlflow", "neptune", "comet_ml", "clearml"})  # of a run, with all its options


class Options:
    """The options of all modules and what reads them."""

    def __init__(self, graph: Graph, classes: Classes) -> None:
        self._graph = graph
        self._classes = classes
        self._read: dict[int, frozenset[str]] = {}
        self._of_program: dict[int, tuple[frozenset[str], bool, bool]] = {}
        self._foreign_of: dict[int, frozenset[str]] = {}
        self._handed: dict[int, frozenset[str]] = {}
        self._names = {d.name.rpartition(".")[2] for unit in graph.units for d in unit.facts.definitions}

    @cached_property
    def _programs(self) -> Programs:
        return Programs(self._graph)

    def unread(self, unit: Unit) -> Iterator[Option]:
        """The options of a module that nothing reads, by place; none if it reads not one: they go ways unseen."""
        declared = [option for option in unit.facts.options if self._is_declared(unit, option)]
        unread = [option for option in declared if self._is_unread(unit, option)]
        for option in unit.facts.options:
            if option.kind == "parameter" or (option in unread and len(unread) < len(declared)):
                yield option

    def _is_declared(self, unit: Unit, option: Option) -> bool:
        return option.kind in _PARSERS or (option.kind == "field" and unit.base + option.owner in self._parsed_classes)

    def _is_unread(self, unit: Unit, option: Option) -> bool:
        program = self._programs.around(unit.index)
        if id(program) not in self._of_program:  # equal programs are the same object, which `_programs` keeps
            self._of_program[id(program)] = self._judged(program)
        read, parses, escape = self._of_program[id(program)]
        if option.mentioned or option.name in read or escape:
            return False
        return parses or option.kind != "argparse"

    def _judged(self, program: frozenset[int]) -> tuple[frozenset[str], bool, bool]:
        """What a program reads by name, whether it parses options, and whether those go where all may be read."""
        read = frozenset(name for index in program for name in self._names_read(self._graph.units[index]))
        pairs = [entry.split(" ", 1) for index in program for entry in self._graph.units[index].facts.handed]
        bound = {name for name, callee in pairs if callee in ("", NAMED)}
        escape = any(name in bound or HOLDER.match(name) for index in program for name in self.escapes(index))
        return read, any(not callee for _, callee in pairs), escape

    @cached_property
    def _parsed_classes(self) -> set[int]:
        """The dataclasses of the repository that a parser reads options into, unless a base from outside does more."""
        found: set[int] = set()
        for unit in self._graph.units:
            for option in unit.facts.options:
                if option.kind == "parsed":
                    found.update(self._classes.inside(unit, option.name))
        return {node for node in found if not self._classes.outside_bases(node)}

    # -- reads ---------------------------------------------------------------------------------------------------

    def _names_read(self, unit: Unit) -> frozenset[str]:
        if unit.index not in self._read:
            self._read[unit.index] = frozenset(self._find_read(unit))
        return self._read[unit.index]

    def _find_read(self, unit: Unit) -> set[str]:
        declared = {option.name for option in unit.facts.options if option.kind in _PARSERS and not option.mentioned}
        found = {string for string in unit.facts.definitions[0].strings if string not in declared}
        dotted: set[str] = set()
        for index, definition in enumerate(unit.facts.definitions):
            found.update(definition.attributes)
            if self._may_be_options(unit, index, definition):
                found.update(definition.own)
            dotted.update(use for use in definition.uses if "." in use)
        for use in dotted:
            found.update(self._read_in(unit, use))
        return found

    def _may_be_options(self, unit: Unit, index: int, definition: Definition) -> bool:
        """Whether `self` of a method may be the options: in a dataclass, and in a class with a parent from outside."""
        if definition.kind != "method":
            return True
        holder = self._classes.holder(unit.base + index)
        if holder is None:
            return True
        if self._graph.resolver.definition(holder).decorators:
            return True
        return any(
            base.endswith(("Namespace", "Tap", "Serializable", "?")) for base in self._classes.outside_bases(holder)
        )

    def _read_in(self, unit: Unit, use: str) -> Iterator[str]:
        """The attributes in a dotted name that could be read on options; a module from outside has no options."""
        parts = use.split(".")
        first = parts[0].removesuffix("()")
        if first not in self._foreign(unit):
            yield from (part.removesuffix("()") for part in parts[1:])
            return
        begin = next((i for i, part in enumerate(parts) if part.endswith("()") or _is_holder(part)), len(parts))
        yield from (part.removesuffix("()") for part in parts[begin + 1 :])

    def _foreign(self, unit: Unit) -> frozenset[str]:
        names = self._foreign_of.get(unit.index)
        if names is None:
            found: dict[str, bool] = {}
            for item in unit.facts.imports:
                outside = self._graph.locator.find(unit, item.module) is None
                found[item.bound] = found.get(item.bound, True) and outside
            names = self._foreign_of[unit.index] = frozenset(name for name, outside in found.items() if outside)
        return names

    # -- whole namespaces ----------------------------------------------------------------------------------------

    def escapes(self, index: int) -> frozenset[str]:
        """The holders that a unit hands to code that is not here."""
        if index not in self._handed:
            unit = self._graph.units[index]
            pairs = (entry.split(" ", 1) for entry in unit.facts.handed)
            self._handed[index] = frozenset(name for name, callee in pairs if self._is_outside(unit, callee))
        return self._handed[index]

    def _is_outside(self, unit: Unit, callee: str) -> bool:
        first, last = callee.partition(".")[0], callee.rpartition(".")[2].removesuffix("()")
        if callee in ("", NAMED) or callee.startswith(LOADED) or first.removesuffix("()") in _KEEP_RECORDS:
            return False
        if callee == ESCAPED:
            return True
        if callee.startswith("super:"):
            return self._has_no_parent_here(unit, callee.removeprefix("super:"))
        if callee == "type()" or _is_holder(first) or self._leads_here(unit, callee):
            return False
        name = first.removesuffix("()")
        return name in self._foreign(unit) or (last not in self._names and not self._is_imported(unit, name))

    def _leads_here(self, unit: Unit, callee: str) -> bool:
        states = self._graph.resolver.follow(unit, 0, callee, Found())
        return any(state.kind == "node" for state in states)

    def _is_imported(self, unit: Unit, name: str) -> bool:
        return any(item.bound == name for item in unit.facts.imports)

    def _has_no_parent_here(self, unit: Unit, name: str) -> bool:
        holder = next((d for d in unit.facts.definitions if d.kind == "class" and d.name == name), None)
        return holder is None or not any(self._classes.inside(unit, base) for base in holder.bases)


def _is_holder(part: str) -> bool:
    return part in ("FLAGS", "config") or HOLDER.match(part) is not None
