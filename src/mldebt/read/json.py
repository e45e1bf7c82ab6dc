"""JSON as settings with their lines; comments and trailing commas, which many tools allow, are no errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import loads

from mldebt.errors import Unreadable
from mldebt.model import Setting
from mldebt.read.nesting import Nesting

_TOKEN = re.compile(
    r"""(?P<blank>[\s,:\ufeff]+|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<open>[{\[])|(?P<close>[}\]])"""
    r"""|(?P<word>true|false|null|[+-]?(?:NaN|Infinity|\d[\w.+\-]*))|(?P<wrong>.)""",
    re.DOTALL,
)


def json_settings(text: str) -> Iterator[Setting]:
    """The scalars of a JSON text. Raises Unreadable for what is none or is nested too deep."""
    nesting = Nesting()
    line, depth = 1, 0
    for match in _TOKEN.finditer(text):
        kind, token = str(match.lastgroup), match[0]
        setting = None
        if kind == "blank":
            line += token.count("\n")
        elif kind == "open":
            nesting.open(token == "{")
            depth += 1
        elif kind == "close" and nesting.is_open(token == "}"):
            setting = nesting.close(line)
            depth -= 1
        elif kind in ("text", "word"):
            setting = nesting.scalar(_value(token), line)
        else:
            raise Unreadable(f"is no JSON: line {line}: {token!r} is not expected here", "unparsable")
        if setting is not None:
            yield setting
    if depth:
        raise Unreadable(f"is no JSON: line {line}: {depth} brackets are not closed", "unparsable")


def _value(token: str) -> str:
    """A string without its quotes and escapes; the escape of half a character stays as it is."""
    if "\\" in token:
        try:
            text = str(loads(token))
        except ValueError:
            return token[1:-1]
        return text if text.isascii() else text.encode(errors="replace").decode()
    return "" if token == "null" else token.strip('"')
