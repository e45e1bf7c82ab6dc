"""TOML as settings with their lines, which the parser does not tell: they are found by the keys."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from mldebt.model import Setting
from mldebt.read.quoting import begins_inside
from mldebt.toml import loads

_NEAR = 50  # lines after an array's last value in which the next is looked for
_PART = r"""(?:[\w\-]+|"[^"]*"|'[^']*')"""
_TABLE = re.compile(rf"\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")


def toml_settings(text: str) -> Iterator[Setting]:
    """The scalars of a TOML text. Raises Unreadable for what is none."""
    values = loads(text)
    lines = text.split("\n")
    starts = _starts(lines)
    order = sorted({*starts.values(), len(lines)})
    reached: dict[int, int] = {}
    for key, value in _flat(values, ""):
        first = _first(key, starts)
        end = order[bisect_right(order, first)] if first < len(lines) else first
        begin = reached.get(first, first)
        reached[first] = at = _line_of(value, lines, range(begin, min(end, begin + _NEAR)))
        yield Setting(key, value, min(at, len(lines) - 1) + 1)


def _line_of(value: str, lines: list[str], near: range) -> int:
    """The line that holds a value, as a text if it can be; the first of those given if none does."""
    for form in (f'"{value}"', f"'{value}'", value):
        found = next((i for i in near if form and form in lines[i]), None)
        if found is not None:
            return found
    return near.start


def _first(key: str, starts: dict[str, int]) -> int:
    """The line that gives a key its value: its own, or that of the array or inline table that holds it."""
    while key not in starts and "." in key:
        key = key.rpartition(".")[0]
    return starts.get(key, 0)


def _starts(lines: list[str]) -> dict[str, int]:
    """The line of each table and each `key =` by dotted key; tables of an array have their index in it."""
    starts: dict[str, int] = {}
    arrays: dict[str, int] = {}
    prefix = ""
    for number, (line, inside) in enumerate(zip(lines, begins_inside(lines, lambda _: False), strict=True)):
        table, key = (None, None) if inside else (_TABLE.match(line), _KEY.match(line))
        if table:
            name = _dotted(table[2])
            if table[1] == "[[":
                arrays[name] = arrays.get(name, -1) + 1
            prefix = _indexed(name, arrays)
            starts.setdefault(prefix, number)
        elif key:
            starts.setdefault(f"{prefix}.{_dotted(key[1])}" if prefix else _dotted(key[1]), number)
    return starts


def _dotted(name: str) -> str:
    return ".".join(part.strip("\"'") for part in re.findall(_PART, name))


def _indexed(name: str, arrays: dict[str, int]) -> str:
    """A table's key with the indices of the arrays of tables that it lies in."""
    plain = found = ""
    for part in name.split("."):
        plain = f"{plain}.{part}" if plain else part
        found = f"{found}.{part}" if found else part
        if plain in arrays:
            found = f"{found}.{arrays[plain]}"
    return found


def _flat(value: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in items:
            yield from _flat(inner, f"{key}.{name}" if key else str(name))
    elif key:
        yield key, _text(value)


def _text(value: object) -> str:
    """A scalar as TOML writes it; an empty table or array has no text."""
    if isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
