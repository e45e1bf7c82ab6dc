"""A piece of evidence, and the strongest of several."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from mldebt.practices import ORDER, Strength


class Item(msgspec.Struct, frozen=True):
    """What proves that a tool is used: where, how, and how much that is worth. `line` 0 stands for a whole file.

    `doubt` says why it is worth less than it looks: a flag that is off, a name that leads nowhere. `lesser` evidence
    does not make a practice apply: what is only `imported`, or lies aside. With `cap` a practice is partial at best.
    """

    strength: Strength
    path: str
    line: int
    tool: str
    note: str
    doubt: str = ""
    lesser: bool = False
    cap: bool = False
    imported: bool = False


def strongest(items: Iterable[Item], most: int = 3) -> list[Item]:
    """The strongest pieces of evidence, one a tool and file, the strongest first."""
    best: dict[tuple[str, str], Item] = {}
    for item in sorted(items, key=rank):
        best.setdefault((item.tool, item.path), item)
    return list(best.values())[:most]


def rank(item: Item) -> tuple[int, bool, bool, int, str, int]:
    """Sort key: the strongest first, imports last, without doubts before with, then by how near the root, by place."""
    return (
        -ORDER.index(item.strength),
        item.imported,
        bool(item.doubt),
        item.path.count("/"),
        item.path,
        item.line,
    )
