"""A hit with the rule that made it and the file it is in."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from mldebt.model import Fix, Hit, Removal, Rewrite

_SURE = 0.8  # confidence; below it a finding is advice, which nobody should carry out unseen


class Stamped(NamedTuple):
    """What the runner makes of a rule's hit; `fix` is the patch that proved it, if it claims a removal."""

    rule: str
    path: str
    hit: Hit
    fix: Fix | None = None

    @property
    def removes(self) -> Removal | None:
        """What the hit's removal takes away; never safe if the hit is not sure."""
        removal = self.hit.removes
        if removal is None or self.hit.confidence >= _SURE:
            return removal
        return msgspec.structs.replace(removal, certain=False)

    @property
    def rewrites(self) -> tuple[Rewrite, ...]:
        """What the hit would have written otherwise; never safe if the hit is not sure."""
        rewrites = self.hit.rewrites
        if self.hit.confidence >= _SURE:
            return rewrites
        return tuple(msgspec.structs.replace(rewrite, certain=False) for rewrite in rewrites)
