"""YAML as settings, from the parser's events: nothing is constructed, so no alias and no tag can do harm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mldebt.errors import Unreadable
from mldebt.model import Setting
from mldebt.read.nesting import Nesting

if TYPE_CHECKING:
    import yaml

_STANDARD_TAG = "tag:yaml.org,2002:"


def yaml_settings(text: str) -> Iterator[Setting]:
    """The scalars of all documents; a tag of the file's own, as in `!Model {…}`, is one too.

    The line is the value's, of a block its first. Raises Unreadable for what is no YAML or is nested too deep.
    """
    import yaml

    nesting = Nesting()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            yield from _settings(event, nesting)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise Unreadable(f"is no YAML: {where}{getattr(error, 'problem', None) or error}", "unparsable") from error
    except (RecursionError, ValueError) as error:
        raise Unreadable(f"is no YAML: {error}", "unparsable") from error


def _settings(event: yaml.Event, nesting: Nesting) -> Iterator[Setting]:
    """Move by one event."""
    import yaml

    line = event.start_mark.line + 1 if event.start_mark else 0
    found = None
    if isinstance(event, yaml.ScalarEvent):
        found = nesting.scalar(event.value, line + (event.style in ("|", ">")))
    elif isinstance(event, yaml.AliasEvent):
        found = nesting.scalar(f"*{event.anchor}", line)
    elif isinstance(event, yaml.CollectionEndEvent):
        found = nesting.close(line)
    elif isinstance(event, yaml.CollectionStartEvent):
        if event.tag and not event.tag.startswith(_STANDARD_TAG):
            yield Setting(nesting.path(), event.tag, line)
        nesting.open(isinstance(event, yaml.MappingStartEvent))
    if found is not None:
        yield found
