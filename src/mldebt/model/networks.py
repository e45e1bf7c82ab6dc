"""What a module does with a network whose weights come from a file."""

from __future__ import annotations

import msgspec

from mldebt.model.hits import Place


class Restored(msgspec.Struct, frozen=True, array_like=True):
    """A network called `name` that is run `at` a place, in no mode that anyone set, with weights `loaded` before.

    `made` is the callee that makes it, as written. `owner` is the index of the definition that it is run in.
    """

    name: str
    made: str
    at: Place
    loaded: Place
    owner: int = 0
