"""The hook `mldebt-ml`: misuse of machine-learning libraries, leakage and chance that the staged change adds."""

from __future__ import annotations

import sys

from mldebt.hook import run


def main() -> int:
    """Check the files named by the arguments; the exit code."""
    return run(("ml",), sys.argv[1:])
