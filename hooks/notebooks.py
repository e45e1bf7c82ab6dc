"""The hook `mldebt-notebooks`: notebook state that the staged change adds."""

from __future__ import annotations

import sys

from mldebt.hook import run


def main() -> int:
    """Check the files named by the arguments; the exit code."""
    return run(("notebooks",), sys.argv[1:])
