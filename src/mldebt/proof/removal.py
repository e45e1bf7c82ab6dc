"""The proof that something can go: it is taken out of the concrete tree, and the rest must stand.

Lines of which a part stays, as a list of imports, are rewritten with libcst. What is left must parse, and no name that
is read elsewhere may lose its binding. Imports that only the removed code read go with it, and so do its entries in
`__all__`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from mldebt.errors import Unpatchable, Unreadable
from mldebt.facts.syntax import Module
from mldebt.model import Code, Removal
from mldebt.proof.group import edits_of, groups, targets, without_obstacles
from mldebt.proof.patch import Edit, Newlines, applied, hunks
from mldebt.proof.sheet import Sheet
from mldebt.proof.source import Source


class Patched(msgspec.Struct, frozen=True):
    """It can go: `diff` holds unified hunks without the file's header; `safe` if applying it cannot change what runs.

    `diff` is empty for a file whose lines end now in one way, now in another, or are too long to be shown.
    """

    diff: str
    safe: bool = True


class Refused(msgspec.Struct, frozen=True):
    """It cannot go, or nobody can tell."""

    why: str


class Page(Protocol):
    """A file as edits see it: `plain` is its code as one text."""

    plain: str

    def hunks(self, edits: Iterable[Edit]) -> str:
        """The hunks that carry out edits in the file; empty if they cannot be written."""

    def after(self, edits: Iterable[Edit]) -> str:
        """The text of the file after edits. Raises Unreadable if they cannot be carried out."""

    def shows_more(self, edits: Iterable[Edit]) -> bool:
        """Whether the code shows values after edits that it did not show before."""


class Text:
    """A Python file's text as it stands: its byte order mark and the ends of its lines are kept."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._newlines = Newlines(text)
        self.plain = self._newlines.plain

    def hunks(self, edits: Iterable[Edit]) -> str:
        """As in Page; empty if the file's lines end in different ways."""
        return hunks(self._newlines, edits)

    def after(self, edits: Iterable[Edit]) -> str:
        """As in Page."""
        return applied(self._text, edits)

    def shows_more(self, edits: Iterable[Edit]) -> bool:
        """Nothing is shown by itself."""
        return False


class Work(NamedTuple):
    """A file and what has to be taken out of it, by the lines of the page's plain text."""

    page: Page
    removals: Sequence[Removal]


def in_notebook(data: bytes, code: Code, removals: Sequence[Removal]) -> Work:
    """The removals of a notebook, `code` being its joined cells. Raises Unreadable if its text is not understood."""
    sheet = Sheet(data, code)
    return Work(sheet, [_moved(removal, sheet.firsts) for removal in removals])


def _moved(removal: Removal, firsts: Mapping[int, int]) -> Removal:
    """A removal by the lines of a text in which cells begin after so many others."""
    at = removal.at
    before = firsts.get(at.cell or 0, 0)
    place = msgspec.structs.replace(at, line=at.line + before, end_line=at.end_line + before, cell=None)
    also = tuple(_moved(other, firsts) for other in removal.also)
    return msgspec.structs.replace(removal, at=place, also=also)


def prove(text: str, removals: Sequence[Removal]) -> list[Patched | Refused]:
    """Carry out each removal on its own, in the order given.

    `text` is the file as it stands: a byte order mark and the ends of its lines are found again in the patch.
    """
    return _each(Work(Text(text), removals))


def prove_notebook(data: bytes, code: Code, removals: Sequence[Removal]) -> list[Patched | Refused]:
    """As `prove`, for a notebook and its joined code; without patches if the text of the file is not understood."""
    try:
        return _each(in_notebook(data, code, removals))
    except Unreadable:
        firsts = {cell.number: cell.first - 1 for cell in code.cells}
        outcomes = prove(code.text, [_moved(removal, firsts) for removal in removals])
        return [Patched("", safe=False) if isinstance(outcome, Patched) else outcome for outcome in outcomes]


def _each(work: Work) -> list[Patched | Refused]:
    try:
        source = Source(Module(Code(work.page.plain)))
    except Unreadable as error:
        return [Refused(f"the file does not parse: {error}")] * len(work.removals)
    return [_prove(source, removal, work.page) for removal in work.removals]


def _prove(source: Source, removal: Removal, page: Page) -> Patched | Refused:
    found = without_obstacles(source, groups(source, [removal]))
    if found.refused:
        return Refused(found.refused[0])
    try:
        cut = edits_of(source, found.groups)
        safe = removal.certain and not source.has_effect(targets(found.groups)) and not page.shows_more(cut)
        return Patched(page.hunks(cut), safe)
    except Unreadable as error:
        return Refused(f"what is left does not parse: {error}")
    except Unpatchable:  # nothing speaks against it, but somebody has to write it
        return Patched("", safe=False)
