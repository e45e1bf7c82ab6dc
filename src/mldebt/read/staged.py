"""What is staged: the paths that differ from a commit, and the names that files had there."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mldebt.read.git import records, run


class Change(NamedTuple):
    """The paths that hold something new, and the names that renamed files had, by the ones they have now."""

    paths: frozenset[str]
    renamed: dict[str, str]


def changed_paths(root: Path, commit: str) -> frozenset[str]:
    """What differs on disk from a commit: changed, deleted and new files, those whose time alone changed among them."""
    listed = run(root, "diff-index", "-z", "--name-only", "--no-renames", commit)
    return frozenset((*records(listed), *records(run(root, "ls-files", "-z", "--others", "--exclude-standard"))))


def staged_change(root: Path, commit: str | None) -> Change | None:
    """How the index differs from a commit, or from nothing; None if it does not."""
    if commit is None:
        paths = frozenset(records(run(root, "ls-files", "-z")))
        return Change(paths, {}) if paths else None
    listed = records(run(root, "diff-index", "--cached", "-M", "-z", "--name-status", commit))
    changed: set[str] = set()
    renamed: dict[str, str] = {}
    status = ""
    for status in listed:
        path = next(listed)
        if status.startswith("R"):
            before, path = path, next(listed)
            renamed[path] = before
        if status != "D":
            changed.add(path)
    return Change(frozenset(changed), renamed) if status else None
