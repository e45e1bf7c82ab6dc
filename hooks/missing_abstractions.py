"""The hook `mldebt-missing-abstractions`: what belongs together and has no name, and is staged."""

from __future__ import annotations

import sys

from mldebt.hook import run


def main() -> int:
    """Check the files named by the arguments; the exit code."""
    return run(("missing-abstractions",), sys.argv[1:])
