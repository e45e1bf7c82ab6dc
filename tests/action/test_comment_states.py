"""What a pull request gets in each state, by the workflow that `mldebt init` prints, run by act."""

from __future__ import annotations

import subprocess

import pytest
from fake_state import Pull
from project import CLEAN, DEBT, NUMBER, Files, pull_request, push
from stage import MakeStage

NAN: Files = {"train.py": "import json\n\nimport numpy as np\n\nif json.loads('1') == np.nan:\n    print(1)\n"}
MANY: Files = {f"run{i:02}.py": "".join(f"import m{i}_{j}\n" for j in range(52)) + "print(1)\n" for i in range(40)}


def test_new_debt_is_told_once_and_then_brought_up_to_date(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    run = here.run()
    assert run.ok, run.log
    assert len(here.ours) == 1
    assert "**Adds 1 finding (1 min).**" in here.ours[0]
    assert here.ours[0].startswith("<!-- mldebt:comment v=1 id=default run=42 sha=")
    assert (run.outputs["comment"], run.outputs["items-new"], run.outputs["gate"]) == ("created", "1", "off")
    place = {"file": "train.py", "line": "2", "endLine": "2", "title": "mldebt: dead-import"}
    assert run.annotations[0][:2] == ("notice", place)
    assert "Adds 1 finding" in run.summary and run.over_limit == []
    assert run.outputs["hand-over-file"] == ""
    assert here.run(run=43).outputs["comment"] == "updated"
    assert len(here.ours) == 1 and "run=43" in here.ours[0]
    assert here.run(run=43).outputs["comment"] == "unchanged"


@pytest.mark.parametrize(
    ("before", "after"),
    [(DEBT, {**DEBT, "train.py": DEBT["train.py"].replace("{}", "[]")}), (CLEAN, {**CLEAN, "notes.txt": "x\n"})],
    ids=["nothing new", "no Python touched"],
)
def test_nothing_to_act_on_is_no_comment(stage: MakeStage, before: Files, after: Files) -> None:
    here = stage(before, after)
    run = here.run()
    assert run.ok and here.ours == [] and run.outputs["comment"] == "skipped"
    assert run.annotations == []
    assert run.summary.startswith("## ML debt")


def test_what_was_paid_off_is_thanked_for(stage: MakeStage) -> None:
    here = stage(DEBT, CLEAN)
    run = here.run()
    assert "**Pays off 1 finding (1 min) and adds none.** Thank you!" in here.ours[0]
    assert (run.outputs["items-fixed"], run.outputs["minutes-change"], run.annotations) == ("1", "-1", [])


def test_always_comments_though_nothing_is_new_and_never_not_even_on_debt(stage: MakeStage) -> None:
    here = stage(CLEAN, {**CLEAN, "notes.txt": "x\n"}, comment="always")
    assert here.run().outputs["comment"] == "created"
    assert "No Python file or notebook changed" in here.ours[0]


def test_a_failed_gate_is_red_after_everything_else_is_done_and_turns_green_in_the_same_comment(
    stage: MakeStage,
) -> None:
    here = stage(CLEAN, NAN, fail_on="new-high")
    run = here.run()
    assert not run.ok
    assert "Gate: 🔴 failed, 1 new finding of high severity (`fail-on = new-high`)." in here.ours[0]
    assert (run.outputs["gate"], run.outputs["exit-code"], run.outputs["items-new-high"]) == ("failed", "1", "1")
    assert run.outputs["gate-reasons"] == "1 new finding of high severity"
    assert ("error", {"title": "mldebt gate"}, "1 new finding of high severity") in run.annotations
    assert run.summary and run.outputs["report-json"]
    here.project.git("checkout", "-q", here.project.base)  # the branch is mended: what is merged adds nothing
    here.project.git("merge", "-q", "--no-ff", "--no-edit", "-s", "ours", here.project.head)
    run = here.run(run=43)
    assert run.ok, run.log
    assert len(here.ours) == 1 and "Gate: 🟢 passed" in here.ours[0]


def test_thresholds_say_how_much_passes(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT, fail_on="new, score-below", max_new="1", min_score="0")
    run = here.run()
    assert run.ok and run.outputs["gate"] == "passed"
    assert "Gate: 🟢 passed (`fail-on = new, score-below`)" in here.ours[0]


def test_the_130th_comment_hides_ours_from_no_one(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    for number in range(110):
        here.state.comment(NUMBER, "alice", f"comment {number}")
    here.run()
    for number in range(20):
        here.state.comment(NUMBER, "bob", f"another {number}")
    assert here.run(run=43).outputs["comment"] == "updated"
    assert len(here.ours) == 1


def test_two_thousand_findings_fit_and_say_how_many_are_left_out(stage: MakeStage) -> None:
    here = stage(CLEAN, {**CLEAN, **MANY}, annotations="all")
    run = here.run()
    assert run.ok, run.log[-3000:]
    assert int(run.outputs["items-new"]) >= 2_000
    assert len(here.ours[0]) <= 65_536 and "Showing 20 of 2,0" in here.ours[0]
    assert "[the run's summary](https://github.com/acme/ml/actions/runs/42) has more" in here.ours[0]
    assert run.over_limit == [] and len(run.summary.encode()) <= 1024 * 1024
    assert len([level for level, *_ in run.annotations if level == "notice"]) == 10


def test_of_more_rows_than_github_takes_as_many_rows_as_fit_are_shown(stage: MakeStage) -> None:
    here = stage(CLEAN, {**CLEAN, **MANY}, comment_max_items="500")
    assert here.run().outputs["comment"] == "created"
    assert 50_000 < len(here.ours[0]) <= 65_536 and here.ours[0].rstrip().endswith("</sub>")


def test_a_renamed_file_takes_its_debt_along(stage: MakeStage) -> None:
    here = stage(DEBT, {"fit.py": DEBT["train.py"]})
    run = here.run()
    assert (run.outputs["items-new"], run.outputs["items-fixed"], here.ours) == ("0", "0", [])


def test_a_clone_that_is_too_shallow_is_told_what_to_do(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    shallow = here.project.root.with_name("shallow")
    url = here.project.root.as_uri()
    subprocess.run(["git", "clone", "-q", "--depth", "1", url, str(shallow)], check=True)
    run = here.run(repository=shallow)
    assert run.ok, run.log
    assert "Nothing to compare with:" in here.ours[0] and "`fetch-depth: 2`" in here.ours[0]
    assert run.annotations == [], "nothing is called new without a base"


def test_a_clone_of_the_merge_and_its_parents_is_deep_enough(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    shallow = here.project.root.with_name("shallow")
    url = here.project.root.as_uri()
    subprocess.run(["git", "clone", "-q", "--depth", "2", url, str(shallow)], check=True)
    assert here.run(repository=shallow).outputs["items-new"] == "1"
    assert here.project.base[:7] in here.ours[0]


def test_the_head_itself_is_compared_with_where_it_left_the_base(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    here.project.git("checkout", "-q", here.project.head)
    assert here.run().outputs["items-new"] == "1"


def test_a_draft_is_told_like_any_other(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    assert here.run(pull_request(here.project, draft=True)).outputs["comment"] == "created"


@pytest.mark.parametrize("event", ["push", "schedule"])
def test_without_a_pull_request_it_scans_and_asks_nothing_of_the_api(stage: MakeStage, event: str) -> None:
    here = stage(CLEAN, DEBT)
    workflow = here.project.root / ".github/workflows/mldebt.yml"
    text = workflow.read_text(encoding="utf-8")
    when = "push:" if event == "push" else "schedule: [{cron: '0 0 * * 0'}]"
    workflow.write_text(text.replace("pull_request:", when, 1), encoding="utf-8")
    run = here.run(push(), event=event)
    assert run.ok, run.log
    assert (run.outputs["items"], run.outputs["items-new"], run.outputs["comment"]) == ("1", "", "skipped")
    assert here.state.requests == [] and "The first report" in run.summary


def test_an_older_run_never_overwrites_a_newer_one(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    here.run(run=50)
    said = here.ours[0]
    assert here.run(run=49).outputs["comment"] == "skipped"
    assert here.ours == [said]


def test_a_run_whose_commit_is_no_longer_the_head_says_nothing(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    here.state.pulls[NUMBER] = Pull("9" * 40, here.project.base)
    run = here.run()
    assert run.ok and run.outputs["comment"] == "skipped" and here.ours == []
