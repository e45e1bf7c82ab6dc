"""What is left of a block when statements in it go that cannot run."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from mldebt.errors import Unpatchable
from mldebt.facts.syntax import Module
from mldebt.proof.patch import Edit
from mldebt.proof.targets import Dead, span

_ELSE = re.compile(r"\s*else\s*:")
# a comment that is not about the line below it alone: a rule drawn across the page, a cell, a switch, an encoding
_STANDS_ALONE = re.compile(
    r"#(?:\W*[-=#*~_]{3}|!|\s*%%|\s*-\*-|\s*(?:fmt|yapf|isort|ruff|pylint|mldebt|region|endregion)\b)"
)
_ELIF = re.compile(r"\s*elif\b")


class Cut(NamedTuple):
    """The lines `first` to `last` (from 0, `last` exclusive) go; `emptied` if `pass` takes their place."""

    first: int
    last: int
    emptied: bool


def leaving(dead: Dead) -> list[ast.stmt]:
    """The statements that leave their block, which may be empty without them."""
    if dead.holder is None:
        return list(dead.statements)
    return [] if dead.holder.orelse else [dead.holder]


def without(module: Module, dead: Dead, emptied: bool) -> tuple[Cut, list[Edit]]:
    """The lines that go, and those that change because of it. Raises Unpatchable if they share lines with others."""
    lines = module.lines
    first, last = dead.first - 1, dead.last
    branch = dead.holder or dead.statements[0]
    if _ELIF.match(lines[branch.lineno - 1]):
        return Cut(first, last, False), []
    if dead.holder is not None and dead.holder.orelse:
        return _other_branch(module, dead.holder, last)
    head = _else(module, dead)
    if head is not None:
        return Cut(head, last, False), []
    _check_alone(module, dead)
    return Cut(heading(module, branch, dead.first) - 1, last, emptied), []


def _check_alone(module: Module, dead: Dead) -> None:
    first, last = dead.holder or dead.statements[0], dead.statements[-1]
    before = module.lines[first.lineno - 1].encode()[: first.col_offset]
    behind = module.lines[(last.end_lineno or 1) - 1].encode()[last.end_col_offset :]
    if before.strip() or (behind.strip() and not behind.lstrip().startswith(b"#")):
        raise Unpatchable("it shares its line with other code")


def _else(module: Module, dead: Dead) -> int | None:
    """The line of the `else:` that holds all of the statements, from 0; None if they are no whole `else`."""
    up = module.parent(dead.statements[0])
    if dead.holder is not None or getattr(up, "orelse", None) != list(dead.statements):
        return None
    above: list[ast.stmt] = getattr(up, "handlers", None) or getattr(up, "body", [])
    for number in range(above[-1].end_lineno or 0, dead.first):
        if _ELSE.match(module.lines[number]):
            return number
    raise Unpatchable("its `else` is not found")


def _other_branch(module: Module, holder: ast.If | ast.While, last: int) -> tuple[Cut, list[Edit]]:
    """What a condition that never holds leaves: the next `elif` becomes an `if`, an `else` moves out."""
    lines = module.lines
    first = holder.lineno - 1
    behind = holder.orelse[0]
    head = lines[behind.lineno - 1]
    if _ELIF.match(head):
        rest = behind.lineno - 1
        return Cut(first, rest, False), [Edit(rest, rest + 1, [head.replace("elif", "if", 1)])]
    begin = next((n for n in range(last, span(behind)[0]) if _ELSE.match(lines[n])), None)
    if begin is None or lines[begin].partition(":")[2].strip():
        raise Unpatchable("its `else` is not understood")
    end = holder.end_lineno or last
    strings = (n for kind in (ast.Constant, ast.JoinedStr) for n in module.of(kind) if n.lineno != n.end_lineno)
    if any(begin < node.lineno <= end for node in strings):
        raise Unpatchable("a string over several lines would move with its `else`")
    indent = indent_of(lines[first])
    step = indent_of(lines[span(behind)[0] - 1])
    moved = [indent + row.removeprefix(step) if row.startswith(step) else row for row in lines[begin + 1 : end]]
    return Cut(first, begin + 1, False), [Edit(begin + 1, end, moved)]


def block_of(module: Module, statement: ast.AST) -> list[ast.stmt]:
    """The statements among which one stands."""
    holder = module.parent(statement)
    blocks = (getattr(holder, field, None) for field in ("body", "orelse", "finalbody"))
    return next((block for block in blocks if isinstance(block, list) and statement in block), [])


def heading(module: Module, node: ast.AST, first: int) -> int:
    """The first line of the comment that speaks of what begins in line `first`."""
    block = block_of(module, node)
    before = block[: block.index(node)] if node in block else []
    floor = before[-1].end_lineno or 0 if before else getattr(module.parent(node), "lineno", 0)
    head = first
    while head - 1 > floor and speaks(module.lines[head - 2], indent_of(module.lines[first - 1])):
        head -= 1
    return first if head == 1 else head  # what opens a file speaks of the file


def speaks(line: str, indent: str) -> bool:
    text = line.removeprefix(indent)
    return line.startswith(indent) and text.startswith("#") and not _STANDS_ALONE.match(text)


def indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]
