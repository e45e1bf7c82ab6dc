"""A repository as the practices see it: its tree, what it declares, imports, calls and configures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from mldebt.evidence.context import is_shown, is_test
from mldebt.evidence.flags import off_flags, unselected
from mldebt.evidence.globs import Paths
from mldebt.evidence.packages import Declared, declared, normal
from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import FileFacts, OutsideCall, Place

_SCRIPT = re.compile(r"[\w./\-]+\.(?:sh|bash|ya?ml)\b")
_HOPS = 2
_NEARLY_ALL = 0.8  # share of the code
_TRAINS = ("backward", "fit", "fit_transform", "fit_generator", "train_on_batch", "apply_gradients")


class Use(NamedTuple):
    """A call or an import, with its place; `call` is None for an import and for a method of an unknown object."""

    path: str
    line: int
    call: OutsideCall | None = None


class Row(NamedTuple):
    """A line of configuration: a command, whose text is `$ command`, or `key: value`."""

    line: int
    key: str
    value: str

    @property
    def text(self) -> str:
        """The row as a pattern sees it."""
        if not self.key:
            return f"$ {self.value}"
        return self.value if self.key in ("line", "requirement") else f"{self.key}: {self.value}"


class Scene:
    """Everything evidence is looked up in; each index is made when first asked for."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.files: Mapping[str, FileFacts] = repository.files
        self.sizes: Mapping[str, int] = repository.listing.sizes
        self.closed: Mapping[str, str] = repository.listing.closed
        self.paths = Paths(self.sizes)
        self._rows: dict[str, list[Row]] = {}
        self._texts: dict[str, str] = {}

    @cached_property
    def declared(self) -> dict[str, Declared]:
        """Each declared distribution, by its normal name, where it is asked for first."""
        found: dict[str, Declared] = {}
        for one in self.manifests:
            found.setdefault(one.name, one)
        return found

    @cached_property
    def manifests(self) -> list[Declared]:
        """Every distribution that a manifest asks for, by path and line."""
        return declared(self.files)

    @cached_property
    def code(self) -> list[Unit]:
        """The modules that are code of the project: documents' examples are none."""
        return [unit for unit in self.repository.units if unit.path.endswith((".py", ".ipynb")) or not unit.facts.name]

    @cached_property
    def imports(self) -> dict[str, list[tuple[str, Use]]]:
        """Imported modules of outside by their first part, each with its full name and its place."""
        found: dict[str, list[tuple[str, Use]]] = defaultdict(list)
        for unit in self.code:
            for item in unit.facts.imports:
                if not item.module.startswith(".") and self.repository.graph.locator.find(unit, item.module) is None:
                    full = f"{item.module}.{item.name}" if item.name not in ("", "*") else item.module
                    found[full.partition(".")[0]].append((full, Use(unit.path, item.at.line)))
        return found

    @cached_property
    def calls(self) -> dict[str, list[Use]]:
        """Calls of what is imported, by qualified name."""
        found: dict[str, list[Use]] = defaultdict(list)
        for unit in self.code:
            for call in unit.facts.calls:
                found[call.name].append(Use(unit.path, call.at.line, call))
        return found

    @cached_property
    def methods(self) -> dict[str, list[Use]]:
        """Attributes read of objects, by name, with the place of the definition that does."""
        found: dict[str, list[Use]] = defaultdict(list)
        for unit in self.code:
            for definition in unit.facts.definitions:
                used = {use.rpartition(".")[2] for use in definition.uses if "." in use}
                for name in sorted({*definition.attributes, *used, *definition.own}):
                    found[name].append(Use(unit.path, definition.at.line))
        return found

    @cached_property
    def called_as(self) -> dict[tuple[str, str], list[Use]]:
        """The calls of what is imported by path and the last part of their name: of these, flags are known."""
        found: dict[tuple[str, str], list[Use]] = defaultdict(list)
        for name, uses in self.calls.items():
            for use in uses:
                found[use.path, name.rpartition(".")[2]].append(use)
        return found

    @cached_property
    def importing(self) -> dict[str, set[str]]:
        """The files that import each top-level package."""
        return {first: {use.path for _, use in uses} for first, uses in self.imports.items()}

    @cached_property
    def all_shown(self) -> bool:
        """Whether nearly all code lies in folders of examples and lessons: then these are what the project is."""
        code = [
            path for path, facts in self.files.items() if facts.kind in ("python", "notebook") and not is_test(path)
        ]
        return sum(map(is_shown, code)) > _NEARLY_ALL * len(code)

    def is_aside(self, path: str) -> bool:
        """Whether a path is no part of what the project itself runs: a test, an example, a document."""
        return is_test(path) or (is_shown(path) and not self.all_shown)

    @cached_property
    def _off(self) -> frozenset[str]:
        return off_flags(self.files)

    def is_off(self, flag: str, path: str) -> bool:
        """Whether a flag, as a file writes it, is off unless somebody says otherwise."""
        name = flag.rpartition(".")[2]
        own = [dict(module.defaults).get(name) for module in self.files[path].modules]
        known = [value for value in own if value is not None]
        return not any(known) if known else name in self._off

    @cached_property
    def _dead(self) -> dict[str, list[Place]]:
        """Where the code lies that nothing reaches, by path; what others may import of a package is none."""
        found: dict[str, list[Place]] = defaultdict(list)
        for group in self.repository.dead:
            for node in (group.root, *group.members) if self.repository.certainty(group.root, 1.0) == 1.0 else ():
                unit = self.repository.graph.resolver.unit_of(node)
                found[unit.path].append(self.repository.graph.resolver.definition(node).at)
        return found

    def is_dead(self, use: Use) -> bool:
        """Whether a call stands in code that nothing reaches."""
        return any(place.line <= use.line <= place.end_line for place in self._dead.get(use.path, ()))

    @cached_property
    def unselected(self) -> frozenset[str]:
        """The files of configuration groups (`logger/wandb.yaml`) that no list of defaults selects."""
        return unselected(self.files)

    @cached_property
    def training(self) -> frozenset[str]:
        """The files that fit a model: they step an optimizer, go backward, or call `fit` or `train`."""
        return frozenset(use.path for name in _TRAINS for use in self.methods.get(name, ()))

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The project's own names, as distributions and as packages: a tool does not prove its own use."""
        keys = ("project.name", "tool.poetry.name", "metadata.name")
        names = {
            normal(setting.value)
            for path, facts in self.files.items()
            if path in ("pyproject.toml", "setup.cfg")
            for setting in facts.settings
            if setting.key in keys
        }
        for path in self.files:
            parts = path.removeprefix("src/").split("/")
            if len(parts) == 2 and parts[1] == "__init__.py":
                names.add(normal(parts[0]))
        return frozenset(names)

    def rows(self, path: str) -> list[Row]:
        """The lines of a configuration file: its values, a line each, and its commands."""
        if path not in self._rows:
            facts = self.files.get(path)
            rows = list(_rows(facts)) if facts is not None and facts.kind == "config" else []
            if path.startswith((".github/", ".gitlab-ci", ".circleci/")):
                rows += self._called_from(rows, _HOPS)
            self._rows[path] = rows
        return self._rows[path]

    @cached_property
    def under(self) -> dict[str, dict[str, list[Row]]]:
        """The rows of all configuration by the first part of their key, then by path."""
        found: dict[str, dict[str, list[Row]]] = defaultdict(dict)
        for path in self.files:
            for row in self.rows(path):
                found[row.key.partition(".")[0]].setdefault(path, []).append(row)
        return found

    def text(self, path: str) -> str:
        """All rows of a configuration file, a line each: what it does not say, none of them says."""
        if path not in self._texts:
            self._texts[path] = "\n".join(row.text for row in self.rows(path))
        return self._texts[path]

    def _called_from(self, rows: list[Row], hops: int) -> list[Row]:
        """What the scripts and jobs of the repository run that a workflow's commands name, at the line of the call."""
        found: list[Row] = []
        for row in rows:
            for match in _SCRIPT.finditer(row.value) if not row.key else ():
                facts = self.files.get(match[0].removeprefix("./"))
                inside = [Row(row.line, "", c.text) for c in facts.commands] if facts is not None else []
                found += [*inside, *(self._called_from(inside, hops - 1) if hops > 1 else [])]
        return found

    def words(self, path: str) -> Iterator[str]:
        """The identifiers in the code of a file."""
        facts = self.files.get(path)
        for module in facts.modules if facts is not None else ():
            for definition in module.definitions:
                yield from re.split(r"\.", definition.name)
                yield from definition.attributes
                yield from (part for use in definition.uses for part in use.split("."))
            yield from (variable.name for variable in module.variables)


@lru_cache(maxsize=1)
def scene_of(repository: Repository) -> Scene:
    """The scene of a repository; rules and the judge of practices share it."""
    return Scene(repository)


def _rows(facts: FileFacts) -> Iterator[Row]:
    for setting in facts.settings:
        for offset, line in enumerate(setting.value.split("\n") or [""]):
            yield Row(setting.line + offset, setting.key, line)
    for command in facts.commands:
        yield Row(command.line, "", command.text)
