"""Which files of a tree are looked at, as what, and what is left out and why."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from typing import Literal

import msgspec

from mldebt.model import Problem
from mldebt.read.config import is_config
from mldebt.read.tree import Entry, Tree

Kind = Literal["python", "notebook", "config"]
LARGEST: dict[Kind, int] = {"python": 1_000_000, "notebook": 20_000_000, "config": 1_000_000}  # bytes
_LARGEST_JSON = 256_000  # bytes; a larger one is data
_TOOL_FOLDERS = frozenset({"node_modules", "site-packages", "__pycache__", ".ipynb_checkpoints", ".eggs", ".tox", ".nox", "dist-packages"})
_HIDDEN_READ = frozenset({".github", ".circleci", ".gitlab", ".dvc", ".buildkite", ".azure-pipelines", ".devcontainer", ".docker"})
_VENDOR = frozenset({"vendor", "vendored", "_vendor", "third_party", "thirdparty", "3rdparty", "third-party", "extern", "external"})
_LICENCE = re.compile(r"(licen[cs]e|copying)(\.\w+)?$", re.IGNORECASE)
_LOCK = re.compile(r"(package-lock\.json|.*\.lock|.*\.min\.json)$")


class SourceFile(msgspec.Struct, frozen=True):
    """A file that will be looked at."""

    entry: Entry
    kind: Kind

    @property
    def path(self) -> str:
        """The path of the file in its tree."""
        return self.entry.path


class Discovery(msgspec.Struct, frozen=True):
    """The files by path; `left_out` are folders and files with the reason, a folder standing for all in it."""

    files: list[SourceFile]
    left_out: list[tuple[str, str]]
    problems: list[Problem]


def discover(tree: Tree) -> Discovery:
    """Sort a tree's files. A file too large is a Problem: it may hold debt nobody saw."""
    entries, left_out = tree.entries()
    closed = _closed_folders(entries)
    files: list[SourceFile] = []
    problems: list[Problem] = []
    said: set[tuple[str, str]] = set()
    for entry in entries:
        kind = kind_of(entry.path)
        folder = next((f for f in _folders(entry.path) if f in closed), None)
        if folder is not None:
            said.add((f"{folder}/", closed[folder]))
        elif kind is None:
            continue
        elif entry.size > LARGEST[kind]:
            what = f"has {entry.size:,} bytes, more than the {LARGEST[kind]:,} that are read"
            problems.append(Problem(entry.path, what, "too-large"))
        elif not _is_data(entry):
            files.append(SourceFile(entry, kind))
    return Discovery(files, sorted({*left_out, *said}), problems)


def kind_of(path: str) -> Kind | None:
    """What a file of this name is read as; None if it is not read."""
    if path.endswith((".py", ".pyi")):
        return "python" if path.endswith(".py") else None
    if path.endswith(".ipynb"):
        return "notebook"
    name = posixpath.basename(path)
    return "config" if is_config(name) and not _LOCK.fullmatch(name) else None


def _is_data(entry: Entry) -> bool:
    return entry.path.endswith(".json") and entry.size > _LARGEST_JSON


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def _closed_folders(entries: list[Entry]) -> dict[str, str]:
    """Folders that hold no code of the repository's own, with the reason; recognised by what is in them."""
    held: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for folder in _folders(entry.path):
            held[posixpath.dirname(folder)].add(posixpath.basename(folder))
        held[posixpath.dirname(entry.path)].add(posixpath.basename(entry.path))
    closed: dict[str, str] = {}
    for folder in sorted(held):
        reason = _why_closed(folder, held) if folder else ""
        if reason and not any(outer in closed for outer in _folders(f"{folder}/x")[:-1]):
            closed[folder] = reason
    return closed


def _why_closed(folder: str, held: dict[str, set[str]]) -> str:
    name = posixpath.basename(folder)
    inside = held[folder]
    if "pyvenv.cfg" in inside or "conda-meta" in inside or _holds_packages(folder, held):
        return "is a virtual environment"
    if name in _TOOL_FOLDERS:
        return "is made by a tool"
    if name.startswith(".") and name not in _HIDDEN_READ:
        return "is a tool's own folder"
    if name == "build" and inside & {"lib", "bdist.linux-x86_64", "temp.linux-x86_64"}:
        return "is made by a build"
    if name.lower() in _VENDOR and _is_foreign(folder, held):
        return "is vendored code"
    return ""


def _holds_packages(folder: str, held: dict[str, set[str]]) -> bool:
    """`lib/pythonX/site-packages`, as in an environment whose `pyvenv.cfg` is not tracked."""
    return any(
        "site-packages" in held.get(f"{folder}/lib/{python}", ()) for python in held.get(f"{folder}/lib", ()) if python.startswith("python")
    ) or "site-packages" in held.get(f"{folder}/Lib", ())


def _is_foreign(folder: str, held: dict[str, set[str]]) -> bool:
    """Whether a folder of a vendor's name holds a licence or a set-up of its own, at its top or one level below."""
    places = [folder, *(f"{folder}/{inner}" for inner in held[folder] if f"{folder}/{inner}" in held)]
    return any(_LICENCE.match(name) or name in ("setup.py", "pyproject.toml") for place in places for name in held[place])
