"""Files replaced on disk: each as a whole, all of them or none as far as a file system allows."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mldebt.errors import Unreadable, UsageError
from mldebt.read.tree import Entry
from mldebt.read.worktree import WorkTree


class Replacement(NamedTuple):
    """A file's bytes as they were read, and what takes their place; None if the file goes."""

    path: str
    before: bytes
    after: bytes | None


def replace(root: Path, replacements: Iterable[Replacement]) -> None:
    """Write files below the root, keeping their permissions; no link is followed.

    Raises UsageError before anything is changed if a file is not any more what was read or cannot be written.
    """
    wanted = list(replacements)
    tree = WorkTree(root)
    ready: dict[str, Path] = {}
    try:
        for one in wanted:
            _check(tree, root, one)
            if one.after is not None:
                ready[one.path] = _beside(root / one.path, one.after)
        for one in wanted:
            _put(root / one.path, ready.pop(one.path, None))
    finally:
        for file in ready.values():
            file.unlink(missing_ok=True)


def overwrite(file: Path, data: bytes) -> None:
    """Write a file as a whole, whether it is there or not, unless it holds this already. Raises UsageError."""
    try:
        if file.is_file() and file.read_bytes() == data:
            return
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    _put(file, _beside(file, data))


def _check(tree: WorkTree, root: Path, one: Replacement) -> None:
    try:
        now = tree.read(Entry(one.path, len(one.before)))
    except Unreadable as error:
        raise UsageError(f"{one.path} {error}: nothing was changed") from error
    if now != one.before:
        raise UsageError(f"{one.path} changed since it was read, so nothing was written: run it again")
    if not os.access(root / one.path, os.W_OK):
        raise UsageError(f"{one.path} may not be written, so nothing was: change its permissions or exclude it")


def _beside(file: Path, data: bytes) -> Path:
    """A new file in the same folder with the permissions of the one it is to replace, if there is one."""
    place = file.with_name(f".{file.name}.{secrets.token_hex(4)}.mldebt")
    try:
        with place.open("xb") as stream:
            stream.write(data)
        if file.exists():
            place.chmod(stat.S_IMODE(file.lstat().st_mode))
    except OSError as error:
        place.unlink(missing_ok=True)
        raise UsageError(f"cannot write beside {file}: {error.strerror}: nothing was changed") from error
    return place


def _put(file: Path, new: Path | None) -> None:
    try:
        if new is None:
            file.unlink()
        else:
            new.replace(file)
    except OSError as error:
        if new is not None:
            new.unlink(missing_ok=True)
        raise UsageError(f"cannot replace {file}: {error.strerror}: the files before it are changed") from error
