"""`mldebt baseline`: the file of what is accepted, read from disk and from git, and written so that it only shrinks."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mldebt.app import Target, looked_at, narrow, order_of
from mldebt.errors import Unreadable, UsageError
from mldebt.judge.baseline import FILE, Entry, decode, encode, match, renewed
from mldebt.judge.run import Watch, scan_tree
from mldebt.model import BaselineUse
from mldebt.read.cache import Cache
from mldebt.read.git import index_tree
from mldebt.read.replacement import overwrite
from mldebt.read.tree import LARGEST
from mldebt.read.worktree import WorkTree
from mldebt.settings import Settings


class Change(NamedTuple):
    """What the baseline has now and what left it, whether it is the first, how many new findings it did not take."""

    use: BaselineUse
    first: bool
    refused: int


def read(file: Path) -> tuple[Entry, ...]:
    """The entries of a baseline file. Raises UsageError for one that is not there or is none."""
    try:
        if not file.is_file():
            raise UsageError(f"no baseline {file}: `mldebt baseline` writes one")
        if file.stat().st_size > LARGEST:
            raise UsageError(f"{file} has more than {LARGEST:,} bytes: it is no baseline")
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    return decode(data, file.name)


def renew(where: Target, settings: Settings, aids: tuple[Cache, Watch], grow: bool) -> Change:
    """Take out of the baseline what is gone; put in what is new only if there was none, or if it may grow."""
    file = where.root / FILE
    old = _own(file)
    report = narrow(scan_tree(WorkTree(where.root), order_of(settings), *aids), ("",), settings.exclude)
    is_looked_at = looked_at(report, where._replace(paths=("",)), settings)
    may_grow = grow or old is None
    entries, extra = renewed(report.findings, old or (), is_looked_at, may_grow)
    gone = match(report.findings, old or (), is_looked_at).gone
    overwrite(file, encode(entries))
    return Change(BaselineUse(len(entries), len(gone)), old is None, 0 if may_grow else len(extra))


def _own(file: Path) -> tuple[Entry, ...] | None:
    if file.is_symlink():
        raise UsageError(f"{FILE} is a symbolic link: put the file itself there")
    return read(file) if file.exists() else None


def stale(where: Target, settings: Settings, cache: Cache) -> int:
    """How many entries of the staged baseline (without git, of the one on disk) are gone; 0 if there is no baseline."""
    tree = index_tree(where.root) if where.in_git else WorkTree(where.root)
    try:
        entry = next((one for one in tree.entries()[0] if one.path == FILE), None)
        if entry is None:
            return 0
        entries = decode(tree.read(entry), FILE)
        # what the baseline names was proved when it was accepted, and what is not in it is not asked for
        order = order_of(settings)._replace(asked=None, proves=False)
        report = narrow(scan_tree(tree, order, cache, Watch()), ("",), settings.exclude)
        return len(match(report.findings, entries, looked_at(report, where, settings)).gone)
    except Unreadable as error:
        raise UsageError(f"{FILE} {error}") from error
    finally:
        if not isinstance(tree, WorkTree):
            tree.close()
