"""What a pull request gets in each state, by the workflow that `mldebt init` prints, run by act."""

from __future__ import annotations

from project import CLEAN, DEBT
from stage import MakeStage


def test_new_debt_is_told_once_and_then_brought_up_to_date(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    run = here.run()
    assert run.ok, run.log
    assert len(here.ours) == 1
    assert "**Adds 1 finding (1 min).**" in here.ours[0]
    assert here.ours[0].startswith("<!-- mldebt:comment v=1 id=default run=42 sha=")
    assert (run.outputs["comment"], run.outputs["items-new"], run.outputs["gate"]) == ("created", "1", "off")
    assert run.annotations[0][:2] == (
        "notice",
        {"file": "train.py", "line": "2", "endLine": "2", "title": "mldebt: dead-import"},
    )
    assert "Adds 1 finding" in run.summary and run.over_limit == []
    assert here.run(run=43).outputs["comment"] == "updated"
    assert len(here.ours) == 1 and "run=43" in here.ours[0]
    assert here.run(run=43).outputs["comment"] == "unchanged"
