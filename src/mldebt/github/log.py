"""The log of a job: annotations within GitHub's limits, and lines that the runner takes for no command."""

from __future__ import annotations

from collections import Counter
from typing import Literal, TextIO

from mldebt.report.excerpt import plain

Level = Literal["error", "warning", "notice"]
MOST = 10  # annotations of a level that GitHub shows of one step; it drops the others without a word
_LONGEST = 1_000  # characters of a message
_GAP = "\N{ZERO WIDTH SPACE}"


class Log:
    """What is written to a job's log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._said: Counter[str] = Counter()

    def room(self, level: Level) -> int:
        """How many more annotations of a level are shown."""
        return MOST - self._said[level]

    def annotate(self, level: Level, message: str, **where: str | int) -> bool:
        """Say something beside the run, or beside a line (file, line, endLine, title); False if no room is left."""
        if self.room(level) <= 0:
            self.line(message)
            return False
        self._said[level] += 1
        told = ",".join(f"{name}={_property(str(value))}" for name, value in where.items())
        print(f"::{level}{' ' if told else ''}{told}::{_data(message[:_LONGEST])}", file=self._stream)
        return True

    def line(self, text: str) -> None:
        """A line of text that may come from the repository."""
        print(harmless(text), file=self._stream)


def harmless(text: str) -> str:
    """One line that the runner acts on neither by `::` at its start nor by `##[` anywhere."""
    shown = plain(text).replace("##[", f"#{_GAP}#[")
    return f"{_GAP}{shown}" if shown.lstrip().startswith("::") else shown


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
