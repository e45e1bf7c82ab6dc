"""Lines of the files a report speaks of, for showing only: read late, and never trusted."""

from __future__ import annotations

import json
import stat
import textwrap
from pathlib import Path

from mldebt.model import Span

_LONGEST = 100  # characters of a line that are shown
_LARGEST = 20_000_000  # bytes of a file of code that is opened for an excerpt
_LARGEST_OTHER = 2_000_000  # of any other: what is larger is data, whose rows are nobody's business in a report


def plain(text: str | None) -> str:
    """Text without control characters, escapes, and characters that turn or hide what is written."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text or "")


class Excerpts:
    """The lines of files below a root; each file is read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, dict[int | None, list[str]]] = {}

    def lines(self, span: Span, most: int) -> list[str]:
        """The first lines of a place, without their common indent, shortened; none if they cannot be read any more."""
        if span.path not in self._files:
            self._files[span.path] = self._read(span.path)
        lines = self._files[span.path].get(span.cell, [])
        text = textwrap.dedent("\n".join(lines[span.line - 1 : min(span.end_line, span.line + most - 1)]))
        shown = [plain(line.rstrip().expandtabs(4)) for line in text.split("\n")]
        while shown and not shown[-1]:
            shown.pop()
        return [f"{line[:_LONGEST]}…" if len(line) > _LONGEST else line for line in shown]

    def width(self, span: Span) -> int | None:
        """How many characters the last line of a place has; None if it cannot be read any more."""
        if span.path not in self._files:
            self._files[span.path] = self._read(span.path)
        lines = self._files[span.path].get(span.cell, [])
        return len(lines[span.end_line - 1].rstrip("\r")) if span.end_line <= len(lines) else None

    def _read(self, path: str) -> dict[int | None, list[str]]:
        file = self._root / path
        try:
            state = file.lstat()
            limit = _LARGEST if path.endswith((".py", ".ipynb")) else _LARGEST_OTHER
            if not stat.S_ISREG(state.st_mode) or state.st_size > limit:
                return {}
            text = file.read_text(encoding="utf-8", errors="replace")
            if "\0" in text:
                return {}
            return _cells(text) if path.endswith(".ipynb") else {None: text.split("\n")}
        except (OSError, ValueError, RecursionError):
            return {}


def _cells(text: str) -> dict[int | None, list[str]]:
    value = json.loads(text)
    cells = value.get("cells", []) if isinstance(value, dict) else []
    found: dict[int | None, list[str]] = {}
    for number, cell in enumerate(cells, 1):
        source = cell.get("source", "") if isinstance(cell, dict) else ""
        found[number] = ("".join(source) if isinstance(source, list) else str(source)).split("\n")
    return found
