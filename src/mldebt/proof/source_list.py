"""The source of one notebook cell as its file has it: a list of strings or one string, and edits of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from mldebt.errors import Unreadable
from mldebt.proof.jsontext import Span, characters, items, loads, written
from mldebt.proof.patch import NEWLINE, Edit


class Change(NamedTuple):
    """What a source becomes: its token in the file, and the text that stands for."""

    token: str
    value: str


class _Piece(NamedTuple):
    """A run of characters as a string of the list has them written, and the number of that string."""

    raw: str
    item: int


class SourceList:
    """A cell's source, which stands at `span` of a file's text; `rows` are its lines without their ends.

    `margin` is the indentation that IPython takes from all lines if the first one has it. Raises Unreadable for a
    source that holds anything but strings.
    """

    def __init__(self, text: str, span: Span) -> None:
        self.span = span
        self._text = text
        self._listed = text[span[0] : span[0] + 1] == "["
        self._spans = list(items(text, span[0])) if self._listed else [span]
        self._tokens = [text[start:end] for start, end in self._spans]
        if not all(token.startswith('"') for token in self._tokens):
            raise Unreadable("a cell's source is not made of strings", "unparsable")
        self._values = [str(loads(token)) for token in self._tokens]
        pieces = NEWLINE.split("".join(self._values))
        self.rows, self._ends = pieces[::2], [*pieces[1::2], ""]
        first = next((row for row in self.rows if row.strip()), "")
        self.margin = first[: len(first) - len(first.lstrip())]

    def change(self, edits: list[Edit]) -> Change:
        """The source after edits of its rows. Raises Unreadable if it would not be read as it is meant."""
        cuts = sorted(self._cut(edit) for edit in edits)
        pieces = list(self._pieces(cuts))
        token = self._listing(pieces) if self._listed else '"' + "".join(piece.raw for piece in pieces) + '"'
        value = "".join(self._values)
        for start, end, new in reversed(cuts):
            value = value[:start] + new + value[end:]
        found = loads(token)
        if (found if isinstance(found, str) else "".join(map(str, found if isinstance(found, list) else ()))) != value:
            raise Unreadable("a cell's source would not be read as it is meant", "unparsable")
        return Change(token, value)

    def _cut(self, edit: Edit) -> tuple[int, int, str]:
        """An edit by characters. The last row has no newline: when it goes, the one before loses its own."""
        lengths = [len(row) + len(end) for row, end in zip(self.rows, self._ends, strict=True)]
        start, end = sum(lengths[: edit.first]), sum(lengths[: edit.last])
        usual = self._ends[0] or "\n"
        new = usual.join(f"{self.margin}{line}" if line else "" for line in edit.new)
        if edit.last < len(self.rows):
            return start, end, new + usual if edit.new else ""
        if not edit.new and edit.first:
            start -= len(self._ends[edit.first - 1])
        return start, end, new

    def _pieces(self, cuts: list[tuple[int, int, str]]) -> Iterator[_Piece]:
        """What is kept of each string, and the new text where it goes, a line a piece."""
        marks = [_Piece(raw, item) for item, token in enumerate(self._tokens) for raw in characters(token)]
        at = 0
        for start, end, new in cuts:
            yield from _runs(marks[at:start])
            item = marks[start].item if start < len(marks) else len(self._tokens) - 1
            yield from (_Piece(written(line, self._text)[1:-1], item) for line in new.splitlines(keepends=True))
            at = end
        yield from _runs(marks[at:])

    def _listing(self, pieces: list[_Piece]) -> str:
        """The list of the strings that are left; each keeps what stood before it, a new one is set as the others."""
        if not pieces:
            return "[]"
        lead = self._text[self.span[0] + 1 : self._spans[0][0]]
        tail = self._text[self._spans[-1][1] : self.span[1] - 1]
        gaps = [self._text[a[1] : b[0]] for a, b in zip(self._spans, self._spans[1:], strict=False)]
        usual = gaps[0] if gaps else f",{lead or ' '}"
        out: list[str] = []
        before = -1
        for raw, item in self._strings(pieces):
            gap = gaps[item - 1] if item and item != before else usual
            out.append(f'{gap if out else lead}"{raw}"')
            before = item
        return f"[{''.join(out)}{tail}]"

    def _strings(self, pieces: list[_Piece]) -> list[_Piece]:
        """The pieces as strings of the list: a line each where each was one, else one for each there was."""
        if all("\n" not in value[:-1] for value in self._values):
            return pieces
        return list(_runs(pieces))


def _runs(pieces: list[_Piece]) -> Iterator[_Piece]:
    """The pieces with those of one string in one."""
    for item, run in groupby(pieces, key=lambda piece: piece.item):
        yield _Piece("".join(piece.raw for piece in run), item)
