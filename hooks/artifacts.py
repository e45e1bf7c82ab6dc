"""The hook `mldebt-artifacts`: configuration that the staged change makes name what is not there."""

from __future__ import annotations

import sys

from mldebt.hook import run


def main() -> int:
    """Check the files named by the arguments; the exit code."""
    return run(("artifacts",), sys.argv[1:])
