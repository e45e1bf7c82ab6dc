"""What happens while a module is followed, in order: splits, fits, and what is checked on which rows."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import NamedTuple

from mldebt.facts.leakage.lineage import Fit, Step, Value
from mldebt.facts.leakage.rows import RowSet


class Split(NamedTuple):
    """A division into training and held-out rows; `by` is the name it has in the parts (see rows)."""

    node: ast.expr
    by: str
    whole: Value
    loops: tuple[str, ...]


class Check(NamedTuple):
    """A model used on rows; `scored` says that the result is measured, not only made."""

    node: ast.Call
    fit: Fit
    rows: RowSet
    steps: frozenset[Step]
    loops: tuple[str, ...]
    scored: bool


class Named(NamedTuple):
    """Rows that got a name which says what they are for: `role` is train or test."""

    node: ast.expr
    role: str
    value: Value


class Folded(NamedTuple):
    """A cross-validation of rows by one call."""

    node: ast.Call
    value: Value


@dataclass
class Journal:
    """The events of one module; `validates` is whether anything in it sets rows aside for choosing between models.

    `strata` are the steps that made what rows are divided evenly by.
    """

    splits: list[Split] = field(default_factory=list)
    applied: list[tuple[Step, Value]] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    fits: list[Fit] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    folded: list[Folded] = field(default_factory=list)
    strata: list[ast.expr] = field(default_factory=list)
    validates: bool = False
