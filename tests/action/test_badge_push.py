"""The badge's branch, pushed by the workflow that `mldebt init` writes, run by act."""

from __future__ import annotations

import json
import subprocess
from importlib import resources
from pathlib import Path

from project import CLEAN, NUMBER, pull_request, push
from stage import MakeStage, Stage

WORKFLOW = ".github/workflows/mldebt-badge.yml"


def shown(origin: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(origin), *arguments], check=True, capture_output=True, text=True)
    return done.stdout


def on_main(stage: MakeStage, origin: Path) -> Stage:
    """A checkout with the workflow; origin is a bare repository that has nothing yet."""
    workflow = (resources.files("mldebt") / "starters" / "mldebt-badge.yml").read_text(encoding="utf-8")
    here = stage({**CLEAN, WORKFLOW: workflow}, {**CLEAN, WORKFLOW: workflow, "more.py": "print(1)\n"})
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(origin)], check=True)
    here.project.git("remote", "set-url", "origin", str(origin))
    here.project.git("push", "-q", "origin", "main")
    return here


def test_a_push_to_the_default_branch_brings_the_badge_up_to_date(stage: MakeStage, tmp_path: Path) -> None:
    origin = tmp_path / "origin.git"
    here = on_main(stage, origin)
    run = here.run(push(), workflow=WORKFLOW, event="push")
    assert run.ok, run.log
    assert shown(origin, "show", "mldebt-badge:badge.svg").startswith("<svg")
    assert json.loads(shown(origin, "show", "mldebt-badge:badge.json"))["label"] == "ml debt"
    assert shown(origin, "log", "--format=%an", "mldebt-badge") == "github-actions[bot]\n"
    assert here.run(push(), workflow=WORKFLOW, event="push").ok
    assert shown(origin, "rev-list", "--count", "mldebt-badge") == "1\n", "nothing changed"
    assert here.project.git("status", "--porcelain") == ""


def test_no_other_branch_and_no_pull_request_draws_it(stage: MakeStage, tmp_path: Path) -> None:
    origin = tmp_path / "origin.git"
    here = on_main(stage, origin)
    file = here.project.root / WORKFLOW
    file.write_text(
        file.read_text("utf-8").replace("branches: [main]", "branches: [main, other]\n  pull_request:"), "utf-8"
    )
    other = {**push(), "ref": "refs/heads/other"}
    for payload, event in ((other, "push"), (pull_request(here.project), "pull_request")):
        run = here.run(payload, workflow=WORKFLOW, event=event)
        assert run.ok, run.log
        assert "the badge is pushed from main alone" in run.log
    assert "mldebt-badge" not in shown(origin, "for-each-ref")
    assert here.state.comments.get(NUMBER, []) == []


def test_a_branch_that_cannot_be_pushed_fails_with_a_sentence(stage: MakeStage, tmp_path: Path) -> None:
    origin = tmp_path / "origin.git"
    here = on_main(stage, origin)
    hook = origin / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    run = here.run(push(), workflow=WORKFLOW, event="push")
    assert not run.ok
    assert any(
        "mldebt-badge could not be pushed" in message and "contents: write" in message
        for *_, message in run.annotations
    )
