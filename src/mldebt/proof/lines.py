"""Which lines go or change when statements are taken out: comments, blank lines and emptied blocks with them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, pairwise
from typing import TypeVar

from mldebt.errors import Unpatchable, Unreadable
from mldebt.facts.syntax import Module, parse
from mldebt.proof import plain
from mldebt.proof.assignments import fates
from mldebt.proof.blocks import Cut, block_of, heading, indent_of, leaving, speaks, without
from mldebt.proof.patch import Edit
from mldebt.proof.rows import declarations, from_row, is_alone, renamed
from mldebt.proof.snips import Snip, edited, snips
from mldebt.proof.targets import Comments, Dead, Stuck, Target, Whole, fills_lines, is_binding, span, start

_Node = TypeVar("_Node", bound=ast.AST)
_HEADING = 3  # lines of a comment that may be about one statement


def edits(module: Module, targets: Sequence[Target], entries: Mapping[ast.AST, frozenset[str]]) -> list[Edit]:
    """The edits that take out targets, and names from the statements that list them in `__all__`.

    Raises Unreadable if what is left does not parse, or if a definition shares its line with other code, and
    Unpatchable if it is not known what should be left.
    """
    for target in targets:
        if isinstance(target, Stuck):
            raise Unpatchable(target.why)
        if isinstance(target, Whole):
            return [Edit(0, target.last, [])]
    plan = _Plan(module, targets)
    changes = [*plan.changes]
    for statement, names in entries.items():
        changes.append(_entries(module, statement, names))
    changes.extend(_tidied(module.lines, plan.cuts))
    for one, other in pairwise(sorted(changes)):
        if other.first < one.last:
            raise Unpatchable("two of its parts share lines")
    for text in _left(module, changes):
        parse(text)
    return changes


class _Plan:
    """Which lines are cut, and which are changed."""

    def __init__(self, module: Module, targets: Sequence[Target]) -> None:
        self._module = module
        self.changes: list[Edit] = []
        self.cuts: list[Cut] = []
        nodes = [target for target in targets if isinstance(target, ast.AST)]
        bindings = [node for node in nodes if is_binding(node)]
        found = fates(module, bindings)
        dropped = {f.holder for f in found if f.dropped} | declarations(module, bindings)
        aliases = self._by_statement(nodes)
        definitions = [n for n in nodes if fills_lines(n)]
        dead = [target for target in targets if isinstance(target, Dead)]
        going = {*definitions, *dropped, *(s for stretch in dead for s in leaving(stretch))}
        self._firsts = _emptied(module, {*going, *(s for s, gone in aliases.items() if len(gone) == len(s.names))})
        self.cuts.extend(_definition(module, node, node in self._firsts) for node in definitions)
        self._imports(aliases)
        self._statements(
            dropped,
            [*chain.from_iterable(snips(module, f) for f in found if not f.dropped), *renamed(module, bindings)],
        )
        self._stretches(dead)
        self.cuts.extend(Cut(t.first - 1, t.last, False) for t in targets if isinstance(t, Comments))

    def _stretches(self, dead: Iterable[Dead]) -> None:
        for stretch in dead:
            cut, more = without(self._module, stretch, not self._firsts.isdisjoint(leaving(stretch)))
            self.cuts.append(cut)
            self.changes.extend(more)

    def _by_statement(self, nodes: Iterable[ast.AST]) -> dict[ast.Import | ast.ImportFrom, list[ast.AST]]:
        found: dict[ast.Import | ast.ImportFrom, list[ast.AST]] = defaultdict(list)
        for node in nodes:
            statement = self._module.parent(node)
            if isinstance(node, ast.alias) and isinstance(statement, ast.Import | ast.ImportFrom):
                found[statement].append(node)
        return found

    def _imports(self, aliases: Mapping[ast.Import | ast.ImportFrom, list[ast.AST]]) -> None:
        module = self._module
        for (first, last), row in _rows(module, aliases).items():
            new = _import_row(module, first, last, {alias for s in row for alias in aliases[s]})
            if new is None:
                self.cuts.append(_import(module, first, last, not self._firsts.isdisjoint(row)))
            else:
                self.changes.append(Edit(first, last, new))

    def _statements(self, dropped: Set[ast.AST], snipped: list[Snip]) -> None:
        """Statements that have their lines for themselves are cut; from the others' lines they are snipped."""
        module = self._module
        for (first, last), row in _rows(module, sorted(dropped, key=start)).items():
            block = block_of(module, row[0])
            here = [s for s in block if first < span(s)[0] <= last]
            if all(s in dropped for s in here) and is_alone(module, here):
                self.cuts.append(_with_heading(module, here[0], first, last, not self._firsts.isdisjoint(row)))
            else:
                snipped.extend(from_row(module, here, dropped))
        self.changes.extend(edited(module.lines, snipped))


def _emptied(module: Module, going: set[ast.AST]) -> set[ast.AST]:
    """Of each block that loses all its statements the first: `pass` goes there."""
    firsts: set[ast.AST] = set()
    for statement in going:
        block = block_of(module, statement)
        if not isinstance(module.parent(statement), ast.Module) and all(other in going for other in block):
            firsts.add(block[0])
    return firsts


def _rows(module: Module, statements: Iterable[_Node]) -> dict[tuple[int, int], list[_Node]]:
    """The statements by the lines they stand in, widened to what shares these with them."""
    found: dict[tuple[int, int], list[_Node]] = defaultdict(list)
    for statement in statements:
        first, last = span(statement)
        for other in map(span, block_of(module, statement)):
            if other[0] <= last and other[1] >= first:
                first, last = min(first, other[0]), max(last, other[1])
        found[first - 1, last].append(statement)
    return found


def _definition(module: Module, node: ast.AST, emptied: bool) -> Cut:
    lines = module.lines
    first, last = span(node)
    indent = indent_of(lines[first - 1])
    head = heading(module, node, first)
    if not plain.is_one_definition("\n".join(lines[head - 1 : last]) + "\n", node.name):  # type: ignore[attr-defined]  # a definition
        raise Unreadable("the definition shares its lines with other code", "unparsable")
    return Cut(head - 1, _tail(lines, last, indent), emptied)


def _tail(lines: list[str], last: int, indent: str) -> int:
    """The line after the comments that close a definition's body, which no statement of it spans."""
    end = last
    for number, line in enumerate(lines[last:], last + 1):
        if not line.strip():
            continue
        if not line.lstrip().startswith("#") or len(indent_of(line)) <= len(indent):
            break
        end = number
    return end


def _import_row(module: Module, first: int, last: int, gone: set[ast.AST]) -> list[str] | None:
    """The lines of imports without the aliases that go; None if nothing is left of them."""
    here = [alias for alias in module.of(ast.alias) if first < alias.lineno <= last]
    numbers = {number for number, alias in enumerate(here) if alias in gone}
    line = "\n".join(module.lines[first:last]) + "\n"
    text = plain.without_aliases(line, numbers)
    if text is None:
        from mldebt.proof.fragment import without_aliases

        text = without_aliases(line, numbers)
    return text.removesuffix("\n").split("\n") if text else None


def _import(module: Module, first: int, last: int, emptied: bool) -> Cut:
    """A heading goes with the only import below it."""
    lines = module.lines
    head = first
    while head > 0 and speaks(lines[head - 1], indent_of(lines[first])):
        head -= 1
    alone = (last >= len(lines) or not lines[last].strip()) and head > 0 and not lines[head - 1].strip()
    return Cut(head if alone else first, last, emptied)


def _with_heading(module: Module, statement: ast.AST, first: int, last: int, emptied: bool) -> Cut:
    """A short comment goes with the only statement below it."""
    lines = module.lines
    indent = indent_of(lines[first])
    head = heading(module, statement, first + 1) - 1
    below = lines[last] if last < len(lines) else ""
    alone = not below.strip() or len(indent_of(below)) < len(indent) or below.lstrip().startswith("#")
    short = first - head <= _HEADING and head > 0
    return Cut(head if alone and short and not emptied else first, last, emptied)


def _entries(module: Module, statement: ast.AST, names: frozenset[str]) -> Edit:
    from mldebt.proof.fragment import without_entries

    first, last = span(statement)
    text = without_entries("\n".join(module.lines[first - 1 : last]) + "\n", names)
    return Edit(first - 1, last, text.removesuffix("\n").split("\n") if text else [])


def _tidied(lines: list[str], cuts: list[Cut]) -> list[Edit]:
    """The cuts as edits; those with only blank lines between them are one."""
    found: list[Edit] = []
    run: list[Cut] = []
    for cut in sorted(cuts):
        if run and any(line.strip() for line in lines[run[-1].last : cut.first]):
            found.append(_without_gap(lines, run))
            run = []
        if cut.emptied:
            found.append(Edit(cut.first, cut.last, [f"{indent_of(lines[cut.first])}pass"]))
        else:
            run.append(cut)
    return [*found, _without_gap(lines, run)] if run else found


def _without_gap(lines: list[str], run: list[Cut]) -> Edit:
    """Neighbouring cuts with, of the blank lines before and after them, the shorter stretch."""
    first, last = run[0].first, run[-1].last
    above = below = 0
    while first - above > 0 and not lines[first - above - 1].strip():
        above += 1
    while last + below < len(lines) - 1 and not lines[last + below].strip():
        below += 1
    if first - above == 0 or not any(map(str.strip, lines[last + below :])):
        end = last + below if first - above == 0 else len(lines) - (not lines[-1])
        return Edit(first - above, end, [])
    ends_block = last + below < len(lines) and len(indent_of(lines[last + below])) < len(
        indent_of(lines[run[-1].first])
    )
    begins_block = len(indent_of(lines[first - above - 1])) < len(indent_of(lines[first]))
    before, after = lines[first - above : first], lines[last : last + below]
    keep = after if ends_block else before if begins_block else max(before, after, key=len)
    return Edit(first - above, last + below, keep)


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
