"""The gate: which of the conditions asked for a report meets, with the very numbers that decide."""

from __future__ import annotations

from typing import NamedTuple

from mldebt.action.inputs import Inputs
from mldebt.judge.score import points
from mldebt.model import Finding, Report

_LEVELS = ("low", "medium", "high")


class Verdict(NamedTuple):
    """The conditions asked for (none: the gate is off), and for each that failed the reason."""

    conditions: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def state(self) -> str:
        """As the output `gate` has it."""
        return "failed" if self.reasons else "passed" if self.conditions else "off"


def judge(report: Report, inputs: Inputs, by_settings: str) -> Verdict:
    """The verdict on a report by the inputs, or by the settings' own threshold if they name no condition."""
    asked = inputs.fail_on or (by_settings,)
    conditions = tuple(dict.fromkeys(name for name in asked if name != "none"))
    reasons = (_reason(name, report, inputs) for name in conditions)
    return Verdict(conditions, tuple(reason for reason in reasons if reason))


def _reason(condition: str, report: Report, inputs: Inputs) -> str:
    """Why a condition fails; empty if it does not."""
    score, before = points(report.score), points(report.base_score)
    if condition == "score-below":
        is_below = score is not None and score < inputs.min_score
        return f"the score is {score} and not {inputs.min_score}" if is_below else ""
    if condition == "score-drop":
        drop = before - score if score is not None and before is not None else 0
        return f"the score falls by {drop}{_beyond(inputs.max_score_drop)}" if drop > inputs.max_score_drop else ""
    most = inputs.max_new if condition.startswith("new") else 0
    count = sum(_counts(finding, condition) for finding in report.findings)
    return f"{count:,} {_noun(condition, count)}{_beyond(most)}" if count > most else ""


def _counts(finding: Finding, condition: str) -> bool:
    if finding.standing == "fixed" or (condition.startswith("new") and finding.standing != "new"):
        return False
    if condition in ("new", "any"):
        return True
    return _LEVELS.index(finding.severity) >= _LEVELS.index(condition.rpartition("-")[2])


def _noun(condition: str, count: int) -> str:
    new = "new " if condition.startswith("new") else ""
    level = condition.rpartition("-")[2]
    severity = "" if level in ("new", "any") else f" of {level} severity{'' if level == 'high' else ' or above'}"
    return f"{new}finding{'' if count == 1 else 's'}{severity}"


def _beyond(most: int) -> str:
    return f", {most:,} allowed" if most else ""
