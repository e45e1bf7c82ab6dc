"""YAML as settings, from the parser's events: nothing is constructed, so no alias and no tag can do harm."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.errors import Unreadable
from mldebt.model import Setting

_DEEPEST = 100
_MOST_ALIASES = 1000


class _Level:
    """An open mapping or list while its events come in."""

    __slots__ = ("count", "is_map", "key", "prefix")

    def __init__(self, prefix: str, is_map: bool) -> None:
        self.prefix = prefix
        self.is_map = is_map
        self.key: str | None = None
        self.count = 0

    def path(self) -> str:
        """The dotted key of the value that comes next."""
        own = (self.key or "") if self.is_map else str(self.count)
        return f"{self.prefix}.{own}" if self.prefix else own

    def done(self) -> None:
        """A value is complete."""
        self.key = None
        self.count += 1


def yaml_settings(text: str) -> Iterator[Setting]:
    """The scalars of all documents. Raises Unreadable for what is no YAML, nested too deep, or full of aliases."""
    import yaml

    levels: list[_Level] = []
    aliases = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, yaml.AliasEvent):
                aliases += 1
            if aliases > _MOST_ALIASES or len(levels) > _DEEPEST:
                raise Unreadable("is nested too deep or has too many aliases for a configuration", "unparsable")
            setting = _take(event, levels)
            if setting is not None:
                yield setting
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise Unreadable(f"is no YAML: {where}{getattr(error, 'problem', None) or error}", "unparsable") from error
    except (RecursionError, ValueError) as error:
        raise Unreadable(f"is no YAML: {error}", "unparsable") from error


def _take(event: object, levels: list[_Level]) -> Setting | None:
    """Move by one event; a scalar that is a value becomes a setting."""
    kind = event.__class__.__name__
    if kind in ("MappingStartEvent", "SequenceStartEvent"):
        levels.append(_Level(levels[-1].path() if levels else "", kind == "MappingStartEvent"))
    elif kind in ("MappingEndEvent", "SequenceEndEvent"):
        levels.pop()
        if levels:
            levels[-1].done()
    elif kind in ("ScalarEvent", "AliasEvent") and levels:
        level = levels[-1]
        value = getattr(event, "value", "")
        if level.is_map and level.key is None:
            level.key = value or "?"
            return None
        setting = Setting(level.path(), value, event.start_mark.line + 1)  # type: ignore[attr-defined]  # all events have it
        level.done()
        return setting
    return None
