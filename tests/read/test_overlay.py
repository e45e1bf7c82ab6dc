"""A tree seen through changes lists and reads what would be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from mldebt.errors import Unreadable
from mldebt.read.overlay import Overlay
from mldebt.read.tree import Entry, blob_digest
from mldebt.read.worktree import WorkTree


def test_changed_files_have_their_new_bytes_and_deleted_ones_are_absent(tmp_path: Path) -> None:
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_bytes(b"old")
    tree = Overlay(WorkTree(tmp_path), {"a.py": b"newer", "b.py": None})
    assert tree.entries() == ([Entry("a.py", 5, blob_digest(b"newer")), Entry("c.py", 3)], [])
    assert [tree.read(entry) for entry in tree.entries()[0]] == [b"newer", b"old"]
    with pytest.raises(Unreadable):
        tree.read(Entry("b.py", 3))
    assert tree.commit() is None
