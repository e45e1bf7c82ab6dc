"""TOML, by the parser that this version of Python has or needs."""

from __future__ import annotations

import sys
from typing import Any

from mldebt.errors import Unreadable


def loads(text: str) -> dict[str, Any]:
    """The values of a TOML text. Raises Unreadable for what is none."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is no TOML: {error}", "unparsable") from error
