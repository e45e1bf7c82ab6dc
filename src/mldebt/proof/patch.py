"""Line edits as a unified diff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

_CONTEXT = 3  # lines around a change, as diff -u gives


class Edit(NamedTuple):
    """The lines `first` to `last` (from 0, `last` exclusive) become `new`."""

    first: int
    last: int
    new: list[str]


def hunks(lines: list[str], edits: Iterable[Edit]) -> str:
    """The hunks that carry out edits which do not overlap. `lines` is the text split at newlines.

    A text that ends in a newline has an empty last line, which is no line of the file.
    """
    cut = [edit for edit in (_trimmed(lines, edit) for edit in sorted(edits)) if edit.first < edit.last or edit.new]
    shift = 0
    rows: list[str] = []
    for group in _groups(cut):
        hunk, grown = _hunk(lines, group, shift)
        rows.extend(hunk)
        shift += grown
    return "".join(rows)


def _trimmed(lines: list[str], edit: Edit) -> Edit:
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


def _hunk(lines: list[str], group: list[Edit], shift: int) -> tuple[list[str], int]:
    count = len(lines) - (not lines[-1])
    begin, end = max(0, group[0].first - _CONTEXT), min(count, group[-1].last + _CONTEXT)
    rows: list[str] = []
    at = begin
    for edit in group:
        rows.extend(f" {line}" for line in lines[at : edit.first])
        rows.extend(f"-{line}" for line in lines[edit.first : min(edit.last, count)])
        rows.extend(f"+{line}" for line in edit.new)
        at = edit.last
    rows.extend(f" {line}" for line in lines[at:end])
    taken = sum(row[0] != "+" for row in rows)
    given = sum(row[0] != "-" for row in rows)
    start, new_start = begin + (taken > 0), begin + shift + (given > 0)
    out = [f"@@ -{start},{taken} +{new_start},{given} @@\n", *(f"{row}\n" for row in rows)]
    if lines[-1] and end == count:
        out.append("\\ No newline at end of file\n")
    return out, given - taken
