"""What git makes of a patch."""

from __future__ import annotations

import subprocess
from pathlib import Path


def applied_by_git(file: Path, text: str, hunks: str) -> str:
    """A file of this text after git has applied the hunks."""
    file.write_bytes(text.encode())
    patch = f"--- a/{file.name}\n+++ b/{file.name}\n{hunks}".encode()
    done = subprocess.run(["git", "apply", "--verbose", "-"], cwd=file.parent, input=patch, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return file.read_bytes().decode()
