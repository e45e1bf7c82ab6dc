"""What reaches a job's log and its outputs is text, never a command."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest

from mldebt.github.log import MOST, Log, harmless
from mldebt.github.outputs import SUMMARY, write_outputs, write_summary

PIECES = ["::", "##[", "##[error]", "\n", "\r", "%0A", " ", "\t", "a", "::error::", "\x1b[31m", "\u2028", "é", "[", "#"]


def test_no_text_becomes_a_command() -> None:
    chance = random.Random(1)
    for _ in range(20_000):
        line = harmless("".join(chance.choices(PIECES, k=chance.randrange(12))))
        assert "\n" not in line and "\r" not in line
        assert not line.lstrip(" \t").startswith("::") and "##[" not in line


def test_an_annotation_keeps_to_its_line_and_its_properties() -> None:
    stream = io.StringIO()
    Log(stream).annotate("error", "100%\n::error::x", file="a,line=9::b\n.py", line=3)
    assert stream.getvalue() == "::error file=a%2Cline=9%3A%3Ab%0A.py,line=3::100%25%0A::error::x\n"


def test_of_a_level_no_more_are_written_than_github_shows() -> None:
    stream = io.StringIO()
    log = Log(stream)
    told = [log.annotate("warning", f"no {number}") for number in range(MOST + 5)]
    assert told == [True] * MOST + [False] * 5
    assert stream.getvalue().count("::warning") == MOST and "no 14" in stream.getvalue()


def test_a_value_cannot_end_its_output_or_begin_another(tmp_path: Path) -> None:
    file = tmp_path / "output"
    write_outputs(str(file), {"a": "1\nmldebt-\nb<<x\n2", "c": ""})
    lines = file.read_text(encoding="utf-8").split("\n")
    delimiter = lines[0].removeprefix("a<<")
    assert lines.index(delimiter) == 5 and len(delimiter) > 30
    write_outputs(str(file), {"a": 1})
    assert file.read_text(encoding="utf-8").count(delimiter) == 4, "each call has a delimiter of its own"


@pytest.mark.parametrize(("size", "is_written"), [(SUMMARY, True), (SUMMARY + 1, False)])
def test_a_summary_that_github_would_drop_is_not_written(tmp_path: Path, size: int, is_written: bool) -> None:
    write_summary(str(tmp_path / "summary"), "x" * size)
    assert (tmp_path / "summary").exists() is is_written
