"""TOML, by the parser that this version of Python has or needs."""

from __future__ import annotations

import sys
from typing import Any

from mldebt.errors import Unreadable

_MOST_DOTS = 1000  # in one line; the parser's time grows with the square of a dotted key's parts


def loads(text: str) -> dict[str, Any]:
    """The values of a TOML text. Raises Unreadable for what is none."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    if any(line.count(".") > _MOST_DOTS for line in text.split("\n")):
        raise Unreadable(f"has a line with more than {_MOST_DOTS} dots: is it a configuration", "unparsable")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is no TOML: {error}", "unparsable") from error
