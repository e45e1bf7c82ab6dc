"""What a rule declares of itself beside its page."""

from __future__ import annotations

from typing import NamedTuple

from mldebt.model import Family, Severity


class Minutes(NamedTuple):
    """The price of paying one finding off: a constant and a part for each unit of the hit, in minutes."""

    constant: float
    per_unit: float = 0.0
    unit: str = ""
    source: str = "our estimate"


class About(NamedTuple):
    """A rule's fixed properties. `on` is whether it runs unless asked for; `since` is the version that brought it.

    `mends` tells whether its hits may say what to write instead.
    """

    family: Family
    severity: Severity
    minutes: Minutes
    since: str
    on: bool = True
    mends: bool = False
