"""The hook `mldebt-practices`: the staged change takes away no practice that was there."""

from __future__ import annotations

from mldebt.hook import run_practices


def main() -> int:
    """Check the whole repository as it is staged against HEAD; the exit code."""
    return run_practices()
