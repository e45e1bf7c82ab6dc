"""A hit with the rule that made it and the file it is in."""

from __future__ import annotations

from typing import NamedTuple

from mldebt.model import Fix, Hit


class Stamped(NamedTuple):
    """What the runner makes of a rule's hit; `fix` is the patch that proved it, if it claims a removal."""

    rule: str
    path: str
    hit: Hit
    fix: Fix | None = None
