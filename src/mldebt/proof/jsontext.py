"""JSON with positions: where members, items and the characters of a string stand in the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mldebt.errors import Unreadable

_BLANK = re.compile(r"[ \t\r\n]*")
_CHARACTER = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|.", re.DOTALL)
_DECODER = json.JSONDecoder()
Span = tuple[int, int]


def loads(text: str) -> object:
    """The value of a JSON text, with NaN and infinities, which never equal, as their words. Raises Unreadable."""
    try:
        return json.loads(text, parse_constant=str)
    except ValueError as error:
        raise Unreadable(f"is no JSON: {error}", "unparsable") from error
    except RecursionError as error:
        raise Unreadable("is nested too deep", "unparsable") from error


def members(text: str, at: int) -> dict[str, Span]:
    """Where the values of the object stand that begins at `at`; of a valid text.

    Raises Unreadable if a key stands twice, since readers differ in which they take.
    """
    found: dict[str, Span] = {}
    for key, span in _values(text, at, "}"):
        if key in found:
            raise Unreadable(f"the key {key!r} stands twice", "unparsable")
        found[key] = span
    return found


def items(text: str, at: int) -> Iterator[Span]:
    """Where the items of the list stand that begins at `at`; of a valid text."""
    return (span for _, span in _values(text, at, "]"))


def _values(text: str, at: int, end: str) -> Iterator[tuple[str, Span]]:
    """The values in a bracket that closes with `end`, each with its key, which is empty in a list."""
    at = _after(text, at + 1)
    while text[at] != end:
        key = ""
        if end == "}":
            key, at = _DECODER.raw_decode(text, at)
            at = _after(text, _after(text, at) + 1)
        _, stop = _DECODER.raw_decode(text, at)
        yield key, (at, stop)
        at = _after(text, stop)
        at = _after(text, at + 1) if text[at] == "," else at


def characters(token: str) -> list[str]:
    """A string as it is written, cut into what each of its characters is written as."""
    return _CHARACTER.findall(token[1:-1])


def written(text: str, like: str) -> str:
    """A string as a token, its letters beyond ASCII escaped if the text it goes to has none."""
    return json.dumps(text, ensure_ascii=like.isascii())


def _after(text: str, at: int) -> int:
    """The next place that is not blank."""
    match = _BLANK.match(text, at)
    return match.end() if match else at
