"""What a job without rights leaves for the one with them: data only, which may have been written by anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from mldebt.errors import Unreadable
from mldebt.model import Report
from mldebt.report.json import printable
from mldebt.report.markdown_occasion import Gate

ARTIFACT = "mldebt"
FILE = "mldebt.json"
SCHEMA = 1
LARGEST = 20_000_000  # bytes
_LONGEST = 4_000  # characters of a text that a comment may show; a patch or an excerpt has more
_LONGEST_BLOCK = 100_000
_MOST = 100_000  # items of a list
_GREATEST = 10**9  # a line, a cell, a price in minutes
_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")
_CONDITIONS = re.compile(r"[a-z-]{1,20}(, [a-z-]{1,20}){0,10}")


class HandOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A report, and what its comment is written for beside the pull request, which the other job finds itself.

    `code` are lines of the finding to look at first, since nothing is checked out where it is read.
    """

    report: Report
    gate: Gate
    no_base: str
    notes: tuple[str, ...]
    code: tuple[str, ...]
    may_create: bool
    schema: int = SCHEMA


def encode(handed: HandOver) -> bytes:
    """The data, in UTF-8, without what no comment shows."""
    report = msgspec.structs.replace(
        handed.report,
        findings=tuple(_lean(finding) for finding in handed.report.findings),
        practices=(),
        circumstances=(),
        left_out=(),
    )
    return msgspec.json.encode(printable(msgspec.to_builtins(msgspec.structs.replace(handed, report=report))))


def _lean(finding: Any) -> Any:
    if finding.standing == "kept":
        return msgspec.structs.replace(finding, says="", see=(), fix=None, removes=None, suggestion=None)
    return msgspec.structs.replace(finding, see=finding.see[:50], removes=None, suggestion=None)


def decode(data: bytes) -> HandOver:
    """The data, checked. Raises Unreadable for what does not have the shape, or is beyond any measure."""
    try:
        handed = msgspec.json.decode(data, type=HandOver)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"what was handed over has another shape: {error}", "unparsable") from error
    wrong = next(_wrong(handed), None)
    if wrong is not None:
        raise Unreadable(f"what was handed over is not as mldebt writes it: {wrong}", "unparsable")
    return handed


def _wrong(handed: HandOver) -> Iterator[str]:
    """What is not as we write it. Names that stand in addresses or beside quotes must be names."""
    report = handed.report
    if handed.schema != SCHEMA:
        yield f"schema {handed.schema}"
    if not _CONDITIONS.fullmatch(handed.gate.fail_on):
        yield "the gate"
    if any(not _NAME.fullmatch(finding.rule) for finding in report.findings):
        yield "a rule's name"
    for commit in (report.commit, report.base):
        if commit is not None and not re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", commit):
            yield "a commit"
    for score in (report.score, report.base_score):
        grades = [] if score is None else [score.grade, *(one.grade for one in score.categories.values())]
        if any(grade not in (None, "A", "B", "C", "D", "E") for grade in grades):
            yield "a grade"
    yield from _beyond(msgspec.to_builtins(handed), "")


def _beyond(value: Any, key: str) -> Iterator[str]:
    """What is longer or greater than anything mldebt writes."""
    if isinstance(value, str) and len(value) > (_LONGEST_BLOCK if key == "diff" else _LONGEST):
        yield f"a {key} of {len(value):,} characters"
    elif isinstance(value, int | float) and not abs(value) <= _GREATEST:
        yield f"a {key} out of range"
    elif isinstance(value, list | tuple):
        if len(value) > _MOST:
            yield f"{len(value):,} items"
        for inner in value:
            yield from _beyond(inner, key)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _beyond(inner, name)
