"""GitHub's API refuses, fails, limits and lies: the job stays green, and one comment is made or none."""

from __future__ import annotations

import pytest
from fake_state import Fault
from project import CLEAN, DEBT, NUMBER
from stage import MakeStage

COMMENTS = "/issues/7/comments$"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(f"GET .*{COMMENTS}", status=502, times=2),
        Fault(f"POST .*{COMMENTS}", status=502),
        Fault(f"POST .*{COMMENTS}", status=502, after=True),
        Fault(f"GET .*{COMMENTS}", drop=True),
        Fault(f"POST .*{COMMENTS}", drop=True),
        Fault(f"POST .*{COMMENTS}", drop=True, after=True),
        Fault(f"GET .*{COMMENTS}", status=403, primary=1),
        Fault(f"POST .*{COMMENTS}", status=403, retry_after=1),
        Fault(f"POST .*{COMMENTS}", status=429, retry_after=1),
    ],
    ids=lambda f: f"{f.match[:4].strip()}-{f.status or 'drop'}{'-after' if f.after else ''}{f.primary or ''}",
)
def test_what_passes_is_waited_for_and_never_doubled(stage: MakeStage, fault: Fault) -> None:
    here = stage(CLEAN, DEBT)
    here.state.faults.append(fault)
    run = here.run()
    assert run.ok, run.log
    assert fault.times == 0, "the fault happened"
    assert run.outputs["comment"] == "created" and len(here.ours) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(f"POST .*{COMMENTS}", status=403, retry_after=3600, times=9),
        Fault(f"GET .*{COMMENTS}", status=403, primary=3600, times=9),
        Fault(f"GET .*{COMMENTS}", status=503, times=9),
    ],
    ids=["long secondary limit", "long primary limit", "down for good"],
)
def test_what_does_not_pass_soon_leaves_the_job_green_and_the_report_in_its_summary(
    stage: MakeStage, fault: Fault
) -> None:
    here = stage(CLEAN, DEBT)
    here.state.faults.append(fault)
    run = here.run()
    assert run.ok, run.log
    assert here.ours == [] and run.outputs["comment"] == "handed-over"
    assert "Adds 1 finding" in run.summary
    assert "mldebt.json" in run.artifacts["mldebt"]


@pytest.mark.parametrize("token", ["ghs_fork", "ghs_unknown"], ids=["403", "401"])
def test_a_token_that_may_not_comment_leaves_the_job_green(stage: MakeStage, token: str) -> None:
    here = stage(CLEAN, DEBT)
    run = here.run(token=token)
    assert run.ok, run.log
    assert here.ours == [] and run.outputs["comment"] == "handed-over"
    assert "Adds 1 finding" in run.summary and "mldebt.json" in run.artifacts["mldebt"]
    assert any("could not be posted" in message for _, _, message in run.annotations)


def test_a_strangers_comment_with_our_marker_is_left_alone(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    here.run()
    marker = here.ours[0].split("\n")[0]
    spoofed = here.state.comment(NUMBER, "mallory", f"{marker.replace('run=42', 'run=99999')}\nall is well")
    quoted = here.state.comment(NUMBER, "github-actions[bot]", f"> {marker}\n> quoted by another tool")
    assert here.run(run=43).outputs["comment"] == "updated"
    assert "all is well" in spoofed["body"] and "quoted by another tool" in quoted["body"]
    assert "run=43" in here.ours[0]


@pytest.mark.parametrize("token", ["ghp_user", "ghs_app"])
def test_whatever_the_token_its_own_comment_is_found_again(stage: MakeStage, token: str) -> None:
    here = stage(CLEAN, DEBT)
    here.run(token=token)
    assert here.run(token=token, run=43).outputs["comment"] == "updated"
    assert len(here.state.comments[NUMBER]) == 1


def test_of_two_comments_that_two_runs_made_at_once_the_later_stays(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    other = here.state.comment(NUMBER, "github-actions[bot]", "<!-- mldebt:comment v=1 id=other run=9 sha=1 -->\nother")
    here.run(run=41)
    first = here.state.comments[NUMBER].pop()  # the second run does not see it yet
    here.run(run=42)
    here.state.comments[NUMBER].append(first)
    assert here.run(run=43).outputs["comment"] == "updated"
    assert other in here.state.comments[NUMBER]
    assert [body.split()[4] for body in here.ours] == ["run=9", "run=43"]


def test_a_comment_that_cannot_be_tidied_away_spoils_nothing(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    here.run(run=41)
    here.state.comments[NUMBER].append({**here.state.comments[NUMBER][0], "id": 7})
    here.state.faults.append(Fault("DELETE .*", status=403, times=9))
    assert here.run(run=42).outputs["comment"] == "updated"
    assert len(here.ours) == 2
