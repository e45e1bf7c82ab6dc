"""Explanations for people: a line a step, each with its place and what stands there."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from mldebt.explanation import Explanation, Step
from mldebt.report.excerpt import Excerpts, plain
from mldebt.report.terminal import where

if TYPE_CHECKING:
    from rich.console import Console

_WIDEST_PLACE = 48
_WIDEST_SAYING = 64
_LONGEST_EXCERPT = 72  # characters


def print_explanations(explanations: list[Explanation], root: Path, stream: TextIO) -> None:
    """Write them to a stream, with colours if it is a terminal."""
    from rich.console import Console

    file = stream if stream.isatty() else io.StringIO()  # rich ends the program when nobody reads its output
    width = None if file is stream else 1_000_000
    console = Console(file=file, width=width, highlight=False, emoji=False, markup=False, soft_wrap=True)
    excerpts = Excerpts(root)
    for number, explanation in enumerate(explanations):
        if number:
            console.print()
        _show(console, explanation, excerpts, root)
    if isinstance(file, io.StringIO) and file is not stream:
        stream.write(file.getvalue())


def _show(console: Console, explanation: Explanation, excerpts: Excerpts, root: Path) -> None:
    from rich.text import Text

    head = plain(explanation.verdict)
    colour = "bold red" if " is dead" in head else "bold green" if " is alive" in head else "bold"
    console.print(Text(head, colour))
    everything = (*explanation.steps, *explanation.remarks)
    place = min(_WIDEST_PLACE, max((len(_place(step)) for step in everything), default=0))
    saying = min(_WIDEST_SAYING, max((len(plain(step.says)) for step in everything), default=0))
    for steps, dim in ((explanation.steps, ""), (explanation.remarks, "dim")):
        for step in steps:
            link = f"bold link {(root / step.at.path).as_uri()}" if step.at and console.is_terminal else "bold"
            text = Text.assemble(
                "  ", (_place(step).ljust(place), dim or link), "  ", (plain(step.says).ljust(saying), dim)
            )
            excerpt = excerpts.lines(step.at, 1) if step.at else []
            if excerpt and excerpt[0]:
                text.append(f"  │ {_shortened(excerpt[0])}", "dim")
            text.rstrip()
            console.print(text)


def _place(step: Step) -> str:
    return where(step.at) if step.at is not None else ""


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST_EXCERPT else f"{line[: _LONGEST_EXCERPT - 1].rstrip('…')}…"
