"""The report people read: what to pay first, plain text when piped, nothing that steers a terminal."""

from __future__ import annotations

import io
import json
from pathlib import Path

import msgspec
import pytest

from mldebt.model import Category, FileCounts, Finding, Problem, Report, Severity, Span, Suggestion
from mldebt.report.excerpt import Excerpts
from mldebt.report.terminal import View, duration, print_report

COUNTS = FileCounts(2, 1, 0, 1234)


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def finding(
    rule: str, path: str = "a.py", line: int = 1, *, severity: Severity = "low", minutes: int = 5, **more: object
) -> Finding:
    category: Category = "code"
    fields: dict[str, object] = {"says": "is debt", "see": (), "standing": "new", "confidence": 1.0, **more}
    at = Span(path, line, line, 1, fields.pop("cell", None))  # type: ignore[arg-type]  # a number or None
    fields |= {"rule": rule, "family": "dead-code", "category": category, "kind": "", "severity": severity}
    return Finding(minutes=minutes, at=at, symbol=None, fingerprint="f", **fields)  # type: ignore[arg-type]


def report(*findings: Finding, **more: object) -> Report:
    fields: dict[str, object] = {"commit": None, "base": None, "problems": (), **more}
    return Report(files=COUNTS, findings=findings, **fields)  # type: ignore[arg-type]  # as above


def shown(value: Report, root: Path = Path("/nonexistent"), **how: bool) -> list[str]:
    stream = io.StringIO()
    print_report(value, View(root, **how), stream)
    return stream.getvalue().splitlines()


def test_what_weighs_most_comes_first() -> None:
    lines = shown(
        report(
            finding("cheap", severity="medium", minutes=1),
            finding("dear", severity="medium", minutes=90),
            finding("slight", severity="low", minutes=500),
            finding("grave", severity="high", minutes=1),
        )
    )
    heads = [line.split()[0] for line in lines if "mldebt explain" in line]
    assert heads == ["grave", "dear", "cheap", "slight"]
    table = lines[lines.index("what to pay first") + 1 : lines.index("")]
    assert [line.split() for line in table] == [
        ["high", "grave", "1", "1", "min"],
        ["medium", "dear", "1", "1", "h", "30", "min"],
        ["medium", "cheap", "1", "1", "min"],
        ["low", "slight", "1", "8", "h", "20", "min"],
    ]


def test_a_short_report_needs_no_table() -> None:
    assert "what to pay first" not in shown(report(finding("one"), finding("two")))


def test_within_a_rule_the_dearest_then_the_surest_come_first_and_the_rest_is_counted() -> None:
    many = [finding("r", "b.py", line, confidence=0.6) for line in range(1, 5)]
    dear = finding("r", "z.py", 9, confidence=0.5, minutes=6)
    value = report(*many, dear, finding("r", "n.ipynb", 2, cell=7, confidence=0.8))
    lines = shown(value)
    assert [line.split("  ")[1] for line in lines if line.endswith("is debt")] == [
        "z.py:9",
        "n.ipynb:cell 7:2",
        "b.py:1",
    ]
    assert "  … and 3 more: -v shows all" in lines
    assert sum(line.endswith("is debt") for line in shown(value, verbose=True)) == 6


def test_other_places_are_shown_and_cut() -> None:
    see = tuple(Span("c.py", n, n, 1, None, note="a copy", symbol="f", kind="function") for n in range(1, 8))
    lines = shown(report(finding("r", see=see)))
    assert "      └ c.py:1 function `f`  a copy" in lines
    assert "      └ … and 3 more places" in lines
    assert "      └ c.py:7 function `f`  a copy" in shown(report(finding("r", see=see)), verbose=True)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (report(), "0 findings · 0 min to pay back · 2 Python files, 1 notebook, 1,234 lines"),
        (report(finding("r")), "1 finding · 5 min to pay back · 2 Python files, 1 notebook, 1,234 lines"),
        (
            report(finding("r"), finding("r", standing="kept"), finding("r", standing="fixed"), base="c"),
            "1 new finding · 5 min added · 2 Python files, 1 notebook, 1,234 lines",
        ),
    ],
    ids=["nothing", "one", "against a base"],
)
def test_the_last_line_sums_up(value: Report, line: str) -> None:
    assert shown(value)[-1] == line
    assert shown(value, quiet=True) == [line]


def test_new_is_said_only_against_a_base() -> None:
    findings = (finding("r", line=1, standing="new"), finding("r", line=2, standing="kept"))
    assert [line for line in shown(report(*findings), verbose=True) if "(new)" in line] == []
    verbose = shown(report(*findings, base="c"), verbose=True)
    assert [line.split()[0] for line in verbose if "(new)" in line] == ["a.py:1"]
    assert [line.split()[0] for line in verbose if "is debt" in line] == ["a.py:1", "a.py:2"]


def test_a_comparison_shows_what_is_new_and_counts_what_was_kept() -> None:
    lines = shown(report(finding("r", line=1), finding("r", line=2, standing="kept"), base="c"))
    assert [line.split()[0] for line in lines if "is debt" in line] == ["a.py:1"]
    assert "kept: 1 finding, 5 min (-v shows them)" in lines


def test_what_was_paid_off_is_named_apart() -> None:
    lines = shown(report(finding("r", standing="fixed"), base="c"))
    assert "paid off: 1 finding, 5 min" in lines
    assert not any("mldebt explain" in line for line in lines)


def test_what_was_not_looked_at_is_said() -> None:
    problems = tuple(Problem(f"p{n}.py", "line 1: bad", "unparsable") for n in range(5))
    left_out = tuple((f"lib{n}/", "is vendored code") for n in range(5))
    value = report(problems=problems, left_out=left_out)
    lines = shown(value)
    assert "not read: p0.py  line 1: bad" in lines
    assert "not read: … and 2 more: -v shows all" in lines
    assert "left out: lib0/, lib1/, lib2/ and 2 more (-v tells why)" in lines
    assert "left out: lib4/  is vendored code" in shown(value, verbose=True)


HOSTILE = {
    "escape": "\x1b[2J\x1b]0;title\x07",
    "return": "good\rbad",
    "new line": "one\ntwo",
    "right to left": "a\u202egnp.py",
    "zero width": "a\u200bb",
    "c1": "\x9b31m",
    "surrogate": "a\udcffb",
    "markup": "[bold red]not red[/]",
    "unbalanced markup": "[/nothing]",
    "emoji code": ":warning:",
}


@pytest.mark.parametrize("case", HOSTILE, ids=str)
def test_nothing_a_file_says_steers_the_terminal(tmp_path: Path, case: str) -> None:
    text = HOSTILE[case]
    see = (Span(text, 1, 1, 1, None, note=text, symbol=text, kind="function"),)
    problem = Problem(text, text, "unparsable")
    (tmp_path / "a.py").write_bytes(f"x = '{text}'\n".encode(errors="surrogateescape"))
    value = report(
        finding("r", "a.py", says=text, see=see), finding("r", text), problems=(problem,), left_out=((text, text),)
    )
    printed = "\n".join(lines := shown(value, tmp_path, verbose=True))
    assert all(c.isprintable() or c == "\n" for c in printed)
    assert len(lines) == len(shown(report(*value.findings), tmp_path, verbose=True)) + 3
    if "markup" in case or "emoji" in case:
        assert text in printed


def test_colour_is_for_terminals_and_wide_lines_stay_whole_in_pipes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    value = report(finding("r", says="long " * 200 + "end"))
    assert any(line.endswith("end") for line in shown(value))
    assert not any("\x1b" in line for line in shown(value))
    screen = Screen()
    print_report(value, View(Path("/nonexistent")), screen)
    assert "\x1b[" in screen.getvalue()


def test_the_first_excerpt_of_a_rule_shows_how_the_place_begins(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("class A:\n\tdef f(self):\n\n\t\tx = 1\n\n\t\treturn x\n", encoding="utf-8")
    whole, part = Span("a.py", 2, 6, 1, None), Span("a.py", 4, 5, 1, None)
    value = report(*(msgspec.structs.replace(finding("r"), at=at, minutes=at.end_line) for at in (part, whole)))
    assert [line for line in shown(value, tmp_path) if "│" in line] == [
        "         2 │ def f(self):",
        "         3 │",
        "         4 │     x = 1",
        "         4 │ x = 1",
    ]


def test_an_excerpt_is_the_line_it_speaks_of(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("first\n    second = 2\n", encoding="utf-8")
    cells = [{"cell_type": "markdown", "source": "text"}, {"cell_type": "code", "source": ["one\n", "two\n"]}]
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (tmp_path / "secret").write_text("secret\n", encoding="utf-8")
    (tmp_path / "link.py").symlink_to(tmp_path / "secret")
    lines = shown(
        report(
            finding("r", "a.py", 2),
            finding("r", "n.ipynb", 2, cell=2),
            finding("r", "link.py", 1),
            finding("r", "gone.py", 1),
            finding("r", "a.py", 99),
        ),
        tmp_path,
        verbose=True,
    )
    assert [line for line in lines if "│" in line] == ["         2 │ second = 2", "         2 │ two"]


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (59, "59 min"), (60, "1 h"), (61, "1 h 1 min"), (6000, "100 h")]
)
def test_minutes_are_said_as_people_do(minutes: int, words: str) -> None:
    assert duration(minutes) == words


def test_the_first_copy_of_a_rule_says_what_would_save_lines_and_the_reason_why_not_is_for_those_who_ask() -> None:
    made = Suggestion("shared function", "def load(path) -> rows", "", 41, 2, 3)
    first = finding("copies", minutes=9, suggestion=made)
    second = finding("copies", line=7, suggestion=Suggestion(why_not="a `return` crosses"))
    brief, full = shown(report(first, second)), shown(report(first, second), verbose=True)
    said = "      → shared function: `def load(path) -> rows` would save 41 lines in 2 of the places"
    assert [line for line in brief if "→" in line] == [said]
    assert [line for line in full if "→" in line] == [said, "      → no shared code is suggested: a `return` crosses"]


def test_neither_bytes_nor_rows_of_data_are_shown(tmp_path: Path) -> None:
    (tmp_path / "small.pt").write_bytes(b"PK\0\1weights")
    (tmp_path / "rows.csv").write_text("name\nAda\n" + "x" * 2_000_000, encoding="utf-8")
    (tmp_path / "few.csv").write_text("name\n", encoding="utf-8")
    excerpts = Excerpts(tmp_path)
    shown = {path: excerpts.lines(Span(path, 1, 1, 1, None), 3) for path in ("small.pt", "rows.csv", "few.csv")}
    assert shown == {"small.pt": [], "rows.csv": [], "few.csv": ["name"]}
