"""`mldebt init`: the hooks fitted to a repository, written only where nothing is, and what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_config, load_manifest

from mldebt import __version__
from mldebt.cli import main

CONFIG = ".pre-commit-config.yaml"
MANIFEST = Path(__file__).parents[1] / ".pre-commit-hooks.yaml"
OTHER = "repos:\n- repo: https://example.org/other\n  rev: v1\n  hooks:\n  - id: other\n"
INDENTED = "repos:\n    - repo: https://example.org/other\n      rev: v1\n      hooks:\n          - id: other\n"


@pytest.fixture
def project(repo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(repo)
    (repo / "train.py").write_text("print(1)\n", encoding="utf-8")
    return repo


def init(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What it prints."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as done:
        main(["init", *arguments])
    assert done.value.code == 0
    return capsys.readouterr().out


def ours(text: str) -> list[str]:
    """The ids of our hooks in a configuration."""
    repos = [one for one in yaml.safe_load(text)["repos"] if "mldebt" in one["repo"]]
    assert [one["rev"] for one in repos] == [f"v{__version__}"]
    return [hook["id"] for one in repos for hook in one["hooks"]]


def test_a_repository_without_hooks_gets_a_file_that_pre_commit_accepts(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = init(capsys)
    assert out.startswith(f"wrote {CONFIG}\n")
    assert "`pre-commit install`" in out and "`mldebt baseline`" in out
    load_config(str(project / CONFIG))
    ids = ours((project / CONFIG).read_text("utf-8"))
    assert ids == ["mldebt-changed", "mldebt-practices"]
    assert set(ids) <= {hook["id"] for hook in load_manifest(str(MANIFEST))}


@pytest.mark.parametrize("before", [OTHER, INDENTED], ids=["flush", "indented"])
def test_a_file_that_is_there_stays_and_the_block_fits_its_indent(
    project: Path, before: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / CONFIG).write_text(before, encoding="utf-8")
    out = init(capsys)
    assert (project / CONFIG).read_text("utf-8") == before
    block = "".join(line for line in out.splitlines(keepends=True) if not line.startswith(("#", "- `")))
    assert ours(before + block.rstrip("\n") + "\n") == ["mldebt-changed", "mldebt-practices"]


def test_once_added_it_is_not_asked_for_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(capsys)
    out = init(capsys)
    assert "has hooks of mldebt already" in out
    assert "repo:" not in out and "pre-commit install" not in out


def test_print_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = init(capsys, "--print")
    assert not (project / CONFIG).exists()
    text = out[: out.index("\n- `")]
    assert ours(text) == ["mldebt-changed", "mldebt-practices"]


def test_it_fits_notebooks_a_baseline_and_the_readme(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "study.ipynb").write_text('{"cells": [], "nbformat": 4, "nbformat_minor": 5}', encoding="utf-8")
    (project / ".mldebt-baseline.json").write_text('{"schema": 1, "findings": []}', encoding="utf-8")
    (project / "README.rst").write_text("x\n", encoding="utf-8")
    out = init(capsys)
    assert "reads the 1 notebook too" in (project / CONFIG).read_text("utf-8")
    assert ours((project / CONFIG).read_text("utf-8"))[-1] == "mldebt-baseline"
    assert "`mldebt baseline`" not in out
    assert "this line in README.rst shows it: .. image:: mldebt.svg" in out


def test_no_link_is_followed(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "elsewhere.yaml"
    (project / CONFIG).symlink_to(target)
    assert "# add to" in init(capsys)
    assert not target.exists()


def test_outside_git_it_says_that_hooks_need_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as done:
        main(["init"])
    assert done.value.code == 2
    assert "run `git init` first" in capsys.readouterr().err


def test_what_it_says_to_do_works(project: Path, git: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    init(capsys)
    with pytest.raises(SystemExit) as done:
        main(["badge", "-o", "mldebt.svg"])
    assert done.value.code == 0
    assert (project / "mldebt.svg").read_bytes().startswith(b"<svg")
