"""The files on disk: what git tracks, or would if it were added; in a plain folder all of them."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from mldebt.errors import GitError, Unreadable
from mldebt.read.git import Blobs, is_repository, records, resolve, run, staged
from mldebt.read.tree import LARGEST, NOT_CLONED, Entry, Listing, unfit

_NOT_ENTERED = frozenset({"node_modules", ".tox", ".nox"})
_HOLDS_NO_CODE = frozenset({".git", ".hg", ".svn", "__pycache__"})
_DEEPEST = 60  # folders below the root; real trees have fewer than 20
_WHAT_NOW = {
    errno.ELOOP: "is a symbolic link: was it changed during the scan?",
    errno.ENOENT: "is gone: was it deleted during the scan?",
    errno.ENOTDIR: "is gone: was its folder replaced during the scan?",
    errno.EACCES: "may not be read: change its permissions, or run as its owner",
}


class WorkTree:
    """The folder `root`; no symbolic link is ever followed, neither to a file nor to a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._real: dict[str, bool] = {}
        self._listing: Listing | None = None

    def commit(self) -> str | None:
        """The commit that is checked out; None without git and before the first one."""
        return resolve(self._root, "HEAD") if is_repository(self._root) else None

    def entries(self) -> Listing:
        """The files without digests; what is tracked but no longer there is not listed.

        What a partial clone left out is said: it is there for everybody else.
        """
        if self._listing is None:
            left_out: list[tuple[str, str]] = []
            paths = self._known_to_git(left_out) if is_repository(self._root) else self._walked("", 0, left_out)
            gone: set[str] = set()
            files = sorted(entry for path in paths if (entry := self._entry(path, left_out, gone)) is not None)
            left_out.extend(self._not_cloned(gone) if gone and is_repository(self._root) else ())
            self._listing = files, sorted(set(left_out))
        return self._listing

    def _known_to_git(self, left_out: list[tuple[str, str]]) -> Iterator[str]:
        """Tracked files, and untracked ones that are not ignored; if git fails, all files."""
        try:
            tracked = dict.fromkeys(records(run(self._root, "ls-files", "-z")))
            others = list(records(run(self._root, "ls-files", "-z", "--others", "--exclude-standard")))
        except GitError as error:
            left_out.append((".git", f"is not used, ignored files are read too: {error}"))
            yield from self._walked("", 0, left_out)
            return
        yield from tracked
        for path in others:
            if path.endswith("/"):
                left_out.append((path, "is a repository of its own"))
            else:
                yield path

    def _walked(self, folder: str, depth: int, left_out: list[tuple[str, str]]) -> Iterator[str]:
        try:
            with os.scandir(self._root / folder) as found:
                items = sorted(found, key=lambda item: item.name)
        except OSError as error:
            left_out.append((f"{folder or '.'}/", f"cannot be listed: {error.strerror}"))
            return
        if depth and any(item.name == "pyvenv.cfg" for item in items):
            left_out.append((f"{folder}/", "is a virtual environment"))
            return
        for item in items:
            path = f"{folder}/{item.name}" if folder else item.name
            if item.name in _HOLDS_NO_CODE:
                continue
            if not item.is_dir(follow_symlinks=False):
                yield path
            elif item.name in _NOT_ENTERED:
                left_out.append((f"{path}/", "is made by a tool"))
            elif depth >= _DEEPEST:
                left_out.append((f"{path}/", f"lies more than {_DEEPEST} folders deep"))
            else:
                yield from self._walked(path, depth + 1, left_out)

    def _not_cloned(self, gone: set[str]) -> list[tuple[str, str]]:
        """The paths whose content git does not have either."""
        try:
            rows = [row for row in staged(self._root) if row.path in gone]
            there = Blobs(self._root).sizes([row.digest for row in rows]) if rows else {}
        except GitError:
            return []
        return [(row.path, NOT_CLONED) for row in rows if row.digest not in there]

    def _entry(self, path: str, left_out: list[tuple[str, str]], gone: set[str]) -> Entry | None:
        """A regular file below the root; what is no file of the tree's own is said, a missing one is gone."""
        try:
            state = os.lstat(f"{self._root}/{path}")
        except OSError:
            gone.add(path)
            return None
        reason = unfit(path)
        if stat.S_ISDIR(state.st_mode):
            reason = path, "is a submodule"
        elif stat.S_ISLNK(state.st_mode):
            reason = reason or (path, "is a symbolic link")
        elif not self._is_real(path.rpartition("/")[0]):
            reason = reason or (path, "lies behind a symbolic link")
        elif not stat.S_ISREG(state.st_mode):
            return None
        if reason is not None:
            left_out.append(reason)
            return None
        return Entry(path, state.st_size)

    def _is_real(self, folder: str) -> bool:
        """Whether a folder below the root is where its path says: no link on the way."""
        if folder not in self._real:
            parts = folder.split("/")
            way = ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
            self._real[folder] = ".." not in parts and not any(map(os.path.islink, (f"{self._root}/{p}" for p in way)))
        return self._real[folder]

    def read(self, entry: Entry) -> bytes:
        """The bytes of a file, opened without following a link. Raises Unreadable if that cannot be done."""
        if not self._is_real(entry.path.rpartition("/")[0]):
            raise Unreadable("lies behind a symbolic link", "unreadable")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(f"{self._root}/{entry.path}", flags)
        except OSError as error:
            what = _WHAT_NOW.get(error.errno or 0, f"cannot be opened: {error.strerror}")
            raise Unreadable(what, "unreadable") from error
        try:
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode):
                raise Unreadable("is no regular file", "unreadable")
            if state.st_size > LARGEST:
                raise Unreadable(f"has more than {LARGEST:,} bytes", "too-large")
            with os.fdopen(descriptor, "rb", closefd=False) as stream:
                return stream.read(state.st_size)
        finally:
            os.close(descriptor)
