"""The files on disk: what git tracks, or would if it were added; in a plain folder all of them."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from mldebt.errors import GitError, Unreadable
from mldebt.read.git import records, resolve, run
from mldebt.read.tree import Entry

_NEVER_ENTERED = frozenset({".git", ".hg", ".svn", "__pycache__", "node_modules", ".ipynb_checkpoints", ".tox", ".nox"})
_DEEPEST = 60  # folders below the root; real trees have fewer than 20


class WorkTree:
    """The folder `root`; no symbolic link is ever followed, neither to a file nor to a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._left_out: list[tuple[str, str]] = []
        self._inside: dict[Path, bool] = {}

    def commit(self) -> str | None:
        return resolve(self._root, "HEAD")

    def entries(self) -> tuple[list[Entry], list[tuple[str, str]]]:
        self._left_out = []
        try:
            paths = self._known_to_git()
        except GitError:
            paths = self._walked("", 0)
        found = [entry for path in paths if (entry := self._entry(path)) is not None]
        return sorted(found), sorted(set(self._left_out))

    def _known_to_git(self) -> list[str]:
        """Tracked files, and untracked ones that are not ignored; a submodule's folder is listed as such."""
        modes = {}
        for row in records(run(self._root, "ls-files", "-s", "-z")):
            meta, _, path = row.partition("\t")
            modes[path] = meta.split(" ", 1)[0]
        for path in [path for path, mode in modes.items() if mode == "160000"]:
            self._left_out.append((path, "is a submodule"))
            del modes[path]
        others = records(run(self._root, "ls-files", "-z", "--others", "--exclude-standard"))
        return sorted({*modes, *(path for path in others if not path.endswith("/"))})

    def _walked(self, folder: str, depth: int) -> list[str]:
        found: list[str] = []
        try:
            items = sorted(os.scandir(self._root / folder), key=lambda item: item.name)
        except OSError as error:
            self._left_out.append((folder or ".", f"cannot be listed: {error.strerror}"))
            return []
        for item in items:
            path = f"{folder}/{item.name}" if folder else item.name
            if not item.is_dir(follow_symlinks=False):
                found.append(path)
            elif item.name not in _NEVER_ENTERED and depth < _DEEPEST:
                found.extend(self._walked(path, depth + 1))
        return found

    def _entry(self, path: str) -> Entry | None:
        """A regular file below the root; a link on the way or at the end is said, a missing file is not there."""
        place = self._root / path
        try:
            state = place.lstat()
        except OSError:
            return None
        if stat.S_ISLNK(state.st_mode):
            self._left_out.append((path, "is a symbolic link"))
            return None
        return Entry(path, state.st_size) if stat.S_ISREG(state.st_mode) else None

    def _is_inside(self, folder: Path) -> bool:
        if folder not in self._inside:
            self._inside[folder] = folder.resolve().is_relative_to(self._root.resolve())
        return self._inside[folder]

    def read(self, entry: Entry) -> bytes:
        """The bytes of a file, opened without following a link in its last part or out of the root."""
        place = self._root / entry.path
        if not self._is_inside(place.parent):
            raise Unreadable("a folder on the way leads out of the repository", "unreadable")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(place, flags)
        except OSError as error:
            what = "is a symbolic link" if error.errno == errno.ELOOP else (error.strerror or "cannot be opened").lower()
            raise Unreadable(f"{what}: was it changed during the scan?", "unreadable") from error
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Unreadable("is no regular file", "unreadable")
            return stream.read()
