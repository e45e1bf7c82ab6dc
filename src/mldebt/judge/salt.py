"""What the cache depends on beside content."""

from __future__ import annotations

import os
import platform
import sys
from functools import lru_cache
from pathlib import Path

import mldebt

_TOOLS = ("libcst-", "pyyaml-", "radon-", "vulture-")  # what facts and proofs come from beside our own code


@lru_cache(maxsize=1)
def salt() -> bytes:
    """Our version, our own source files, Python's version and those of the libraries that look at code."""
    package = Path(mldebt.__file__).parent
    states = sorted(
        (str(file.relative_to(package)), file.stat().st_mtime_ns, file.stat().st_size)
        for pattern in ("*.py", "*.yaml")
        for file in package.rglob(pattern)
    )
    return f"{mldebt.__version__}:{platform.python_version()}:{tools(sys.path)}:{states}".encode()


def tools(folders: list[str]) -> list[str]:
    """The installed versions of those libraries.

    By the names of their folders, which is five times faster than asking for their metadata.
    """
    found: list[str] = []
    for folder in filter(os.path.isdir, folders):
        with os.scandir(folder) as entries:
            found.extend(entry.name for entry in entries if entry.name.lower().startswith(_TOOLS))
    return sorted(name for name in found if name.endswith((".dist-info", ".egg-info")))
