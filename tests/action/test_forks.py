"""A fork's pull request: the scan may not write, and what it hands over is data that anybody may have written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from act_runner import Run
from fake_state import Pull
from project import CLEAN, COMMENT, DEBT, NUMBER, pull_request, workflow_run
from stage import MakeStage, Stage


def scanned(here: Stage) -> Run:
    """The scan of a fork's pull request, its artifact kept by GitHub as that of run 42."""
    here.state.pulls[NUMBER] = Pull(here.project.head, here.project.base, repository="mallory/ml")
    run = here.run(pull_request(here.project, fork=True), token="ghs_fork")
    assert run.ok, run.log
    here.state.artifacts[42] = run.artifacts
    return run


def commented(here: Stage, **more: Any) -> Run:
    """The run of the other workflow after it."""
    return here.run(workflow_run(here.project, 42, **more), workflow=COMMENT, event="workflow_run", run=77)


def test_the_other_job_writes_the_comment_from_the_data(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    scan = scanned(here)
    assert scan.outputs["comment"] == "handed-over" and here.ours == []
    run = commented(here)
    assert run.ok, run.log
    assert run.outputs["comment"] == "created"
    assert here.ours[0].startswith("<!-- mldebt:comment v=1 id=default run=42 ")
    assert "**Adds 1 finding (1 min).**" in here.ours[0] and "-import os" in here.ours[0]
    assert commented(here).outputs["comment"] == "unchanged"


def test_a_failed_gate_is_commented_on_too(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT, fail_on="new")
    here.state.pulls[NUMBER] = Pull(here.project.head, here.project.base, repository="mallory/ml")
    scan = here.run(pull_request(here.project, fork=True), token="ghs_fork")
    assert not scan.ok and "mldebt.json" in scan.artifacts["mldebt"]
    here.state.artifacts[42] = scan.artifacts
    assert commented(here, conclusion="failure").ok
    assert "Gate: 🔴 failed, 1 new finding (`fail-on = new`)." in here.ours[0]


def test_nothing_to_say_is_nothing_handed_over(stage: MakeStage) -> None:
    here = stage(DEBT, {**DEBT, "notes.txt": "x\n"})
    run = scanned(here)
    assert run.outputs["comment"] == "skipped" and run.artifacts == {}
    assert commented(here).ok and here.ours == []


def test_a_deleted_fork_is_found_by_its_commit(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    scanned(here)
    here.state.pulls[NUMBER] = Pull(here.project.head, here.project.base, repository=None)
    run = commented(here, head_repository=None)
    assert run.ok, run.log
    assert len(here.ours) == 1


def test_a_deleted_fork_is_scanned_as_any_other(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    assert here.run(pull_request(here.project, deleted=True)).outputs["comment"] == "created"


@pytest.mark.parametrize(
    "pull",
    [Pull("9" * 40, repository="mallory/ml"), Pull("1" * 40, repository="mallory/ml", state="closed")],
    ids=["pushed to since", "closed"],
)
def test_a_pull_request_that_moved_on_gets_no_comment(stage: MakeStage, pull: Pull) -> None:
    here = stage(CLEAN, DEBT)
    scanned(here)
    here.state.pulls[NUMBER] = pull
    run = commented(here)
    assert run.ok and here.ours == []


@pytest.mark.parametrize("there", [True, False])
def test_the_template_of_the_base_is_asked_of_the_api(stage: MakeStage, there: bool) -> None:
    here = stage(CLEAN, DEBT)
    scanned(here)
    here.project.with_workflow(COMMENT, comment_template="conf/page.md")
    if there:
        here.state.files[here.project.base, "conf/page.md"] = b"{{ title }} in our own words"
    assert commented(here).outputs["comment"] == "created"
    assert ("in our own words" in here.ours[0]) is there
    assert ("The template `conf/page.md` could not be had" in here.ours[0]) is not there


EVIL = "A](https://evil.example) @team"


def test_what_mldebt_never_writes_is_refused_whole(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    handed = json.loads(scanned(here).artifacts["mldebt"]["mldebt.json"])
    handed["report"]["score"]["grade"] = EVIL
    here.state.artifacts[42] = {"mldebt": {"mldebt.json": json.dumps(handed).encode()}}
    run = commented(here)
    assert run.ok and here.ours == [] and run.outputs["comment"] == "skipped"
    assert any("no comment was posted" in message for _, _, message in run.annotations)


def test_what_strangers_may_write_is_words_and_code_only(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    handed = json.loads(scanned(here).artifacts["mldebt"]["mldebt.json"])
    handed |= {"no_base": EVIL, "gate": ["new", 1, EVIL], "notes": [EVIL]}
    finding = handed["report"]["findings"][0]
    finding |= {"says": EVIL, "at": {**finding["at"], "path": EVIL}}
    here.state.artifacts[42] = {"mldebt": {"mldebt.json": json.dumps(handed).encode()}}
    assert commented(here).ok
    text = here.ours[0].replace("`@team`", "").replace("`A](https://evil.example)`", "")
    text = text.replace("`A](https://evil.example) @team:2`", "")
    assert "@team" not in text and "](https://evil.example" not in text


def test_an_artifact_of_any_kind_harms_nothing(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    scanned(here)
    for data in (b"[" * 200_000, b"0" * 30_000_000):
        here.state.artifacts[42] = {"mldebt": {"mldebt.json": data}}
        assert commented(here).ok and here.ours == []
