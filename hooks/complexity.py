"""The hook `mldebt-complexity`: functions and modules too tangled to follow, that the staged change adds."""

from __future__ import annotations

import sys

from mldebt.app import hook


def main() -> int:
    """Check the files named by the arguments; the exit code."""
    return hook(("complexity",), sys.argv[1:])
