"""A work tree is what lies on disk below the root, and nothing that a link leads to."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.errors import Unreadable
from mldebt.read.tree import Entry
from mldebt.read.worktree import WorkTree

Git = Callable[..., str]
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def write(root: Path, name: str, text: str = "x = 1\n") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def paths(root: Path) -> list[str]:
    return [entry.path for entry in WorkTree(root).entries()[0]]


def left_out(root: Path) -> dict[str, str]:
    return dict(WorkTree(root).entries()[1])


def why_not(tree: WorkTree, path: str) -> str:
    with pytest.raises(Unreadable) as caught:
        tree.read(Entry(path, 1))
    return str(caught.value)


def test_a_plain_folder_gives_all_its_files_in_order(tmp_path: Path) -> None:
    for name in ("b.py", "a/z.py", "a/größe 1.py", "a b/c.py", "a.py", ".hidden.yaml", "日本.ipynb"):
        write(tmp_path, name)
    assert paths(tmp_path) == [".hidden.yaml", "a b/c.py", "a.py", "a/größe 1.py", "a/z.py", "b.py", "日本.ipynb"]
    assert WorkTree(tmp_path).commit() is None


def test_git_decides_what_belongs_to_the_tree(repo: Path, git: Git) -> None:
    write(repo, ".gitignore", "ignored*\nout/\n")
    for name in ("tracked.py", "untracked.py", "ignored.py", "out/deep.py", "ignored_but_tracked.py", "deleted.py"):
        write(repo, name)
    git(repo, "add", "tracked.py", "deleted.py", ".gitignore")
    git(repo, "add", "-f", "ignored_but_tracked.py")
    git(repo, "commit", "-qm", "one")
    (repo / "deleted.py").unlink()
    assert paths(repo) == [".gitignore", "ignored_but_tracked.py", "tracked.py", "untracked.py"]


def test_a_repository_inside_is_not_the_trees_own(repo: Path, git: Git) -> None:
    write(repo, "mine.py")
    inner = repo / "cloned"
    inner.mkdir()
    git(inner, "init", "-q")
    write(inner, "theirs.py")
    git(inner, "add", "-A")
    git(inner, "commit", "-qm", "one")
    assert paths(repo) == ["mine.py"]
    assert left_out(repo) == {"cloned/": "is a repository of its own"}


@pytest.mark.parametrize("tracked", [False, True], ids=["plain folder", "git"])
def test_no_link_is_followed(tmp_path: Path, git: Git, tracked: bool) -> None:
    root = tmp_path / "root"
    write(tmp_path, "outside/secret.py", "password = 1\n")
    write(root, "real/a.py")
    links = {
        "out.py": "../outside/secret.py",
        "environment.py": "/proc/self/environ",
        "inner.py": "real/a.py",
        "dangling.py": "nowhere",
        "loop.py": "loop.py",
        "outside": "../outside",
        "again": "real",
        "up": "..",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    if tracked:
        git(root, "init", "-q")
        git(root, "add", "-A")
    assert paths(root) == ["real/a.py"]
    assert left_out(root) == dict.fromkeys(links, "is a symbolic link")
    tree = WorkTree(root)
    for name in ("out.py", "environment.py", "inner.py", "loop.py"):
        assert why_not(tree, name).startswith("is a symbolic link")
    for name in ("outside/secret.py", "again/a.py", "up/outside/secret.py", "../outside/secret.py"):
        assert why_not(tree, name) == "lies behind a symbolic link"


def test_a_tracked_folder_that_became_a_link_is_not_entered(repo: Path, git: Git, tmp_path: Path) -> None:
    write(repo, "package/a.py")
    git(repo, "add", "-A")
    (repo / "package").rename(tmp_path / "elsewhere")
    (repo / "package").symlink_to(tmp_path / "elsewhere")
    assert paths(repo) == []
    assert left_out(repo) == {"package": "is a symbolic link", "package/a.py": "lies behind a symbolic link"}


def test_a_file_that_is_replaced_after_the_listing_is_not_followed(tmp_path: Path) -> None:
    file = write(tmp_path, "a.py")
    folder = write(tmp_path, "pkg/b.py").parent
    pipe = write(tmp_path, "c.py")
    tree = WorkTree(tmp_path)
    assert len(tree.entries()[0]) == 3
    file.unlink()
    assert why_not(tree, "a.py") == "is gone: was it deleted during the scan?"
    file.symlink_to("/etc/passwd")
    assert why_not(tree, "a.py").startswith("is a symbolic link")
    pipe.unlink()
    os.mkfifo(pipe)
    assert why_not(tree, "c.py") == "is no regular file"
    (folder / "b.py").unlink()
    folder.rmdir()
    folder.write_text("")
    assert why_not(tree, "pkg/b.py").startswith("is gone")
    file.unlink()
    file.mkdir()
    assert why_not(tree, "a.py") == "is no regular file"


def test_what_is_no_regular_file_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    monkeypatch.chdir(tmp_path)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.py")
        assert paths(tmp_path) == ["a.py"]


@pytest.mark.skipif(AS_ROOT, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    write(tmp_path, "a.py").chmod(0)
    assert why_not(WorkTree(tmp_path), "a.py").startswith("may not be read: change its permissions")


def test_a_name_that_is_no_utf8_is_said_in_a_form_that_prints(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    descriptor = os.open(os.fsencode(tmp_path) + b"/caf\xe9.py", os.O_CREAT | os.O_WRONLY)
    os.close(descriptor)
    assert paths(tmp_path) == ["a.py"]
    assert left_out(tmp_path) == {"caf\\xe9.py": "has a name that is no UTF-8: rename it"}


def test_a_file_that_grew_beyond_all_limits_is_not_taken_into_memory(tmp_path: Path) -> None:
    file = write(tmp_path, "a.py")
    tree = WorkTree(tmp_path)
    with file.open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)  # sparse: takes no space
    assert "more than 67,108,864 bytes" in why_not(tree, "a.py")


def test_folders_of_tools_and_environments_of_a_plain_folder_are_not_walked(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    write(tmp_path, "any name/pyvenv.cfg", "home = /usr\n")
    for name in (
        "any name/lib/python3.11/site-packages/six.py",
        "node_modules/x/a.py",
        "__pycache__/b.py",
        ".git/c.py",
    ):
        write(tmp_path, name)
    assert paths(tmp_path) == ["a.py"]
    assert left_out(tmp_path) == {"any name/": "is a virtual environment", "node_modules/": "is made by a tool"}


def test_folders_without_end_are_given_up(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 80)
    deep.mkdir(parents=True)
    write(deep, "far.py")
    write(tmp_path, "near.py")
    assert paths(tmp_path) == ["near.py"]
    ((path, why),) = left_out(tmp_path).items()
    assert path == "d/" * 61 and why == "lies more than 60 folders deep"


def test_five_thousand_files_are_listed_in_no_time(repo: Path, git: Git) -> None:
    for folder in range(50):
        (repo / f"f{folder}").mkdir()
        for number in range(100):
            (repo / f"f{folder}/m{number}.py").write_bytes(b"")
    git(repo, "add", "-A")
    started = time.perf_counter()
    entries, _ = WorkTree(repo).entries()
    assert len(entries) == 5000
    assert time.perf_counter() - started < 1.0  # takes 0.05 s on an idle machine
