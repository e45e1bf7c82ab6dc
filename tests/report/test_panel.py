"""The control panel: what is there, half there and missing, and what to do first."""

from __future__ import annotations

import io

from mldebt.judge.score import score
from mldebt.model import Circumstance, Evidence, FileCounts, Outcome, Report
from mldebt.report.practices import print_practices

OUTCOMES = (
    Outcome("large-files", "data", "present", "no file is large", (), 2, "core"),
    Outcome("data-versioning", "data", "missing", "not detected", (), 3, "core", "add the data"),
    Outcome("fairness", "data", "not-applicable", "is not about people", ()),
    Outcome(
        "experiment-tracking",
        "operations",
        "partial",
        "train.py:3 calls it, but only if `track` holds",
        (Evidence("train.py", 3, "A", "medium", "calls it"), Evidence("b.py", 9, "B", "weak", "imports it")),
        2,
        "core",
        "switch `track` on by default",
    ),
    Outcome("lineage", "operations", "missing", "not detected", (), 1, "advanced", "emit it", "accepted: not needed"),
)
FACTS = (Circumstance("trains", True, "fits", "train.py", 1), Circumstance("kind", True, "x", value="research"))


def _panel(verbose: bool = False) -> list[str]:
    report = Report(None, None, FileCounts(1, 0, 0, 100), (), (), (), OUTCOMES, FACTS, score([], OUTCOMES, 100))
    stream = io.StringIO()
    print_practices(report, stream, verbose)
    return stream.getvalue().splitlines()


def test_each_practice_has_its_mark_its_reason_and_its_next_step() -> None:
    text = "\n".join(_panel())
    assert "● large-files" in text
    assert "○ data-versioning" in text
    assert "◐ experiment-tracking" in text
    assert "next: switch `track` on by default" in text


def test_what_is_not_asked_for_is_named_in_one_line_and_told_with_verbose() -> None:
    assert any("not asked of this repository: fairness" in line for line in _panel())
    assert any("· fairness" in line and "is not about people" in line for line in _panel(verbose=True))


def test_verbose_shows_all_evidence() -> None:
    assert not any("b.py:9" in line for line in _panel())
    assert any("weak" in line and "b.py:9" in line for line in _panel(verbose=True))


def test_the_weightiest_comes_first_and_what_the_owner_accepted_does_not_come() -> None:
    lines = _panel()
    at = lines.index("what to do first")
    assert [line.split()[0] for line in lines[at + 1 : at + 3]] == ["data-versioning", "experiment-tracking"]
    assert lines[at + 3] == ""


def test_the_last_line_sums_up_with_the_grade() -> None:
    assert _panel()[-1].startswith("1 present, 1 partial, 2 missing · grade ")
