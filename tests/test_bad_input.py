"""Whatever is in the tree, a scan ends in a report: a problem is named, nothing else is lost, no traceback is seen."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mldebt.judge.run import Order, Watch, scan_tree
from mldebt.read.cache import Cache, open_cache
from mldebt.read.discover import discover
from mldebt.read.tree import Entry
from mldebt.read.worktree import WorkTree
from mldebt.rules.catalogue import load

GOOD = "import os\n\nprint(1)\n"
MINE = ("dead-import", "good.py", 1)


def scan(root: Path, *arguments: str, **environment: str) -> dict[str, Any]:
    """The report of a scan in a process of its own, which must end well and say nothing on standard error."""
    command = [sys.executable, "-m", "mldebt", "scan", str(root), "--format", "json", *arguments]
    folder = {"MLDEBT_CACHE_DIR": str(root.parent / "cache")}
    done = subprocess.run(command, capture_output=True, env={**os.environ, **folder, **environment}, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def places(report: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(f["rule"], f["at"]["path"], f["at"]["line"]) for f in report["findings"]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one good file that has one finding."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "good.py").write_text(GOOD, encoding="utf-8")
    return folder


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)
FILES: dict[str, tuple[str, bytes, str]] = {
    "undecodable": ("bad.py", b"x = '\xff\xfe'\n", "utf-8"),
    "unknown encoding": ("bad.py", b"# -*- coding: klingon -*-\nx = 1\n", "encoding"),
    "nul bytes": ("bad.py", b"x = 1\0\n", "NUL"),
    "parentheses": ("bad.py", b"x = " + b"(" * 3000 + b")" * 3000 + b"\n", ""),
    "attributes": ("bad.py", b"x = a" + b".b" * 20_000 + b"\n", ""),
    "minus": ("bad.py", b"x = " + b"-" * 200_000 + b"1\n", ""),
    "elif": ("bad.py", b"if a:\n    pass\n" + b"elif b:\n    pass\n" * 5000, ""),
    "operands": ("bad.py", b"def f(a):\n    import os; return " + b"a and " * 30_000 + b"2\nprint(f(1))\n", "ended"),
    "python 2": ("bad.py", b"print 'two'\n", "line 1"),
    "broken notebook": ("bad.ipynb", b'{"cells": [', "notebook"),
    "no notebook": ("bad.ipynb", b"[1, 2]", "notebook"),
    "deep notebook": ("bad.ipynb", b'{"cells": [], "metadata": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", ""),
    "empty notebook": ("bad.ipynb", b"", ""),
    "notebook cell": ("bad.ipynb", b'{"cells": [{"cell_type": "code", "source": "def ("}]}', "cell 1"),
    "yaml": ("bad.yaml", b"a: [1\nb: 2\n", "YAML"),
    "yaml depth": ("bad.yaml", b"[" * 50_000, ""),
    "toml": ("bad.toml", b"[a\n", "TOML"),
    "json": ("settings.json", b'{"a": ', "JSON"),
}


@pytest.mark.parametrize("case", FILES, ids=str)
def test_a_bad_file_is_a_problem_and_costs_nothing_else(root: Path, case: str) -> None:
    name, data, said = FILES[case]
    (root / name).write_bytes(data)
    report = scan(root)
    assert MINE in places(report)
    problems = [(p["path"], p["what"]) for p in report["problems"]]
    assert all(path == name for path, _ in problems)
    if said:
        assert said.lower() in problems[0][1].lower()


def test_a_long_expression_that_needs_no_rewriting_is_read_whole(root: Path) -> None:
    (root / "long.py").write_text(f"def f(a):\n    return {'a and ' * 30_000}2\n", encoding="utf-8")
    report = scan(root)
    assert report["problems"] == []
    assert ("complex-function", "long.py", 1) in places(report)


def test_aliases_that_would_multiply_are_not_followed(root: Path) -> None:
    (root / "bomb.yaml").write_text(BOMB, encoding="utf-8")
    begin = time.monotonic()
    assert MINE in places(scan(root))
    assert time.monotonic() - begin < 10


def test_a_huge_notebook_is_not_read(root: Path) -> None:
    with (root / "huge.ipynb").open("wb") as stream:
        stream.truncate(100_000_000)
    report = scan(root)
    assert [(p["path"], p["kind"]) for p in report["problems"]] == [("huge.ipynb", "too-large")]
    assert MINE in places(report)


def test_links_are_not_followed(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("import secret_module\n", encoding="utf-8")
    (root / "link.py").symlink_to(outside / "secret.py")
    (root / "environment.py").symlink_to("/proc/self/environ")
    (root / "folder").symlink_to(outside, target_is_directory=True)
    (root / "gone.py").symlink_to(root / "nowhere.py")
    report = scan(root, MLDEBT_TEST_TOKEN="s3cret-t0ken")
    text = json.dumps(report)
    assert "secret_module" not in text
    assert "s3cret-t0ken" not in text
    assert places(report) == [MINE]
    assert {entry["path"] for entry in report["left_out"]} >= {"link.py", "environment.py", "gone.py"}


def test_a_pipe_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "pipe.py")
    assert places(scan(root)) == [MINE]


@pytest.mark.parametrize("name", ["with space.py", "ünï.py", "new\nline.py", "-dash.py", "quote'\".py"])
def test_any_name_is_a_name(repo: Path, git: Any, name: str) -> None:
    (repo / name).write_text(GOOD, encoding="utf-8")
    git(repo, "add", ".")
    report = scan(repo)
    assert [f["at"]["path"] for f in report["findings"]] == [name]
    assert report["problems"] == []


def test_a_file_whose_name_is_no_text_is_left_out_and_said(root: Path) -> None:
    (root / os.fsdecode(b"\xff.py")).write_text(GOOD, encoding="utf-8")
    report = scan(root)
    assert places(report) == [MINE]
    assert ["UTF-8" in entry["why"] for entry in report["left_out"]] == [True]


def test_a_repository_without_commits(repo: Path) -> None:
    (repo / "good.py").write_text(GOOD, encoding="utf-8")
    report = scan(repo)
    assert (report["commit"], places(report)) == (None, [MINE])


def test_a_shallow_clone(repo: Path, git: Any, tmp_path: Path) -> None:
    for text in (GOOD, GOOD + "print(2)\n"):
        (repo / "good.py").write_text(text, encoding="utf-8")
        git(repo, "add", ".")
        git(repo, "commit", "-qm", "a change")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repo}", "shallow")
    report = scan(tmp_path / "shallow")
    assert (report["commit"], places(report)) == (git(repo, "rev-parse", "HEAD"), [MINE])


def test_a_submodule_is_left_out_and_said(repo: Path, git: Any, tmp_path: Path) -> None:
    (repo / "good.py").write_text(GOOD, encoding="utf-8")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "inner")
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo), "inner")
    report = scan(outer)
    assert report["findings"] == []
    assert [entry["path"].rstrip("/") for entry in report["left_out"]] == ["inner"]


def test_without_git_a_folder_is_a_folder(repo: Path) -> None:
    (repo / "good.py").write_text(GOOD, encoding="utf-8")
    assert places(scan(repo, PATH="/nonexistent")) == [MINE]


class _Forgetful(WorkTree):
    """A work tree some of whose files are deleted right after they were listed."""

    def entries(self) -> tuple[list[Entry], list[tuple[str, str]]]:
        listed = super().entries()
        for path in Path(os.environ["MLDEBT_TEST_ROOT"]).glob("gone*.py"):
            path.unlink()
        return listed


def test_a_file_deleted_between_listing_and_reading(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "gone.py").write_text(GOOD, encoding="utf-8")
    monkeypatch.setenv("MLDEBT_TEST_ROOT", str(root))
    report = scan_tree(_Forgetful(root), Order(load(), 1), Cache(None), Watch())
    assert [p.path for p in report.problems] == ["gone.py"]
    assert [f.at.path for f in report.findings] == ["good.py"]
    assert [f.path for f in discover(WorkTree(root)).files] == ["good.py"]


class _Edited(WorkTree):
    """A work tree one of whose files is saved between the first and the second time it is read."""

    def read(self, entry: Entry) -> bytes:
        data = super().read(entry)
        if entry.path == "edited.py":
            (Path(os.environ["MLDEBT_TEST_ROOT"]) / "edited.py").write_text("import re\n", encoding="utf-8")
        return data


def test_a_file_saved_while_it_is_read_leaves_nothing_wrong_in_the_cache(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLDEBT_TEST_ROOT", str(root))
    first, later = "import sys\n\nprint(1)\n", "import re\n"
    cache = open_cache(root.parent / "cache", root, b"")
    found: list[tuple[list[str | None], list[str]]] = []
    for text in (first, later, first):
        (root / "edited.py").write_text(text, encoding="utf-8")
        tree = _Edited(root) if not found else WorkTree(root)
        report = scan_tree(tree, Order(load(), 1), cache, Watch())
        found.append(([f.symbol for f in report.findings], [p.path for p in report.problems]))
    cache.close()
    assert found == [(["os"], ["edited.py"]), (["re", "os"], []), (["sys", "os"], [])]


def _many(root: Path, count: int = 200) -> None:
    """Files that take a while to examine; all in them is used, so that nothing is left to prove."""
    body = "".join(f"def f{i}(x):\n    return x + {i}\n\n\n" for i in range(30))
    calls = "".join(f"print(f{i}(1))\n" for i in range(30))
    for number in range(count):
        (root / f"module_{number}.py").write_text(f"{body}{calls}print({number})\n", encoding="utf-8")


@pytest.mark.parametrize("after", [0.4, 0.7])
def test_a_scan_that_was_killed_leaves_the_next_one_whole(root: Path, after: float) -> None:
    _many(root)
    command = [sys.executable, "-m", "mldebt", "scan", str(root), "--format", "json", "--jobs", "2"]
    environment = {**os.environ, "MLDEBT_CACHE_DIR": str(root.parent / "cache")}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment, start_new_session=True)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert scan(root) == scan(root, "--no-cache")


def test_two_scans_at_once_give_the_same(root: Path) -> None:
    _many(root)
    command = [sys.executable, "-m", "mldebt", "scan", str(root), "--format", "json", "--jobs", "2"]
    environment = {**os.environ, "MLDEBT_CACHE_DIR": str(root.parent / "cache")}
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) for _ in range(2)
    ]
    outputs = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert outputs[0] == outputs[1]
    assert outputs[0][1] == b""


@pytest.mark.parametrize("damage", ["truncated", "garbage", "empty"])
def test_a_damaged_cache_is_made_anew(root: Path, damage: str) -> None:
    first = scan(root)
    for file in (root.parent / "cache").iterdir():
        whole = file.read_bytes()
        file.write_bytes({"truncated": whole[: len(whole) // 2], "garbage": os.urandom(5000), "empty": b""}[damage])
    assert scan(root) == first
    assert scan(root) == first


@pytest.mark.parametrize("place", ["/proc/nowhere", "file"])
def test_where_nothing_can_be_written_nothing_is_kept(root: Path, place: str) -> None:
    (root.parent / "file").write_text("", encoding="utf-8")
    folder = place if place.startswith("/") else str(root.parent / place)
    assert places(scan(root, MLDEBT_CACHE_DIR=folder)) == [MINE]


def test_a_value_torn_in_the_cache_is_a_miss(tmp_path: Path) -> None:
    import sqlite3

    cache = open_cache(tmp_path, Path("/a/repository"), b"salt")
    cache.put_many({"a": b"whole", "b": b"torn"})
    cache.close()
    (file,) = tmp_path.glob("*.db")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE entry SET value = ? WHERE key = 'b'", (b"tor",))
    cache = open_cache(tmp_path, Path("/a/repository"), b"salt")
    assert cache.get_many(["a", "b"]) == {"a": b"whole"}
    cache.close()
    cache = open_cache(tmp_path, Path("/a/repository"), b"another salt")
    assert cache.get_many(["a"]) == {}
    cache.close()
