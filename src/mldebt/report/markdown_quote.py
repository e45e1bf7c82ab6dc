"""Text of a repository in GitHub's Markdown: shown as it is, and never a link, a mention, markup or the end of a cell.

A code span is the only quoting that holds there: escapes and entities still become mentions, references and links.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mldebt.report.excerpt import plain

_LONGEST = 200  # characters of one quoted text
_LONGEST_URL = 1000  # characters; what is longer is shown without a link
_TICKS = re.compile("`+")
_WORD = re.compile(r"\(?(?:[A-Za-z][A-Za-z'/-]*|\d[\d,.]*%?)?[),;:.!?…]*")
# what GitHub makes a link of although it looks like a word: numbered issues of any tracker, and commits
_REFERENCE = re.compile(r"\(?(?:[A-Za-z]+-?\d.*|[0-9a-fA-F]{7,64})\W*")


class Markdown(NamedTuple):
    """Text that is Markdown already. Whatever else reaches a template is quoted there."""

    text: str


def code(text: str, table: bool = True) -> Markdown:
    """One line as a code span, shortened; in a table a bar needs a backslash, which would show elsewhere."""
    shown = plain(text)
    if len(shown) > _LONGEST:
        shown = f"{shown[: _LONGEST - 1]}…"
    if not shown.strip():
        return Markdown("-")
    fence = _fence(shown, 1)
    # blanks at both ends are taken off once, and are needed beside a backtick
    padded = f" {shown} " if shown[0] in "` " or shown[-1] in "` " else shown
    return Markdown(f"{fence}{padded.replace('|', chr(92) + '|') if table else padded}{fence}")


def block(text: str, language: str) -> Markdown:
    """Lines as a code block."""
    lines = [plain(line.expandtabs(4)) for line in text.rstrip("\n").split("\n")]
    fence = _fence("\n".join(lines), 3)
    return Markdown("\n".join([f"{fence}{language}", *lines, fence]))


def _fence(text: str, least: int) -> str:
    return "`" * max(least, *(len(run) + 1 for run in _TICKS.findall(text)), 0)


def prose(text: str, table: bool = True, longest: int = 300) -> Markdown:
    """A sentence whose names stand in backticks: its plain words stay words, all else becomes code spans."""
    shown = plain(text)
    if len(shown) > longest:
        cut = shown[: longest - 1]
        shown = f"{cut}…`" if cut.count("`") % 2 else f"{cut}…"
    parts = shown.split("`")
    if not len(parts) % 2 or "" in parts[1::2]:
        return code(text, table)
    said = ""
    for i, part in enumerate(parts):
        piece = code(part, table).text if i % 2 else _words(part, table)
        # two spans side by side would be read as one
        said += f" {piece}" if said.endswith("`") and piece.startswith("`") else piece
    return Markdown(said.strip() or "-")


def _words(text: str, table: bool) -> str:
    return re.sub(r"[^ ]+", lambda match: _word(match[0], table), text)


def _word(word: str, table: bool) -> str:
    is_plain = _WORD.fullmatch(word) and not _REFERENCE.fullmatch(word)
    return word if is_plain else code(word, table).text


def link(text: Markdown, url: str) -> Markdown:
    """A link, if the address is one that can stand in Markdown as it is."""
    if len(url) > _LONGEST_URL or not re.fullmatch(r"https?://[\w.~:/?#@!$&'*+,;=%-]+", url, re.ASCII):
        return text
    return Markdown(f"[{text.text}]({url})")
