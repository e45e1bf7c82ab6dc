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
    at = _after(text, at + 1)
    while text[at] != "}":
        key, end = _DECODER.raw_decode(text, at)
        start = _after(text, _after(text, end) + 1)
        _, end = _DECODER.raw_decode(text, start)
        if key in found:
            raise Unreadable(f"the key {key!r} stands twice", "unparsable")
        found[key] = start, end
        at = _after(text, end)
        at = _after(text, at + 1) if text[at] == "," else at
    return found


def items(text: str, at: int) -> Iterator[Span]:
    """Where the items of the list stand that begins at `at`; of a valid text."""
    at = _after(text, at + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        yield at, end
        at = _after(text, end)
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
