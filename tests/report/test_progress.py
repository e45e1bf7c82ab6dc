"""The progress bar: for people who wait, and for nobody else."""

from __future__ import annotations

import io
import threading

import pytest

from mldebt.report import progress
from mldebt.report.progress import progress as bar


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    stream = io.StringIO()
    with bar(stream) as tick:
        tick("examine", 1, 2)
    assert stream.getvalue() == ""


def test_a_short_scan_needs_no_bar() -> None:
    screen = Screen()
    with bar(screen) as tick:
        tick("examine", 1, 2)
    assert screen.getvalue() == ""


def test_a_long_scan_shows_its_stage_and_starts_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    threads = threading.active_count()
    with bar(screen) as tick:
        tick("examine", 3, 70)
        assert threading.active_count() == threads
        tick("link", 70, 70)
    shown = screen.getvalue()
    assert shown.index("reading") < shown.index("3/70") < shown.index("linking") < shown.rindex("70/70")
    assert shown.endswith("\x1b[2K")
