"""SARIF, GitLab's report and JUnit: what the systems that read them require, and what hostile text must not break."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from mldebt.model import FileCounts, Finding, Problem, Report, RuleText, Span
from mldebt.report.gitlab import to_gitlab
from mldebt.report.junit import to_junit
from mldebt.report.sarif import MOST_RESULTS, to_sarif

RULES = [
    RuleText("stale-code", "Code that is stale", "Stale code.\n\n## Why\nReaders.\n", "code", "dead-code", "low"),
    RuleText("bad-split", "A bad split", "A bad split.\n" * 200, "data", "ml", "high"),
    RuleText("deep-code", "Code that is deep", "Deep code.\n", "complexity", "complexity", "medium"),
]
HOSTILE = "a\x1b[31m\x00\ufffe<b>&\"'\u202e\udcff::error::"


def finding(rule: str = "stale-code", path: str = "a.py", **more: Any) -> Finding:
    at = Span(path, more.pop("line", 1), more.pop("end_line", 1), more.pop("column", 1), more.pop("cell", None))
    severity = next(rule_text.severity for rule_text in RULES if rule_text.name == rule)
    given = {"says": "is debt", "see": (), "fingerprint": "f0", "standing": "new", "confidence": 0.9, **more}
    return Finding(rule, "dead-code", "code", "", severity, minutes=3, at=at, symbol=None, **given)


def report(*findings: Finding, problems: tuple[Problem, ...] = ()) -> Report:
    return Report(None, None, FileCounts(1, 0, 0, 9), findings, problems)


def sarif(value: Report, root: Path = Path("/nonexistent")) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_sarif(value, RULES, "1.2.3", root))["runs"][0]
    return found


def test_sarif_lists_every_rule_with_its_texts_and_points_at_it_by_number() -> None:
    run = sarif(report(finding("stale-code")))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["bad-split", "deep-code", "stale-code"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        tags = rule["properties"]["tags"]
        assert len(tags) == len(set(tags)) <= 10
        assert "security-severity" not in rule["properties"], "it would make debt a security alert"
    (result,) = run["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "stale-code"


@pytest.mark.parametrize(
    ("rule", "level", "severity"), [("stale-code", "note", "recommendation"), ("bad-split", "error", "error")]
)
def test_sarif_says_how_grave_a_finding_is(rule: str, level: str, severity: str) -> None:
    run = sarif(report(finding(rule)))
    assert run["results"][0]["level"] == level
    listed = {r["id"]: r["properties"]["problem.severity"] for r in run["tool"]["driver"]["rules"]}
    assert listed[rule] == severity


def test_sarif_ends_a_region_behind_the_last_character_of_its_last_line(tmp_path: Path) -> None:
    (tmp_path / "a b.py").write_text("x = 1\ny = 'äö'\n", encoding="utf-8")
    run = sarif(report(finding(path="a b.py", line=1, end_line=2)), tmp_path)
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 1, "startColumn": 1, "endLine": 2, "endColumn": 9}
    assert place["artifactLocation"]["uri"] == "a%20b.py"
    assert run["columnKind"] == "unicodeCodePoints"


def test_sarif_names_the_cell_in_the_message_and_keeps_to_a_line_the_file_has() -> None:
    (result,) = sarif(report(finding(path="n.ipynb", line=7, end_line=9, cell=4)))["results"]
    assert result["message"]["text"] == "n.ipynb:cell 4:7: is debt"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1


def test_sarif_keeps_the_fingerprint_for_the_line_hash() -> None:
    (result,) = sarif(report(finding(fingerprint="abc")))["results"]
    assert result["partialFingerprints"] == {"primaryLocationLineHash": "abc:1"}


def test_sarif_takes_the_gravest_of_too_many_and_says_so() -> None:
    many = [finding(fingerprint=str(number)) for number in range(MOST_RESULTS + 1)]
    run = sarif(report(*many, finding("bad-split")))
    assert len(run["results"]) == MOST_RESULTS
    assert run["results"][0]["ruleId"] == "bad-split"
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert [note["message"]["text"] for note in notes] == [
        "5000 of 5002 findings are listed, the gravest: code scanning takes no more"
    ]


def test_sarif_takes_as_many_as_fit_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mldebt.report.sarif.MOST_BYTES", 4_000)
    long = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(400)]
    many = report(*(finding("bad-split" if n == 399 else "stale-code", says=text) for n, text in enumerate(long)))
    data = to_sarif(many, RULES, "1.2.3", Path("/nonexistent"))
    run = json.loads(data)["runs"][0]
    assert len(gzip.compress(data)) <= 4_000 + 50
    assert 10 < len(run["results"]) < 400
    assert run["results"][0]["ruleId"] == "bad-split"
    said = run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]
    assert said.startswith(f"{len(run['results'])} of 400 findings are listed")


def test_sarif_shows_no_more_places_of_a_finding_than_are_shown() -> None:
    many = tuple(Span("b.py", number, number, 1, None, note="copy") for number in range(1, 300))
    (result,) = sarif(report(finding(see=many)))["results"]
    assert len(result["locations"]) + len(result["relatedLocations"]) == 101


def test_sarif_is_no_log_of_what_could_not_be_read() -> None:
    run = sarif(report(problems=(Problem("b.py", "is no Python", "unparsable"),) * 1000))
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert len(notes) == 101
    assert notes[-1]["message"]["text"] == "900 more files could not be looked at"


def test_sarif_tells_what_could_not_be_read() -> None:
    run = sarif(report(problems=(Problem("b.py", "is no Python", "unparsable"),)))
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert notes[0]["message"]["text"] == "b.py: is no Python"


def test_gitlab_gets_an_issue_a_finding_with_a_fingerprint_of_its_own() -> None:
    issues = json.loads(to_gitlab(report(finding(fingerprint="a"), finding("bad-split", fingerprint="b"))))
    assert issues[1] == {
        "description": "is debt",
        "check_name": "bad-split",
        "fingerprint": "b",
        "severity": "critical",
        "location": {"path": "a.py", "lines": {"begin": 1}},
    }
    assert [issue["fingerprint"] for issue in issues] == ["a", "b"]


def test_junit_has_a_suite_a_rule_and_a_failure_a_finding() -> None:
    root = ElementTree.fromstring(to_junit(report(finding(), finding("bad-split"), finding("bad-split", "b.py"))))
    assert root.attrib == {"name": "mldebt", "tests": "3", "failures": "3"}
    assert [(suite.get("name"), suite.get("failures")) for suite in root] == [("bad-split", "2"), ("stale-code", "1")]
    case = root[0][1]
    assert case.attrib == {"classname": "b.py", "name": "bad-split b.py:1"}
    assert case[0].attrib == {"message": "is debt", "type": "high"}


def test_junit_tells_findings_on_one_line_apart() -> None:
    two = finding(column=1), finding(column=9, fingerprint="g"), finding(line=2, fingerprint="h")
    root = ElementTree.fromstring(to_junit(report(*two)))
    names = [case.get("name") for case in root.iter("testcase")]
    assert names == ["stale-code a.py:1", "stale-code a.py:1 (2)", "stale-code a.py:2"]


def test_junit_without_findings_has_a_case_that_passes() -> None:
    root = ElementTree.fromstring(to_junit(report()))
    assert root.attrib == {"name": "mldebt", "tests": "1", "failures": "0"}
    assert len(root[0]) == 1
    assert len(root[0][0]) == 0


def test_what_is_paid_off_is_in_no_format() -> None:
    gone = report(finding(standing="fixed"))
    assert sarif(gone)["results"] == []
    assert json.loads(to_gitlab(gone)) == []
    assert ElementTree.fromstring(to_junit(gone)).get("failures") == "0"


def test_hostile_text_leaves_every_format_readable() -> None:
    value = report(
        msgspec.structs.replace(finding(says=HOSTILE), see=(Span(HOSTILE, 1, 1, 1, None, note=HOSTILE),)),
        finding(path=HOSTILE, fingerprint="g"),
        problems=(Problem(HOSTILE, HOSTILE, "unreadable"),),
    )
    texts = [to_sarif(value, RULES, "1", Path("/nonexistent")), to_gitlab(value), to_junit(value)]
    ElementTree.fromstring(texts[2])
    for text in texts:
        assert "\x1b" not in text.decode("utf-8")
        assert "\u202e" not in text.decode("utf-8")
    json.loads(texts[0])
    json.loads(texts[1])
