"""What a comment is written for, beside the report: the pull request, the gate, and why there is no base."""

from __future__ import annotations

from typing import NamedTuple

from mldebt.report.markdown_places import PullRequest

LIMIT = 65_000  # characters; GitHub refuses a comment of more than 65,536


class Gate(NamedTuple):
    """The threshold, as `fail-on` has it, and how many findings are over it; `says` if there is more to it."""

    fail_on: str = "none"
    over: int = 0
    says: str = ""


class Occasion(NamedTuple):
    """`no_base` says why the base wanted is missing; `most` is the rows of a table, `ident` letters and `-`.

    `notes` are sentences on what held, `code` the lines of the first finding where no file can be read, `limit` the
    characters of the whole. `template` is one that is not ours.
    """

    gate: Gate = Gate()
    pull: PullRequest | None = None
    no_base: str = ""
    most: int = 20
    ident: str = "default"
    notes: tuple[str, ...] = ()
    code: tuple[str, ...] | None = None
    limit: int = LIMIT
    template: str | None = None
