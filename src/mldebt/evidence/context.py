"""What the place of a file says of the weight of what lies in it."""

from __future__ import annotations

import re

from mldebt.practices import ORDER, Strength

_TESTS = re.compile(r"(?:^|/)(?:tests?|testing|conftest\.py|test_[^/]*\.py|[^/]*_test\.py)(?:/|$)", re.IGNORECASE)
_SHOWN = re.compile(
    r"(?:^|/)(?:examples?|samples?|demos?|docs?|tutorials?|benchmarks?|playground|sandbox)(?:/|$)", re.IGNORECASE
)
_PLUGGED = re.compile(r"(?:^|/)(?:loggers|integrations?|callbacks|plugins|contrib)(?:/|$)", re.IGNORECASE)
ABOUT_TESTS = frozenset({"unit-tests", "model-tests", "data-validation", "static-analysis", "ci", "large-files"})
IN_PRODUCTION = frozenset(
    """drift-monitoring service-monitoring alerting dashboards prediction-logging safe-rollout model-registry
    evaluation-gate feature-store feedback-safeguards continuous-training explainability""".split()
)


def is_test(path: str) -> bool:
    """Whether a path lies among tests."""
    return bool(_TESTS.search(path))


def is_shown(path: str) -> bool:
    """Whether a path lies among examples or documents."""
    return bool(_SHOWN.search(path))


def is_aside(path: str) -> bool:
    """Whether a path is no part of what the project itself runs: tests, examples, documents."""
    return is_test(path) or is_shown(path)


def demoted(strength: Strength, path: str, practice: str, all_shown: bool = False) -> Strength:
    """The strength of evidence in a file, one step down where the file is not what the project runs.

    With `all_shown`, examples are what the project is.
    """
    if _PLUGGED.search(path) and practice != "experiment-tracking":
        return "weak"  # an integration runs only for who plugs it in
    steps = 0
    if (
        (is_test(path) and practice not in ABOUT_TESTS)
        or (is_shown(path) and not all_shown)
        or (path.endswith(".ipynb") and practice in IN_PRODUCTION)
    ):
        steps = 1
    return ORDER[max(1, ORDER.index(strength) - steps)] if strength != "none" else "none"
