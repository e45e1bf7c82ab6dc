"""The tables that a query reads and writes: a strict small reader of SQL.

Only what stands after the words that a table follows counts; names of common table expressions, functions and
subqueries do not. What it cannot read gives nothing.
"""

from __future__ import annotations

import re

_NOISE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)
_STARTS = re.compile(r"\s*(?:select|with|insert|update|delete|merge|create|replace|copy|truncate)\b", re.IGNORECASE)
_PART = r'(?:[A-Za-z_⟨][\w$⟨⟩*:.]*|"[^"\n]+"|`[^`\n]+`|\[[^\]\n]+\])'
_NAME = rf"({_PART}(?:\s*\.\s*{_PART})*)"
_READ = re.compile(rf"\b(?:from|join|using)\s+{_NAME}(?!\s*\()", re.IGNORECASE)
_COMMA = re.compile(rf"\s*(?:(?:as\s+)?\w+\s*)?,\s*{_NAME}(?!\s*\()", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\b(?:insert\s+(?:ignore\s+|overwrite\s+)?(?:into\s+)?(?:table\s+)?|merge\s+into\s+|replace\s+into\s+"
    r"|create\s+(?:or\s+replace\s+)?(?:external\s+)?table\s+(?:if\s+not\s+exists\s+)?)"
    rf"{_NAME}|^\s*update\s+{_NAME}\s+set\b|^\s*copy\s+{_NAME}\s*(?:\([^)]*\)\s*)?from\b",
    re.IGNORECASE,
)
_COMMON = re.compile(rf"(?:\bwith\s+(?:recursive\s+)?|,\s*){_NAME}\s*(?:\([^)]*\)\s*)?as\s*\(", re.IGNORECASE)
_DEFINES = re.compile(r"\bcreate\s+(?:or\s+replace\s+)?(?:external\s+)?table\b(?!.*\bas\b)", re.IGNORECASE | re.DOTALL)
_SYSTEM = re.compile(r"(?:pg_|information_schema\.|sqlite_(?:master|schema)$|sys\.|performance_schema\.)")
_NO_TABLE = frozenset("select unnest lateral values set where table dual generate_series".split())


def tables(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tables read and the tables written, each sorted; both empty for a text that is no query.

    A table that is only created empty is neither.
    """
    if not _STARTS.match(text):
        return (), ()
    plain = _NOISE.sub("''", text)
    common = {_clean(match[1]) for match in _COMMON.finditer(plain)}
    written: set[str] = set()
    if not _DEFINES.search(plain):
        written = {_clean(next(g for g in m.groups() if g)) for m in _WRITTEN.finditer(plain)}
    read: set[str] = set()
    for match in _READ.finditer(plain):
        if plain[: match.start()].rstrip().lower().endswith(("delete", "distinct", "extract")):
            continue
        read.add(_clean(match[1]))
        following = _COMMA.match(plain, match.end())
        if following:
            read.add(_clean(following[1]))
    own = frozenset(name for name in read if _SYSTEM.match(name))
    return tuple(sorted(read - common - _NO_TABLE - own)), tuple(sorted(written - common - _NO_TABLE))


def _clean(name: str) -> str:
    return re.sub(r'[\s"`\[\]]', "", name).lower() if "⟨" not in name else re.sub(r'[\s"`]', "", name)
