"""Which files of a tree are looked at, as what, and what is left out and why."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Literal

import msgspec

from mldebt.errors import Unreadable
from mldebt.model import Listing, Problem
from mldebt.read.config import is_config
from mldebt.read.folders import HIDDEN, closed_folders
from mldebt.read.tree import Entry, Tree

Kind = Literal["python", "notebook", "config"]
LARGEST: dict[Kind, int] = {"python": 1_000_000, "notebook": 20_000_000, "config": 1_000_000}  # bytes
_LARGEST_PLAIN_JSON = 256_000  # bytes; a larger one is data, unless its name says otherwise
_MOST_PLAIN_JSON = 50  # files in one folder; more of them are data
_LARGEST_SCRIPT = 128_000  # bytes of a file without suffix whose first line is read
_NAMES_SETTINGS = re.compile(r"conf|param|setting|option|args|schema|package|manifest", re.IGNORECASE)
# a baseline names what is dead, which must keep none of it alive
_LOCK = re.compile(
    r"\.mldebt-baseline\.json|package-lock\.json|composer\.lock|.*\.lock|.*\.min\.json|.*-lock\.(?:json|ya?ml)",
    re.IGNORECASE,
)
_SCRIPT_FOLDERS = frozenset({"", "bin", "script", "scripts", "tools", "ci", ".ci", "hooks"})
_FIRST_LINE = re.compile(rb"#![^\n]*?\b(?:(python)|(?:ba|z|da|k)?sh)")


class SourceFile(msgspec.Struct, frozen=True):
    """A file that will be looked at."""

    entry: Entry
    kind: Kind

    @property
    def path(self) -> str:
        """The path of the file in its tree."""
        return self.entry.path


class Discovery(msgspec.Struct, frozen=True):
    """The files by path; `left_out` are folders and files with the reason, a folder standing for all in it.

    `listing` is the whole tree, what is not looked at included.
    """

    files: list[SourceFile]
    left_out: list[tuple[str, str]]
    problems: list[Problem]
    listing: Listing = Listing()


def discover(tree: Tree) -> Discovery:
    """Sort a tree's files. Code too large to be read is a Problem: it may hold debt nobody saw."""
    entries, left_out = tree.entries()
    closed = closed_folders(entry.path for entry in entries)
    said = set(left_out)
    files: list[SourceFile] = []
    for entry in entries:
        outer = closed.get(entry.path.rpartition("/")[0])
        kind = kind_of(entry.path) or (None if outer else _script_kind(tree, entry))
        if kind is None:
            continue
        if outer is not None:
            said.add((f"{outer[0]}/", outer[1]))
        elif "{{" in entry.path:
            said.add((entry.path, "is a template"))
        else:
            files.append(SourceFile(entry, kind))
    data = _data(files)
    large = [file for file in files if file.entry.size > LARGEST[file.kind] and file.path not in data]
    said.update(set(data.values()), ((file.path, _size(file)) for file in large if file.kind == "config"))
    problems = [Problem(file.path, _size(file), "too-large") for file in large if file.kind != "config"]
    without = {*data, *(file.path for file in large)}
    kept = [file for file in files if file.path not in without]
    return Discovery(kept, sorted(said), problems, _listing(entries, closed, left_out))


def _listing(entries: list[Entry], closed: dict[str, tuple[str, str]], left_out: list[tuple[str, str]]) -> Listing:
    """The project's own files with their sizes, a tool's hidden ones too; what is closed, links and submodules."""
    sizes: dict[str, int] = {}
    for entry in entries:
        outer = closed.get(entry.path.rpartition("/")[0])
        if outer is None or outer[1] == HIDDEN:
            sizes[entry.path] = entry.size
    return Listing(sizes, {**dict(left_out), **{folder: why for folder, why in closed.values()}})


def kind_of(path: str) -> Kind | None:
    """What a file of this name is read as; None if it is not read."""
    if path.endswith(".py"):
        return "python"
    if path.endswith(".ipynb"):
        return "notebook"
    name = path.rpartition("/")[2]
    return "config" if is_config(path) and not _LOCK.fullmatch(name) else None


def _script_kind(tree: Tree, entry: Entry) -> Kind | None:
    """What the first line of a file without suffix says, where scripts usually lie."""
    folder, _, name = entry.path.rpartition("/")
    if "." in name or folder.rpartition("/")[2] not in _SCRIPT_FOLDERS or not 2 < entry.size <= _LARGEST_SCRIPT:
        return None
    try:
        match = _FIRST_LINE.match(tree.read(entry))
    except Unreadable:
        return None
    return None if match is None else "python" if match[1] else "config"


def _size(file: SourceFile) -> str:
    remedy = "clear its outputs" if file.kind == "notebook" else "exclude or split it"
    return f"has {file.entry.size:,} bytes, more than the {LARGEST[file.kind]:,} that are read: {remedy}"


def _data(files: list[SourceFile]) -> dict[str, tuple[str, str]]:
    """JSON files that are data and no configuration, each with how it is said; a folder's worth is said once."""
    plain: dict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        folder, _, name = file.path.rpartition("/")
        if name.endswith(".json") and not _NAMES_SETTINGS.search(name):
            plain[folder].append(file)
    data: dict[str, tuple[str, str]] = {}
    for folder, members in plain.items():
        if len(members) > _MOST_PLAIN_JSON:
            said = f"{folder}/*.json" if folder else "*.json", f"{len(members):,} files hold data"
            data.update(dict.fromkeys((member.path for member in members), said))
        else:
            large = (member.path for member in members if member.entry.size > _LARGEST_PLAIN_JSON)
            data.update((path, (path, "holds data")) for path in large)
    return data
