"""What `action.yml` runs: the environment in, an exit code out."""

from __future__ import annotations

import os
import sys

from mldebt.action.run import run
from mldebt.door import exit_code


def main() -> None:
    """Do what the inputs of the step say."""
    sys.exit(exit_code(lambda: run(os.environ), ("action",)))
