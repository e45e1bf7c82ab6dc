"""What a comment is written for, beside the report: the pull request, the gate, and why there is no base."""

from __future__ import annotations

from typing import NamedTuple

from mldebt.report.markdown_places import PullRequest


class Gate(NamedTuple):
    """The threshold, as `fail-on` has it, and how many findings are over it."""

    fail_on: str = "none"
    over: int = 0


class Occasion(NamedTuple):
    """`no_base` says why the base wanted is missing; `most` is the rows of a table, `ident` letters and `-`."""

    gate: Gate = Gate()
    pull: PullRequest | None = None
    no_base: str = ""
    most: int = 20
    ident: str = "default"
