"""A rule's page, taken apart: the Markdown of its docstring, or of the edge cases in `tests/rules/`.

A page is a first sentence and sections that begin with `## `. A fenced block is an example: the word after the fence
is its language, `title="train.py"` names the file it stands for, and titled blocks of a section form one repository.
"""

from __future__ import annotations

import inspect
import re
from itertools import pairwise
from typing import NamedTuple

SECTIONS = ("Why it is debt", "Flagged", "Fine", "Limits", "Source")
_FENCE = re.compile(r'(?P<fence>`{3,})(?P<language>\w*)(?:\s+title="(?P<title>[^"]+)")?\s*')


class Example(NamedTuple):
    """One fenced block; `title` is empty if it stands alone."""

    language: str
    title: str
    text: str


class Section(NamedTuple):
    """A headed part of a page: its Markdown without the heading, and the examples in it."""

    title: str
    text: str
    examples: tuple[Example, ...]

    def repositories(self) -> list[dict[str, Example]]:
        """The small repositories the examples stand for, as path to example: each untitled block is one of its own."""
        alone = [{"example.py": e} for e in self.examples if not e.title]
        joined = {e.title: e for e in self.examples if e.title}
        return [*alone, joined] if joined else alone


class Page(NamedTuple):
    """The whole page; `summary` is its first paragraph on one line, without the full stop."""

    summary: str
    sections: tuple[Section, ...]

    def section(self, title: str) -> Section | None:
        """The first section of this title."""
        return next((s for s in self.sections if s.title == title), None)


def parse_page(markdown: str) -> Page:
    """Take a page apart; headings and fences inside a fenced block are text."""
    lines = inspect.cleandoc(markdown).split("\n")
    heads = [i for i in _outside_fences(lines) if lines[i].startswith("## ")]
    bounds = [*heads, len(lines)]
    summary = " ".join("\n".join(lines[: bounds[0]]).strip().partition("\n\n")[0].split())
    sections = tuple(_section(lines[start:end]) for start, end in pairwise(bounds))
    return Page(summary.removesuffix("."), sections)


def _section(lines: list[str]) -> Section:
    body = lines[1:]
    return Section(lines[0].removeprefix("## ").strip(), "\n".join(body).strip("\n"), tuple(_examples(body)))


def _outside_fences(lines: list[str]) -> list[int]:
    """The indices of the lines that are neither in a fenced block nor its fences."""
    outside, fence = [], ""
    for i, line in enumerate(lines):
        if fence:
            fence = "" if line.strip() == fence else fence
        elif match := _FENCE.fullmatch(line):
            fence = match["fence"]
        else:
            outside.append(i)
    return outside


def _examples(lines: list[str]) -> list[Example]:
    found: list[Example] = []
    opened: re.Match[str] | None = None
    start = 0
    for i, line in enumerate(lines):
        if opened is None:
            opened, start = _FENCE.fullmatch(line), i + 1
        elif line.strip() == opened["fence"]:
            text = "\n".join(lines[start:i]) + "\n"
            found.append(Example(opened["language"], opened["title"] or "", text))
            opened = None
    return found
