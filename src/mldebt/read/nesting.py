"""The dotted keys of nested values that come in one after the other."""

from __future__ import annotations

from mldebt.errors import Unreadable
from mldebt.model import Setting

_DEEPEST = 100


class _Level:
    """An open mapping or list."""

    __slots__ = ("count", "is_map", "key", "prefix")

    def __init__(self, prefix: str, is_map: bool) -> None:
        self.prefix = prefix
        self.is_map = is_map
        self.key: str | None = None
        self.count = 0


class Nesting:
    """Where a parser stands in mappings and lists; no value is held, so none can grow."""

    def __init__(self) -> None:
        self._levels: list[_Level] = []

    def open(self, is_map: bool) -> None:
        """A mapping or a list begins. Raises Unreadable if it lies too deep for a configuration."""
        if len(self._levels) >= _DEEPEST:
            raise Unreadable(f"is nested more than {_DEEPEST} levels deep: is it a configuration", "unparsable")
        self._levels.append(_Level(self.path(), is_map))

    def close(self, line: int) -> Setting | None:
        """The innermost one ends; one without a value is a setting itself, or its name would be lost."""
        level = self._levels.pop()
        if self._awaits_key():
            self._levels[-1].key = "?"
            return None
        setting = None if level.count or not self._levels else Setting(level.prefix, "", line)
        self._done()
        return setting

    def is_open(self, is_map: bool) -> bool:
        """Whether the innermost one is a mapping, or a list."""
        return bool(self._levels) and self._levels[-1].is_map == is_map

    def scalar(self, value: str, line: int) -> Setting | None:
        """A key, which is kept, or a value, which is a setting; a document of one scalar has none."""
        if not self._levels:
            return None
        if self._awaits_key():
            self._levels[-1].key = value
            return None
        setting = Setting(self.path(), value, line)
        self._done()
        return setting

    def path(self) -> str:
        """The dotted key of the value that comes next; empty for the whole document."""
        if not self._levels:
            return ""
        level = self._levels[-1]
        own = (level.key or "") if level.is_map else str(level.count)
        return f"{level.prefix}.{own}" if level.prefix else own

    def _awaits_key(self) -> bool:
        return self.is_open(True) and self._levels[-1].key is None

    def _done(self) -> None:
        if self._levels:
            self._levels[-1].key = None
            self._levels[-1].count += 1
