"""A module's text without the bodies of functions that what is cut out of it has nothing to do with, line for line.

Copies lie in few of the functions of their files; to parse and walk all the others took an eighth of a cold scan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mldebt.model import ModuleFacts

_REACHES_OUT = re.compile(r"\bglobal\b|\bdef\b.*:=")  # binds names around the function, as a walrus in its head does
Stretch = tuple[int, int]


class Outline(NamedTuple):
    """A definition from its `def` or `class` to its last line, from 1; `again` if its name is bound once more."""

    name: str
    kind: str
    line: int
    end_line: int
    again: bool


def outlines(facts: ModuleFacts) -> tuple[Outline, ...]:
    """The definitions of a module in source order."""
    count = Counter(d.name for d in facts.definitions)
    count.update(item.bound for item in facts.imports)
    count.update(variable.name for variable in facts.variables)
    return tuple(Outline(d.name, d.kind, d.at.line, d.at.end_line, count[d.name] > 1) for d in facts.definitions[1:])


def hollow(text: str, definitions: Sequence[Outline], wanted: Sequence[Stretch]) -> str:
    """The text with all functions emptied that may be when these stretches of lines are cut out of it.

    None may if a stretch binds names of the module, lies outside all definitions, or in one whose name is bound again:
    what functions read then tells what it gives away. Those that bind names around them are left, and the first
    definition, which shows the file's indentation.
    """
    lines = text.split("\n")
    around = [d for d in definitions if any(d.line <= last and d.end_line >= first for first, last in wanted)]
    if any(d.again for d in around) or any(_reaches_out(lines, *stretch) for stretch in wanted):
        return text
    if not all(any(_holds(lines, d, stretch) for d in around) for stretch in wanted):
        return text
    for spare in definitions[1:]:
        if spare.kind != "class" and spare not in around and not _reaches_out(lines, spare.line, spare.end_line):
            name = spare.name.rpartition(".")[2]
            lines[spare.line - 1 : spare.end_line] = _emptied(lines[spare.line - 1 : spare.end_line], name)
    return "\n".join(lines)


def _reaches_out(lines: Sequence[str], first: int, last: int) -> bool:
    return any(map(_REACHES_OUT.search, lines[first - 1 : last]))


def _holds(lines: Sequence[str], definition: Outline, stretch: Stretch) -> bool:
    """Whether a stretch lies in a definition or begins with its decorators."""
    first, last = stretch
    begins = definition.line <= first or lines[first - 1].lstrip().startswith("@")
    return begins and last <= definition.end_line


def _emptied(body: Sequence[str], name: str) -> Iterator[str]:
    indent = body[0][: len(body[0]) - len(body[0].lstrip())]
    if len(body) == 1:
        yield f"{indent}def {name}(): 0"
        return
    yield f"{indent}def {name}():"
    yield from [""] * (len(body) - 2)
    yield f"{indent} 0"
