"""Differences → parameters: what shared code has to be given by each member, or why that asks too much."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

import libcst as cst

from mldebt.proof.choices import choices_of
from mldebt.proof.outer import Outer
from mldebt.proof.piece import UNITS
from mldebt.proof.plan import Members, Parameter, Plan, Refused
from mldebt.proof.tree import Tree
from mldebt.proof.unify import Default, Difference, Gap, Hole
from mldebt.proof.words import Names

MOST_PARAMETERS = 6  # beyond those a function already has
MOST_RESULTS = 6
_ALWAYS_ASKED = 3  # values, flags and functions that are never too many
_MOST_ASKED = 0.4  # of them for each statement; who has to give more writes the code himself
_MOST_HOOKS = 2  # places where copies do something else, not the same with other values
_MOST_DIFFERENT = 1 / 3  # of the statements, and of what stands in them
_MOST_IN_ONE = 0.4  # of what stands in them, in one hole
_BUILDS = frozenset("len int float str range tuple list dict set min max Path join".split())  # nothing notices when


def plan(members: Members, differences: Sequence[Difference]) -> Plan:
    """What the differences ask for. Raises Refused if it is too much."""
    holes = [d for d in differences if isinstance(d, Hole)]
    gaps = [d for d in differences if isinstance(d, Gap)]
    _measure(members, holes, gaps)
    early = _early(members, {p.name for p in _free(members, holes, gaps, ())})
    free = _free(members, holes, gaps, early)
    names = Names(members, {p.name for p in free}, holes)
    values, swaps = _values(members, holes, names)
    flags, choices = choices_of(members, gaps, names)
    parameters = (*free, *values, *flags)
    _bounded(parameters, len(choices), _statements(members))
    defaults = tuple(d.parameter for d in differences if isinstance(d, Default))
    defaults += tuple(t.node for t in early if isinstance(t.node, cst.Param))
    return Plan(parameters, tuple(swaps), tuple(choices), defaults, _results(members))


def _measure(members: Members, holes: Sequence[Hole], gaps: Sequence[Gap]) -> None:
    first = members.trees[0]
    statements = _statements(members)
    sizes = [[sum(_size(s) for s in v) for v in gap.variants] for gap in gaps]
    gone = sum(max(own) + min(own) for own in sizes)  # what each has of its own stands in the shared code twice
    if gone > _MOST_DIFFERENT * max(statements, 1):
        raise Refused(f"{gone} of {statements} statements differ")
    mass = sum(1 for _ in first.walk())
    given = sum(max(sum(1 for _ in t.walk()) for t in hole.trees) for hole in holes)
    if given > (_MOST_DIFFERENT if len(holes) > 1 else _MOST_IN_ONE) * mass:
        raise Refused(f"{given / mass:.0%} of what stands in the statements differs")


def _statements(members: Members) -> int:
    """How many statements a member has, those in blocks too."""
    return max(sum(len(t.kids) for t in tree.walk() if t.kind == "suite") for tree in members.trees)


def _size(statement: Tree) -> int:
    return 1 + sum(len(t.kids) for t in statement.walk() if t.kind == "suite")


def _bounded(parameters: Sequence[Parameter], choices: int, statements: int) -> None:
    asked = [p.name for p in parameters if p.kind != "free"]
    if len(asked) > max(_ALWAYS_ASKED, _MOST_ASKED * statements):
        raise Refused(f"it would ask for {len(asked)} things in {statements} statements: {', '.join(asked)}")
    if len(parameters) > MOST_PARAMETERS:
        raise Refused(f"it would take {len(parameters)} parameters: {', '.join(p.name for p in parameters)}")
    hooks = choices + sum(p.kind == "callback" for p in parameters)
    if hooks > _MOST_HOOKS:
        raise Refused(f"they do something else in {hooks} places")


def _early(members: Members, free: Set[str]) -> list[Tree]:
    """The parameters of the first whose defaults read free names, which nobody has given yet: they have none then."""
    head = members.trees[0].kids[0] if members.pieces[0].unit in ("function", "method") else None
    heads = [kid for kid in head.kids if kid.kind == "Parameters"] if head is not None else []
    given = [t for parameters in heads for t in parameters.kids if t.kind == "Param"]
    return [t for t in given if any(v.kind == "variable" and v.value in free for d in t.kids[1:] for v in d.walk())]


def _free(members: Members, holes: Sequence[Hole], gaps: Sequence[Gap], early: Sequence[Tree]) -> list[Parameter]:
    """The names of the first that the shared code still reads from outside and cannot see by itself."""
    read = _still_read(members, holes, gaps, early)
    found: dict[str, Parameter] = {}
    for number, piece in enumerate(members.pieces):
        back = {own: name for name, own in members.names[number].items()}
        for outer in piece.outer:
            is_bound = outer.name in piece.bound
            name = back.get(outer.name, outer.name) if is_bound else outer.name
            if (is_bound, name) in read and name not in found and not _is_seen(outer, members):
                found[name] = Parameter(name, "free", tuple(_own(members, n, name) for n in range(len(members.pieces))))
    return list(found.values())


def _still_read(
    members: Members, holes: Sequence[Hole], gaps: Sequence[Gap], early: Sequence[Tree]
) -> set[tuple[bool, str]]:
    """The names in the first without holes and defaults, and in gaps: whether each is bound inside, and what it is."""
    taken = [hole.trees[0] for hole in holes]
    taken += [default for parameter in early for default in parameter.kids[1:]]
    inside = {id(t) for tree in taken for t in tree.walk()}
    left = [t for t in members.trees[0].walk() if id(t) not in inside]
    left += [t for gap in gaps for variant in gap.variants for s in variant for t in s.walk()]
    return {(t.kind == "local", t.value) for t in left if t.kind in ("local", "variable")}


def _is_seen(outer: Outer, members: Members) -> bool:
    """Whether shared code sees a name by itself: it imports it, or moves with it, or stays in its file."""
    one_file = len({p.path for p in members.pieces}) == 1
    return outer.kind not in ("variable", "global") or (one_file and outer.kind == "global")


def _own(members: Members, number: int, name: str) -> str:
    """What a member calls a name of the shared code; None if it has nothing of the kind."""
    piece = members.pieces[number]
    own = members.names[number].get(name, name)
    return own if any(outer.name == own for outer in piece.outer) else "None"


def _values(members: Members, holes: Sequence[Hole], names: Names) -> tuple[list[Parameter], list[tuple[Tree, str]]]:
    by_text: dict[tuple[str, ...], list[Hole]] = {}
    for hole in holes:
        by_text.setdefault(tuple(t.text for t in hole.trees), []).append(hole)
    parameters: list[Parameter] = []
    swaps: list[tuple[Tree, str]] = []
    for same in by_text.values():
        parameter = _parameter(members, same, names)
        parameters.append(parameter)
        swaps.extend((hole.trees[0], parameter.name) for hole in same)
    return parameters, swaps


def _parameter(members: Members, same: Sequence[Hole], names: Names) -> Parameter:
    hole = same[0]
    written = {_code(tree) for tree in hole.trees}
    if len(written) == 1 and all(tree.kind == "import" for tree in hole.trees):
        raise Refused(f"`{written.pop()}` is imported from different places")
    _seen_outside(members, hole)
    locals_of = [_locals(tree) for tree in hole.trees]
    takes: list[str] = []
    for number, own_names in enumerate(locals_of):
        back = {own: name for name, own in members.names[number].items()}
        for own in own_names:
            if own not in back:
                raise Refused(f"`{_code(hole.trees[number])}` uses a name that only one copy has")
            if back[own] not in takes:
                takes.append(back[own])
    takes.sort(key=lambda name: name not in ("self", "cls"))  # as a method takes its object
    repeated = len(same) > 1 or any(h.repeated for h in same)
    called = any(_is_call(t, repeated) for tree in hole.trees for t in tree.walk())
    name = names.of(hole)
    if not takes and not called:
        return Parameter(name, "value", tuple(_code(t) for t in hole.trees), (), hole.trees)
    arguments = tuple(
        f"lambda {', '.join(members.names[n][t] for t in takes)}: {_code(tree)}".replace("lambda :", "lambda:")
        for n, tree in enumerate(hole.trees)
    )
    return Parameter(name, "callback", arguments, tuple(takes), hole.trees)


def _seen_outside(members: Members, hole: Hole) -> None:
    """Raises Refused for an argument that is imported only inside the definition that it would be given to."""
    for piece, tree in zip(members.pieces, hole.trees, strict=True):
        roots = {_root(t.node) for t in tree.walk() if t.kind == "import"} if piece.unit in UNITS else set()
        inside = [n for n in sorted(roots) if re.search(rf"^\s+(?:from .*)?import .*\b{n}\b", piece.text, re.MULTILINE)]
        if inside:
            raise Refused(f"`{inside[0]}` is imported inside the copies")


def _root(node: cst.CSTNode) -> str:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""


def _is_call(tree: Tree, repeated: bool) -> bool:
    """Whether a call has to stay where it is; one that builds a value may be made before, once."""
    if tree.kind != "Call":
        return False
    word = tree.kids[0].value.rpartition(".")[2]
    return not (word in _BUILDS or (word[:1].isupper() and not repeated))


def _locals(tree: Tree) -> list[str]:
    """The names an expression takes from the code around it that are bound inside the member."""
    own = {t.value for t in tree.walk() if t.kind == "local" and not t.is_value}
    found = (t.value for t in tree.walk() if t.kind == "local" and t.value not in own)
    return list(dict.fromkeys(found))


def _code(tree: Tree) -> str:
    if tree.kind == "text":
        return repr(tree.value)
    code = cst.Module([]).code_for_node(tree.node)
    if isinstance(tree.node, cst.Tuple | cst.GeneratorExp) and not tree.node.lpar:
        return f"({code})"
    return f"({code})" if "\n" in code and not code.startswith(("(", "[", "{")) else code


def _results(members: Members) -> tuple[str, ...]:
    """What the shared code returns: all that any member reads afterwards, as the first calls it."""
    if members.pieces[0].tail:
        return ()
    found: dict[str, None] = {}
    for number, piece in enumerate(members.pieces):
        back = {own: name for name, own in members.names[number].items()}
        for own in piece.results:
            if own not in back:
                raise Refused(f"`{own}` is set in some of the copies only and read after it")
            found[back[own]] = None
    for number, piece in enumerate(members.pieces):
        for name in found:
            own = members.names[number].get(name, "")
            if own not in piece.bound or (own in piece.unsure and all(o.name != own for o in piece.outer)):
                raise Refused(f"`{name}` is read after the copies and not always set in them")
    if len(found) > MOST_RESULTS:
        raise Refused(f"it would return {len(found)} values: {', '.join(found)}")
    return tuple(found)
