"""The commands of a shell script with its variables put in."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator

_SETS = re.compile(r"(?:^|[\s;&|(])(?:for\s+|read\s+(?:-\w+\s+)*)?([A-Za-z_]\w*)(?:\+?=|\s+in\s|$)")
_ASSIGNMENT = re.compile(r"(?:(?:export|local|readonly)\s+)?([A-Za-z_]\w*)=(\S.{0,300})")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_OPEN = re.compile(r"[$`*?~{}\[\]]")
_LONGEST = 300  # characters of a value; what grows by being put into itself ends here


def spelled(commands: Iterable[str]) -> Iterator[str]:
    """The commands with each variable that the script gives one literal value; others stay as they are."""
    lines = list(commands)
    given = Counter(name for line in lines for name in _SETS.findall(line))
    values: dict[str, str] = {}
    for line in lines:
        whole = _VARIABLE.sub(lambda m: values.get(m[1] or m[2], m[0]), line)
        found = _ASSIGNMENT.fullmatch(whole)
        if found is None:
            yield whole
        elif given[found[1]] == 1 and (text := _literal(found[2])):
            values[found[1]] = text


def _literal(text: str) -> str:
    """The one word that an assignment gives; empty if it is no word, or not all of it is known."""
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        return ""
    fit = len(words) == 1 and len(words[0]) <= _LONGEST and _OPEN.search(words[0]) is None
    return words[0] if fit and " " not in words[0] else ""
