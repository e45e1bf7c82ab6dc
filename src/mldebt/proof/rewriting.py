"""The proof that expressions can be written otherwise: what comes of it parses, and every name keeps its binding."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mldebt.errors import Unpatchable, Unreadable
from mldebt.facts.syntax import Module
from mldebt.model import Code, Place, Rewrite
from mldebt.proof.patch import Edit, applied
from mldebt.proof.removal import Page, Patched, Refused
from mldebt.proof.snips import Snip, edited
from mldebt.proof.together import unbound

MAY_RUN = "may change what runs"
_BUILTINS = frozenset(dir(builtins))
Rewrites = tuple[Rewrite, ...]


class Rewritten(NamedTuple):
    """The text that comes of a file, and for each finding why it was not carried out; None if it was."""

    text: str
    refused: list[str | None]


class Desk:
    """A file whose expressions are rewritten; `firsts` are the lines of its plain text before each cell."""

    def __init__(self, page: Page, firsts: Mapping[int, int]) -> None:
        self._page = page
        self._firsts = firsts
        self._module = Module(Code(page.plain))
        self._unbound = unbound(self._module)

    def prove(self, wanted: Sequence[Rewrites]) -> list[Patched | Refused]:
        """Carry out what each finding wants, on its own. What holds together, as it mostly does, is checked once."""
        together = self._stands(wanted)
        return [self._proved(rewrites, together) for rewrites in wanted]

    def _proved(self, rewrites: Rewrites, checked: bool) -> Patched | Refused:
        try:
            edits = self._written([rewrites]) if checked else self._edits([rewrites])
            return Patched(self._page.hunks(edits), all(rewrite.certain for rewrite in rewrites))
        except (Unreadable, Unpatchable) as error:
            return Refused(str(error))

    def _stands(self, wanted: Sequence[Rewrites]) -> bool:
        try:
            self._edits(wanted)
        except (Unreadable, Unpatchable):
            return False
        return True

    def carry_out(self, before: str, wanted: Sequence[Rewrites], unsafe: bool) -> Rewritten:
        """Carry out what findings want together: only what is safe, or all; of what overlaps, the first."""
        free = [rewrites for rewrites in wanted if unsafe or all(rewrite.certain for rewrite in rewrites)]
        together = self._stands(free)
        done: list[Rewrites] = []
        refused: list[str | None] = []
        for rewrites in wanted:
            why = None if rewrites in free else MAY_RUN
            try:
                if why is None:
                    if not together:
                        self._edits([*done, rewrites])
                    done.append(rewrites)
            except (Unreadable, Unpatchable) as error:
                why = str(error)
            refused.append(why)
        return Rewritten(self._page.after(self._edits(done)) if done else before, refused)

    def _edits(self, wanted: Sequence[Rewrites]) -> list[Edit]:
        """The edits. Raises Unreadable or Unpatchable if what comes of them does not stand."""
        edits = self._written(wanted)
        after = unbound(Module(Code(applied(self._page.plain, edits))))
        lost = {name for _, name in after - self._unbound} - _BUILTINS
        if lost:
            raise Unpatchable(f"`{min(lost)}` would be unbound")
        self._page.after(edits)
        return edits

    def _written(self, wanted: Sequence[Rewrites]) -> list[Edit]:
        snips = [self._snip(rewrite) for rewrites in wanted for rewrite in rewrites]
        return list(edited(self._module.lines, snips))

    def _snip(self, rewrite: Rewrite) -> Snip:
        at, before = rewrite.at, self._lines_before(rewrite.at)
        first, last = (at.line + before, at.column - 1), (at.end_line + before, rewrite.end_column - 1)
        return Snip(first, last, rewrite.text)

    def _lines_before(self, at: Place) -> int:
        return self._firsts.get(at.cell or 0, 0)


def prove_each(page: Page, firsts: Mapping[int, int], wanted: Iterable[Rewrites]) -> list[Patched | Refused]:
    """What comes of each finding's rewrites on their own."""
    given = list(wanted)
    try:
        desk = Desk(page, firsts) if given else None
    except Unreadable as error:
        return [Refused(f"the file does not parse: {error}")] * len(given)
    return desk.prove(given) if desk is not None else []
