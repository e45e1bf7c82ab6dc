"""The proof that something can go: it is taken out of the concrete tree, and the rest must stand.

Only the lines around it are parsed with libcst. What is left must parse, and no name that is read elsewhere may lose
its binding. Imports that only the removed code read go with it, and so do its entries in `__all__`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import msgspec

from mldebt.errors import Unpatchable, Unreadable
from mldebt.facts.syntax import Module
from mldebt.model import Code, Removal
from mldebt.proof.lines import edits
from mldebt.proof.patch import Newlines, hunks
from mldebt.proof.source import Source, Target


class Patched(msgspec.Struct, frozen=True):
    """It can go: `diff` holds unified hunks without the file's header; `safe` if applying it cannot change what runs.

    `diff` is empty for a notebook, and for a file whose lines end now in one way, now in another.
    """

    diff: str
    safe: bool = True


class Refused(msgspec.Struct, frozen=True):
    """It cannot go, or nobody can tell."""

    why: str


def prove(text: str, removals: Sequence[Removal]) -> list[Patched | Refused]:
    """Carry out each removal on its own, in the order given.

    `text` is the file as it stands: a byte order mark and the ends of its lines are found again in the patch.
    """
    newlines = Newlines(text)
    try:
        source = Source(Module(Code(newlines.plain)))
    except Unreadable as error:
        return [Refused(f"the file does not parse: {error}")] * len(removals)
    return [_prove(source, removal, newlines) for removal in removals]


def prove_code(code: Code, removals: Sequence[Removal]) -> list[Patched | Refused]:
    """As `prove`, for a notebook's joined code; its patches are empty, since the file is JSON."""
    firsts = {cell.number: cell.first for cell in code.cells}
    moved = [_in_text(removal, firsts) for removal in removals]
    return [Patched("", o.safe) if isinstance(o, Patched) else o for o in prove(code.text, moved)]


def _in_text(removal: Removal, firsts: dict[int, int]) -> Removal:
    at = removal.at
    shift = firsts.get(at.cell or 0, 1) - 1
    place = msgspec.structs.replace(at, line=at.line + shift, end_line=at.end_line + shift, cell=None)
    also = tuple(_in_text(other, firsts) for other in removal.also)
    return msgspec.structs.replace(removal, at=place, also=also)


def _prove(source: Source, removal: Removal, newlines: Newlines) -> Patched | Refused:
    try:
        return _carried_out(source, removal, newlines)
    except Unpatchable:  # nothing speaks against it, but somebody has to write it
        return Patched("", safe=False)


def _carried_out(source: Source, removal: Removal, newlines: Newlines) -> Patched | Refused:
    groups: list[list[Target]] = []
    for wanted in (removal, *removal.also):
        found = source.find(wanted)
        if not found:
            return Refused(f"`{wanted.name}` is not at line {wanted.at.line}")
        groups.append(found)
    while (obstacle := source.obstacle(nodes := list(dict.fromkeys(chain(*groups))))) is not None:
        if obstacle.node in groups[0]:
            return Refused(obstacle.why)
        groups = [group for group in groups if obstacle.node not in group]
    try:
        cut = edits(source.module, [*nodes, *source.idle_without(nodes, removal.keeps)], source.entries(nodes))
    except Unreadable as error:
        return Refused(f"what is left does not parse: {error}")
    return Patched(hunks(newlines, cut), safe=removal.certain and not source.has_effect(nodes))
