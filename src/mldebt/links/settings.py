"""The keys of configuration files that no code of the repository reads.

Looked at are only files that the repository's own code loads, by a literal name or through Hydra, and only keys that
nothing else takes: a section that is handed on as a whole counts as read, with all in it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from mldebt.facts.namespaces import HOLDER, LOADED
from mldebt.facts.settings import FILE, HYDRA, LOADS
from mldebt.links.graph import Graph
from mldebt.links.options import Options
from mldebt.links.programs import Programs
from mldebt.model import FileFacts, Setting

_SUFFIXES = (".yaml", ".yml", ".json", ".toml")
_GIVEN = (".yaml", ".yml", ".toml")  # a JSON file in a command is more often data, or another library's
_ROOTS = frozenset({"cfg", "config", "configs", "conf", "configuration", "params", "hparams", "settings", "hp"})
_TOOLS = re.compile(
    r"(^|/)(\.[^/]*|package(-lock)?|tsconfig|pyproject|mkdocs|dvc|docker-compose[^/]*|environment[^/]*|conda[^/]*"
    r"|compose|mlproject|[^/]*schema|codecov|action)(/.*|\.[a-z]+)$",
    re.IGNORECASE,
)
_NAMES_CODE = frozenset({"_target_", "target", "class_path", "type", "_partial_", "import_path", "func", "cls"})
_OF_HYDRA = frozenset({"defaults", "hydra", "hydra/launcher", "_self_"})
_INTERPOLATED = re.compile(r"[A-Za-z_]\w*")
_LOADERS = {
    "yaml": ("yaml", "OmegaConf"),
    "yml": ("yaml", "OmegaConf"),
    "json": ("json",),
    "toml": ("toml", "tomllib", "tomli"),
}
# keys that say of themselves that nothing reads them: one that Hydra puts into the name of a run, for example
_PLACEHOLDER = re.compile(
    r"dummy|unused|deprecated|placeholder|comment|description|notes?$|^tags?$|version$", re.IGNORECASE
)
_PLAIN_KEY = re.compile(r"[A-Za-z_]\w*$")
_SHARE_READ = 0.5  # below this share of keys that something names, a file is data or read in another way


class Unread(msgspec.Struct, frozen=True, order=True):
    """A key that nothing reads, with the path of its file; of a section, the line of its first value."""

    path: str
    line: int
    key: str


class Settings:
    """The settings of all loaded files and what reads them."""

    def __init__(self, files: Mapping[str, FileFacts], graph: Graph, options: Options) -> None:
        self._files = files
        self._graph = graph
        self._options = options
        self._programs = Programs(graph)

    def unread(self) -> list[Unread]:
        """The keys that nothing reads, by place; of a section only the outermost key."""
        loaded = self._loaded()
        if not loaded:
            return []
        spelt = self._spelt()
        found: set[Unread] = set()
        for path, (root, program) in loaded.items():
            if not self._escapes(path, program):
                found.update(self._of_file(path, root, program, spelt))
        return sorted(found)

    # -- which files ---------------------------------------------------------------------------------------------

    def _loaded(self) -> dict[str, tuple[str, frozenset[int]]]:
        """The files that code loads: the folder that groups are counted from, and the modules that may read them.

        Whatever loads a configuration by a computed name may load any: so all that load one may read each.
        """
        roots: dict[str, str] = {}
        program: set[int] = set()
        for unit in self._graph.units:
            around = self._programs.around(unit.index) if unit.facts.loads else frozenset()
            program |= around
            for path, root in self._named_by(unit.index, around):
                roots.setdefault(path, root)
        return {path: (root, frozenset(program)) for path, root in sorted(roots.items())}

    def _named_by(self, index: int, around: frozenset[int]) -> Iterator[tuple[str, str]]:
        unit = self._graph.units[index]
        for load in unit.facts.loads:
            word, _, told = load.partition(" ")
            if word == HYDRA and "?" not in told:
                folder = posixpath.normpath(posixpath.join(unit.folder, told.split(" ")[0]))
                yield from (
                    (p, folder) for p in self._files if p.startswith(f"{folder}/") and p.endswith(_SUFFIXES[:2])
                )
        if any(load in LOADS for load in unit.facts.loads):
            for other in sorted(around):
                for load in self._graph.units[other].facts.loads:
                    word, _, name = load.partition(" ")
                    if word == FILE:
                        yield from ((path, "") for path in self._meant(self._graph.units[other].folder, name))
            yield from ((path, "") for path in self._given(sorted(around)))

    def _given(self, around: list[int]) -> Iterator[str]:
        """The files that commands give to the scripts of a program."""
        scripts = {posixpath.basename(self._graph.units[index].path) for index in around}
        for path, words in self._commands:
            if not scripts.isdisjoint(posixpath.basename(word) for word in words):
                for word in words:
                    if word.endswith(_GIVEN):
                        yield from self._meant(posixpath.dirname(path), word)

    @cached_property
    def _commands(self) -> list[tuple[str, list[str]]]:
        """The words of the commands that name a configuration file, with the path of the command's file."""
        commands = ((path, c.text) for path, facts in self._files.items() for c in facts.commands)
        return [(path, re.split(r"[\s=]+", text)) for path, text in commands if any(s in text for s in _SUFFIXES)]

    def _meant(self, folder: str, name: str) -> Iterator[str]:
        for candidate in (posixpath.normpath(posixpath.join(folder, name)), posixpath.normpath(name)):
            if candidate in self._files and self._files[candidate].settings and not _TOOLS.search(candidate):
                yield candidate
                return

    def _escapes(self, path: str, program: frozenset[int]) -> bool:
        """Whether a configuration of a file's format goes as a whole where all of it may be read."""
        marks = tuple(f" {LOADED}{loader}" for loader in _LOADERS[path.rpartition(".")[2]])
        entries = (entry for index in program for entry in self._graph.units[index].facts.handed)
        loaded = {entry.partition(" ")[0] for entry in entries if entry.endswith(marks)}
        names = {name for index in program for name in self._options.escapes(index)}
        return any(name in loaded or name.lower() in _ROOTS or HOLDER.match(name) for name in names)

    # -- what is read --------------------------------------------------------------------------------------------

    def _spelt(self) -> set[str]:
        """Every name that code reads as an attribute or says in a string, and what configuration interpolates."""
        found: set[str] = set()
        for unit in self._graph.units:
            for definition in unit.facts.definitions:
                found.update(definition.attributes, definition.own)
                for text in (*definition.uses, *definition.strings):
                    found.update(_INTERPOLATED.findall(text))
        for path, facts in self._files.items():
            found.update(word.removeprefix(".") for word in facts.words)
            named = posixpath.basename(path) in ("dvc.yaml", "dvc.lock")
            for setting in facts.settings:
                if "$" in setting.value or "{" in setting.value or named:
                    found.update(_INTERPOLATED.findall(setting.value))
            for command in facts.commands:
                if "yq" in command.text or "jq" in command.text or "$" in command.text:
                    found.update(_INTERPOLATED.findall(command.text))
        return found

    def _of_file(self, path: str, root: str, program: frozenset[int], spelt: set[str]) -> Iterator[Unread]:
        settings = self._files[path].settings
        finals = {name for index in program for name in self._graph.units[index].facts.finals}
        if _is_merged(settings) or not finals.isdisjoint(_groups(path, root)):
            return
        keys = list(_judged(settings))
        if sum(parts[-1] in spelt for parts in keys) < _SHARE_READ * len(keys):
            return
        for parts in keys:
            unread = _first_unread(parts, spelt, finals) if not _PLACEHOLDER.search(parts[-1]) else ""
            if unread:
                first = next(s.line for s in settings if _inside(s.key, unread))
                yield Unread(path, first, unread)


def _is_merged(settings: tuple[Setting, ...]) -> bool:
    """Whether values of a file stand elsewhere in it, or are made by its own tags."""
    return any("<<" in s.key or s.value.startswith(("*", "!")) for s in settings)


def _groups(path: str, root: str) -> list[str]:
    """The sections that Hydra puts a file in: the folders between it and the root."""
    folder = posixpath.dirname(path)
    return posixpath.relpath(folder, root).split("/") if root and folder != root else []


def _judged(settings: tuple[Setting, ...]) -> Iterator[list[str]]:
    """The keys that could be read by name, but for Hydra's own and what lies in a section that names what to build."""
    pairs = [setting.key.rpartition(".") for setting in settings]
    coded = {holder for holder, _, last in pairs if last in _NAMES_CODE}
    for setting in settings:
        parts = _plain(setting)
        if parts is not None and parts[0] not in _OF_HYDRA and not any(_inside(setting.key, c) for c in coded):
            yield parts


def _first_unread(parts: list[str], spelt: set[str], finals: set[str]) -> str:
    """The outermost part of a key that nothing names; empty if there is none, or what holds it is taken as a whole."""
    for depth, part in enumerate(parts, 1):
        if part not in spelt:
            return ".".join(parts[:depth])
        if part in finals:
            return ""
    return ""


def _plain(setting: Setting) -> list[str] | None:
    """The parts of a key that could be read by name; a list counts as one value, what lies in a list's items not."""
    parts = setting.key.split(".")
    while parts and parts[-1].isdigit():
        parts.pop()
    return parts if parts and all(_PLAIN_KEY.match(part) for part in parts) else None


def _inside(key: str, section: str) -> bool:
    return not section or key == section or key.startswith(f"{section}.")
