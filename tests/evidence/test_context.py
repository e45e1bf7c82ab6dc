"""Evidence weighs less where it is not what the project runs."""

from __future__ import annotations

import pytest

from mldebt.evidence.context import demoted
from mldebt.practices import Strength


@pytest.mark.parametrize(
    ("path", "practice", "left"),
    [
        ("train.py", "experiment-tracking", "strong"),
        ("tests/test_train.py", "experiment-tracking", "medium"),
        ("examples/train.py", "experiment-tracking", "medium"),
        ("docs/train.py", "experiment-tracking", "medium"),
        ("tests/test_train.py", "unit-tests", "strong"),
        ("tests/data/test_rows.py", "data-validation", "strong"),
        ("examples/tests/test_x.py", "unit-tests", "medium"),
        ("watch.ipynb", "drift-monitoring", "medium"),
        ("watch.ipynb", "experiment-tracking", "strong"),
        ("utils/loggers/comet/hub.py", "model-registry", "weak"),
        ("utils/loggers/comet/hub.py", "experiment-tracking", "strong"),
        ("latest/contest.py", "experiment-tracking", "strong"),
        ("document/train.py", "experiment-tracking", "strong"),
    ],
)
def test_the_place_weighs(path: str, practice: str, left: Strength) -> None:
    assert demoted("strong", path, practice) == left


def test_weak_stays_weak_and_none_stays_none() -> None:
    assert demoted("weak", "tests/x.py", "ci-cd") == "weak"
    assert demoted("none", "tests/x.py", "ci-cd") == "none"


def test_where_all_is_shown_nothing_is_aside() -> None:
    assert demoted("strong", "tutorials/train.py", "experiment-tracking", all_shown=True) == "strong"
    assert demoted("strong", "tests/test_train.py", "experiment-tracking", all_shown=True) == "medium"
