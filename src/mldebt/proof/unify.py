"""Anti-unification: the members of a clone class laid on one another, and all places where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import libcst as cst

from mldebt.proof.tree import Tree

_LIKE = 0.5  # of what stands in two statements has to agree for one to be a variant of the other
_REPEATS = {"For", "While", "CompFor", "Lambda", "FunctionDef", "ListComp", "SetComp", "DictComp", "GeneratorExp"}
_NEVER = {"Yield", "Await", "NamedExpr"}


class Hole(NamedTuple):
    """Where members have different expressions, in the order of the members.

    `role` is what the place calls its value. `repeated` tells whether the place may run more than once.
    """

    trees: tuple[Tree, ...]
    role: str
    repeated: bool


class Gap(NamedTuple):
    """Where members have different statements: `variants` by member, before the statement `at` of the first's suite.

    The first's own variant are its statements from there on.
    """

    suite: Tree
    at: int
    variants: tuple[tuple[Tree, ...], ...]


class Default(NamedTuple):
    """A parameter whose default differs."""

    parameter: cst.Param


Difference = Hole | Gap | Default


class Unifier:
    """Lays trees on one another; `names` maps, for each member, the first's local names to its own."""

    def __init__(self, count: int) -> None:
        self.names: list[dict[str, str]] = [{} for _ in range(count)]
        self._back: list[dict[str, str]] = [{} for _ in range(count)]
        self._trail: list[tuple[int, str]] = []

    def differences(self, trees: Sequence[Tree], role: str = "", repeated: bool = False) -> list[Difference] | None:
        """All places where trees differ; None if they differ in what no parameter can express."""
        mark = len(self._trail)
        found = self._below(trees, role, repeated)
        if found is not None:
            return found
        self._undo(mark)
        if all(t.is_value and t.kind != "local" for t in trees) and not any(_is_bound_to_place(t) for t in trees):
            return [Hole(tuple(trees), role, repeated)]
        if all(t.kind == "text" and not set("\\{}") & set(t.value) for t in trees):
            return [Hole(tuple(trees), "label", repeated)]
        return None

    def _below(self, trees: Sequence[Tree], role: str, repeated: bool) -> list[Difference] | None:
        first = trees[0]
        if any(t.kind != first.kind for t in trees):
            return None
        if first.kind == "local":
            return [] if all(self.bind(n, first.value, t.value) for n, t in enumerate(trees)) else None
        if first.kind == "suite":
            return self._suites(trees, repeated)
        if first.kind == "Param":
            return self._parameters(trees, repeated)
        if any(t.value != first.value or len(t.kids) != len(first.kids) for t in trees):
            return None
        found: list[Difference] = []
        repeated = repeated or first.kind in _REPEATS
        for number, column in enumerate(zip(*(t.kids for t in trees), strict=True)):
            inner = self.differences(column, _role(first, number, role), repeated)
            if inner is None or (first.kind == "Call" and number == 0 and not all(map(_is_plain, inner))):
                return None
            found += inner
        return found

    def bind(self, member: int, name: str, own: str) -> bool:
        """Take a local name of the first for one of a member; False if either stands for another already."""
        known, back = self.names[member].get(name), self._back[member].get(own)
        if known is None and back is None:
            self.names[member][name] = own
            self._back[member][own] = name
            self._trail.append((member, name))
            return True
        return known == own and back == name

    def _undo(self, mark: int) -> None:
        while len(self._trail) > mark:
            member, name = self._trail.pop()
            del self._back[member][self.names[member].pop(name)]

    def _parameters(self, trees: Sequence[Tree], repeated: bool) -> list[Difference] | None:
        if len({t.value for t in trees}) > 1 or self.differences([t.kids[0] for t in trees]) != []:
            return None
        defaults = [t.kids[1:] for t in trees]
        if all(len(d) == 1 for d in defaults):
            inner = self.differences([d[0] for d in defaults], "", repeated)
            if inner == []:
                return []
        elif not any(defaults):
            return []
        node = trees[0].node
        return [Default(node)] if isinstance(node, cst.Param) else None

    # -- statements ------------------------------------------------------------------------------------------------

    def _suites(self, trees: Sequence[Tree], repeated: bool) -> list[Difference] | None:
        first = trees[0]
        rows = [_aligned(first.kids, t.kids) for t in trees]
        found: list[Difference] = []
        ends = [0] * len(trees)  # of what is laid on one another, by member
        for index, statement in enumerate(first.kids):
            places = [row[index] for row in rows]
            if any(place is None for place in places):
                continue
            column = [statement, *(t.kids[p] for t, p in zip(trees[1:], places[1:], strict=True) if p is not None)]
            inner = self.differences(column, "", repeated)
            if inner is None:
                continue
            ahead = [p for p in places if p is not None]
            found += _gap(trees, ends, ahead)
            found += inner
            ends = [p + 1 for p in ahead]
        if not any(ends):
            return None if any(t.kids for t in trees) else []
        return found + _gap(trees, ends, [len(t.kids) for t in trees])


def _gap(trees: Sequence[Tree], starts: Sequence[int], ends: Sequence[int]) -> list[Difference]:
    variants = tuple(t.kids[a:b] for t, a, b in zip(trees, starts, ends, strict=True))
    return [Gap(trees[0], starts[0], variants)] if any(variants) else []


def _aligned(first: Sequence[Tree], other: Sequence[Tree]) -> list[int | None]:
    """For each statement of the first, the place of its like in the other, in order; None where it has none."""
    if first is other:
        return list(range(len(first)))
    head = 0
    while head < min(len(first), len(other)) and first[head].bag == other[head].bag:
        head += 1
    tail = 0
    while tail < min(len(first), len(other)) - head and first[-1 - tail].bag == other[-1 - tail].bag:
        tail += 1
    end, end_other = len(first) - tail, len(other) - tail
    found: list[int | None] = [*range(head), *[None] * (end - head), *range(end_other, len(other))]
    for a, b in _matched(first[head:end], other[head:end_other]):
        found[head + a] = head + b
    return found


def _matched(first: Sequence[Tree], other: Sequence[Tree]) -> list[tuple[int, int]]:
    """The pairs of like statements in order that agree in most, by dynamic programming."""
    score = [[0.0] * (len(other) + 1) for _ in range(len(first) + 1)]
    like = [[_likeness(a, b) for b in other] for a in first]
    for a in range(len(first) - 1, -1, -1):
        for b in range(len(other) - 1, -1, -1):
            score[a][b] = max(score[a + 1][b], score[a][b + 1], like[a][b] + score[a + 1][b + 1] if like[a][b] else 0.0)
    found: list[tuple[int, int]] = []
    a = b = 0
    while a < len(first) and b < len(other):
        if like[a][b] and score[a][b] == like[a][b] + score[a + 1][b + 1]:
            found.append((a, b))
            a, b = a + 1, b + 1
        elif score[a][b] == score[a + 1][b]:
            a += 1
        else:
            b += 1
    return found


def _likeness(first: Tree, other: Tree) -> float:
    if first.kind != other.kind:
        return 0.0
    shared = (first.bag & other.bag).total()
    like = shared / max(first.bag.total(), other.bag.total())
    return like if like >= _LIKE else 0.0


def _is_plain(difference: Difference) -> bool:
    """Whether what is called differs in a name only; else the call as a whole is what differs."""
    if not isinstance(difference, Hole):
        return False
    return not any(t.kind in ("local", "Call", "Subscript") for tree in difference.trees for t in tree.walk())


def _is_bound_to_place(tree: Tree) -> bool:
    """Whether an expression works only where it stands."""
    return any(t.kind in _NEVER for t in tree.walk())


def _role(parent: Tree, number: int, role: str) -> str:
    """What a place is called: after a keyword, the target of an assignment, the called function."""
    node = parent.node
    if isinstance(node, cst.Arg):
        return node.keyword.value if node.keyword else role
    if isinstance(node, cst.Assign | cst.AnnAssign | cst.AugAssign):
        return _word(parent.kids[0].kids[0] if parent.kids[0].kids else parent.kids[0])
    if isinstance(node, cst.Call):
        return f"~{_word(parent.kids[0])}" if number else role
    if isinstance(node, cst.For):
        return "items"
    if isinstance(node, cst.BinaryOperation):
        return "factor" if isinstance(node.operator, cst.Multiply) else ""
    if isinstance(node, cst.Comparison):
        return _word(parent.kids[0]) or role  # what it is compared with
    if isinstance(node, cst.DictElement) and isinstance(node.key, cst.SimpleString):
        return str(node.key.evaluated_value)
    return "" if isinstance(node, cst.BaseExpression) else role


def _word(tree: Tree) -> str:
    if tree.kind == "Attribute":
        return tree.value
    if tree.kind == "AssignTarget":
        return _word(tree.kids[0])
    if isinstance(tree.node, cst.Name):
        return tree.node.value
    return tree.value.rpartition(".")[2] if tree.kind == "import" else ""
