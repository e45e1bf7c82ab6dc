"""Removals as groups of targets: which of them can go together, and the edits that take them out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from mldebt.model import Removal
from mldebt.proof.lines import edits
from mldebt.proof.patch import Edit
from mldebt.proof.source import Source
from mldebt.proof.targets import Target, extent, fills_lines


class Group(NamedTuple):
    """What one removal takes out, or one of those that go along with it; `owner` is the removal's number."""

    owner: int
    removal: Removal
    targets: list[Target]
    goes_along: bool


class Standing(NamedTuple):
    """The groups that can go, and why removals cannot, by their numbers."""

    groups: list[Group]
    refused: dict[int, str]


def groups(source: Source, removals: Sequence[Removal]) -> Standing:
    """The groups of some removals; a removal is refused if something of it is not there."""
    found: list[Group] = []
    refused: dict[int, str] = {}
    for owner, removal in enumerate(removals):
        for wanted in (removal, *removal.also):
            targets = source.find(wanted)
            if not targets:
                refused[owner] = f"`{wanted.name}` is not at line {wanted.at.line}"
            found.append(Group(owner, removal, targets, goes_along=wanted is not removal))
    return Standing([group for group in found if group.owner not in refused], refused)


def without_obstacles(source: Source, standing: Standing) -> Standing:
    """What is left if each group goes that holds what has to stay, and with a removal all that goes along."""
    left, refused = standing.groups, dict(standing.refused)
    while (obstacle := source.obstacle(targets(left))) is not None:
        hit = [group for group in left if obstacle.node in group.targets]
        refused.update((group.owner, obstacle.why) for group in hit if not group.goes_along)
        left = [group for group in left if group not in hit and group.owner not in refused]
    return Standing(left, refused)


def edits_of(source: Source, left: Sequence[Group]) -> list[Edit]:
    """The edits that take groups out. Raises Unreadable if what is left does not parse."""
    found = targets(left)
    keeps = {name for group in left for name in group.removal.keeps}
    outermost = [one for one in found if not any(_holds(source, other, one) for other in found)]
    return edits(source.module, [*outermost, *source.idle_without(found, keeps)], source.entries(found))


def targets(found: Iterable[Group]) -> list[Target]:
    """What groups take out, each once, in their order."""
    return list(dict.fromkeys(chain.from_iterable(group.targets for group in found)))


def _holds(source: Source, outer: Target, inner: Target) -> bool:
    """Whether one target lies inside another."""
    if outer is inner or not fills_lines(outer):
        return False
    if isinstance(outer, ast.AST) and isinstance(inner, ast.AST):
        return outer in source.module.ancestors(inner)
    (first, last), (begin, end) = extent(outer), extent(inner)
    return first <= begin and end <= last
