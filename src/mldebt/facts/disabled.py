"""Code that was switched off by making a comment or a string of it, told from prose, examples and formulas.

It is code if it has three lines of statements, speaks of names the module has, and nothing says that it is there to
be read: no example is announced, no exercise set, no choice offered, and it is not set off from prose by indentation.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from mldebt.facts.comments import FEWEST, comment_runs, quoted_lines, string_runs
from mldebt.facts.fragments import Group, groups
from mldebt.facts.syntax import Module

_GIVEN = frozenset(dir(builtins)).union("display get_ipython self cls".split())
_NEAR = 20  # lines
_MOST_PROSE = 0.2  # of the lines of a string
_MOST_FOREIGN = 2 / 3  # of the names that are read
# the prose above says that what follows explains or shows something
_ANNOUNCED = re.compile(
    r"""e\.g\.|i\.e\.|\b(?:for\ instance|equivalent|same\ as|as\ follows|like\ this|such\ as|notes?|see|formulas?|means
    |expected|looks?\ like|shapes?|would|similar\ to|corresponds?|in\ other\ words|basically|essentially|output
    |alternative(?:s|ly)?|another\ (?:option|way|possibility)|results?|syntax|snippet|adapted|try|optional(?:ly)?
    |for\ reference)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# it offers what follows to the reader, or says why it has to stay as it is
_OFFERED = re.compile(
    r"""\b(?:examples?|usages?|pseudo-?\s?code|activate|enable|in\ case|feel\ free|un-?comment\w*)\b
    |\b(?:leave|keep)\b.{0,30}\bcomment|\bif\ (?:needed|necessary|required|desired|wanted|you)\b
    |\byou\ (?:can|could|may|might|want|need)\b|\bcommented\b.{0,10}\b(?:because|since|due|until|as|for)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# an exercise, a session, or an excuse for the rule that finds this in ruff
_TASK = re.compile(
    r"\byour[ _]+(?:code|answer|solution|implementation)\b|\b(?:start|end|begin)\b.{0,12}\bcode\b"
    r"|\b(?:todo|fixme)\b.{0,20}\b(?:complete|implement|fill|your)\b|\b(?:exercise|hint|solution)s?\b"
    r"|^\W*>>>|^\W*(?:In|Out) ?\[\d+\]: ?\S|\bERA001\b",
    re.IGNORECASE | re.MULTILINE,
)
_RETIRED = re.compile(
    r"\b(?:old|debug\w*|deprecated|previous\w*|original\w*|disabled?|tests?|testing|unused|not used|removed?|temp\w*"
    r"|hack|legacy|dead|former\w*|no longer)\b",
    re.IGNORECASE,
)
_Assignment = ast.Assign | ast.AugAssign | ast.AnnAssign


class Disabled(NamedTuple):
    """Lines `first` to `last` of the text, and how many of them hold statements; `whole` if they are a string."""

    first: int
    last: int
    lines: int
    whole: ast.Expr | None


class _Names(NamedTuple):
    """The names that live code binds, and those with what it reads and what disabled code binds."""

    live: frozenset[str]
    known: frozenset[str]


def disabled_code(module: Module) -> list[Disabled]:
    """The disabled code of a module, in source order."""
    every = [group for run in chain(comment_runs(module), string_runs(module)) for group in groups(run)]
    long = [group for group in every if group.lines >= FEWEST]
    if not long:
        return []
    quoted = quoted_lines(module)
    code = [group for group in long if group.run.whole or group.run.first + group.pieces[0].first not in quoted]
    live = frozenset(name for scope in module.scopes for name in scope.bindings)
    read = (read.name for scope in module.scopes for read in scope.reads)
    bound = (name for group in every for statement in group.statements for name in _bound(statement))
    names = _Names(live, live.union(read, bound, _GIVEN))
    return sorted(_place(group) for group in code if why_kept(group, names) is None)


def _place(group: Group) -> Disabled:
    run = group.run
    if run.whole is not None:
        return Disabled(run.first, run.first + len(run.texts) - 1, group.lines, run.whole)
    return Disabled(run.first + group.pieces[0].first, run.first + group.pieces[-1].last, group.lines, None)


def _bound(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def why_kept(group: Group, names: _Names) -> str | None:
    """Why a group is no disabled code; None if it is."""
    return next((why for why, holds in _REASONS.items() if holds(group, names)), None)


def _is_announced(group: Group, names: _Names) -> bool:
    prose = "\n".join(group.above)
    if _RETIRED.search(prose):
        return False
    return prose.rstrip().endswith(":") or _ANNOUNCED.search(prose) is not None


def _is_offered(group: Group, names: _Names) -> bool:
    between = (group.run.texts[piece.first] for piece in group.pieces if piece.statement is None)
    return _OFFERED.search("\n".join([*group.above, *_paragraph(group)[0], *between])) is not None


def _is_task(group: Group, names: _Names) -> bool:
    above, own, below = _paragraph(group)
    return _TASK.search("\n".join([*above, *own, *below])) is not None


def _paragraph(group: Group) -> tuple[list[str], list[str], list[str]]:
    """What stands near above the group, in it, and near below it, up to lines that are blank in the file."""
    run = group.run
    first, end = group.pieces[0].first, group.pieces[-1].last + 1
    begin, last = first, end
    while begin > max(0, first - _NEAR) and begin - 1 not in run.gaps:
        begin -= 1
    while last < min(len(run.texts), end + _NEAR) and last not in run.gaps:
        last += 1
    return run.texts[begin:first], run.texts[first:end], run.texts[end:last]


def _is_quoted(group: Group, names: _Names) -> bool:
    """Whether it is indented below prose, as documentation quotes code."""
    above, own, below = _paragraph(group)
    around = [_indent(text) for text in (*above, *below) if text.strip()]
    return bool(around) and min(_indent(text) for text in own if text.strip()) >= min(around) + 2


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _is_foreign(group: Group, names: _Names) -> bool:
    """Whether most names it reads are names of nothing here."""
    read = [
        node.id
        for statement in group.statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    ]
    return sum(name not in names.known for name in read) > _MOST_FOREIGN * len(read)


def _is_choice(group: Group, names: _Names) -> bool:
    """Whether it only assigns: values for one name to choose from, settings no live code has, formulas."""
    work = [s for s in group.statements if not isinstance(s, ast.Import | ast.ImportFrom)]
    assigned = [s for s in work if isinstance(s, ast.Assign | ast.AugAssign | ast.AnnAssign)]
    if not work or len(assigned) < len(work):
        return False
    if _offers_values(assigned):
        return True
    if any(isinstance(n, ast.Call) for s in work for n in ast.walk(s)):
        return False
    targets = [target for s in assigned for target in _targets(s)]
    unknown = sum(names.live.isdisjoint(_names(target)) for target in targets)
    return unknown * 2 > len(targets) or sum(map(_is_formula, assigned)) * 2 >= len(assigned)


def _offers_values(assigned: list[_Assignment]) -> bool:
    """Whether the same name is given several values, none of which is made from the one before."""
    targets = [target for s in assigned for target in _targets(s)]
    if len(targets) < 2 or len({ast.dump(target) for target in targets}) > 1:
        return False
    own = set(_names(targets[0]))
    grows = any(isinstance(s, ast.AugAssign) for s in assigned)
    return not grows and all(s.value is None or own.isdisjoint(_names(s.value)) for s in assigned)


def _targets(statement: _Assignment) -> list[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else [statement.target]


def _names(node: ast.expr) -> Iterator[str]:
    return (n.id for n in ast.walk(node) if isinstance(n, ast.Name))


def _is_formula(statement: _Assignment) -> bool:
    """Whether an assignment has only names, numbers and operators, or is a shape."""
    nodes = list(ast.walk(statement))
    if any(isinstance(n, ast.Dict | ast.ListComp | ast.DictComp | ast.SetComp) for n in nodes):
        return False
    if any(isinstance(n, ast.Constant) and isinstance(n.value, str) for n in nodes):
        return False
    reads = any(isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) for n in nodes)
    return reads or isinstance(statement.value, ast.Tuple)


def _is_mostly_prose(group: Group, names: _Names) -> bool:
    """Whether a string has more prose than a comment in code would be."""
    if group.run.whole is None:
        return False
    filled = sum(bool(text.strip()) and not text.lstrip().startswith("#") for text in group.run.texts)
    covered = sum(p.last - p.first + 1 for p in group.pieces)
    return filled - covered > _MOST_PROSE * filled


_REASONS = {
    "mostly prose": _is_mostly_prose,
    "task": _is_task,
    "offered": _is_offered,
    "announced": _is_announced,
    "quoted": _is_quoted,
    "foreign": _is_foreign,
    "choice": _is_choice,
}
