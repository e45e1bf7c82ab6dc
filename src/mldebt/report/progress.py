"""A progress bar on standard error, for scans long enough to want one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_PATIENCE = 1.0  # seconds before the bar appears


@contextmanager
def progress(stream: TextIO) -> Iterator[Callable[[int, int], None]]:
    """Give a function that takes (files done, files in all); without a terminal it does nothing."""
    if not stream.isatty():
        yield lambda done, total: None
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
        self._close: Callable[[], None] | None = None
        self._update: Callable[[int, int], None] | None = None

    def show(self, done: int, total: int) -> None:
        if time.monotonic() - self._since < _PATIENCE:
            return
        if self._update is None:
            self._open()
        if self._update is not None:
            self._update(done, total)

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TextColumn("files"), TimeElapsedColumn())
        bar = Progress(*columns, console=Console(file=self._stream), transient=True)
        task = bar.add_task("reading")
        bar.start()
        self._close = bar.stop
        self._update = lambda done, total: bar.update(task, completed=done, total=total)

    def close(self) -> None:
        if self._close is not None:
            self._close()
