"""The numbers of a report, as the outputs of the step have them."""

from __future__ import annotations

from mldebt.action.gate import Verdict
from mldebt.judge.score import points
from mldebt.model import Finding, Report


def figures(report: Report, verdict: Verdict) -> dict[str, object]:
    """Outputs by name; empty where there is nothing to compare with, or no grade."""
    new, fixed = _standing(report, "new"), _standing(report, "fixed")
    present = _standing(report, "new", "kept")
    is_compared = report.base is not None or report.baseline is not None
    score, before = points(report.score), points(report.base_score)
    return {
        "gate": verdict.state,
        "gate-reasons": "\n".join(verdict.reasons),
        "score": _text(score),
        "grade": _text(report.score.grade if report.score is not None else None),
        "score-base": _text(before),
        "score-change": _text(score - before if score is not None and before is not None else None),
        "items": len(present),
        "items-new": len(new) if is_compared else "",
        "items-fixed": len(fixed) if is_compared else "",
        "items-new-high": sum(f.severity == "high" for f in new) if is_compared else "",
        "minutes": _minutes(present),
        "minutes-change": _minutes(new) - _minutes(fixed) if is_compared else "",
        "files-scanned": report.files.python + report.files.notebook + report.files.config,
        "files-skipped": len({problem.path for problem in report.problems if problem.path}),
    }


def _standing(report: Report, *standings: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.standing in standings]


def _minutes(found: list[Finding]) -> int:
    return sum(finding.minutes for finding in found)


def _text(value: object) -> object:
    return "" if value is None else value
