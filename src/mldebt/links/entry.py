"""What starts a program in the repository: the roots of reachability, each with its reason."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

import msgspec

from mldebt.frameworks import Knowledge
from mldebt.links.classes import Classes
from mldebt.links.units import Unit
from mldebt.model import FileFacts, Place

TEST_FILE = re.compile(r"(^|/)(test_[^/]*|[^/]*_test|tests?|conftest)\.py$|(^|/)tests?/")
_PYTHON_FILE = re.compile(r"[\w./\-]+\.(?:py|ipynb)\b")
_MODULE_FLAG = re.compile(r"(?:\s|^)-m\s+([A-Za-z_][\w.]*)")
_CODE_FLAG = re.compile(r"(?:from|import)\s+([A-Za-z_][\w.]*)(?:\s+import\s+([\w, ]+))?")
_INSTALL = re.compile(r"\b(?:pip3?|uv|poetry|conda|pipx)\s+(?:pip\s+)?(?:install|add)\s+(.+)")
_PUBLISH = re.compile(r"\btwine\s+upload|\b(?:poetry|flit|hatch|uv)\s+publish|gh-action-pypi-publish")
_FILE_AND_NAME = re.compile(r"\b([A-Za-z_][\w/]*)\.py::?(?=[A-Za-z_])")
DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")


class Entry(msgspec.Struct, frozen=True, order=True):
    """A place where running begins: the module `module` of the file `path`; `at` is what says so."""

    path: str
    module: int
    kind: str
    why: str
    at: Place


def entries(
    files: Mapping[str, FileFacts], all_units: list[Unit], imported: set[int], knowledge: Knowledge
) -> list[Entry]:
    """All entry points, by path; `imported` are the units that another one imports."""
    found = [entry for unit in all_units if (entry := _of_unit(unit, unit.index in imported, knowledge))]
    have = {(entry.path, entry.module) for entry in found}
    commanded = _commanded(files, all_units)
    for unit in all_units:
        if unit.index in commanded and (unit.path, unit.module) not in have:
            path, line = commanded[unit.index]
            found.append(Entry(unit.path, unit.module, "command", f"run in {path}:{line}", Place(1, 1)))
    return sorted(found)


def _of_unit(unit: Unit, is_imported: bool, knowledge: Knowledge) -> Entry | None:
    """Why a unit starts something by what it is and how it is called; None if it does not."""
    body = Place(1, 1)
    if unit.is_notebook:
        return Entry(unit.path, unit.module, "notebook", "is a notebook", body)
    if unit.facts.name:
        return Entry(unit.path, unit.module, "notebook", "is written by a notebook's cell", body)
    if is_test(unit):
        return Entry(unit.path, unit.module, "test", "is a test", body)
    name = posixpath.basename(unit.path)
    if "main-guard" in unit.facts.traits:
        return Entry(unit.path, unit.module, "script", 'has `if __name__ == "__main__"`', body)
    if knowledge.named_in(unit.path) is not None:
        return Entry(unit.path, unit.module, "convention", f"is called {name}, which tools run by name", body)
    handlers = [d.name for d in unit.facts.definitions if d.kind == "function" and d.name in knowledge.handlers]
    if handlers:
        return Entry(unit.path, unit.module, "called", f"defines `{handlers[0]}`, which a tool calls by name", body)
    found = [d.name for d in unit.facts.definitions for base in d.bases if _finds(unit, base, knowledge)]
    if found:
        return Entry(unit.path, unit.module, "called", f"defines `{found[0]}`, which a framework finds by itself", body)
    if "top-level-work" in unit.facts.traits and not unit.is_package:
        kind = "module" if is_imported else "script"
        return Entry(unit.path, unit.module, kind, "does work at its top", body)
    return None


def _finds(unit: Unit, base: str, knowledge: Knowledge) -> bool:
    return knowledge.may_find(base) and knowledge.found(Classes.qualified(unit, base)) == "anywhere"


def is_test(unit: Unit) -> bool:
    """Whether a module is a test: by its place and name, and by what is in it; the name alone proves nothing."""
    return bool(TEST_FILE.search(unit.path)) and ("tests" in unit.facts.traits or "conftest" in unit.path)


def _commanded(files: Mapping[str, FileFacts], all_units: list[Unit]) -> dict[int, tuple[str, int]]:
    """Units that a command of the repository runs, with the place of the first such command."""
    by_path = {unit.path: unit for unit in all_units if unit.module == 0}
    by_name: dict[str, list[Unit]] = {}
    for unit in by_path.values():
        by_name.setdefault(posixpath.basename(unit.path), []).append(unit)
    found: dict[int, tuple[str, int]] = {}
    for path, facts in files.items():
        for line, text in _texts(facts):
            for unit in _mentioned(path, text, by_path, by_name):
                found.setdefault(unit.index, (path, line))
    return found


def _texts(facts: FileFacts) -> Iterator[tuple[int, str]]:
    for command in facts.commands:
        yield command.line, command.text
    for setting in facts.settings:
        if ".py" in setting.value or "-m " in setting.value:
            yield setting.line, setting.value


def _mentioned(path: str, text: str, by_path: dict[str, Unit], by_name: dict[str, list[Unit]]) -> Iterator[Unit]:
    folder = posixpath.dirname(path)
    for match in _PYTHON_FILE.finditer(text):
        written = posixpath.normpath(match[0])
        for candidate in (written, posixpath.normpath(posixpath.join(folder, written))):
            if candidate in by_path:
                yield by_path[candidate]
                break
        else:
            yield from by_name.get(posixpath.basename(written), ())
    for match in _MODULE_FLAG.finditer(text):
        stem = match[1].replace(".", "/")
        for candidate in (f"{stem}.py", f"src/{stem}.py", f"{stem}/__main__.py", f"src/{stem}/__main__.py"):
            if candidate in by_path:
                yield by_path[candidate]


def published(files: Mapping[str, FileFacts]) -> str | None:
    """Why the repository counts as a published library (its public names are used elsewhere); None if it does not."""
    names = _project_names(files)
    for path, facts in files.items():
        for command in facts.commands:
            if _PUBLISH.search(command.text):
                return f"{path}:{command.line} publishes it"
            match = _INSTALL.search(command.text)
            if match and any(_is_project(word, names) for word in match[1].split()):
                return f"{path}:{command.line} installs it by name"
        for setting in facts.settings:
            if _PUBLISH.search(setting.value):
                return f"{path}:{setting.line} publishes it"
            if setting.value.startswith("Programming Language :: Python"):
                return f"{path}:{setting.line} classifies it for the package index"
        for call in (call for module in facts.modules for call in module.calls):
            if path == "setup.py" and call.name in _SET_UP and "classifiers" in call.arguments:
                return f"{path}:{call.at.line} classifies it for the package index"
    return None


_SET_UP = ("setuptools.setup", "distutils.core.setup")


def _is_project(word: str, names: set[str]) -> bool:
    """Whether what is installed is this project: by its name, or by one with its package in it (`salesforce-lavis`)."""
    plain = _normal(re.sub(r"\[.*|[=<>~!].*", "", word))
    return plain in names or any(part in names for part in plain.split("-")[1:])


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def _project_names(files: Mapping[str, FileFacts]) -> set[str]:
    """The names a project that can be installed may have: the one it declares, and its top-level packages."""
    names = {
        setting.value
        for path in ("pyproject.toml", "setup.cfg")
        for setting in (files[path].settings if path in files else ())
        if setting.key in ("project.name", "tool.poetry.name", "metadata.name")
    }
    if names or "setup.py" in files:
        packages = (path.removeprefix("src/").split("/") for path in files if path.endswith("/__init__.py"))
        names |= {parts[0] for parts in packages if len(parts) == 2 and parts[0] not in _GENERIC}
    return {_normal(name) for name in names}


_GENERIC = frozenset(
    "src tests test utils models data datasets scripts examples tools config configs common core".split()
)


def named_settings(files: Mapping[str, FileFacts]) -> Iterator[tuple[str, int, str]]:
    """Dotted paths and `module:name` references in configuration and in literals, as (file, line, dotted)."""
    for path, facts in files.items():
        for module in facts.modules:
            for string in module.definitions[0].strings:
                if "." in string or ":" in string:
                    yield path, 1, string.replace(":", ".")
        for setting in facts.settings:
            for match in DOTTED.finditer(_dotted(setting.value)):
                yield path, setting.line, match[0]


def _dotted(value: str) -> str:
    """A text with its references as dotted paths: `src/predict.py:Predictor` is `src.predict:Predictor`."""
    whole = _FILE_AND_NAME.sub(lambda match: f"{match[1].replace('/', '.')}.", value)
    return whole.replace(":", ".")


def plain_words(files: Mapping[str, FileFacts]) -> set[str]:
    """The identifiers in configuration: values and the last part of keys."""
    words: set[str] = set()
    for facts in files.values():
        for setting in facts.settings:
            words.update(re.findall(r"[A-Za-z_]\w*", setting.value))
            words.add(setting.key.rpartition(".")[2])
    return words
