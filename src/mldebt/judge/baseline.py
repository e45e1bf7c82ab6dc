"""The baseline: a committed file of the findings a project starts with, so that only what comes after them counts.

It names findings by fingerprint and clone classes by their members, as a comparison of two commits does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from mldebt.errors import UsageError
from mldebt.judge.clone_classes import CloneClass, clone_classes, has_grown, paired
from mldebt.model import BaselineUse, Finding, Report

FILE = ".mldebt-baseline.json"
SCHEMA = 1


class Entry(NamedTuple):
    """A finding that is accepted; `clones` has the members of a clone class."""

    path: str
    rule: str
    fingerprint: str
    clones: CloneClass | None = None


class Match(NamedTuple):
    """Which entry each finding is, by the finding's fingerprint; the clone classes that have grown; what is gone."""

    known: dict[str, Entry]
    grown: frozenset[str]
    gone: tuple[Entry, ...]


class _Class(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fingerprint: str
    lines: int
    members: tuple[tuple[str, str], ...]


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    path: str
    rule: str
    count: int
    fingerprints: tuple[str, ...] = ()
    classes: tuple[_Class, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    findings: tuple[_Row, ...]


class _Head(msgspec.Struct, frozen=True):
    schema: int


def decode(data: bytes, name: str) -> tuple[Entry, ...]:
    """The entries of a baseline file. Raises UsageError for one that is broken or that a later version wrote."""
    try:
        schema = msgspec.json.decode(data, type=_Head).schema
        if schema != SCHEMA:
            raise UsageError(f"{name} has schema {schema} and this mldebt knows {SCHEMA}: update mldebt")
        rows = msgspec.json.decode(data, type=_File).findings
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{name} is no baseline ({error}): delete it, and let `mldebt baseline` write it") from error
    for row in rows:
        if row.count != len(row.fingerprints) + len(row.classes):
            raise UsageError(f"{name} counts {row.count} {row.rule} in {row.path} and names others: was it edited?")
    return tuple(entry for row in rows for entry in _entries(row))


def _entries(row: _Row) -> Iterable[Entry]:
    for fingerprint in row.fingerprints:
        yield Entry(row.path, row.rule, fingerprint)
    for one in row.classes:
        members = CloneClass(one.fingerprint, row.rule, Counter(one.members), one.lines)
        yield Entry(row.path, row.rule, one.fingerprint, members)


def encode(entries: Iterable[Entry]) -> bytes:
    """A baseline file: a line for each path and rule, sorted, so that a diff of it can be read."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.path, entry.rule].append(entry)
    rows = (_encoded(_row(path, rule, groups[path, rule])) for path, rule in sorted(groups))
    return b'{"schema": %d, "findings": [\n%s\n]}\n' % (SCHEMA, b",\n".join(rows))


def _row(path: str, rule: str, entries: list[Entry]) -> _Row:
    plain = sorted(entry.fingerprint for entry in entries if entry.clones is None)
    classes = sorted((entry.clones for entry in entries if entry.clones is not None), key=lambda c: c.fingerprint)
    rows = tuple(_Class(c.fingerprint, c.lines, tuple(sorted(c.members.elements()))) for c in classes)
    return _Row(path, rule, len(entries), tuple(plain), rows)


def _encoded(row: _Row) -> bytes:
    return msgspec.json.format(msgspec.json.encode(row), indent=-1)


def entries_of(findings: Iterable[Finding]) -> list[Entry]:
    """What a baseline says of findings."""
    kept = [finding for finding in findings if finding.standing != "fixed"]
    classes = clone_classes(kept)
    return [Entry(f.at.path, f.rule, f.fingerprint, classes.get(f.fingerprint)) for f in kept]


def match(findings: Iterable[Finding], entries: Iterable[Entry], is_looked_at: Callable[[Entry], bool]) -> Match:
    """Which finding is which entry; an entry is gone only if the scan looked where it was, for what it was."""
    by_print = {entry.fingerprint: entry for entry in entries}
    known: dict[str, Entry] = {}
    now = {one.fingerprint: one for one in entries_of(findings)}
    classes = {key: one.clones for key, one in now.items() if one.clones is not None}
    before = {key: entry.clones for key, entry in by_print.items() if entry.clones is not None}
    were = paired(classes, before)
    for key in now:
        old = were[key].fingerprint if key in were else key
        if old in by_print:
            known[key] = by_print[old]
    met = {entry.fingerprint for entry in known.values()}
    grown = frozenset(key for key, old in were.items() if has_grown(classes[key], old))
    gone = (e for e in by_print.values() if e.fingerprint not in met and is_looked_at(e))
    return Match(known, grown, tuple(sorted(gone, key=lambda e: (e.path, e.rule, e.fingerprint))))


def accept(report: Report, entries: tuple[Entry, ...], is_looked_at: Callable[[Entry], bool]) -> Report:
    """The report with what the baseline knows as `kept`; a clone class with a further member stays new."""
    found = match(report.findings, entries, is_looked_at)
    old = found.known.keys() - found.grown
    findings = tuple(
        msgspec.structs.replace(f, standing="kept") if f.standing == "new" and f.fingerprint in old else f
        for f in report.findings
    )
    use = BaselineUse(len(entries), len(found.gone))
    return msgspec.structs.replace(report, findings=findings, baseline=use)


def renewed(
    findings: Iterable[Finding], entries: tuple[Entry, ...], is_looked_at: Callable[[Entry], bool], grow: bool
) -> tuple[list[Entry], list[Finding]]:
    """The entries a baseline has now, and the findings that it would have to grow for; it takes them if it may.

    What is gone leaves it, and what was not looked at stays in it.
    """
    present = [finding for finding in findings if finding.standing != "fixed"]
    found = match(present, entries, is_looked_at)
    extra = [f for f in present if f.fingerprint not in found.known or f.fingerprint in found.grown]
    taken = {entry.fingerprint: entry for entry in entries_of(present)}
    leaves = {entry.fingerprint for entry in (*found.gone, *found.known.values())}
    kept = [entry for entry in entries if entry.fingerprint not in leaves]
    kept.extend(entry if key in found.grown and not grow else taken[key] for key, entry in found.known.items())
    if grow:
        kept.extend(taken[f.fingerprint] for f in extra if f.fingerprint not in found.known)
    return kept, extra
