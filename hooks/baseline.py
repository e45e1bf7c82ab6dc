"""The hook `mldebt-baseline`: the committed baseline holds nothing that is gone."""

from __future__ import annotations

from mldebt.hook import run_baseline


def main() -> int:
    """Check the baseline that is staged; the exit code."""
    return run_baseline()
