"""Line edits as a unified diff."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_CONTEXT = 3  # lines around a change, as diff -u gives
_MARK = "\ufeff"  # the byte order mark, as UTF-8 decodes to it
_NO_NEWLINE = "\\ No newline at end of file\n"
NEWLINE = re.compile(r"(\r\n|\r|\n)")


class Newlines:
    """A text with what its plain form leaves out: the byte order mark and how its lines end.

    `lines` are those of the plain text; `written` the same with what the file has in them beside the newline, or None
    if the lines end now in one way, now in another.
    """

    def __init__(self, text: str) -> None:
        self.plain = text.removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n")
        self.lines = self.plain.split("\n")
        self.end = "\r" if "\r" in text else ""
        written = text.split("\n")
        whole = all(line.count("\r") == 1 and line[-1] == "\r" for line in written[:-1]) and "\r" not in written[-1]
        self.written = written if not self.end or whole else None


class Edit(NamedTuple):
    """The lines `first` to `last` (from 0, `last` exclusive) become `new`."""

    first: int
    last: int
    new: list[str]


def hunks(text: Newlines, edits: Iterable[Edit]) -> str:
    """The hunks that carry out edits which do not overlap; empty if the text's lines end in different ways."""
    if text.written is None:
        return ""
    cut = [trimmed(text.lines, edit) for edit in sorted(edits)]
    cut = [edit for edit in cut if edit.first < edit.last or edit.new]
    shift = 0
    rows: list[str] = []
    for group in _groups(_marked(text.lines, cut) if text.written[0].startswith(_MARK) else cut):
        hunk, grown = _hunk(text.written, text.end, group, shift)
        rows.extend(hunk)
        shift += grown
    return "".join(rows)


def _marked(lines: list[str], edits: list[Edit]) -> list[Edit]:
    """The edits with the byte order mark on the line that is the first one after them."""
    if not edits or edits[0].first:
        return edits
    first, *others = edits
    while others and others[0].first == first.last:
        first = Edit(0, others[0].last, [*first.new, *others.pop(0).new])
    last, new = first.last, first.new
    if not new and last < len(lines):
        last, new = last + 1, [lines[last]]
    return [Edit(0, last, [f"{_MARK}{line}" if not n else line for n, line in enumerate(new)]), *others]


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap; what they do not touch stays as it is, its newlines too.

    A last line without a newline that changes has none afterwards.
    """
    mark = _MARK if text.startswith(_MARK) else ""
    pieces = NEWLINE.split(text.removeprefix(mark))
    lines, ends = pieces[::2], [*pieces[1::2], ""]
    usual = ends[0] or "\n"
    rows = [line + end for line, end in zip(lines, ends, strict=True)]
    for edit in sorted((trimmed(lines, edit) for edit in edits), reverse=True):
        end = (ends[edit.first] if edit.first < len(ends) else "") or usual
        new = [line + end for line in edit.new]
        if new and edit.last == len(lines) and lines[-1]:
            new[-1] = edit.new[-1]
        rows[edit.first : edit.last] = new
    return mark + "".join(rows)


def trimmed(lines: list[str], edit: Edit) -> Edit:
    """The edit without the lines it does not change."""
    first, last, new = edit
    start, end = 0, len(new)
    while first < last and start < end and lines[first] == new[start]:
        first, start = first + 1, start + 1
    while first < last and start < end and lines[last - 1] == new[end - 1]:
        last, end = last - 1, end - 1
    return Edit(first, last, new[start:end])


def _groups(edits: list[Edit]) -> Iterator[list[Edit]]:
    """Edits whose contexts touch share a hunk."""
    group: list[Edit] = []
    for edit in edits:
        if group and edit.first - group[-1].last > 2 * _CONTEXT:
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _hunk(lines: list[str], end: str, group: list[Edit], shift: int) -> tuple[list[str], int]:
    """One hunk, and by how many lines it makes the file longer.

    A text that ends in a newline has an empty last line, which is no line of the file.
    """
    count = len(lines) - (not lines[-1])
    begin, stop = max(0, group[0].first - _CONTEXT), min(count, group[-1].last + _CONTEXT)
    rows: list[str] = []
    at = begin
    for edit in group:
        rows.extend(_row(lines, " ", at, edit.first))
        rows.extend(_row(lines, "-", edit.first, min(edit.last, count)))
        rows.extend(f"+{line}{end}\n" for line in edit.new)
        if edit.new and edit.last == len(lines) and lines[-1]:
            rows[-1] = f"+{edit.new[-1]}\n{_NO_NEWLINE}"
        at = edit.last
    rows.extend(_row(lines, " ", at, stop))
    old = sum(row[0] in " -" for row in rows)
    new = sum(row[0] in " +" for row in rows)
    return [f"@@ -{begin + (old > 0)},{old} +{begin + shift + (new > 0)},{new} @@\n", *rows], new - old


def _row(lines: list[str], sign: str, first: int, last: int) -> Iterator[str]:
    for index in range(first, last):
        yield f"{sign}{lines[index]}\n"
        if index == len(lines) - 1:
            yield _NO_NEWLINE
