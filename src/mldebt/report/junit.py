"""JUnit XML, for systems that know nothing but tests: a suite a rule, a failure a finding."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mldebt.model import Finding, Report
from mldebt.report.excerpt import plain
from mldebt.report.terminal import where

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0, production 2


def to_junit(report: Report) -> bytes:
    """The findings that stand; without any one case that passes, since some systems take no case for an error."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.standing != "fixed":
            groups[finding.rule].append(finding)
    count = sum(len(found) for found in groups.values())
    root = Element("testsuites", name="mldebt", tests=str(count or 1), failures=str(count))
    for rule, found in sorted(groups.items()):
        suite = SubElement(root, "testsuite", name=rule, tests=str(len(found)), failures=str(len(found)))
        seen: Counter[str] = Counter()
        for finding in found:
            seen[where(finding.at)] += 1
            _case(suite, finding, seen[where(finding.at)])
    if not groups:
        suite = SubElement(root, "testsuite", name="mldebt", tests="1", failures="0")
        SubElement(suite, "testcase", classname="mldebt", name="no debt found")
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _case(suite: Element, finding: Finding, count: int) -> None:
    """A case that fails; on one line all but the first have a number, since equal names are taken for one."""
    place = where(finding.at)
    name = f"{finding.rule} {place}" if count == 1 else f"{finding.rule} {place} ({count})"
    case = SubElement(suite, "testcase", classname=_text(finding.at.path), name=_text(name))
    failure = SubElement(case, "failure", message=_text(finding.says), type=finding.severity)
    failure.text = _text("\n".join([f"{place}  {finding.says}", *(f"  {where(s)}  {s.note}" for s in finding.see)]))


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", "\n".join(plain(line) for line in text.split("\n")))
