"""Which lines go or change when statements are taken out: comments, blank lines and emptied blocks with them."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mldebt.errors import Unreadable
from mldebt.facts.syntax import Module, parse
from mldebt.proof.patch import Edit
from mldebt.proof.source import span

# a comment that is not about the line below it alone: a rule drawn across the page, a cell, a switch, an encoding
_STANDS_ALONE = re.compile(
    r"#(?:\W*[-=#*~_]{3}|!|\s*%%|\s*-\*-|\s*(?:fmt|yapf|isort|ruff|pylint|mldebt|region|endregion)\b)"
)


class _Cut(NamedTuple):
    """The lines `first` to `last` (from 0, `last` exclusive) go; `emptied` if `pass` takes their place."""

    first: int
    last: int
    emptied: bool


def edits(module: Module, nodes: list[ast.AST], entries: Mapping[ast.AST, frozenset[str]]) -> list[Edit]:
    """The edits that take out definitions and aliases, and names from the statements that list them in `__all__`.

    Raises Unreadable if what is left does not parse, or if something shares its line with other code.
    """
    aliases: dict[ast.AST, list[ast.AST]] = defaultdict(list)
    for node in nodes:
        if isinstance(node, ast.alias):
            aliases[module.parent(node) or node].append(node)
    going = {n for n in nodes if not isinstance(n, ast.alias)}
    going.update(s for s, gone in aliases.items() if len(gone) == len(s.names))  # type: ignore[attr-defined]  # an import
    firsts = _emptied(module, going)
    changes: list[Edit] = []
    cuts = [_definition(module, node, node in firsts) for node in nodes if not isinstance(node, ast.alias)]
    for (first, last), row in _rows(module, aliases).items():
        new = _import_row(module, first, last, {alias for s in row for alias in aliases[s]})
        if new is None:
            cuts.append(_import(module, first, last, not firsts.isdisjoint(row)))
        else:
            changes.append(Edit(first, last, new))
    for statement, names in entries.items():
        changes.append(_entries(module, statement, names))
    changes.extend(_tidied(module.lines, cuts))
    for text in _left(module, changes):
        parse(text)
    return changes


def _emptied(module: Module, going: set[ast.AST]) -> set[ast.AST]:
    """Of each block that loses all its statements the first: `pass` goes there."""
    firsts: set[ast.AST] = set()
    for statement in going:
        block = _block(module, statement)
        if not isinstance(module.parent(statement), ast.Module) and all(other in going for other in block):
            firsts.add(block[0])
    return firsts


def _block(module: Module, statement: ast.AST) -> list[ast.stmt]:
    """The statements among which one stands."""
    holder = module.parent(statement)
    blocks = (getattr(holder, field, None) for field in ("body", "orelse", "finalbody"))
    return next((block for block in blocks if isinstance(block, list) and statement in block), [])


def _rows(module: Module, statements: Mapping[ast.AST, object]) -> dict[tuple[int, int], list[ast.AST]]:
    """The statements by the lines they stand in, widened to what shares these with them."""
    found: dict[tuple[int, int], list[ast.AST]] = defaultdict(list)
    for statement in statements:
        first, last = span(statement)
        for other in map(span, _block(module, statement)):
            if other[0] <= last and other[1] >= first:
                first, last = min(first, other[0]), max(last, other[1])
        found[first - 1, last].append(statement)
    return found


def _definition(module: Module, node: ast.AST, emptied: bool) -> _Cut:
    from mldebt.proof.fragment import is_one_definition

    lines = module.lines
    first, last = span(node)
    indent = _indent(lines[first - 1])
    head = _head(module, node, first)
    if not is_one_definition("\n".join(lines[head - 1 : last]) + "\n", node.name):  # type: ignore[attr-defined]  # a definition
        raise Unreadable("the definition shares its lines with other code", "unparsable")
    return _Cut(head - 1, _tail(lines, last, indent), emptied)


def _head(module: Module, node: ast.AST, first: int) -> int:
    """The first line of the comment that speaks of what begins in line `first`."""
    block = _block(module, node)
    before = block[: block.index(node)] if node in block else []
    floor = before[-1].end_lineno or 0 if before else getattr(module.parent(node), "lineno", 0)
    head = first
    while head - 1 > floor and _speaks(module.lines[head - 2], _indent(module.lines[first - 1])):
        head -= 1
    return first if head == 1 else head  # what opens a file speaks of the file


def _speaks(line: str, indent: str) -> bool:
    text = line.removeprefix(indent)
    return line.startswith(indent) and text.startswith("#") and not _STANDS_ALONE.match(text)


def _tail(lines: list[str], last: int, indent: str) -> int:
    """The line after the comments that close a definition's body, which no statement of it spans."""
    end = last
    for number, line in enumerate(lines[last:], last + 1):
        if not line.strip():
            continue
        if not line.lstrip().startswith("#") or len(_indent(line)) <= len(indent):
            break
        end = number
    return end


def _import_row(module: Module, first: int, last: int, gone: set[ast.AST]) -> list[str] | None:
    """The lines of imports without the aliases that go; None if nothing is left of them."""
    from mldebt.proof.fragment import without_aliases

    here = [alias for alias in module.of(ast.alias) if first < alias.lineno <= last]
    numbers = {number for number, alias in enumerate(here) if alias in gone}
    text = without_aliases("\n".join(module.lines[first:last]) + "\n", numbers)
    return text.removesuffix("\n").split("\n") if text else None


def _import(module: Module, first: int, last: int, emptied: bool) -> _Cut:
    """A heading goes with the only import below it."""
    lines = module.lines
    head = first
    while head > 0 and _speaks(lines[head - 1], _indent(lines[first])):
        head -= 1
    alone = (last >= len(lines) or not lines[last].strip()) and head > 0 and not lines[head - 1].strip()
    return _Cut(head if alone else first, last, emptied)


def _entries(module: Module, statement: ast.AST, names: frozenset[str]) -> Edit:
    from mldebt.proof.fragment import without_entries

    first, last = span(statement)
    text = without_entries("\n".join(module.lines[first - 1 : last]) + "\n", names)
    return Edit(first - 1, last, text.removesuffix("\n").split("\n") if text else [])


def _tidied(lines: list[str], cuts: list[_Cut]) -> list[Edit]:
    """The cuts as edits; those with only blank lines between them are one."""
    found: list[Edit] = []
    run: list[_Cut] = []
    for cut in sorted(cuts):
        if run and any(line.strip() for line in lines[run[-1].last : cut.first]):
            found.append(_without_gap(lines, run))
            run = []
        if cut.emptied:
            found.append(Edit(cut.first, cut.last, [f"{_indent(lines[cut.first])}pass"]))
        else:
            run.append(cut)
    return [*found, _without_gap(lines, run)] if run else found


def _without_gap(lines: list[str], run: list[_Cut]) -> Edit:
    """Neighbouring cuts with, of the blank lines before and after them, the shorter stretch."""
    first, last = run[0].first, run[-1].last
    above = below = 0
    while first - above > 0 and not lines[first - above - 1].strip():
        above += 1
    while last + below < len(lines) - 1 and not lines[last + below].strip():
        below += 1
    if first - above == 0 or not any(lines[last + below :]):
        return Edit(first - above, last + below, [])
    ends_block = last + below < len(lines) and len(_indent(lines[last + below])) < len(_indent(lines[run[-1].first]))
    begins_block = len(_indent(lines[first - above - 1])) < len(_indent(lines[first]))
    keep = below if ends_block else above if begins_block else max(above, below)
    return Edit(first - above, last + below, [""] * keep)


def _left(module: Module, changes: list[Edit]) -> Iterator[str]:
    """What the edits leave of each top-level statement they touch; the others parse as they did."""
    for statement in module.tree.body:
        first, last = span(statement)
        own = [edit for edit in changes if edit.first < last and edit.last >= first]
        if own and not any(edit.first < first and edit.last >= last and not edit.new for edit in own):
            begin = min(first - 1, *(edit.first for edit in own))
            text = module.lines[begin : max(last, *(edit.last for edit in own))]
            for edit in sorted(own, reverse=True):
                text[edit.first - begin : edit.last - begin] = edit.new
            yield "\n".join(text)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]
