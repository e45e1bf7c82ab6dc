"""Cuts inside lines, where a statement loses its target, its name, or its neighbour."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mldebt.errors import Unpatchable, Unreadable
from mldebt.facts.syntax import Module, parse
from mldebt.proof.assignments import Fate
from mldebt.proof.patch import Edit
from mldebt.proof.targets import Point, end, start

_TYPE = re.compile(r"(\s*;?)\s*#\s*type:(?!\s*ignore).*")
_AS = re.compile(r"(\)*)\s+as\s+$")
_CAUGHT = re.compile(r"(\)*)\s+as\s+\w+(?=\s*:)")
_SIGN = re.compile(r"\s*:?=(?!=)\s*")


class Snip(NamedTuple):
    """What stands from one place up to another becomes `text`; places are lines from 1 and characters from 0."""

    first: Point
    last: Point
    text: str = ""


class Characters:
    """A module's text by lines and characters."""

    def __init__(self, module: Module) -> None:
        self.lines = module.lines

    def at(self, point: Point) -> Point:
        """A place as `ast` gives it, in characters."""
        line, offset = point
        return line, len(self.lines[line - 1].encode()[:offset].decode(errors="ignore"))

    def start(self, node: ast.AST) -> Point:
        """Where a node begins."""
        return self.at(start(node))

    def end(self, node: ast.AST) -> Point:
        """Where a node ends."""
        return self.at(end(node))

    def indent(self, line: int) -> str:
        """The white space a line begins with."""
        text = self.lines[line - 1]
        return text[: len(text) - len(text.lstrip())]


def snips(module: Module, fate: Fate) -> Iterator[Snip]:
    """The cuts that leave of a statement what has to stay; it is not dropped."""
    text = Characters(module)
    holder = fate.holder
    if fate.value:
        yield from _values(module, text, fate)
    elif isinstance(holder, ast.Assign):
        for target in fate.targets:
            yield _with_sign(text, target)
    elif isinstance(holder, ast.NamedExpr):
        yield _with_sign(text, holder.target)
    elif isinstance(holder, ast.ExceptHandler):
        yield _unnamed(text, holder)
    elif isinstance(holder, ast.With | ast.AsyncWith):
        for item in holder.items:
            if item.optional_vars is not None and item.optional_vars in fate.targets:
                yield _without_as(text, item.context_expr, item.optional_vars)


def _with_sign(text: Characters, target: ast.AST) -> Snip:
    """A target with the sign behind it."""
    line, column = text.end(target)
    sign = _SIGN.match(text.lines[line - 1], column)
    if sign is None:
        raise Unpatchable("a target stands in brackets")
    return Snip(text.start(target), (line, sign.end()))


def _unnamed(text: Characters, handler: ast.ExceptHandler) -> Snip:
    assert handler.type is not None, "only an exception that is given can have a name"
    first = text.end(handler.type)
    match = _CAUGHT.match(text.lines[first[0] - 1], first[1])
    if match is None:
        raise Unpatchable("the handler's head is not understood")
    return Snip((first[0], match.end(1)), (first[0], match.end()))


def _without_as(text: Characters, value: ast.expr, name: ast.expr) -> Snip:
    first, last = text.end(value), text.start(name)
    match = _AS.fullmatch(_between(text.lines, first, last))
    if match is None or first[0] != last[0]:
        raise Unpatchable("the head of a `with` is not understood")
    return Snip((first[0], first[1] + match.end(1)), text.end(name))


def _values(module: Module, text: Characters, fate: Fate) -> Iterator[Snip]:
    """The parts of a value that stay, each a statement."""
    first, last = text.start(fate.holder), text.end(fate.holder)
    comment = _TYPE.fullmatch(text.lines[last[0] - 1], last[1])
    if comment is not None:
        yield Snip(last, (last[0], comment.end()))
    indent = text.indent(first[0])
    alone = first[1] == len(indent)
    if len(fate.stays) > 1 and not alone:
        raise Unpatchable("several statements do not fit into a line that others share")
    yield Snip(first, last, f"\n{indent}".join(_moved(module, text, part, first[1]) for part in fate.stays))


def _moved(module: Module, text: Characters, part: ast.expr, column: int) -> str:
    """An expression as a statement; lines that were aligned with it stay so, if no string runs over them."""
    first, last = text.start(part), text.end(part)
    rows = _between(text.lines, first, last).split("\n")
    if len(rows) == 1:
        return rows[0]
    whole = _is_whole("\n".join(rows))
    inside = ast.walk(part)
    long = any(isinstance(node, ast.Constant | ast.JoinedStr) and node.end_lineno != node.lineno for node in inside)
    if not long and all(not row.strip() or row[: first[1]].isspace() for row in rows[1:]):
        rows[1:] = [row[first[1] - column - (not whole) :] for row in rows[1:]]
    joined = "\n".join(rows)
    return joined if whole else f"({joined})"


def _is_whole(text: str) -> bool:
    try:
        return len(parse(text).body) == 1
    except Unreadable:
        return False


def edited(lines: list[str], found: Iterable[Snip]) -> Iterator[Edit]:
    """The cuts as edits of whole lines; those that share lines are one.

    Raises Unpatchable if two of them overlap.
    """
    group: list[Snip] = []
    for snip in sorted(found):
        if group and snip.first < group[-1].last:
            raise Unpatchable("two of its parts overlap")
        if group and snip.first[0] > group[-1].last[0]:
            yield _edit(lines, group)
            group = []
        group.append(snip)
    if group:
        yield _edit(lines, group)


def _edit(lines: list[str], group: list[Snip]) -> Edit:
    first, last = group[0].first[0], group[-1].last[0]
    parts: list[str] = []
    at: Point = (first, 0)
    for snip in group:
        parts += [_between(lines, at, snip.first), snip.text]
        at = snip.last
    parts.append(_between(lines, at, (last, len(lines[last - 1]))))
    return Edit(first - 1, last, [row.rstrip() if not row.strip() else row for row in "".join(parts).split("\n")])


def _between(lines: list[str], first: Point, last: Point) -> str:
    if first[0] == last[0]:
        return lines[first[0] - 1][first[1] : last[1]]
    return "\n".join([lines[first[0] - 1][first[1] :], *lines[first[0] : last[0] - 1], lines[last[0] - 1][: last[1]]])
