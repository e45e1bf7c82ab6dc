"""A report against another one's: what is new, what was there, what was paid off."""

from __future__ import annotations

import msgspec

from mldebt.model import Finding, Report


def compare(report: Report, base: Report) -> Report:
    """The report with a standing for each finding, and the base's findings that are gone as `fixed`."""
    before = {finding.fingerprint for finding in base.findings}
    now = {finding.fingerprint for finding in report.findings}
    marked = [_stand(f, "kept" if f.fingerprint in before else "new") for f in report.findings]
    marked.extend(_stand(f, "fixed") for f in base.findings if f.fingerprint not in now)
    marked.sort(key=lambda f: (f.at.path, f.at.cell or 0, f.at.line, f.rule, f.at.column, f.says))
    return msgspec.structs.replace(report, base=base.commit, findings=tuple(marked))


def _stand(finding: Finding, standing: str) -> Finding:
    return msgspec.structs.replace(finding, standing=standing)
