"""A progress bar on standard error, for scans long enough to want one.

It is drawn only when something is reported, not by a thread: a process with threads cannot be forked safely.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_PATIENCE = 1.0  # seconds before the bar appears
_PAUSE = 0.1  # seconds between two drawings
_WORDS = {"examine": "reading", "link": "linking", "prove": "proving"}  # by stage

Tick = Callable[[str, int, int], None]


@contextmanager
def progress(stream: TextIO) -> Iterator[Tick]:
    """Give a function that takes (stage, files done, files in all); without a terminal it does nothing."""
    if not stream.isatty():
        yield lambda stage, done, total: None
        return
    bar = _Bar(stream)
    try:
        yield bar.show
    finally:
        bar.close()


class _Bar:
    """A rich progress bar that is made when it is first needed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._since = time.monotonic()
        self._drawn = 0.0
        self._stage = ""
        self._close: Callable[[], None] | None = None
        self._draw: Tick | None = None

    def show(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._since < _PATIENCE or (stage == self._stage and now - self._drawn < _PAUSE and done < total):
            return
        self._stage, self._drawn = stage, now
        if self._draw is None:
            self._draw = self._open()
        self._draw(stage, done, total)

    def _open(self) -> Tick:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
        console = Console(file=self._stream)
        bar = Progress(*columns, TimeElapsedColumn(), console=console, transient=True, auto_refresh=False)
        task = bar.add_task("reading")
        bar.start()
        self._close = bar.stop

        def draw(stage: str, done: int, total: int) -> None:
            bar.update(task, description=_WORDS.get(stage, "judging"), completed=done, total=total, refresh=True)

        return draw

    def close(self) -> None:
        if self._close is not None:
            self._close()
