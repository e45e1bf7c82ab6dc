"""A report as JSON, to the letter of the contract (schema 1)."""

from __future__ import annotations

from typing import Any

import msgspec

from mldebt.model import CATEGORIES, Category, CategoryScore, Finding, Outcome, Report, Score, Span, Suggestion

SCHEMA = 1


def to_json(report: Report, version: str) -> bytes:
    """One UTF-8 object, indented by two, ending in a newline. The same report gives the same bytes."""
    minutes = {category: sum(f.minutes for f in report.findings if f.category == category) for category in CATEGORIES}
    value = {
        "schema": SCHEMA,
        "tool": {"name": "mldebt", "version": version},
        "commit": report.commit,
        "base": report.base,
        "touched": None if report.touched is None else list(report.touched),
        "baseline": None if report.baseline is None else msgspec.structs.asdict(report.baseline),
        "files": msgspec.structs.asdict(report.files),
        "findings": [_finding(finding) for finding in report.findings],
        "practices": [_practice(outcome) for outcome in report.practices],
        "problems": [msgspec.structs.asdict(problem) for problem in report.problems],
        "left_out": [{"path": path, "why": why} for path, why in report.left_out],
        "facts": [msgspec.structs.asdict(fact) for fact in report.circumstances],
        "score": _score(report.score, minutes),
    }
    return msgspec.json.format(msgspec.json.encode(printable(value)), indent=2) + b"\n"


def printable(value: Any) -> Any:
    """The value as JSON can hold it: paths may have bytes that are no UTF-8 (lone surrogates)."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode(errors="surrogateescape").decode(errors="replace")
    if isinstance(value, dict):
        return {key: printable(inner) for key, inner in value.items()}
    return [printable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "family": finding.family,
        "category": finding.category,
        "kind": finding.kind,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "minutes": finding.minutes,
        "changes": finding.changes,
        "at": _place(finding.at),
        "symbol": finding.symbol,
        "says": finding.says,
        "see": [{**_place(span), "note": span.note, "symbol": span.symbol, "kind": span.kind} for span in finding.see],
        "fingerprint": finding.fingerprint,
        "standing": finding.standing,
        "fix": None if finding.fix is None else {"safe": finding.fix.safe, "diff": finding.fix.diff},
        **_suggestion(finding.suggestion),
    }


def _suggestion(suggestion: Suggestion | None) -> dict[str, Any]:
    """What would take the place of copies; where nothing is claimed, why."""
    if suggestion is None:
        return {}
    if suggestion.why_not:
        return {"suggestion": None, "no_suggestion": suggestion.why_not}
    shown = msgspec.structs.asdict(suggestion)
    del shown["why_not"]
    return {"suggestion": shown}


def _practice(outcome: Outcome) -> dict[str, Any]:
    return {
        "practice": outcome.practice,
        "category": outcome.category,
        "status": outcome.status,
        "why": outcome.why,
        "next": outcome.next,
        "said": outcome.said,
        "page": f"docs/practices/{outcome.practice}.md",
        # a whole file is told by its first line; what is true of the whole tree lies nowhere
        "evidence": [{**msgspec.structs.asdict(i), "line": max(1, i.line)} for i in outcome.evidence if i.path],
    }


def _score(score: Score | None, minutes: dict[Category, int]) -> dict[str, Any]:
    """Grades are of the whole repository, minutes of the findings that are shown."""
    grades: dict[str, dict[str, Any]] = {
        name: {"grade": None, "minutes": spent} if score is None else _category(score.categories[name], spent)
        for name, spent in minutes.items()
    }
    return {
        "grade": score.grade if score is not None else None,
        "between": score.between if score is not None else None,
        "minutes": sum(minutes.values()),
        "categories": grades,
    }


def _category(category: CategoryScore, minutes: int) -> dict[str, Any]:
    coverage = None if category.coverage is None else round(category.coverage, 2)
    debt = None if category.debt is None else round(category.debt, 2)
    return {"grade": category.grade, "minutes": minutes, "coverage": coverage, "debt": debt, "asked": category.asked}


def _place(span: Span) -> dict[str, Any]:
    place: dict[str, Any] = {
        "path": span.path,
        "line": span.line,
        "end_line": span.end_line,
        "column": span.column,
        "cell": span.cell,
    }
    if span.parts:
        place["parts"] = [{"cell": p.cell, "line": p.line, "end_line": p.end_line} for p in span.parts]
    return place
