"""What a run of Actions says of its pull request, and the comment that comes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mldebt.cli import main
from mldebt.github.event import Finished, event, pull_request
from mldebt.report.markdown_places import PullRequest

RUNNER = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/ml",
    "GITHUB_SHA": "c" * 40,
    "GITHUB_RUN_ID": "42",
}
EVENT: dict[str, Any] = {"pull_request": {"number": 7, "head": {"sha": "a" * 40}}}


@pytest.mark.parametrize(
    ("event", "number", "head"),
    [
        (json.dumps(EVENT), 7, "a" * 40),
        ("{}", None, "c" * 40),
        ("not json", None, "c" * 40),
        ("[" * 100_000, None, "c" * 40),
        ('{"pull_request": {"head": null}}', None, "c" * 40),
        ('{"pull_request": {"number": "7", "head": {"sha": "' + "a" * 40 + '"}}}', None, "a" * 40),
        (None, None, "c" * 40),
    ],
)
def test_number_and_head_come_from_the_event(tmp_path: Path, event: str | None, number: int | None, head: str) -> None:
    file = tmp_path / "event.json"
    if event is not None:
        file.write_text(event, encoding="utf-8")
    found = pull_request({**RUNNER, "GITHUB_EVENT_PATH": str(file)})
    assert found == PullRequest("https://github.com", "acme/ml", number, head, 42)


@pytest.mark.parametrize(
    "wrong",
    [
        {"GITHUB_SERVER_URL": "javascript:alert(1)"},
        {"GITHUB_SERVER_URL": "https://github.com/)[x"},
        {"GITHUB_REPOSITORY": "acme"},
        {"GITHUB_REPOSITORY": "acme/ml](x"},
        {"GITHUB_SHA": "main"},
        {"GITHUB_SHA": ""},
    ],
    ids=str,
)
def test_what_is_not_as_usual_gives_no_links(wrong: dict[str, str]) -> None:
    assert pull_request({**RUNNER, **wrong}) is None
    assert pull_request({}) is None


def test_a_comparison_becomes_a_comment_with_links_into_the_difference(
    repo: Path, git: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(repo)
    (tmp_path / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    for name, value in {**RUNNER, "GITHUB_EVENT_PATH": str(tmp_path / "event.json")}.items():
        monkeypatch.setenv(name, value)
    (repo / "train.py").write_text("import os\n\nprint(1)\n", encoding="utf-8")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "first")

    def comment(*arguments: str) -> str:
        capsysbinary.readouterr()
        with pytest.raises(SystemExit):
            main(["diff", "--base", "HEAD", "--format", "markdown", *arguments])
        return capsysbinary.readouterr().out.decode()

    assert "**No Python file or notebook changed.** The repository has 1 finding" in comment()
    (repo / "notes.txt").write_text("x\n", encoding="utf-8")
    assert "**No Python file or notebook changed.**" in comment()
    (repo / "new.py").write_text("print(2)\n", encoding="utf-8")
    assert "**Adds no debt, and pays off none.**" in comment()
    (repo / "train.py").write_text("import sys\n\nprint(1)\n", encoding="utf-8")
    told = comment("--fail-on", "new")
    assert told.startswith("<!-- mldebt:comment v=1 id=default run=42 sha=aaaaaaa -->\n")
    assert "**Adds 1 finding (1 min) and pays off 1 finding (1 min).**\n\nGate: 🔴 failed, 1 new finding" in told
    assert "[`train.py:1`](https://github.com/acme/ml/pull/7/files#diff-" in told
    assert f"[`train.py:1`](https://github.com/acme/ml/blob/{git(repo, 'rev-parse', 'HEAD')}/train.py#L1)" in told


RUN: dict[str, Any] = {
    "id": 9,
    "event": "pull_request",
    "head_sha": "a" * 40,
    "head_branch": "x",
    "head_repository": {"owner": {"login": "mallory"}},
    "pull_requests": [{"number": 7}, {"number": None}],
}


@pytest.mark.parametrize(
    ("more", "finished"),
    [
        ({}, Finished(9, "pull_request", "a" * 40, "mallory", "x", (7,))),
        ({"head_repository": None, "pull_requests": None}, Finished(9, "pull_request", "a" * 40, None, "x", ())),
        ({"head_sha": "main"}, None),
        ({"id": "9"}, None),
    ],
    ids=["a fork", "a deleted fork", "no commit", "no number"],
)
def test_a_finished_run_is_told_as_github_tells_it(
    tmp_path: Path, more: dict[str, Any], finished: Finished | None
) -> None:
    file = tmp_path / "event.json"
    file.write_text(json.dumps({"workflow_run": {**RUN, **more}}), encoding="utf-8")
    found = event({**RUNNER, "GITHUB_EVENT_PATH": str(file), "GITHUB_EVENT_NAME": "workflow_run"})
    assert found.finished == finished and found.name == "workflow_run"
