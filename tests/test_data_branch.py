"""The badge's branch: pushed from any checkout, which stays byte for byte as it is, also by several at once."""

from __future__ import annotations

import base64
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mldebt.cli import main
from mldebt.data_branch import push
from mldebt.errors import GitError, UsageError

BRANCH = "mldebt-badge"


@pytest.fixture
def origin(tmp_path: Path, git: Any) -> Path:
    """A bare repository, whose default branch is main."""
    bare = tmp_path / "origin.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    return bare


@pytest.fixture
def checkout(repo: Path, git: Any, origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of main with one script, something staged, something changed and something new."""
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("GITHUB_ACTIONS", "GITHUB_TOKEN", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    (repo / "train.py").write_text("print(1)\n", "utf-8")
    git(repo, "remote", "add", "origin", str(origin))
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "one")
    git(repo, "push", "-q", "-u", "origin", "main")
    (repo / "staged.py").write_text("print(2)\n", "utf-8")
    git(repo, "add", "staged.py")
    (repo / "train.py").write_text("print(3)\n", "utf-8")
    (repo / "new.py").write_text("print(4)\n", "utf-8")
    monkeypatch.chdir(repo)
    return repo


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def on_branch(git: Any, origin: Path, name: str) -> str:
    shown: str = git(origin, "show", f"{BRANCH}:{name}")
    return shown


def test_a_push_changes_nothing_of_the_checkout(checkout: Path, git: Any, origin: Path) -> None:
    git(checkout, "status")  # writes the index anew if it likes to
    before = all_bytes(checkout)
    commit = push(checkout, BRANCH, {"badge.svg": b"<svg/>"})
    assert push(checkout, BRANCH, {"badge.svg": b"<svg>2</svg>"}) != commit
    assert all_bytes(checkout) == before
    assert on_branch(git, origin, "badge.svg") == "<svg>2</svg>"


def test_the_branch_begins_with_nothing_before_it(checkout: Path, git: Any, origin: Path) -> None:
    commit = push(checkout, BRANCH, {"badge.svg": b"a", "badge.json": b"b"})
    assert git(origin, "rev-list", "--parents", BRANCH) == commit
    assert git(origin, "ls-tree", "--name-only", BRANCH) == "badge.json\nbadge.svg"
    assert git(origin, "for-each-ref", "--format=%(refname)") == f"refs/heads/main\nrefs/heads/{BRANCH}"


def test_what_is_on_the_branch_already_makes_no_commit(checkout: Path, git: Any, origin: Path) -> None:
    first = push(checkout, BRANCH, {"badge.svg": b"a"})
    assert push(checkout, BRANCH, {"badge.svg": b"a"}) is None
    assert git(origin, "rev-parse", BRANCH) == first


def test_other_files_of_the_branch_stay(checkout: Path, git: Any, origin: Path, tmp_path: Path) -> None:
    push(checkout, BRANCH, {"badge.svg": b"a"})
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", "-b", BRANCH, str(origin), str(other))
    odd = other / "a folder" / "tab\tand ümlaut.txt"
    odd.parent.mkdir()
    odd.write_text("x", "utf-8")
    (other / os.fsdecode(b"no \xff utf-8")).write_text("y", "utf-8")
    (other / "run.sh").symlink_to("elsewhere")
    git(other, "add", ".")
    git(other, "commit", "-qm", "more")
    git(other, "push", "-q")
    kept = set(git(origin, "ls-tree", "-r", BRANCH).splitlines())
    push(checkout, BRANCH, {"badge.svg": b"new"})
    rows = set(git(origin, "ls-tree", "-r", BRANCH).splitlines())
    assert len(rows) == 4 and len(rows & kept) == 3


@pytest.mark.parametrize("depth", ["", "--depth=1"], ids=["full clone", "shallow clone"])
def test_a_fresh_clone_adds_to_the_branch(checkout: Path, git: Any, origin: Path, tmp_path: Path, depth: str) -> None:
    for number in range(3):
        push(checkout, BRANCH, {"badge.svg": str(number).encode()})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", *filter(None, [depth]), "--single-branch", origin.as_uri(), str(clone))
    before = all_bytes(clone)
    push(clone, BRANCH, {"badge.svg": b"from the clone"})
    assert all_bytes(clone) == before
    assert git(origin, "rev-list", "--count", BRANCH) == "4"


def test_four_that_push_at_once_all_land(checkout: Path, git: Any, origin: Path) -> None:
    program = "import sys, pathlib; from mldebt.data_branch import push; name = sys.argv[1]; "
    program += f"print(push(pathlib.Path.cwd(), '{BRANCH}', {{name: name.encode()}}))"
    before = all_bytes(checkout)
    started = [
        subprocess.Popen([sys.executable, "-c", program, f"{number}.svg"], cwd=checkout, stdout=subprocess.PIPE)
        for number in range(4)
    ]
    commits = {process.communicate(timeout=120)[0].decode().strip() for process in started}
    assert [process.returncode for process in started] == [0] * 4
    assert git(origin, "ls-tree", "--name-only", BRANCH).split() == [f"{number}.svg" for number in range(4)]
    assert commits == set(git(origin, "rev-list", BRANCH).split())
    assert all_bytes(checkout) == before


@pytest.mark.parametrize("name", ["main", "", "a..b", "with space", "HEAD:x"])
def test_no_branch_of_code_and_no_odd_name_is_pushed_to(checkout: Path, git: Any, origin: Path, name: str) -> None:
    before = git(origin, "for-each-ref")
    with pytest.raises(UsageError):
        push(checkout, name, {"badge.svg": b"a"})
    assert git(origin, "for-each-ref") == before


def test_the_branch_that_is_checked_out_is_one_of_code_and_the_default_one_too(checkout: Path, git: Any) -> None:
    git(checkout, "switch", "-qc", "work")
    for branch in ("work", "main"):
        with pytest.raises(UsageError, match=f"{branch} holds the code"):
            push(checkout, branch, {"badge.svg": b"a"})


def test_a_branch_that_is_closed_is_said_once(checkout: Path, git: Any, origin: Path) -> None:
    hook = origin / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho >> tried\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    with pytest.raises(GitError, match=r"could not be pushed .*pre-receive hook declined.*contents: write"):
        push(checkout, BRANCH, {"badge.svg": b"a"})
    assert len((origin / "tried").read_text("utf-8").splitlines()) == 3


def test_hooks_of_the_checkout_do_not_run(checkout: Path) -> None:
    hook = checkout / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    assert push(checkout, BRANCH, {"badge.svg": b"a"})


def test_no_address_runs_a_program(checkout: Path, git: Any, tmp_path: Path) -> None:
    git(checkout, "remote", "set-url", "origin", f"ext::touch {tmp_path}/ran")
    git(checkout, "config", "protocol.ext.allow", "always")
    with pytest.raises(GitError, match="ext"):
        push(checkout, BRANCH, {"badge.svg": b"a"})
    assert not (tmp_path / "ran").exists()


def test_without_a_remote_it_says_what_to_do(checkout: Path, git: Any) -> None:
    git(checkout, "remote", "remove", "origin")
    with pytest.raises(UsageError, match="git remote add origin"):
        push(checkout, BRANCH, {"badge.svg": b"a"})


def test_in_actions_the_bot_commits_though_nobody_is_set_up(
    checkout: Path, git: Any, origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        for key in ("NAME", "EMAIL"):
            monkeypatch.delenv(f"GIT_{role}_{key}")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    push(checkout, BRANCH, {"badge.svg": b"a"})
    assert git(origin, "log", "-1", "--format=%an %cn", BRANCH) == "github-actions[bot] github-actions[bot]"


class _Server(http.server.BaseHTTPRequestHandler):
    """Says no, and keeps what it was sent."""

    seen: list[list[str]]

    def do_GET(self) -> None:
        self.seen.append(self.headers.get_all("Authorization") or [])
        self.send_response(403)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[list[str]]]]:
    """The address of a server and the Authorization headers of each request it got."""
    _Server.seen = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}", _Server.seen
        httpd.shutdown()


@pytest.mark.parametrize("same", [True, False], ids=["GitHub", "another server"])
def test_the_jobs_token_goes_to_github_alone_and_into_no_message(
    checkout: Path, git: Any, monkeypatch: pytest.MonkeyPatch, server: tuple[str, list[list[str]]], same: bool
) -> None:
    address, seen = server
    git(checkout, "remote", "set-url", "origin", f"{address}/acme/ml.git")
    git(checkout, "config", f"http.{address}/.extraheader", "Authorization: basic left-by-the-checkout")
    monkeypatch.setenv("GITHUB_TOKEN", "s3cret")
    monkeypatch.setenv("GITHUB_SERVER_URL", address if same else "https://github.com")
    with pytest.raises(GitError) as error:
        push(checkout, BRANCH, {"badge.svg": b"a"})
    sent = "basic " + base64.b64encode(b"x-access-token:s3cret").decode()
    assert seen[0] == [sent if same else "basic left-by-the-checkout"]
    assert "s3cret" not in str(error.value)


def test_the_verb_pushes_both_forms(checkout: Path, git: Any, origin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for said in ("pushed [0-9a-f]{12} to mldebt-badge\n", "mldebt-badge has this badge already\n"):
        with pytest.raises(SystemExit) as done:
            main(["badge", "--push", BRANCH])
        assert done.value.code == 0
        assert re.fullmatch(said, capsys.readouterr().out)
    assert on_branch(git, origin, "badge.svg").startswith("<svg")
    assert json.loads(on_branch(git, origin, "badge.json"))["schemaVersion"] == 1
