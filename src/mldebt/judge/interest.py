"""Interest: how often git says that the place of a debt changes, for what a debt costs while it is not paid."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from mldebt.errors import GitError
from mldebt.model import Finding, Report
from mldebt.read.cache import Cache
from mldebt.read.git import LAST, changed_lately


def with_interest(report: Report, root: Path, cache: Cache) -> Report:
    """The report, each finding with the number of the last commits that changed its file; as it is without git."""
    if report.commit is None or not report.findings:
        return report
    counts = _counts(root, report.commit, cache)
    found = (_weighed(finding, counts) for finding in report.findings)
    return msgspec.structs.replace(report, findings=tuple(found))


def _weighed(finding: Finding, counts: dict[str, int]) -> Finding:
    changes = counts.get(finding.at.path, 0)
    return msgspec.structs.replace(finding, changes=changes) if changes else finding


def _counts(root: Path, commit: str, cache: Cache) -> dict[str, int]:
    """Commits by file, kept with the commit that they lead to."""
    name = f"changes:{LAST}:{commit}"
    kept = cache.get_many([name]).get(name)
    if kept is not None:
        return msgspec.msgpack.decode(kept, type=dict[str, int])
    try:
        counts = dict(sorted(Counter(changed_lately(root, commit)).items()))
    except GitError:
        return {}  # a clone without its history has no interest, and a debt all the same
    cache.put_many({name: msgspec.msgpack.encode(counts)})
    return counts
