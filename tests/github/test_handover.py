"""What one job hands to another: whole if mldebt wrote it, refused if it did not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mldebt.errors import Unreadable
from mldebt.github.handover import HandOver, decode, encode
from mldebt.model import CategoryScore, FileCounts, Finding, Fix, Report, Score, Span
from mldebt.report.markdown_occasion import Gate

EVIL = "A](https://evil.example) @team"
FINDING = Finding(
    "dead-import", "dead-code", "code", "import", "low", 1.0, 5, Span("a.py", 1, 1, 1, None), "os", "is unused", (), "f"
)
SCORE = Score("B", ("B", "B"), 5, {"code": CategoryScore("B", 5, 0.5, 0.5, 0.5, 3)})


def handed(**more: Any) -> HandOver:
    report = Report("a" * 40, "b" * 40, FileCounts(1, 0, 0, 9), (FINDING,), (), score=SCORE)
    return HandOver(report, Gate("new-high, score-drop", 1, "why"), "", ("a note",), ("import os",), True, **more)


def changed(path: str, new: Any) -> bytes:
    value = json.loads(encode(handed()))
    *way, last = path.split("/")
    inner = value
    for key in way:
        inner = inner[int(key)] if isinstance(inner, list) else inner[key]
    inner[int(last) if isinstance(inner, list) else last] = new
    return json.dumps(value).encode()


def test_what_is_written_is_read() -> None:
    assert decode(encode(handed())) == handed()


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("schema", 2),
        ("may_create", "yes"),
        ("number", 8),
        ("gate/0", EVIL),
        ("report/commit", "main"),
        ("report/base", EVIL),
        ("report/score/grade", EVIL),
        ("report/score/categories/code/grade", EVIL),
        ("report/score/categories", {EVIL: None}),
        ("report/findings/0/rule", "../../../../evil/evil"),
        ("report/findings/0/severity", EVIL),
        ("report/findings/0/minutes", 10**30),
        ("report/findings/0/at/line", -(10**12)),
        ("report/findings/0/confidence", 1e300),
        ("report/findings/0/says", "x" * 5_000),
        ("report/findings/0/at/path", ["a.py"]),
        ("report/files/lines", 10**10),
        ("notes", [None]),
        ("report", None),
    ],
)
def test_what_mldebt_never_writes_is_refused(path: str, new: Any) -> None:
    assert decode(changed("notes", ["another note"])).notes == ("another note",)
    with pytest.raises(Unreadable, match="what was handed over"):
        decode(changed(path, new))


@pytest.mark.parametrize("data", [b"", b"[" * 200_000, b"\xff", b"{}", b"null", b'"\\ud800"'], ids=range(6))
def test_what_is_no_hand_over_at_all_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="what was handed over"):
        decode(data)


def test_what_no_comment_shows_is_not_handed_over() -> None:
    import msgspec

    kept = msgspec.structs.replace(FINDING, standing="kept", fix=Fix(True, "a patch"))
    report = msgspec.structs.replace(handed().report, findings=(kept,), left_out=(("x", "y"),))
    data = encode(msgspec.structs.replace(handed(), report=report))
    assert b"a patch" not in data and b"is unused" not in data
    assert decode(data).report.findings[0].minutes == 5
