"""What turns the first member of a clone class into shared code: parameters, holes and choices."""

from __future__ import annotations

from typing import NamedTuple

import libcst as cst

from mldebt.proof.piece import Piece
from mldebt.proof.tree import Tree


class Refused(Exception):
    """No abstraction is claimed; the text says why."""


class Parameter(NamedTuple):
    """What a shared function is given, with the argument of each member as code.

    `kind` is free (a name that is read from outside), value, callback (called with `takes`, local names of the first
    member) or flag. `trees` are the arguments of value and callback.
    """

    name: str
    kind: str
    arguments: tuple[str, ...]
    takes: tuple[str, ...] = ()
    trees: tuple[Tree, ...] = ()


class Choice(NamedTuple):
    """Statements of which a flag picks one run, in place of `old` of the first's suite or before `before`."""

    suite: cst.CSTNode
    old: tuple[cst.CSTNode, ...]
    before: cst.CSTNode | None
    flag: str
    negated: bool
    yes: tuple[cst.CSTNode, ...]
    no: tuple[cst.CSTNode, ...]


class Plan(NamedTuple):
    """How the first member's tree becomes the shared one."""

    parameters: tuple[Parameter, ...]
    holes: tuple[tuple[Tree, str], ...]  # of the first member, with the parameter that takes the place
    choices: tuple[Choice, ...]
    defaults: tuple[cst.Param, ...]
    results: tuple[str, ...]  # local names of the first member


class Members(NamedTuple):
    """The members, their trees, and for each the first's local names as its own."""

    pieces: tuple[Piece, ...]
    trees: tuple[Tree, ...]
    names: tuple[dict[str, str], ...]
