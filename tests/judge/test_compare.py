"""What is new against a base, what was there before, and what was paid off."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest

from mldebt.judge.compare import compare
from mldebt.model import FileCounts, Finding, Report, Span


def finding(path: str, line: int, mark: str, *, says: str = "is debt", symbol: str | None = None) -> Finding:
    at = Span(path, line, line, 1, None)
    return Finding("dead-import", "dead-code", "code", "import", "low", 1.0, 1, at, symbol, says, (), mark)


def report(*findings: Finding, commit: str | None = None) -> Report:
    return Report(commit, None, FileCounts(1, 0, 0, 1), findings, ())


def standings(now: Report, base: Report, renamed: Mapping[str, str] | None = None) -> list[tuple[str, int, str, str]]:
    compared = compare(now, base, renamed or {})
    return [(f.at.path, f.at.line, f.fingerprint, f.standing) for f in compared.findings]


def test_findings_are_told_apart_by_their_fingerprints() -> None:
    now = report(finding("a.py", 5, "moved"), finding("a.py", 9, "added"))
    base = report(finding("a.py", 1, "moved"), finding("a.py", 7, "gone"), commit="c" * 40)
    assert standings(now, base) == [
        ("a.py", 5, "moved", "kept"),
        ("a.py", 7, "gone", "fixed"),
        ("a.py", 9, "added", "new"),
    ]
    assert compare(now, base).base == "c" * 40


def test_the_same_report_has_nothing_new() -> None:
    one = report(finding("a.py", 1, "x"), finding("b.py", 1, "y"))
    assert {standing for *_, standing in standings(one, one)} == {"kept"}


@pytest.mark.parametrize(("renamed", "standing"), [({"new.py": "old.py"}, "kept"), ({}, "new")])
def test_findings_go_with_a_file_that_is_renamed(renamed: dict[str, str], standing: str) -> None:
    now = report(finding("new.py", 1, "x", symbol="new.f", says="`f` of new.py is unused"))
    base = report(finding("old.py", 1, "y", symbol="new.f", says="`f` of old.py is unused"))
    assert (("new.py", 1, "x", standing)) in standings(now, base, renamed)
    assert len(standings(now, base, renamed)) == (1 if renamed else 2)


def test_of_two_alike_in_a_renamed_file_one_may_be_new() -> None:
    now = report(finding("new.py", 1, "x"), finding("new.py", 2, "y"))
    base = report(finding("old.py", 1, "z"))
    assert standings(now, base, {"new.py": "old.py"}) == [("new.py", 1, "x", "kept"), ("new.py", 2, "y", "new")]


def test_a_copy_is_not_a_rename() -> None:
    now = report(finding("copy.py", 1, "x"), finding("old.py", 1, "z"))
    base = report(finding("old.py", 1, "z"))
    assert standings(now, base) == [("copy.py", 1, "x", "new"), ("old.py", 1, "z", "kept")]


def in_definition(path: str, mark: str, *, kind: str = "", scope: str = "", says: str = "is debt") -> Finding:
    """A finding in a definition, or on one."""
    one = finding(path, 1, mark, says=says, symbol="fit")
    return msgspec.structs.replace(one, kind=kind, scope=scope)


@pytest.mark.parametrize(
    ("kind", "scope", "says", "expected"),
    [
        ("function", "", "is debt", {"kept"}),
        ("", "fit", "is debt", {"kept"}),
        ("", "fit", "is another", {"new", "fixed"}),
        ("import", "", "is debt", {"new", "fixed"}),
    ],
)
def test_a_finding_goes_with_its_definition_to_another_file(
    kind: str, scope: str, says: str, expected: set[str]
) -> None:
    now = report(in_definition("b.py", "y", kind=kind, scope=scope, says=says))
    base = report(in_definition("a.py", "x", kind=kind, scope=scope))
    assert {standing for *_, standing in standings(now, base)} == expected


def test_a_definition_that_is_copied_to_another_file_brings_a_finding() -> None:
    now = report(in_definition("a.py", "x", kind="function"), in_definition("b.py", "y", kind="function"))
    base = report(in_definition("a.py", "x", kind="function"))
    assert standings(now, base) == [("a.py", 1, "x", "kept"), ("b.py", 1, "y", "new")]


def test_what_identifies_a_finding_may_say_more_when_its_file_is_renamed() -> None:
    now = msgspec.structs.replace(finding("new.py", 1, "x", says="has 30 paths"), identity="fit")
    base = msgspec.structs.replace(finding("old.py", 1, "y", says="has 25 paths"), identity="fit")
    assert standings(report(now), report(base), {"new.py": "old.py"}) == [("new.py", 1, "x", "kept")]


def clone(
    mark: str, *members: tuple[str, int, int], symbol: str | None = "fit", rule: str = "cloned-function"
) -> Finding:
    """A clone class of members (path, line, end line)."""
    at, *see = [Span(path, line, end, 1, None, symbol=symbol) for path, line, end in members]
    return Finding(rule, "clones", "code", "type-2", "medium", 1.0, 1, at, symbol, "is copied", tuple(see), mark)


A, B, C, D = ("a.py", 1, 20), ("b.py", 5, 24), ("c.py", 9, 28), ("d.py", 1, 20)
CLASSES = {
    "a third copy": (clone("x", A, B, C), clone("x", A, B), {"new"}),
    "a third copy in a file before the others": (clone("y", C, A, B), clone("x", A, B), {"new"}),
    "a copy less": (clone("x", A, B), clone("x", A, B, C), {"kept"}),
    "the first copy less": (clone("y", B, C), clone("x", A, B, C), {"kept"}),
    "a copy that went to another file": (clone("x", A, C), clone("x", A, B), {"kept"}),
    "all copies that went to other files": (clone("y", C, D), clone("x", A, B), {"kept"}),
    "a copy that went to another file, and one more": (clone("x", A, C, D), clone("x", A, B), {"new"}),
    "a nameless copy in another file": (clone("x", A, C, symbol=None), clone("x", A, B, symbol=None), {"new"}),
    "nameless copies in other files": (
        clone("y", C, D, symbol=None),
        clone("x", A, B, symbol=None),
        {"new", "fixed"},
    ),
    "an edit of the shape in all copies": (clone("y", A, B), clone("x", A, B), {"kept"}),
    "an edit and a third copy": (clone("y", A, B, C), clone("x", A, B), {"new"}),
    "what is left of it": (clone("y", ("a.py", 1, 9), ("b.py", 1, 9)), clone("x", A, B), {"kept"}),
    "a longer class in the same files": (
        clone("x", A, B),
        clone("y", ("a.py", 1, 9), ("b.py", 1, 9)),
        {"new", "fixed"},
    ),
    "another function": (clone("y", A, B, symbol="score"), clone("x", A, B), {"new", "fixed"}),
    "another rule": (clone("y", A, B, rule="cloned-file"), clone("x", A, B), {"new", "fixed"}),
}


@pytest.mark.parametrize(("now", "base", "expected"), CLASSES.values(), ids=CLASSES)
def test_a_clone_class_is_known_by_its_members_and_new_with_more(
    now: Finding, base: Finding, expected: set[str]
) -> None:
    assert {standing for *_, standing in standings(report(now), report(base))} == expected


def test_a_clone_class_goes_with_a_member_that_is_renamed() -> None:
    now, base = report(clone("y", ("z.py", 1, 20), B)), report(clone("x", A, B))
    assert {standing for *_, standing in standings(now, base, {"z.py": "a.py"})} == {"kept"}


@pytest.mark.parametrize(("edited", "standing"), [(True, "new"), (False, "kept")])
def test_a_clone_class_is_new_only_if_a_member_was_edited(edited: bool, standing: str) -> None:
    compared = compare(report(clone("x", A, B), finding("a.py", 1, "y")), report(), {}, lambda _: edited)
    assert [(f.rule, f.standing) for f in compared.findings] == [("cloned-function", standing), ("dead-import", "new")]
