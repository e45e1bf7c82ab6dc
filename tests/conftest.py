"""What several tests need: git without the user's settings, and empty repositories."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.cli import main

Git = Callable[..., str]


@pytest.fixture
def git(monkeypatch: pytest.MonkeyPatch) -> Git:
    """`git(folder, *arguments)`: what git prints there, with an identity and no settings of this machine."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")

    def run(folder: Path, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return run


@pytest.fixture
def repo(tmp_path: Path, git: Git) -> Path:
    """The root of a git repository without a commit, its branch called main."""
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    return root


@pytest.fixture
def made(repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Path]:
    """`made(files, baseline=False)`: the current folder, with files and a baseline of their debt committed."""
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(repo)

    def make(files: dict[str, str], baseline: bool = False) -> Path:
        for name, text in files.items():
            (repo / name).parent.mkdir(parents=True, exist_ok=True)
            (repo / name).write_text(text, encoding="utf-8")
        if baseline:
            with pytest.raises(SystemExit):
                main(["baseline"])
        git(repo, "add", ".")
        git(repo, "commit", "-qm", "first")
        return repo

    return make


@pytest.fixture(scope="session")
def npm() -> Path:
    """The folder of the npm packages that `.ci/run` installs, as judges of what we write; without it nothing to do."""
    named = os.environ.get("MLDEBT_RIG", "")
    if not named:
        if os.environ.get("MLDEBT_RIG_REQUIRED"):
            pytest.fail("MLDEBT_RIG names no folder: `.ci/run` fills it")
        pytest.skip("the npm packages are not here: MLDEBT_RIG names their folder in .ci/run")
    return Path(named).absolute() / "node_modules"
