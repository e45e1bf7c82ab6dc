"""The log of a crash of ours."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from collections.abc import Sequence


def write_log(error: Exception, arguments: Sequence[str]) -> str:
    """Write the trace to a file of its own and give its name; the temporary folder is the user's."""
    descriptor, name = tempfile.mkstemp(prefix="mldebt-crash-", suffix=".log")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as stream:
        stream.write(f"mldebt {' '.join(arguments)}\nPython {platform.python_version()} on {platform.platform()}\n")
        stream.writelines(traceback.format_exception(error))
    return name
