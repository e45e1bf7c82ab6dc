"""How the events of a leak are told: which line holds rows out, fits and judges."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.leakage.journal import Check
from mldebt.facts.leakage.lineage import Fit, Step
from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name
from mldebt.model import Related

_LONGEST = 60  # characters of source that a message quotes


def written(node: ast.AST) -> str:
    """Code as a message quotes it."""
    text = ast.unparse(node)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def told(steps: tuple[Step, ...]) -> str:
    """Learning steps, as the first words of a message."""
    first, *others = steps
    more = f" and {len(others)} more {'step' if len(others) == 1 else 'steps'}" if others else ""
    return f"`{written(first.node)}`{more}"


def line(module: Module, node: ast.expr) -> str:
    """Where something stands, in words."""
    where = module.place(node)
    return f"cell {where.cell}, line {where.line}" if where.cell is not None else f"line {where.line}"


def outcome(module: Module, split: ast.expr | None) -> str:
    """What becomes of the rows, to follow "the rows that"."""
    if not isinstance(split, ast.Call):
        return "are test rows later" if split is None else f"`{written(split)}` at {line(module, split)} holds out"
    word = last_name(split.func)
    if word.startswith("cross_val"):
        return f"`{word}` at {line(module, split)} validates on"
    divides = "split" in word or "Fold" in word
    at = line(module, split)
    return f"`{word}` at {at} holds out" if divides else f"a model is judged on at {at}"


def evidence(module: Module, split: ast.expr | None, fit: Fit | None, check: Check | None) -> Iterator[Related]:
    """The split, the fit and the evaluation, each where it is known."""
    if split is not None and (check is None or split is not check.node):
        yield Related(module.place(split), "holds rows out")
    if fit is not None:
        yield Related(module.place(fit.node), "fits the model")
    if check is not None:
        yield Related(module.place(check.node), "judges it" if check.scored else "uses it on the rows held out")
