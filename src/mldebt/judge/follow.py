"""Two trees held against each other: the comparison of their reports, and the findings of the change itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from mldebt.facts.statements import Items, unpack
from mldebt.judge.compare import compare, in_order
from mldebt.judge.findings import findings, number
from mldebt.judge.gather import gather, key
from mldebt.judge.run import Order, hits_of
from mldebt.judge.suppress import suppress
from mldebt.links.change import Change, Copies, Member
from mldebt.links.edits import Edits, inside
from mldebt.model import FileFacts, Finding, Place, Problem, Report, Span
from mldebt.read.cache import Cache
from mldebt.read.discover import discover
from mldebt.read.tree import Tree

_CLOSER = "inconsistent-clone"  # says of an edit what the other copies have instead
_FOLLOWED = frozenset({"cloned-function", "cloned-script-block", "cloned-notebook-cells"})


class Side(NamedTuple):
    """A tree, and what a scan of it said."""

    tree: Tree
    report: Report


class Difference(NamedTuple):
    """The paths that hold something new, and the names that renamed files had, by the ones they have now."""

    touched: frozenset[str]
    renamed: Mapping[str, str]


def held_against(now: Side, before: Side, difference: Difference, order: Order, kept: Cache) -> Report:
    """The report of a tree against another one's, with what the change did to copies of code.

    A clone class is new only where one of its members was edited: what is left of a larger one is not.
    """
    files = _Files(now, before, difference, kept)
    report = compare(now.report, before.report, difference.renamed, files.is_edited)
    rules = [rule for rule in order.rules if rule.scope == "change"]
    if not rules or not (classes := tuple(files.classes())):
        return report
    problems: list[Problem] = []
    hits = [hit for rule in rules for hit in hits_of(rule, Change(classes), problems)]
    numbered = number(suppress(hits, files.now, frozenset()))
    told = {(f.at.path, f.scope) for f in report.findings if f.rule == _CLOSER and f.standing == "new"}
    own = [f for f in findings(numbered, {rule.name: rule for rule in rules}) if (f.at.path, f.scope) not in told]
    return msgspec.structs.replace(
        report,
        findings=tuple(in_order((*report.findings, *own))),
        problems=tuple(sorted((*report.problems, *problems), key=lambda p: (p.path, p.what))),
    )


class _Files:
    """The files of both trees that hold copies. The scans have left their facts in the cache."""

    def __init__(self, now: Side, before: Side, difference: Difference, kept: Cache) -> None:
        self._touched, self._was = difference
        self._is = {old: new for new, old in self._was.items()}
        self._classes = [f for f in before.report.findings if f.rule in _FOLLOWED and self._is_concerned(f)]
        members = {self._name(span.path) for finding in self._classes for span in _places(finding)}
        fresh = {s.path for f in now.report.findings if f.family == "clones" for s in _places(f)} & self._touched
        self.now = _facts(now.tree, members | fresh, kept)
        self._before = _facts(before.tree, {self._was.get(p, p) for p in self._touched & self.now.keys()}, kept)
        self._edits = {path: self._compared(path) for path in sorted(self._touched & self.now.keys())}

    def is_edited(self, finding: Finding) -> bool:
        """Whether a place of a finding holds something that was not there before."""
        return any(self._is_edited(span) for span in _places(finding) if span.path in self._touched)

    def _is_edited(self, span: Span) -> bool:
        edits = self._edits.get(span.path)
        return edits is None or edits.is_touched(inside(edits.now, _stretches(span)))

    def classes(self) -> Iterator[Copies]:
        """The clone classes before of which a file was edited."""
        for finding in self._classes:
            symbols = (finding.symbol or finding.scope, *(span.symbol or "" for span in finding.see))
            members = map(self._member, _places(finding), symbols)
            yield Copies(finding.rule, finding.kind, tuple(member for member in members if member is not None))

    def _member(self, span: Span, symbol: str) -> Member | None:
        """A member; None if its file is gone."""
        path = self._name(span.path)
        if path not in self.now:
            return None
        return Member(path, symbol, _stretches(span), _items(self.now[path]), self._edits.get(path))

    def _is_concerned(self, finding: Finding) -> bool:
        return any(self._name(span.path) in self._touched for span in _places(finding))

    def _name(self, path: str) -> str:
        return self._is.get(path, path)

    def _compared(self, path: str) -> Edits | None:
        """The edits of a file; None if it is new."""
        before = self._before.get(self._was.get(path, path))
        return Edits(_items(before), _items(self.now[path])) if before is not None else None


def _places(finding: Finding) -> tuple[Span, ...]:
    return (finding.at, *finding.see)


def _stretches(span: Span) -> tuple[Place, ...]:
    return span.parts or (Place(span.line, span.end_line, span.column, span.cell),)


def _items(facts: FileFacts) -> Items:
    return unpack(facts.modules[0].items if facts.modules else b"")


def _facts(tree: Tree, paths: set[str], kept: Cache) -> dict[str, FileFacts]:
    """The facts of these files, as far as the tree has them."""
    if not paths:
        return {}
    found = discover(tree)
    found = msgspec.structs.replace(found, files=[file for file in found.files if file.path in paths])
    return gather(tree, key(tree, found), kept, 1, lambda _: None).files
