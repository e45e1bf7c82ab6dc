"""What `--stats` says: the only place with timings."""

from __future__ import annotations

from collections.abc import Mapping


def stats(seconds: Mapping[str, float], counts: Mapping[str, int], lines: int) -> str:
    """Files, lines, seconds by stage, cache hits and the peak memory of the largest process."""
    rows = [f"files {counts.get('files', 0):,}, from the cache {counts.get('cached', 0):,}, lines {lines:,}"]
    rows.extend(f"{stage:10s} {spent:8.3f} s" for stage, spent in seconds.items())
    rows.append(f"{'all':10s} {sum(seconds.values()):8.3f} s")
    rows.append(f"removals refused by the proof {counts.get('refused by the proof', 0)}")
    peak = _peak()
    if peak:
        rows.append(f"peak memory {peak:.0f} MB")
    return "\n".join(rows)


def _peak() -> float:
    """Megabytes of the largest process so far, workers included; 0 where the system does not tell."""
    try:
        import resource
    except ModuleNotFoundError:
        return 0.0
    import sys

    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / unit
