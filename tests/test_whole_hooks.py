"""The hooks that look at the whole repository as it is staged: the baseline's and the practices'."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mldebt.cli import main
from mldebt.hook import run_baseline, run_practices

USED = "def main():\n    print(1)\n\n\nif __name__ == '__main__':\n    main()\n"
OLD = "\n\ndef old():\n    return 2\n"
TEST = "from train import main\n\n\ndef test_main():\n    assert main() is None\n"
WORKFLOW_FILE = ".github/workflows/test.yml"
WORKFLOW = """on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: pytest
"""


@pytest.fixture
def project(made: Callable[..., Path]) -> Path:
    """A repository with a dead function, a baseline of it, tests and a workflow that runs them, committed."""
    return made(
        {
            "train.py": USED + OLD,
            "tests/test_train.py": TEST,
            WORKFLOW_FILE: WORKFLOW,
            "requirements.txt": "torch==2.3.0\npytest==8.2.0\n",
        },
        baseline=True,
    )


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def test_a_baseline_without_anything_that_is_gone_is_silent(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run_baseline() == 0
    assert capsys.readouterr().out == ""


def test_an_entry_that_is_gone_from_what_is_staged_is_said(
    project: Path, git: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "train.py", USED)
    assert run_baseline() == 0, "nothing of it is staged yet"
    git(project, "add", ".")
    capsys.readouterr()
    assert run_baseline() == 1
    assert capsys.readouterr().out == (
        ".mldebt-baseline.json: 1 entry of the baseline is gone: `mldebt baseline` shrinks it\n"
    )
    with pytest.raises(SystemExit):
        main(["baseline"])
    assert run_baseline() == 1, "the smaller one is not staged yet"
    git(project, "add", ".")
    assert run_baseline() == 0


def test_new_debt_is_no_business_of_the_baselines_hook(project: Path, git: Any) -> None:
    write(project, "train.py", USED + OLD + OLD.replace("old", "older"))
    git(project, "add", ".")
    assert run_baseline() == 0


def test_without_a_baseline_there_is_nothing_to_say(project: Path, git: Any) -> None:
    git(project, "rm", "-q", ".mldebt-baseline.json")
    assert run_baseline() == 0


def test_a_broken_baseline_is_a_sentence(project: Path, git: Any, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, ".mldebt-baseline.json", "{")
    git(project, "add", ".")
    assert run_baseline() == 2
    assert "is no baseline" in capsys.readouterr().err


@pytest.fixture
def practice(project: Path, tmp_path: Path) -> str:
    """A practice that the workflow alone shows."""
    with pytest.raises(SystemExit):
        main(["--format", "json", "-o", str(tmp_path / "report.json")])
    report = json.loads((tmp_path / "report.json").read_bytes())
    shown = {str(p["practice"]): p["evidence"] for p in report["practices"] if p["status"] == "present"}
    return next(name for name, evidence in shown.items() if {e["path"] for e in evidence} == {WORKFLOW_FILE})


def test_a_practice_that_the_change_takes_away_is_named_with_where_it_was(
    project: Path, git: Any, practice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    git(project, "rm", "-q", WORKFLOW_FILE)
    capsys.readouterr()
    assert run_practices() == 1
    lines = capsys.readouterr().out.splitlines()
    line = next(line for line in lines if f"practice {practice} was present" in line)
    assert line.startswith(WORKFLOW_FILE)


@pytest.mark.parametrize("staged", [False, True], ids=["nothing staged", "other files staged"])
def test_what_stays_is_silent(project: Path, git: Any, staged: bool, capsys: pytest.CaptureFixture[str]) -> None:
    if staged:
        write(project, "train.py", USED + OLD + "\n# more\n")
        git(project, "add", ".")
    capsys.readouterr()
    assert run_practices() == 0
    assert capsys.readouterr().out == ""


def test_what_is_only_in_the_work_tree_is_not_looked_at(project: Path, git: Any) -> None:
    (project / WORKFLOW_FILE).unlink()
    write(project, "train.py", USED)
    git(project, "add", "train.py")
    assert run_practices() == 0


def test_a_practice_that_the_settings_speak_of_is_silent(
    project: Path, git: Any, practice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    git(project, "rm", "-q", WORKFLOW_FILE)
    note = f'[practices.{practice}]\nstatus = "accepted"\nreason = "elsewhere"\n'
    write(project, "mldebt.toml", note)
    capsys.readouterr()
    run_practices()
    assert f"practice {practice} " not in capsys.readouterr().out


def test_before_the_first_commit_nothing_can_be_lost(repo: Path, git: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo)
    write(repo, "train.py", USED)
    git(repo, "add", ".")
    assert run_practices() == run_baseline() == 0
