"""Reports in the formats asked for, each to its file or to standard output."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mldebt import __version__
from mldebt.errors import UsageError

if TYPE_CHECKING:
    from mldebt.model import Report
    from mldebt.report.terminal import View

FORMATS = ("terminal", "json", "sarif", "gitlab", "junit", "markdown")


def paired(formats: tuple[str, ...], files: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Formats with their files; one format without a file goes to standard output."""
    if len(files) > len(formats) and not (len(files) == 1 and not formats):
        raise UsageError(f"{len(files)} -o for {len(formats)} --format: give each format its file")
    forms = formats or ("terminal",)
    return [(form, files[i] if i < len(files) else None) for i, form in enumerate(forms)]


def write(report: Report, form: str, file: str | None, view: View, gate: tuple[str, int]) -> None:
    """Write a report in one of the FORMATS; the gate is the threshold with the number of findings over it.

    Raises UsageError for a file that cannot be written.
    """
    if form == "markdown":
        put(_comment(report, view.root, gate), file)
        return
    if form != "terminal":
        put(as_bytes(report, form, view.root), file)
        return
    from mldebt.report.terminal import print_report

    if file is None:
        print_report(report, view, sys.stdout)
    else:
        text = io.StringIO()
        print_report(report, view, text)
        put(text.getvalue().encode("utf-8", errors="replace"), file)


def as_bytes(report: Report, form: str, root: Path) -> bytes:
    """A report in one of the FORMATS that are for programs; JSON if it is another one."""
    if form == "sarif":
        from mldebt.report.sarif import to_sarif
        from mldebt.rules.catalogue import texts

        return to_sarif(report, texts(), __version__, root)
    if form == "gitlab":
        from mldebt.report.gitlab import to_gitlab

        return to_gitlab(report)
    if form == "junit":
        from mldebt.report.junit import to_junit

        return to_junit(report)
    from mldebt.report.json import to_json

    return to_json(report, __version__)


def _comment(report: Report, root: Path, gate: tuple[str, int]) -> bytes:
    from mldebt.github.event import pull_request
    from mldebt.report.markdown import to_markdown
    from mldebt.report.markdown_occasion import Gate, Occasion
    from mldebt.rules.catalogue import texts

    return to_markdown(report, texts(), __version__, root, Occasion(Gate(*gate), pull_request(os.environ)))


def put(data: bytes, file: str | None) -> None:
    """Write bytes to a file, or to standard output. Raises UsageError if that cannot be done."""
    if file is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        Path(file).write_bytes(data)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from error
