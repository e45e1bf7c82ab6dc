"""A change to a tree, as rules see it: the clone classes that were there and what was edited in their members."""

from __future__ import annotations

from typing import NamedTuple

from mldebt.facts.statements import Items
from mldebt.links.edits import Edits
from mldebt.model import Place


class Member(NamedTuple):
    """A copy: its stretches in the file before (the first is its place), and that file before and now.

    `symbol` is the definition it is or lies in. `edits` is None if the file is the same; `items` are the file's now.
    """

    path: str
    symbol: str
    stretches: tuple[Place, ...]
    items: Items
    edits: Edits | None = None


class Copies(NamedTuple):
    """A clone class of the tree before; `kind` and `rule` are its finding's."""

    rule: str
    kind: str
    members: tuple[Member, ...]


class Change(NamedTuple):
    """The clone classes of which a file was changed."""

    classes: tuple[Copies, ...]
