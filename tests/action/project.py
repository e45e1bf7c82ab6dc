"""Repositories with a pull request in them, and the events GitHub sends about it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from fake_state import REPOSITORY

SCAN, COMMENT = ".github/workflows/mldebt.yml", ".github/workflows/mldebt-comment.yml"
NUMBER = 7
Files = dict[str, str]
CLEAN: Files = {"train.py": "import json\n\nprint(json.dumps({}))\n"}
DEBT: Files = {"train.py": "import json\nimport os\n\nprint(json.dumps({}))\n"}


@dataclass(frozen=True)
class Project:
    """A checkout of a pull request's merge commit, as actions/checkout leaves it."""

    root: Path
    base: str
    head: str

    def git(self, *arguments: str) -> str:
        """What git prints."""
        return _git(self.root, *arguments)

    def with_workflow(self, name: str = SCAN, **inputs: str) -> Project:
        """The same with these inputs in a workflow, by default in the scanning one."""
        file = self.root / name
        text = file.read_text(encoding="utf-8")
        more = "".join(
            f"          {name.replace('_', '-')}: |\n            {value}\n" for name, value in inputs.items()
        )
        lines = text.replace("        with:\n          mode: comment\n", "").split("\n")
        more += "          mode: comment\n" if name == COMMENT else ""
        at = next(i for i, line in enumerate(lines) if "uses: mldebt/mldebt@" in line)
        file.write_text("\n".join([*lines[: at + 1], "        with:", more.rstrip("\n"), *lines[at + 1 :]]), "utf-8")
        return self


def project(root: Path, before: Files, after: Files) -> Project:
    """A repository whose base has the files `before`, and its pull request `after`; both have the workflows."""
    root.mkdir(parents=True)
    _git(root, "init", "-q", "-b", "main")
    _git(root, "remote", "add", "origin", f"https://github.com/{REPOSITORY}")
    base = _commit(root, before, "base")
    _git(root, "checkout", "-q", "-b", "feature/x")
    head = _commit(root, after, "change")
    _git(root, "checkout", "-q", "main")
    _git(root, "merge", "-q", "--no-ff", "--no-edit", "feature/x")
    return Project(root, base, head)


def _commit(root: Path, files: Files, says: str) -> str:
    for old in (path for path in root.iterdir() if path.name != ".git"):
        shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    starters = resources.files("mldebt") / "starters"
    workflows = {SCAN: "mldebt.yml", COMMENT: "mldebt-comment.yml"}
    kept = {path: (starters / name).read_text(encoding="utf-8") for path, name in workflows.items()}
    for path, text in {**kept, **files}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("-> "):
            file.symlink_to(text[3:])
        else:
            file.write_text(text, encoding="utf-8")
    _git(root, "add", "-A", "-f")
    _git(root, "commit", "-q", "--allow-empty", "-m", says)
    return _git(root, "rev-parse", "HEAD")


def _git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def pull_request(of: Project, **more: Any) -> dict[str, Any]:
    """The event of a push to the pull request."""
    fork = more.pop("fork", False)
    owner = "mallory" if fork else "acme"
    source = (
        None if more.pop("deleted", False) else {"full_name": f"{owner}/ml", "owner": {"login": owner}, "fork": fork}
    )
    pull = {
        "number": NUMBER,
        "state": "open",
        "draft": False,
        "head": {"ref": "feature/x", "sha": of.head, "repo": source},
        "base": {"ref": "main", "sha": of.base, "repo": {"full_name": REPOSITORY}},
    }
    return {"action": "synchronize", "number": NUMBER, "pull_request": {**pull, **more}, **_around()}


def workflow_run(of: Project, run: int, **more: Any) -> dict[str, Any]:
    """The event of the scan's end; of a fork's run GitHub names no pull request."""
    finished = {
        "id": run,
        "event": "pull_request",
        "conclusion": "success",
        "head_branch": "feature/x",
        "head_sha": of.head,
        "head_repository": {"full_name": "mallory/ml", "owner": {"login": "mallory"}},
        "pull_requests": [],
    }
    return {"action": "completed", "workflow_run": {**finished, **more}, **_around()}


def push() -> dict[str, Any]:
    """The event of a push to the main branch."""
    return {"ref": "refs/heads/main", **_around()}


def _around() -> dict[str, Any]:
    owner, name = REPOSITORY.split("/")
    repository = {"full_name": REPOSITORY, "name": name, "owner": {"login": owner}, "default_branch": "main"}
    return {"repository": repository, "sender": {"login": "alice"}}
