"""GitLab's Code Quality report: a list of issues, each with a fingerprint that no other one has."""

from __future__ import annotations

import msgspec

from mldebt.model import Report, Severity
from mldebt.report.excerpt import plain
from mldebt.report.terminal import where

_SEVERITIES: dict[Severity, str] = {"high": "critical", "medium": "major", "low": "minor"}


def to_gitlab(report: Report) -> bytes:
    """The findings that stand, in the report's order. In a notebook the cell is part of the description."""
    issues = [
        {
            "description": plain(f"{where(f.at)}: {f.says}" if f.at.cell is not None else f.says),
            "check_name": f.rule,
            "fingerprint": f.fingerprint,
            "severity": _SEVERITIES[f.severity],
            "location": {"path": plain(f.at.path), "lines": {"begin": f.at.line if f.at.cell is None else 1}},
        }
        for f in report.findings
        if f.standing != "fixed"
    ]
    return msgspec.json.format(msgspec.json.encode(issues), indent=2) + b"\n"
