"""The outcome of a scan: findings, practices, problems, and the score."""

from __future__ import annotations

from typing import Literal

import msgspec

from mldebt.model.hits import Place, Removal, Rewrite
from mldebt.model.kinds import Category, Family, ProblemKind, Severity, Status


class Problem(msgspec.Struct, frozen=True):
    """What kept us from looking at something. It is shown and counted, and never lowers a grade."""

    path: str
    what: str
    kind: ProblemKind


class Fix(msgspec.Struct, frozen=True):
    """A patch: a unified diff against the file of the finding; `safe` if applying it cannot change what runs."""

    safe: bool
    diff: str


class Suggestion(msgspec.Struct, frozen=True):
    """What the copies of a clone class would be replaced by; if nothing is claimed, `why_not` tells why.

    `skeleton` is the shared code as text and `signature` its head; `saves` are the lines that would go, less those of
    the shared code and of its uses. `fits` of `count` members were proved to be instances of it: `members` are their
    numbers, 0 for the place of the finding and n for the n-th of `see`, and `calls` what takes their places, of a
    definition the arguments its users add.
    """

    kind: str = ""
    signature: str = ""
    skeleton: str = ""
    saves: int = 0
    fits: int = 0
    count: int = 0
    members: tuple[int, ...] = ()
    calls: tuple[str, ...] = ()
    why_not: str = ""


class Span(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place with its path; a related one also has a note, a symbol and a kind."""

    path: str
    line: int
    end_line: int
    column: int
    cell: int | None
    note: str = ""
    symbol: str | None = None
    kind: str | None = None
    parts: tuple[Place, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """A hit that was judged. Minutes are the price of paying the debt off once; `removes`, `rewrites`: see Hit.

    `changes` counts those of the last commits that changed the file: what makes a debt cost while it stays. `scope` and
    `identity` are the hit's: what a finding keeps when it moves.
    """

    rule: str
    family: Family
    category: Category
    kind: str
    severity: Severity
    confidence: float
    minutes: int
    at: Span
    symbol: str | None
    says: str
    see: tuple[Span, ...]
    fingerprint: str
    standing: Literal["new", "kept", "fixed"] = "new"
    fix: Fix | None = None
    removes: Removal | None = None
    suggestion: Suggestion | None = None
    changes: int = 0
    rewrites: tuple[Rewrite, ...] = ()
    scope: str = ""
    identity: str = ""


class Evidence(msgspec.Struct, frozen=True):
    """One piece of evidence for a practice; `line` is 0 for a whole file, `path` empty for the whole tree."""

    path: str
    line: int
    tool: str
    strength: str
    note: str


class Circumstance(msgspec.Struct, frozen=True):
    """A fact on a repository that decides which practices are asked of it; `holds` is None if only its owner knows.

    Of "kind", `value` names it. `line` is 0 for a whole file.
    """

    name: str
    holds: bool | None
    why: str
    path: str = ""
    line: int = 0
    value: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What is known of a practice, why, and what proves it, the strongest first.

    `status` is what was found; `said` what the settings say of it, with the reason given there. `weight` and `tier` are
    the catalogue's, `next` the cheapest step where something is wanting.
    """

    practice: str
    category: Category
    status: Status
    why: str
    evidence: tuple[Evidence, ...]
    weight: int = 1
    tier: str = "core"
    next: str = ""
    said: str = ""


class CategoryScore(msgspec.Struct, frozen=True):
    """A category's two numbers, 0 to 1, and their mean: None where there is nothing to go by.

    `coverage` is the weighted share of its applicable practices that are there, a partial one counting half; `debt` the
    share of reference repositories that have less of it. `asked` counts the applicable practices.
    """

    grade: str | None
    minutes: int
    coverage: float | None
    debt: float | None
    health: float | None
    asked: int


class Score(msgspec.Struct, frozen=True):
    """The letter, the worst and the best it may be given the error of the detector, and the minutes to pay back."""

    grade: str | None
    between: tuple[str, str] | None
    minutes: int
    categories: dict[Category, CategoryScore]


class FileCounts(msgspec.Struct, frozen=True):
    """How many files of each kind were read, and their lines (code and configuration together)."""

    python: int
    notebook: int
    config: int
    lines: int


class BaselineUse(msgspec.Struct, frozen=True):
    """How many findings a baseline accepts, and how many of them are gone."""

    entries: int
    gone: int


class Report(msgspec.Struct, frozen=True):
    """The outcome of a scan. Everything printed or written is a function of this value.

    If it was compared with a base, `base_score` is the base's and `touched` are the Python files and notebooks that
    were added or changed since; `baseline` tells of the one in use.
    """

    commit: str | None
    base: str | None
    files: FileCounts
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    practices: tuple[Outcome, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    score: Score | None = None
    base_score: Score | None = None
    touched: tuple[str, ...] | None = None
    baseline: BaselineUse | None = None


class RuleText(msgspec.Struct, frozen=True):
    """What a report may say of a rule: its first sentence, its whole page in Markdown, and how grave it is."""

    name: str
    summary: str
    page: str
    category: Category
    family: Family
    severity: Severity
