"""What a step hands to the steps after it, and the page that its run shows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from mldebt.errors import UsageError

SUMMARY = 1_000_000  # bytes; GitHub drops a summary of more than 1,048,576 whole
_LONGEST = 10_000  # characters of an output


def write_outputs(file: str, values: Mapping[str, object]) -> None:
    """Append outputs to the file the runner reads; nothing in a value can end it or begin another one."""
    delimiter = f"mldebt-{secrets.token_hex(16)}"
    rows = (f"{name}<<{delimiter}\n{str(value)[:_LONGEST]}\n{delimiter}\n" for name, value in values.items())
    _append(file, "".join(rows).encode(errors="replace"))


def write_summary(file: str, text: str) -> None:
    """Append to the summary of the step; what is too long for it is not written."""
    data = text.encode(errors="replace")
    if len(data) <= SUMMARY:
        _append(file, data)


def _append(file: str, data: bytes) -> None:
    """Nothing is written outside of Actions, where the runner names no file."""
    if not file:
        return
    try:
        with Path(file).open("ab") as stream:
            stream.write(data)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from error
