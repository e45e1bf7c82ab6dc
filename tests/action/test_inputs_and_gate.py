"""Inputs become settings or a sentence, and the gate decides by the numbers it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from mldebt.action.base import find_base, inside
from mldebt.action.gate import judge
from mldebt.action.inputs import Inputs, inputs
from mldebt.errors import UsageError
from mldebt.github.event import event
from mldebt.model import CategoryScore, FileCounts, Finding, Report, Score, Span

AT = Span("a.py", 1, 1, 1, None)
ONE = Finding("dead-import", "dead-code", "code", "import", "low", 1.0, 5, AT, "os", "is unused", (), "f")


def scored(health: float) -> Score:
    return Score("B", ("B", "B"), 5, {"code": CategoryScore("B", 5, health, health, health, 3)})


def report(*standings: tuple[str, str], score: float = 0.7, before: float | None = None) -> Report:
    found = tuple(msgspec.structs.replace(ONE, standing=standing, severity=level) for standing, level in standings)
    base = scored(before) if before is not None else None
    return Report("a" * 40, "b" * 40, FileCounts(1, 0, 0, 9), found, (), score=scored(score), base_score=base)


def test_an_empty_input_is_its_default_and_lists_are_read_by_line_or_comma() -> None:
    assert inputs({"MLDEBT_INPUT_MODE": "", "MLDEBT_INPUT_FAIL_ON": " \n"}) == Inputs()
    found = inputs({"MLDEBT_INPUT_PATHS": "src\n\n tests \n", "MLDEBT_INPUT_FAIL_ON": "new, score-drop"})
    assert (found.paths, found.fail_on) == (("src", "tests"), ("new", "score-drop"))
    found = inputs({"MLDEBT_INPUT_SUMMARY": "false", "MLDEBT_INPUT_MAX_NEW": "3", "MLDEBT_INPUT_TIMEOUT": "2h"})
    assert (found.summary, found.max_new, found.seconds) == (False, 3, 7200)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "both"),
        ("FAIL_ON", "sometimes"),
        ("FORMATS", "docx"),
        ("MAX_NEW", "-1"),
        ("MAX_NEW", "many"),
        ("MIN_SCORE", "101"),
        ("COMMENT_ID", "a --> b"),
        ("COMMENT_ID", "a\nb"),
        ("JOBS", "all"),
        ("SUMMARY", "perhaps"),
    ],
)
def test_a_wrong_input_is_named(name: str, value: str) -> None:
    with pytest.raises(UsageError, match="input"):
        inputs({f"MLDEBT_INPUT_{name}": value})


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "", ".", "HEAD:x", "..\\x"])
def test_a_path_out_of_the_repository_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="inside the repository"):
        inside("config", path)
    assert inside("config", "./conf//mldebt.toml") == "conf/mldebt.toml"


NEW, HIGH, OLD, GONE = ("new", "low"), ("new", "high"), ("kept", "high"), ("fixed", "high")
CASES: dict[str, tuple[dict[str, Any], Report, str, tuple[str, ...]]] = {
    "off": ({}, report(NEW, HIGH), "off", ()),
    "new": ({"fail_on": ("new",)}, report(NEW, HIGH, OLD, GONE), "failed", ("2 new findings",)),
    "new, allowed": ({"fail_on": ("new",), "max_new": 2}, report(NEW, HIGH), "passed", ()),
    "new, too many": ({"fail_on": ("new",), "max_new": 1}, report(NEW, HIGH), "failed", ("2 new findings, 1 allowed",)),
    "new-high": ({"fail_on": ("new-high",)}, report(NEW, HIGH), "failed", ("1 new finding of high severity",)),
    "new-high, old": ({"fail_on": ("new-high",)}, report(NEW, OLD), "passed", ()),
    "any-high": ({"fail_on": ("any-high",)}, report(NEW, OLD, GONE), "failed", ("1 finding of high severity",)),
    "any is not the new that pass": ({"fail_on": ("any",), "max_new": 9}, report(OLD), "failed", ("1 finding",)),
    "medium": ({"fail_on": ("medium",)}, report(NEW, OLD), "failed", ("1 finding of medium severity or above",)),
    "drop": ({"fail_on": ("score-drop",)}, report(score=0.6, before=0.7), "failed", ("the score falls by 10",)),
    "drop, allowed": ({"fail_on": ("score-drop",), "max_score_drop": 10}, report(score=0.6, before=0.7), "passed", ()),
    "drop, no base": ({"fail_on": ("score-drop",)}, report(score=0.6), "passed", ()),
    "below": ({"fail_on": ("score-below",), "min_score": 71}, report(), "failed", ("the score is 70 and not 71",)),
    "two": ({"fail_on": ("new", "any-high", "new")}, report(OLD), "failed", ("1 finding of high severity",)),
    "none of the settings": ({"fail_on": ("none",)}, report(NEW), "off", ()),
}


@pytest.mark.parametrize(("given", "value", "state", "reasons"), CASES.values(), ids=CASES)
def test_the_gate_names_what_decided(
    given: dict[str, Any], value: Report, state: str, reasons: tuple[str, ...]
) -> None:
    verdict = judge(value, Inputs(**given), "none")
    assert (verdict.state, verdict.reasons) == (state, reasons)


def test_without_an_input_the_settings_decide() -> None:
    assert judge(report(NEW), Inputs(), "new").reasons == ("1 new finding",)


def test_a_base_that_was_named_is_looked_for_here_and_at_origin(repo: Path, git: Any) -> None:
    git(repo, "commit", "-q", "--allow-empty", "-m", "one")
    head = git(repo, "rev-parse", "HEAD")
    git(repo, "update-ref", "refs/remotes/origin/release", head)
    nothing = event({})
    assert find_base(repo, "main", nothing).commit == find_base(repo, "release", nothing).commit == head
    assert find_base(repo, "auto", nothing) == (None, "")
    assert "names no commit here" in find_base(repo, "--all", nothing).why_not
