"""What a project has told vulture: `[tool.vulture]` in its pyproject.toml, and files that only mention names.

All of it narrows what is reported; uses in a file that `exclude` names still count as uses. vulture's own whitelists
are read from its package, and only for a finding that one of them could be about.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache, cached_property

import msgspec

from mldebt.links.classes import Classes
from mldebt.links.units import Unit
from mldebt.model import FileFacts, Hit, Problem, Setting

_FILE = "pyproject.toml"
_TABLE = "tool.vulture"
_LISTS = ("exclude", "ignore_decorators", "ignore_names", "paths")
_OTHERS = ("config", "make_whitelist", "min_confidence", "sort_by_size", "verbose")
_MOST_PATTERNS = 500  # a list; each is held against every name
_LONGEST_PATTERN = 300
_NAMED_ALIKE = re.compile(r"(?:white|allow)_?-?list", re.IGNORECASE)
_NAMED_KINDS = frozenset({"function", "class", "method", "attribute", "variable", "import", "argument"})
_DEAD_CODE = "dead-code"


class Table(msgspec.Struct, frozen=True):
    """`[tool.vulture]`: patterns as written, the least confidence as a share of 1, and what the table cannot mean."""

    exclude: tuple[str, ...] = ()
    ignore_decorators: tuple[str, ...] = ()
    ignore_names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    least: float = 0.0
    problems: tuple[Problem, ...] = ()


def read_table(files: Mapping[str, FileFacts]) -> Table:
    """The table of the root's pyproject.toml; what has a wrong type is left out and a Problem."""
    given = [s for s in (files[_FILE].settings if _FILE in files else ()) if f"{s.key}.".startswith(f"{_TABLE}.")]
    lists: dict[str, list[str]] = {name: [] for name in _LISTS}
    wrong: dict[str, Setting] = {}
    least = 0.0
    for setting in given:
        name, _, rest = setting.key.removeprefix(_TABLE).removeprefix(".").partition(".")
        if name in _LISTS and (rest.isdigit() or not setting.value):
            if rest and len(setting.value) <= _LONGEST_PATTERN:
                lists[name].append(setting.value)
        elif name == "min_confidence" and not rest and re.fullmatch(r"\d{1,2}|100", setting.value, re.ASCII):
            least = int(setting.value) / 100
        elif name not in _OTHERS or name == "min_confidence":
            wrong.setdefault(name, setting)
    problems = [_wrong(name, setting) for name, setting in wrong.items()]
    problems.extend(_too_many(name, lists[name]) for name in _LISTS if len(lists[name]) > _MOST_PATTERNS)
    kept = {name: tuple(patterns[:_MOST_PATTERNS]) for name, patterns in lists.items()}
    return Table(**kept, least=least, problems=tuple(problems))


def _wrong(name: str, setting: Setting) -> Problem:
    if not name:
        what = f"{_TABLE} is {setting.value!r}: it takes a table"
    elif name in _LISTS:
        plain = setting.key == f"{_TABLE}.{name}"
        found = f"{setting.value!r}" if plain else f"a table or a list of lists ({setting.key})"
        what = f"{_TABLE}.{name} is {found}: it takes a list of texts"
    elif name == "min_confidence":
        inside = " in a list or table" if setting.key.count(".") > _TABLE.count(".") + 1 else ""
        what = f"{_TABLE}.{name} is {setting.value!r}{inside}: it takes a whole number from 0 to 100"
    else:
        from difflib import get_close_matches

        close = get_close_matches(name, (*_LISTS, *_OTHERS), n=1)
        hint = f"did you mean {close[0]}" if close else f"vulture knows {', '.join(sorted((*_LISTS, *_OTHERS)))}"
        what = f"{_TABLE} has an unknown key {name}: {hint}"
    return Problem(_FILE, f"line {setting.line}: {what}", "unparsable")


def _too_many(name: str, patterns: list[str]) -> Problem:
    what = f"{_TABLE}.{name} has {len(patterns)} patterns: only the first {_MOST_PATTERNS} count"
    return Problem(_FILE, what, "too-large")


class Whitelist:
    """What must not be called dead because vulture was told so."""

    def __init__(self, files: Mapping[str, FileFacts], units: list[Unit]) -> None:
        self.table = read_table(files)
        self._units = units
        self._ignored: dict[str, bool] = {}
        self._excluded: dict[str, bool] = {}

    @cached_property
    def files(self) -> list[Unit]:
        """The modules that only mention names: by what is in them, and by being called so or listed in `paths`."""
        listed = {posixpath.normpath(path) for path in self.table.paths}
        return [
            unit
            for unit in self._units
            if "only-names" in unit.facts.traits
            and unit.path.endswith(".py")
            and (unit.path in listed or _NAMED_ALIKE.search(posixpath.basename(unit.path)))
        ]

    @cached_property
    def words(self) -> dict[str, str]:
        """The names in those files, each with the first that has it; as in vulture, whatever has the name is meant."""
        found: dict[str, str] = {}
        for unit in self.files:
            body = unit.facts.definitions[0]
            for dotted in (*body.uses, *body.attributes):
                for part in dotted.replace("()", "").split("."):
                    if part != "_":
                        found.setdefault(part, unit.path)
        return found

    @property
    def is_empty(self) -> bool:
        """Whether vulture was told nothing that keeps a name."""
        return not (self.table.ignore_names or self.table.ignore_decorators or self.files)

    def roots(self) -> Iterator[tuple[int, str]]:
        """The definitions that are named or decorated so, with the modules they are in, and why."""
        if self.is_empty:
            return
        for unit in self.files:
            yield unit.base, "is a whitelist for vulture"
        for unit in self._units:
            for index, definition in enumerate(unit.facts.definitions):
                why = self._why(unit, definition.name.rpartition(".")[2], definition.decorators) if index else ""
                if why:
                    yield unit.base, f"holds `{definition.name}`, which {why}"
                    yield unit.base + index, why

    def _why(self, unit: Unit, name: str, decorators: tuple[str, ...]) -> str:
        if name in self.words:
            return f"is named in {self.words[name]}"
        if self._is_ignored(name):
            return f"is in `ignore_names` of {_FILE}"
        written = {form for decorator in decorators for form in _as_written(unit, decorator)}
        if any(fnmatchcase(form, pattern) for form in written for pattern in self.table.ignore_decorators):
            return f"is in `ignore_decorators` of {_FILE}"
        return ""

    def _is_ignored(self, name: str) -> bool:
        known = self._ignored.get(name)
        if known is None:
            known = self._ignored[name] = any(fnmatchcase(name, pattern) for pattern in self.table.ignore_names)
        return known

    def _is_excluded(self, path: str) -> bool:
        """As vulture, which looks at whole paths: a pattern without wildcards may stand anywhere in one."""
        known = self._excluded.get(path)
        if known is None:
            patterns = (p if any(c in p for c in "*?[") else f"*{p}*" for p in self.table.exclude)
            known = self._excluded[path] = any(fnmatchcase(f"/{path}", pattern) for pattern in patterns)
        return known

    def _is_listed(self, path: str) -> bool:
        """Whether `paths` has a file, or says nothing of it: vulture reads no notebooks."""
        folders = [
            posixpath.normpath(p) for p in self.table.paths if not p.startswith("/") and ".." not in p.split("/")
        ]
        if not folders or not path.endswith(".py"):
            return True
        return any(folder in (".", path) or path.startswith(f"{folder}/") for folder in folders)

    def notes(self) -> Iterator[tuple[str, str]]:
        """What is not told because of vulture, as files with a sentence each."""
        if self.table != Table():
            yield _FILE, f"has [{_TABLE}], which decides what dead code is told"
        for unit in self.files:
            yield unit.path, "is a whitelist for vulture: nothing that it names is called dead"

    def silences(self, path: str, hit: Hit, family: str, classes: Callable[[], Classes]) -> bool:
        """Whether a hit must not be reported; in a file that only mentions names none is, elsewhere some dead code."""
        if any(unit.path == path for unit in self.files):
            return True
        if family != _DEAD_CODE:
            return False
        name = (hit.symbol or "").rpartition(".")[2]
        if hit.confidence < self.table.least or self._is_excluded(path) or not self._is_listed(path):
            return True
        if hit.kind not in _NAMED_KINDS:
            return False
        return name in self.words or self._is_ignored(name) or self._is_known(path, hit, name, classes)

    def _is_known(self, path: str, hit: Hit, name: str, classes: Callable[[], Classes]) -> bool:
        """Whether vulture's own whitelists have the member of a class that inherits from the module they are about."""
        holder = (hit.symbol or "").rpartition(".")[0]
        if hit.kind not in ("method", "attribute") or not holder:
            return False
        return any(name in standard(base.partition(".")[0]) for base in _bases(self._units, path, holder, classes()))


def _as_written(unit: Unit, decorator: str) -> Iterator[str]:
    """The forms in which a decorator may stand in the source, each with its @; facts have it by its full name."""
    yield f"@{decorator}"
    for item in unit.facts.imports:
        source = f"{item.module}.{item.name}".strip(".") if item.name else item.module
        if decorator == source or decorator.startswith(f"{source}."):
            yield f"@{item.bound}{decorator[len(source) :]}"


def _bases(units: list[Unit], path: str, holder: str, classes: Classes) -> Iterator[str]:
    for unit in units:
        for index, definition in enumerate(unit.facts.definitions if unit.path == path else ()):
            if definition.kind == "class" and definition.name == holder:
                yield from classes.outside_bases(unit.base + index)


@cache
def standard(module: str) -> frozenset[str]:
    """The names that vulture's own whitelist for a module mentions; none if it has none for it."""
    from importlib import resources

    if not module.isidentifier():
        return frozenset()
    file = resources.files("vulture") / "whitelists" / f"{module}_whitelist.py"
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute))
