"""What a partial clone leaves out is large for everybody who has it all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.judge.practices import Asked
from mldebt.judge.run import Order, Watch, scan_tree
from mldebt.read.cache import open_cache
from mldebt.read.worktree import WorkTree

Git = Callable[..., str]


def _leave_out(repo: Path, git: Git, path: str) -> None:
    """Take a tracked file away, and its content out of git."""
    digest = git(repo, "rev-parse", f"HEAD:{path}")
    (repo / ".git" / "objects" / digest[:2] / digest[2:]).unlink()
    (repo / path).unlink()


def _status(repo: Path, folder: Path) -> tuple[str, str]:
    order = Order((), 1, asked=Asked({}, {}, {}))
    report = scan_tree(WorkTree(repo), order, open_cache(None, folder, b""), Watch())
    return next((o.status, o.why) for o in report.practices if o.practice == "large-files")


@pytest.mark.parametrize(("path", "status"), [("weights.pt", "missing"), ("film.gif", "partial")])
def test_a_file_whose_content_is_not_in_the_clone_counts_as_large(
    path: str, status: str, repo: Path, git: Git, tmp_path: Path
) -> None:
    (repo / path).write_text("so much of it\n", encoding="utf-8")
    git(repo, "add", ".")
    git(repo, "commit", "-q", "-m", "begin")
    assert _status(repo, tmp_path)[0] == "present"
    _leave_out(repo, git, path)
    found = _status(repo, tmp_path)
    assert found[0] == status
    assert f"{path} is too large for this partial clone" in found[1]


def test_a_file_that_was_only_deleted_does_not_count(repo: Path, git: Git, tmp_path: Path) -> None:
    (repo / "weights.pt").write_text("small\n", encoding="utf-8")
    git(repo, "add", ".")
    git(repo, "commit", "-q", "-m", "begin")
    (repo / "weights.pt").unlink()
    assert _status(repo, tmp_path)[0] == "present"
