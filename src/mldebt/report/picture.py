"""The terminal's report as an SVG, for documents."""

from __future__ import annotations

import io

from mldebt.model import Report
from mldebt.report.terminal import View, show

_WIDTH = 118  # columns


def to_svg(report: Report, view: View, command: str) -> str:
    """What the terminal shows after a command; the same report gives the same bytes."""
    from rich.console import Console

    console = Console(record=True, width=_WIDTH, file=io.StringIO(), force_terminal=True, highlight=False, markup=False)
    console.print(f"$ {command}", style="green")
    show(report, view, console)
    return console.export_svg(title="mldebt", unique_id="mldebt")
