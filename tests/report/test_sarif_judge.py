"""What SARIF's own validator, with the rules of GitHub's code scanning, says of our reports: nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt import __version__
from mldebt.cli import main
from mldebt.model import FileCounts, Finding, Problem, Report, Span
from mldebt.report.sarif import to_sarif
from mldebt.rules.catalogue import texts

HOSTILE = "a\x1b[31m\x00\ufffe<b>&\"'\u202e\udcff{0} [x](y) %20"
NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "source": [text], "metadata": {}, "outputs": [], "execution_count": number}
        for number, text in ((3, "import os\nprint(total)\n"), (2, "total = 4\n"))
    ],
    "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture
def judged(npm: Path, tmp_path: Path) -> Callable[[Path], list[str]]:
    """What the validator finds in a file, a line each."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the validator is a program for Linux here")
    program = npm / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
    program.chmod(0o755)  # npm leaves it as it was packed, unless the package's own script runs

    def judge(report: Path) -> list[str]:
        found = tmp_path / "found.sarif"
        rules = ("--rule-kind", "Sarif;Ghas", "--output", str(found), "--log", "ForceOverwrite")
        here = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
        subprocess.run([program, "validate", str(report), *rules], env=here, check=False, capture_output=True)
        (run,) = json.loads(found.read_text("utf-8-sig"))["runs"]
        return [f"{result['ruleId']} {result['message'].get('arguments')}" for result in run.get("results", [])]

    return judge


def test_a_scan_with_all_rules_of_code_notebooks_and_odd_names(
    made: Callable[..., Path], tmp_path: Path, judged: Callable[[Path], list[str]]
) -> None:
    made({"größe é.py": "import os\n\nprint(1)\n", "a b/study.ipynb": json.dumps(NOTEBOOK), "broken.py": "def (:\n"})
    report = tmp_path / "report.sarif"
    with pytest.raises(SystemExit):
        main(["--all-rules", "--format", "sarif", "-o", str(report)])
    assert len(json.loads(report.read_bytes())["runs"][0]["results"]) >= 3
    assert judged(report) == []


def test_hostile_findings_of_all_rules(tmp_path: Path, judged: Callable[[Path], list[str]]) -> None:
    rules = texts()
    findings = []
    for number in range(300):
        rule = rules[number % len(rules)]
        at = Span(f"p{number}/{HOSTILE}.py", 1 + number, 2 + number, 1, None)
        see = (Span(HOSTILE, 1, 1, 1, 3, note=HOSTILE), Span("x.py", 9, 9, 5, None, note="copy"))
        findings.append(
            Finding(
                rule.name, rule.family, rule.category, "", rule.severity, 0.9, 3, at, None, HOSTILE, see, f"f{number}"
            )
        )
    problems = (Problem(HOSTILE, HOSTILE, "unreadable"),) * 200
    report = tmp_path / "many.sarif"
    value = Report(None, None, FileCounts(1, 0, 0, 9), tuple(findings), problems)
    report.write_bytes(to_sarif(value, rules, __version__, tmp_path))
    assert judged(report) == []


def test_the_validator_would_say_something(tmp_path: Path, judged: Callable[[Path], list[str]]) -> None:
    report = tmp_path / "bad.sarif"
    value = Report(None, None, FileCounts(1, 0, 0, 9), (), ())
    text = to_sarif(value, texts(), __version__, tmp_path).decode().replace('"technical-debt"', '"maintainability"')
    report.write_text(text, "utf-8")
    assert judged(report)
