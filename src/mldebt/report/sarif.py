"""SARIF 2.1.0 as GitHub's code scanning takes it: every rule with its texts, own fingerprints, limits kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from mldebt.model import Finding, Problem, Report, RuleText, Severity, Span
from mldebt.report.excerpt import Excerpts, plain
from mldebt.report.terminal import where

# what code scanning takes of a run; it rejects more, or shows no more (GitHub docs, "SARIF support for code scanning")
MOST_RESULTS = 5_000
MOST_BYTES = 10_000_000  # after gzip
_MOST_RELATED = 100
_MOST_PROBLEMS = 100  # our own limit: a report is no log
_LONGEST_TEXT = 1_024  # characters of a rule's description
_LEVELS: dict[Severity, str] = {"high": "error", "medium": "warning", "low": "note"}
_ORDER = ("high", "medium", "low")
_PRECISION = ((0.95, "very-high"), (0.85, "high"), (0.7, "medium"), (0.0, "low"))


def to_sarif(report: Report, rules: Iterable[RuleText], version: str, root: Path) -> bytes:
    """One run, in UTF-8; of more than 5,000 findings, or than fit, the gravest, with a notification that says so."""
    texts = sorted(rules, key=lambda rule: rule.name)
    present = [finding for finding in report.findings if finding.standing != "fixed"]
    index = {rule.name: number for number, rule in enumerate(texts)}
    excerpts = Excerpts(root)
    gravest = sorted(present, key=lambda f: _ORDER.index(f.severity))[:MOST_RESULTS]
    results = [_result(finding, index, excerpts) for finding in gravest]
    driver = {
        "name": "mldebt",
        "informationUri": "https://github.com/mldebt/mldebt",
        "semanticVersion": version,
        "rules": [_rule(rule) for rule in texts],
    }
    while True:
        notes = _notifications(report.problems, len(results), len(present))
        data = _encoded(driver, notes, results)
        if not results or _fits(data):
            return data
        results = results[: len(results) // 2]


def _encoded(driver: dict[str, Any], notes: list[dict[str, Any]], results: list[dict[str, Any]]) -> bytes:
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "mldebt/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": results,
    }
    value = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _fits(data: bytes) -> bool:
    """Whether code scanning takes it by its size."""
    import zlib

    return len(data) <= MOST_BYTES or len(zlib.compress(data)) <= MOST_BYTES


def _notifications(problems: tuple[Problem, ...], shown: int, present: int) -> list[dict[str, Any]]:
    """What the report has no result for: findings left out, and what could not be looked at."""
    notes = [_notification(problem) for problem in problems[:_MOST_PROBLEMS]]
    if len(problems) > _MOST_PROBLEMS:
        notes.append(_said(f"{len(problems) - _MOST_PROBLEMS} more files could not be looked at"))
    if shown < present:
        notes.append(_said(f"{shown} of {present} findings are listed, the gravest: code scanning takes no more"))
    return notes


def _rule(rule: RuleText) -> dict[str, Any]:
    return {
        "id": rule.name,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": _cut(f"{rule.summary}.")},
        "fullDescription": {"text": _cut(" ".join(rule.page.partition("\n## ")[0].split()))},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            # a category and a family may have one name, and a tag twice is refused
            "tags": list(dict.fromkeys(("technical-debt", "maintainability", rule.category, rule.family))),
            "problem.severity": "recommendation" if rule.severity == "low" else _LEVELS[rule.severity],
        },
    }


def _result(finding: Finding, index: dict[str, int], excerpts: Excerpts) -> dict[str, Any]:
    related = [
        {"id": number, "physicalLocation": _place(span, excerpts), "message": {"text": _see(span)}}
        for number, span in enumerate(finding.see[:_MOST_RELATED], 1)
    ]
    says = plain(finding.says)
    message = f"{where(finding.at)}: {says}" if finding.at.cell is not None else says
    return {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": _place(finding.at, excerpts)}],
        **({"relatedLocations": related} if related else {}),
        # upload-sarif would hash the lines: a notebook's are JSON, and moving code is no new debt
        "partialFingerprints": {"primaryLocationLineHash": f"{finding.fingerprint}:1"},
        "properties": {
            "precision": next(word for least, word in _PRECISION if finding.confidence >= least),
            "minutes": finding.minutes,
        },
    }


def _place(span: Span, excerpts: Excerpts) -> dict[str, Any]:
    """The region; of a notebook the file's first line, since the lines of a cell are not the file's."""
    uri = {"uri": quote(span.path.encode(errors="surrogateescape")), "uriBaseId": "%SRCROOT%"}
    if span.cell is not None:
        return {"artifactLocation": uri, "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}}
    region = {"startLine": span.line, "startColumn": span.column, "endLine": span.end_line}
    width = excerpts.width(span)
    if width is not None:
        least = span.column + 1 if span.line == span.end_line else 1
        region["endColumn"] = max(least, width + 1)
    return {"artifactLocation": uri, "region": region}


def _see(span: Span) -> str:
    named = f"{span.kind} `{plain(span.symbol)}` " if span.symbol else ""
    return f"{named}{plain(span.note)}".strip() or where(span)


def _notification(problem: Problem) -> dict[str, Any]:
    return _said(f"{plain(problem.path) or 'the repository'}: {plain(problem.what)}")


def _said(text: str) -> dict[str, Any]:
    return {"level": "warning", "message": {"text": text}}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
