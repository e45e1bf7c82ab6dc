"""Chains of branches that compare one value with names and make another thing for each: a registry written out."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from mldebt.facts.syntax import Module
from mldebt.model import Dispatch

FEWEST = 4  # names, so that a chain is noted
_RETURNED = "return"
_MOSTLY = 0.8  # of the branches that make the thing, and by a call
_FEWEST_MAKERS = 3  # different ones; more of one are a table of arguments


class _Branch(NamedTuple):
    """The text of what is compared, the names it is compared with, and what is done then."""

    subject: str
    names: tuple[str, ...]
    body: list[ast.stmt]
    end: int


def dispatches(module: Module, owner_of: Callable[[ast.AST], int]) -> tuple[Dispatch, ...]:
    """The chains of a module with at least `FEWEST` names, by place. Cost: a look at each `if` that compares texts."""
    found = []
    taken: set[ast.AST] = set()
    for node in module.of(ast.If):
        if node in taken or _branch(node) is None:
            continue
        branches = list(_branches(module, node, taken))
        made = _made(branches)
        names = tuple(dict.fromkeys(name for branch in branches for name in branch.names))
        if made is not None and len(names) >= FEWEST and len(branches) >= FEWEST:
            at = module.stretch(node.lineno, branches[-1].end, node.col_offset + 1)
            found.append(Dispatch(branches[0].subject, names, made, at, owner_of(node), len(branches)))
    return tuple(found)


def _branches(module: Module, node: ast.If, taken: set[ast.AST]) -> Iterator[_Branch]:
    """The branches of a chain of `elif`, or of one `if` after another, that all compare what the first one does."""
    first = _branch(node)
    while first is not None:
        found = _branch(node)
        if found is None or found.subject != first.subject:
            return
        taken.add(node)
        yield found
        after = node.orelse[0] if len(node.orelse) == 1 else None if node.orelse else _next(module, node)
        if not isinstance(after, ast.If):
            return
        node = after


def _next(module: Module, node: ast.If) -> ast.AST | None:
    """The statement after an `if` that is no `elif`."""
    body: list[ast.stmt] = getattr(module.parent(node), "body", [])
    at = next((at for at, statement in enumerate(body) if statement is node), len(body))
    return body[at + 1] if at + 1 < len(body) else None


def _branch(node: ast.If) -> _Branch | None:
    test = node.test
    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]
    compared = [_compared(part) for part in parts]
    if None in compared or len({found[0] for found in compared if found is not None}) != 1:
        return None
    names = tuple(name for found in compared if found is not None for name in found[1])
    end = node.body[-1].end_lineno or node.lineno
    return _Branch(compared[0][0], names, node.body, end) if compared[0] is not None else None


def _compared(test: ast.expr) -> tuple[str, tuple[str, ...]] | None:
    """What a comparison compares, in words, and with which texts; letters are what parsers compare."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    operator, value = test.ops[0], test.comparators[0]
    if isinstance(operator, ast.Eq):
        names = [value]
    elif isinstance(operator, ast.In) and isinstance(value, ast.Tuple | ast.List | ast.Set):
        names = value.elts
    else:
        return None
    texts = [n.value for n in names if isinstance(n, ast.Constant) and isinstance(n.value, str) and len(n.value) > 1]
    subject = _dotted(test.left)
    return (subject, tuple(texts)) if subject and len(texts) == len(names) else None


def _dotted(node: ast.expr) -> str:
    """A name, attribute or item of a variable in words; `name.lower()` is `name`. Empty for anything else."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        node = node.func.value
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        inner = _dotted(node.value)
        return f"{inner}[{node.slice.value!r}]" if inner else ""
    return ""


def _made(branches: list[_Branch]) -> str | None:
    """What nearly every branch makes by a call, of which there are several: a variable, or what is returned."""
    makers = [_makers(branch.body) for branch in branches]
    counts = Counter(target for found in makers for target in found)
    for target, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
        different = {found[target] for found in makers if target in found}
        if count >= max(FEWEST, _MOSTLY * len(branches)) and len(different) >= _FEWEST_MAKERS:
            return target
    return None


def _makers(body: list[ast.stmt]) -> dict[str, str]:
    """What calls give values to, with the names of what is called."""
    found: dict[str, str] = {}
    for node in body:
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
            found[_RETURNED] = _dotted(node.value.func)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and len(node.targets) == 1:
            found[_dotted(node.targets[0])] = _dotted(node.value.func)
    return {target: maker for target, maker in found.items() if target and maker}
