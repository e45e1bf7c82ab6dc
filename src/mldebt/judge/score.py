"""The grade: presence of practices and measured debt, two numbers a category, and a letter with its range.

Every constant has its reason in docs/decisions/0010-the-grade.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources

import msgspec

from mldebt.model import CATEGORIES, Category, CategoryScore, Finding, Outcome, Score

VALUES = {"present": 1.0, "partial": 0.5, "missing": 0.0}
BORDERS = (("A", 0.80), ("B", 0.65), ("C", 0.50), ("D", 0.35), ("E", 0.0))
LETTERS = "ABCDE"
_WEIGHTS: dict[Category, int] = {"data": 2, "code": 2, "operations": 2, "complexity": 1, "feedback": 1}
_DETECTOR_ERROR = 0.05
_RARE = 0.05  # of the reference repositories
_CAP = 2  # letters above the weakest category
_FEWEST_FOR_CAP = 3  # applicable practices
_FLOOR = ("secrets-hygiene", "gitignore")  # a committed secret, a whole environment


def score(findings: Iterable[Finding], outcomes: tuple[Outcome, ...], lines: int) -> Score:
    """The score of a report's findings that stand, over `lines` lines of code and configuration."""
    standing = [finding for finding in findings if finding.standing != "fixed"]
    categories = {name: _category(name, standing, outcomes, lines) for name in CATEGORIES}
    total = sum(category.minutes for category in categories.values())
    if not outcomes:
        return Score(None, None, total, categories)
    health = {name: value for name, category in categories.items() if (value := category.health) is not None}
    mean = weighted(health)
    letter = _capped(letter_of(mean), categories, outcomes)
    low, high = letter_of(mean - _DETECTOR_ERROR), letter_of(mean + _DETECTOR_ERROR)
    return Score(letter, (max(low, letter), min(high, letter)), total, categories)


def weighted(health: Mapping[Category, float]) -> float:
    """The mean of the categories' health, 0 to 1; 0 without any."""
    whole = sum(_WEIGHTS[name] for name in health)
    return sum(_WEIGHTS[name] * value for name, value in health.items()) / whole if whole else 0.0


def points(value: Score | None) -> int | None:
    """The mean health of a score's categories in hundredths, 100 for none of the debt; None without a grade."""
    if value is None or value.grade is None:
        return None
    health = {name: one.health for name, one in value.categories.items() if one.health is not None}
    return round(100 * weighted(health))


def _category(name: Category, findings: list[Finding], outcomes: tuple[Outcome, ...], lines: int) -> CategoryScore:
    minutes = sum(finding.minutes for finding in findings if finding.category == name)
    asked = [o for o in outcomes if o.category == name and o.status in VALUES]
    weight = sum(o.weight for o in asked)
    coverage = sum(o.weight * VALUES[o.status] for o in asked) / weight if weight else None
    debt = percentile(name, 1000 * minutes / lines) if lines and outcomes else None
    known = [part for part in (coverage, None if debt is None else 1 - debt) if part is not None]
    health = sum(known) / len(known) if known else None
    letter = letter_of(_lifted(health, asked)) if health is not None and outcomes else None
    return CategoryScore(letter, minutes, coverage, debt, health, len(asked))


def _lifted(health: float, asked: list[Outcome]) -> float:
    """Advanced practices alone never bring a category below B."""
    needed = [o for o in asked if o.tier != "advanced"]
    complete = bool(needed) and all(o.status == "present" for o in needed)
    return max(health, BORDERS[1][1]) if complete else health


def letter_of(health: float) -> str:
    """The letter of a health between 0 and 1."""
    return next((letter for letter, border in BORDERS if health >= border), "E")


def _capped(letter: str, categories: Mapping[Category, CategoryScore], outcomes: tuple[Outcome, ...]) -> str:
    """At most two letters above the weakest category; D at best with a secret or an environment in the repository."""
    weak = [c.grade for c in categories.values() if c.grade is not None and c.asked >= _FEWEST_FOR_CAP]
    best = LETTERS[max(0, LETTERS.index(max(weak)) - _CAP)] if weak else "A"
    floor = any(o.practice in _FLOOR and not o.said and _is_grave(o) for o in outcomes)
    return max(letter, best, "D" if floor else "A")


def _is_grave(outcome: Outcome) -> bool:
    return any(item.strength == "none" for item in outcome.evidence)


@lru_cache(maxsize=1)
def reference() -> dict[Category, tuple[float, ...]]:
    """Minutes of debt for each 1,000 lines in the reference repositories, sorted, by category."""
    data = (resources.files("mldebt.judge") / "reference.json").read_bytes()
    return msgspec.json.decode(data, type=dict[Category, tuple[float, ...]])


def percentile(category: Category, minutes: float) -> float | None:
    """The share of the reference repositories with less debt for each 1,000 lines, 0 to 1.

    None if none has any, and for no debt where hardly any has some: that is no merit.
    """
    known = reference()[category]
    indebted = len(known) - bisect_right(known, 0.0)
    if not indebted or (not minutes and indebted < _RARE * len(known)):
        return None
    return bisect_left(known, minutes) / len(known)
