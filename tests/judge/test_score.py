"""The grade: two numbers a category, a letter with its range, and what keeps a letter down."""

from __future__ import annotations

import pytest

from mldebt.judge.score import letter_of, percentile, reference, score
from mldebt.model import CATEGORIES, Category, Evidence, Outcome, Status


def _outcome(category: Category, status: Status, **more: object) -> Outcome:
    given = {"practice": "ci", "why": "", "evidence": (), "weight": 1, "tier": "core", **more}
    return Outcome(category=category, status=status, **given)  # type: ignore[arg-type]


def _all(status: Status, count: int = 3) -> tuple[Outcome, ...]:
    return tuple(_outcome(category, status) for category in CATEGORIES for _ in range(count))


@pytest.mark.parametrize(
    ("health", "letter"),
    [(1.0, "A"), (0.8, "A"), (0.79, "B"), (0.65, "B"), (0.64, "C"), (0.5, "C"), (0.49, "D"), (0.35, "D"), (0.0, "E")],
)
def test_a_letter_begins_at_its_border(health: float, letter: str) -> None:
    assert letter_of(health) == letter


def test_what_does_not_apply_leaves_both_sums() -> None:
    outcomes = (_outcome("data", "present"), _outcome("data", "missing"), _outcome("data", "not-applicable"))
    found = score([], outcomes, 1000).categories["data"]
    assert (found.coverage, found.asked) == (0.5, 2)


def test_a_partial_practice_counts_half_and_weights_count() -> None:
    outcomes = (_outcome("data", "partial", weight=3), _outcome("data", "missing", weight=1))
    assert score([], outcomes, 1000).categories["data"].coverage == 0.375


def test_without_practices_there_is_no_grade() -> None:
    assert score([], (), 1000).grade is None


def test_a_category_without_either_number_has_no_letter() -> None:
    found = score([], (_outcome("data", "present"),), 1000).categories["feedback"]
    assert (found.grade, found.coverage, found.debt) == (None, None, None)


def test_the_letter_is_at_most_two_above_the_weakest_category_of_three_practices() -> None:
    bad = tuple(_outcome("feedback", "missing") for _ in range(3))
    good = tuple(o for o in _all("present") if o.category != "feedback")
    assert score([], (*good, *bad), 1000).grade == "C"
    assert score([], (*good, *bad[:2]), 1000).grade == "A"


@pytest.mark.parametrize(("said", "letter"), [("", "D"), ("accepted: revoked long ago", "A")])
def test_a_committed_secret_caps_at_d_until_it_is_annotated(said: str, letter: str) -> None:
    secret = _outcome(
        "operations",
        "missing",
        practice="secrets-hygiene",
        evidence=(Evidence("a.py", 1, "committed-secret", "none", "a key is written out"),),
        said=said,
    )
    assert score([], (*_all("present"), secret), 1000).grade == letter


def test_advanced_practices_alone_never_bring_a_category_below_b() -> None:
    outcomes = (
        _outcome("feedback", "present"),
        *(_outcome("feedback", "missing", tier="advanced") for _ in range(9)),
    )
    assert score([], outcomes, 1000).categories["feedback"].grade == "B"


def test_the_range_reaches_over_the_border_that_is_near() -> None:
    found = score([], _all("present"), 1000)
    assert found.between == ("A", "A")
    half = score([], (*_all("partial", 1),), 1000)
    assert half.between is not None
    assert half.between[0] >= half.between[1]


def test_less_debt_is_never_a_higher_percentile() -> None:
    for category in CATEGORIES:
        known = reference()[category]
        assert list(known) == sorted(known)
        shares = [share for minutes in (0, 1, 10, 100, 1000) if (share := percentile(category, minutes)) is not None]
        assert shares == sorted(shares)
        assert all(share <= 1 for share in shares)


def test_no_debt_of_a_kind_that_hardly_anybody_has_is_no_merit_but_some_of_it_counts() -> None:
    assert percentile("code", 0) == 0.0
    assert percentile("feedback", 0) is None
    assert (percentile("feedback", 1) or 0) > 0.95
