"""The hook `mldebt-dead-code`: dead code that the staged change adds."""

from __future__ import annotations

import sys

from mldebt.hook import run


def main() -> int:
    """Check the files named by the arguments; the exit code."""
    return run(("dead-code",), sys.argv[1:])
