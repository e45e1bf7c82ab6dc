"""Which lines of Python begin inside a string, a bracket or a continued line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_TOKEN = re.compile(  # a string that is not closed takes the rest of its line
    r"""\"\"\"|'''|"(?:[^"\\]|\\.)*(?:"|\\?$)|'(?:[^'\\]|\\.)*(?:'|\\?$)|\#.*|[()\[\]{}]"""
)
_ENDS = {'"""': re.compile(r'\\.|(""")'), "'''": re.compile(r"\\.|(''')")}


def begins_inside(lines: list[str], is_special: Callable[[str], bool]) -> list[bool]:
    """For each line whether it goes on with something; a special line at a statement's begin opens nothing.

    A statement that never ends, as code that does not parse may have, takes all lines after it.
    """
    found: list[bool] = []
    quote, depth, continued = "", 0, False
    for line in lines:
        found.append(bool(quote) or depth > 0 or continued)
        if not found[-1] and is_special(line):
            continue
        for token in _tokens(line, quote):
            if quote:
                quote = ""
            elif token in _ENDS:
                quote = token
            else:
                depth = max(0, depth + (1 if token in "([{" else -1))
        continued = not quote and line.endswith("\\")
    return found


def _tokens(line: str, quote: str) -> Iterator[str]:
    """Brackets and triple quotes of a line that begins inside `quote` or outside all strings."""
    at = 0
    while True:
        if quote:
            end = next((match for match in _ENDS[quote].finditer(line, at) if match[1]), None)
            if end is None:
                return
            yield quote
            quote, at = "", end.end()
        match = _TOKEN.search(line, at)
        if match is None:
            return
        at = match.end()
        if match[0] in _ENDS:
            quote = match[0]
            yield quote
        elif match[0] in "()[]{}":
            yield match[0]
