"""A notebook's file as the proof sees it: its code as one text, and edits of that text carried out in the JSON.

Everything but the source lines that change stays byte for byte as it is. What comes out is read again and compared
with what was meant before anybody gets it.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from mldebt.errors import Unpatchable, Unreadable
from mldebt.facts.syntax import parse
from mldebt.model import Code
from mldebt.proof.jsontext import Span, items, loads, members
from mldebt.proof.patch import Edit, Newlines, applied, hunks, trimmed
from mldebt.proof.source_list import Change, SourceList

_BORDER = "# %%"  # a comment that is about nothing else: nothing reaches over it
_LONGEST = 200_000  # characters of a line that is shown in a patch; a notebook without newlines has longer ones
_MARK = "\ufeff"


class _Cell(NamedTuple):
    """A code cell: its number, the line of the text its first row is at (from 0), its rows as the text has them."""

    number: int
    first: int
    rows: list[str]
    source: SourceList


class Sheet:
    """The code of a notebook, a border above each cell and in place of each line that only IPython reads.

    `firsts` has how many lines stand before each cell. Raises Unreadable for a file whose cells cannot be told apart.
    """

    def __init__(self, data: bytes, code: Code) -> None:
        try:
            self._text = data.decode()
        except UnicodeDecodeError as error:
            raise Unreadable("is not written in UTF-8: open and save it in Jupyter", "unparsable") from error
        self._start = len(_MARK) if self._text.startswith(_MARK) else 0
        self._value = loads(self._text[self._start :])
        self._locked: set[int] = set()
        self._cells: list[_Cell] = []
        places = [members(self._text, start) for start, _ in _cells(self._text, self._start)]
        lines: list[str] = []
        for cell in code.cells:
            source = SourceList(self._text, _source(self._text, places[cell.number - 1]))
            rows = code.text.split("\n")[cell.first - 1 : cell.first - 1 + cell.lines]
            if len(rows) != len(source.rows):
                raise Unreadable(f"cell {cell.number} has other lines in its text than were read", "unparsable")
            self._locked.add(len(lines))
            lines.append(_BORDER)
            masked = [
                row not in (raw, raw.removeprefix(source.margin)) for row, raw in zip(rows, source.rows, strict=True)
            ]
            self._locked.update(len(lines) + index for index, hidden in enumerate(masked) if hidden)
            self._cells.append(_Cell(cell.number, len(lines), rows, source))
            lines.extend(
                _BORDER if hidden and not row.strip() else row for row, hidden in zip(rows, masked, strict=True)
            )
        self._locked.add(len(lines))
        self.plain = "\n".join([*lines, ""])
        self._lines = [*lines, ""]
        self._begins = [cell.first for cell in self._cells]
        self.firsts = {cell.number: cell.first for cell in self._cells}

    def after(self, edits: Iterable[Edit]) -> str:
        """The file's text after edits. Raises Unpatchable if one touches a line that only IPython reads."""
        changes = self._changes(edits)
        text = self._text
        for cell, change in reversed(changes):
            start, end = cell.source.span
            text = text[:start] + change.token + text[end:]
        self._compare(text, changes)
        return text

    def hunks(self, edits: Iterable[Edit]) -> str:
        """The hunks that carry out edits in the file; empty if one of its lines is too long to be shown."""
        from difflib import SequenceMatcher

        rows: list[Edit] = []
        for first, old, new in self._regions(self._changes(edits)):
            if max(map(len, (*old, *new))) > _LONGEST:
                return ""
            steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
            rows.extend(Edit(first + a, first + b, new[c:d]) for tag, a, b, c, d in steps if tag != "equal")
        return hunks(self._newlines, rows)

    def shows_more(self, edits: Iterable[Edit]) -> bool:
        """Whether a cell ends in another expression now, whose value Jupyter shows."""
        return any(_shown(rows) not in (None, _shown(cell.rows)) for cell, rows in self._new_rows(edits))

    @cached_property
    def _newlines(self) -> Newlines:
        return Newlines(self._text)

    def _new_rows(self, edits: Iterable[Edit]) -> Iterator[tuple[_Cell, list[str]]]:
        for cell, own in self._by_cell(edits):
            yield cell, applied("\n".join(cell.rows), own).split("\n")

    def _by_cell(self, edits: Iterable[Edit]) -> list[tuple[_Cell, list[Edit]]]:
        """The cells that edits change, in order, with the edits in their own rows."""
        found: dict[int, list[Edit]] = defaultdict(list)
        for edit in edits:
            index = bisect_right(self._begins, edit.first) - 1
            cell = self._cells[max(0, index)]
            last = cell.first + len(cell.rows)
            at_border = edit.first == cell.first or edit.last == last
            new = [] if at_border and not any(map(str.strip, edit.new)) else edit.new
            first, end, new = trimmed(self._lines, edit._replace(new=new))
            if first == end and not new:
                continue
            if first < cell.first or end > last or not self._locked.isdisjoint(range(first, max(end, first + 1))):
                raise Unpatchable("it would touch a line that only IPython reads")
            found[index].append(Edit(first - cell.first, end - cell.first, new))
        return [(self._cells[index], found[index]) for index in sorted(found)]

    def _changes(self, edits: Iterable[Edit]) -> list[tuple[_Cell, Change]]:
        return [(cell, cell.source.change(own)) for cell, own in self._by_cell(edits)]

    def _regions(self, changes: list[tuple[_Cell, Change]]) -> Iterator[tuple[int, list[str], list[str]]]:
        """The lines of the file that changes touch: the first's number (from 0), the lines before and after."""
        at = 0
        while at < len(changes):
            begin, end = self._line_ends(changes[at][0].source.span)
            group = [changes[at]]
            while at + 1 < len(changes) and changes[at + 1][0].source.span[0] <= end:
                at += 1
                group.append(changes[at])
                end = self._line_ends(changes[at][0].source.span)[1]
            new = self._text[begin:end]
            for cell, change in reversed(group):
                start, stop = cell.source.span
                new = new[: start - begin] + change.token + new[stop - begin :]
            first = len(Newlines(self._text[:begin]).lines) - 1
            yield first, Newlines(self._text[begin:end]).lines, Newlines(new).lines
            at += 1

    def _line_ends(self, span: Span) -> Span:
        """Where the first line of a span begins and where its last one ends, without its newline."""
        start = max(self._text.rfind("\n", 0, span[0]), self._text.rfind("\r", 0, span[0])) + 1
        match = re.compile(r"[\r\n]|\Z").search(self._text, span[1])
        return start, match.start() if match else span[1]

    def _compare(self, text: str, changes: list[tuple[_Cell, Change]]) -> None:
        """Raise Unreadable unless a text is this notebook with just these sources changed."""
        new = loads(text[self._start :])
        meant = {cell.number: change for cell, change in changes}
        old_cells, new_cells = _cell_values(self._value), _cell_values(new)
        same = len(old_cells) == len(new_cells)
        for number, (before, now) in enumerate(zip(old_cells, new_cells, strict=False), 1):
            change = meant.get(number)
            if change is None:
                same = same and before == now
            else:
                field = next((f for f in ("source", "input") if now.get(f) != before.get(f)), "source")
                same = same and _joined(now.get(field)) == change.value and {**now, field: ""} == {**before, field: ""}
        if not same or _frame(self._value) != _frame(new):
            raise Unreadable("the notebook would not be read as it is meant", "unparsable")


def _cells(text: str, start: int) -> Iterator[Span]:
    """Where the cells of a notebook of format 4, or 3, stand."""
    top = members(text, len(text) - len(text[start:].lstrip(" \t\r\n")))
    own = list(_items(text, top, "cells"))
    yield from own
    for sheet, _ in _items(text, top, "worksheets") if not own else ():
        yield from _items(text, members(text, sheet), "cells")


def _items(text: str, place: dict[str, Span], key: str) -> Iterator[Span]:
    start = place.get(key, (0, 0))[0]
    return items(text, start) if text[start] == "[" else iter(())


def _source(text: str, place: dict[str, Span]) -> Span:
    """Where the code of a cell stands: `input` in format 3."""
    spans = [place[field] for field in ("source", "input") if field in place]
    return next((span for span in spans if text[span[0] : span[1]] not in ('""', "[]", "null")), (spans or [(0, 0)])[0])


def _cell_values(value: Any) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = value.get("cells") or [
        cell for sheet in value.get("worksheets") or () for cell in sheet.get("cells") or ()
    ]
    return cells


def _frame(value: Any) -> dict[str, Any]:
    """A notebook without its cells."""
    sheets = [{**sheet, "cells": ()} for sheet in value.get("worksheets") or ()]
    return {**value, "cells": (), "worksheets": sheets}


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)


def _shown(rows: list[str]) -> str | None:
    """The last expression of a cell, whose value is shown; None if it ends in none."""
    try:
        body = parse("\n".join(rows)).body
    except Unreadable:
        return ""
    return ast.dump(body[-1]) if body and isinstance(body[-1], ast.Expr) else None
