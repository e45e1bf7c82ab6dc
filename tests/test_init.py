"""`mldebt init`: the hooks fitted to a repository, written only where nothing is, and what to do next."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_config, load_manifest

from mldebt import __version__, starter
from mldebt.app import target
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
    assert out.startswith(f"wrote {CONFIG}: reports on each commit what it adds\n")
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
    block = out[out.index("\n") + 1 : out.index("next:")]
    assert ours(before + block.rstrip("\n") + "\n") == ["mldebt-changed", "mldebt-practices"]


def test_once_added_it_is_not_asked_for_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(capsys)
    out = init(capsys)
    assert "there are hooks of mldebt already" in out
    assert "repo:" not in out and "pre-commit install" not in out


def test_print_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = init(capsys, "--print")
    assert not (project / CONFIG).exists()
    text = out[: out.index("next:")]
    assert ours(text) == ["mldebt-changed", "mldebt-practices"]


def test_it_fits_notebooks_a_baseline_and_the_readme(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "study.ipynb").write_text('{"cells": [], "nbformat": 4, "nbformat_minor": 5}', encoding="utf-8")
    (project / ".mldebt-baseline.json").write_text('{"schema": 1, "findings": []}', encoding="utf-8")
    (project / "README.rst").write_text("x\n", encoding="utf-8")
    out = init(capsys)
    assert "reads the 1 notebook too" in (project / CONFIG).read_text("utf-8")
    assert ours((project / CONFIG).read_text("utf-8"))[-1] == "mldebt-baseline"
    assert "`mldebt baseline`" not in out
    assert "in README.rst this shows it:\n  .. image:: mldebt.svg" in out


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


WORKFLOWS = ".github/workflows"
STARTERS = sorted((Path(__file__).parents[1] / "src" / "mldebt" / "starters").glob("*.yml"))


def written(project: Path) -> dict[str, dict[Any, Any]]:
    """The workflows that are there, parsed; `on` is a truth to YAML 1.1."""
    return {path.name: yaml.safe_load(path.read_text("utf-8")) for path in (project / WORKFLOWS).glob("*.yml")}


@pytest.fixture
def on_github(project: Path, git: Any) -> Path:
    """A repository of GitHub with a commit on a branch called trunk, which is origin's default."""
    git(project, "remote", "add", "origin", "git@github.com:acme/ml.git")
    git(project, "add", ".")
    git(project, "commit", "-qm", "one")
    git(project, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    git(project, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    git(project, "switch", "-qc", "my-work")
    return project


def test_on_github_it_writes_each_workflow_for_the_default_branch(
    on_github: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = init(capsys)
    found = written(on_github)
    assert sorted(found) == [starter.name for starter in STARTERS]
    assert found["mldebt-badge.yml"][True]["push"]["branches"] == ["trunk"]
    for name in found:
        assert f"wrote {WORKFLOWS}/{name}: " in out
    assert "![ML debt](../../raw/mldebt-badge/badge.svg)" in out
    assert "endpoint?url=https%3A%2F%2Fraw.githubusercontent.com%2Facme%2Fml%2Fmldebt-badge%2Fbadge.json" in out
    again = init(capsys)
    assert "wrote" not in again and "# add" not in again


@pytest.mark.parametrize("commit", [None, "a" * 40])
def test_the_action_is_pinned_by_its_commit_where_that_is_known(on_github: Path, commit: str | None) -> None:
    found = starter.start(target([]), starter.Release("1.2.3", commit))
    pins = {pin for file in found.files for pin in re.findall("uses: (mldebt/.*)", file.text)}
    assert pins == {f"mldebt/mldebt@{commit} # v1.2.3" if commit else "mldebt/mldebt@v1.2.3"}
    assert any("tags can be moved" in line for line in found.advice) == (commit is None)


def test_a_workflow_that_is_there_stays_though_it_is_another(
    on_github: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = on_github / WORKFLOWS / "mldebt-badge.yml"
    own.parent.mkdir(parents=True)
    own.write_text("on: push\n", encoding="utf-8")
    init(capsys)
    assert own.read_text("utf-8") == "on: push\n"
    assert len(written(on_github)) == len(STARTERS)


def test_who_uses_the_action_already_gets_no_second_workflow(
    on_github: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = on_github / WORKFLOWS / "ci.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("jobs: {a: {steps: [{uses: mldebt/mldebt@v0}]}}\n", encoding="utf-8")
    assert WORKFLOWS not in init(capsys)


def test_no_workflow_is_written_through_a_link(
    on_github: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "outside").mkdir()
    (on_github / ".github").symlink_to(tmp_path / "outside", target_is_directory=True)
    capsys.readouterr()
    with pytest.raises(SystemExit) as done:
        main(["init"])
    assert done.value.code == 2
    assert "lie outside the repository, behind a link" in capsys.readouterr().err
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize("address", ["https://gitlab.com/acme/ml.git", "git@gitlab.acme.example:ml.git"])
def test_on_gitlab_it_prints_a_job_and_no_workflow(
    project: Path, git: Any, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    git(project, "remote", "add", "origin", address)
    (project / ".gitlab-ci.yml").write_text("stages: [test]\n", encoding="utf-8")
    out = init(capsys)
    assert (project / ".gitlab-ci.yml").read_text("utf-8") == "stages: [test]\n"
    assert not (project / ".github").exists()
    job = yaml.safe_load(out[out.index("mldebt:\n") : out.index("next:")])["mldebt"]
    assert job["artifacts"]["reports"]["codequality"] in job["script"][-1]


def test_elsewhere_it_writes_no_workflow_and_says_when_it_would(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "once it is on GitHub or GitLab" in init(capsys)
    assert not (project / ".github").exists()


def test_lefthook_gets_its_own_kind_of_block(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "lefthook.yml").write_text("pre-push: {}\n", encoding="utf-8")
    out = init(capsys)
    assert not (project / CONFIG).exists()
    jobs = yaml.safe_load(out[out.index("pre-commit:\n") : out.index("next:")])["pre-commit"]["jobs"]
    ids = {hook["id"] for hook in load_manifest(str(MANIFEST))}
    assert {job["run"].split()[0] for job in jobs} <= ids
    assert "`lefthook install`" in out
