"""Differences → parameters: what a shared function has to be given by each member, or why that asks too much."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import libcst as cst

from mldebt.proof.piece import Piece
from mldebt.proof.tree import Tree
from mldebt.proof.unify import Default, Difference, Gap, Hole

MOST_PARAMETERS = 6  # beyond those a function already has
_MOST_HOOKS = 2  # places where copies do something else, not the same with other values
_MOST_DIFFERENT = 1 / 3  # of the statements, and of what stands in them
_MOST_IN_ONE = 0.4
_TAKEN = frozenset(dir(builtins)) | frozenset(keyword.kwlist)
_BUILDS = frozenset(("len", "int", "float", "str", "range", "tuple", "list", "dict", "set", "min", "max", "Path", "join"))


class Refused(Exception):  # noqa: N818 - an answer, raised through the stages that work on it
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


def plan(members: Members, differences: Sequence[Difference]) -> Plan:
    """What the differences ask for. Raises Refused if it is too much."""
    holes = [d for d in differences if isinstance(d, Hole)]
    gaps = [d for d in differences if isinstance(d, Gap)]
    _measure(members, holes, gaps)
    free = _free(members, holes, gaps)
    names = _Names(members, {p.name for p in free}, holes)
    values, swaps = _values(members, holes, names)
    flags, choices = _choices(members, gaps, names)
    parameters = (*free, *values, *flags)
    _bounded(parameters, len(choices))
    defaults = tuple(d.parameter for d in differences if isinstance(d, Default))
    return Plan(parameters, tuple(swaps), tuple(choices), defaults, _results(members))


def _measure(members: Members, holes: Sequence[Hole], gaps: Sequence[Gap]) -> None:
    first = members.trees[0]
    statements = max(sum(len(t.kids) for t in tree.walk() if t.kind == "suite") for tree in members.trees)
    gone = sum(max(sum(_size(s) for s in v) for v in gap.variants) for gap in gaps)
    if gone > _MOST_DIFFERENT * max(statements, 1):
        raise Refused(f"{gone} of {statements} statements differ")
    mass = sum(1 for _ in first.walk())
    given = sum(max(sum(1 for _ in t.walk()) for t in hole.trees) for hole in holes)
    if given > (_MOST_DIFFERENT if len(holes) > 1 else _MOST_IN_ONE) * mass:
        raise Refused(f"{given / mass:.0%} of what stands in the statements differs")


def _size(statement: Tree) -> int:
    return 1 + sum(len(t.kids) for t in statement.walk() if t.kind == "suite")


def _bounded(parameters: Sequence[Parameter], choices: int) -> None:
    if len(parameters) > MOST_PARAMETERS:
        raise Refused(f"it would take {len(parameters)} parameters: {', '.join(p.name for p in parameters)}")
    hooks = choices + sum(p.kind == "callback" for p in parameters)
    if hooks > _MOST_HOOKS:
        raise Refused(f"they do something else in {hooks} places")


# -- free variables ----------------------------------------------------------------------------------------------------


def _free(members: Members, holes: Sequence[Hole], gaps: Sequence[Gap]) -> list[Parameter]:
    """The names of the first that the shared code still reads from outside and cannot see by itself."""
    inside = {id(t) for hole in holes for t in hole.trees[0].walk()}
    left = [t for t in members.trees[0].walk() if id(t) not in inside]
    left += [t for gap in gaps for variant in gap.variants for s in variant for t in s.walk()]
    read = {t.value for t in left if t.kind == "variable"}
    local = {t.value for t in left if t.kind == "local"}
    one_file = len({p.path for p in members.pieces}) == 1
    found: dict[str, Parameter] = {}
    for number, piece in enumerate(members.pieces):
        back = {own: name for name, own in members.names[number].items()}
        for outer in piece.outer:
            is_seen = outer.kind not in ("variable", "global") or (one_file and outer.kind == "global")
            name = back.get(outer.name, outer.name) if outer.name in piece.bound else outer.name
            if not is_seen and name not in found and name in (local if outer.name in piece.bound else read):
                found[name] = Parameter(name, "free", tuple(_own(members, n, name) for n in range(len(members.pieces))))
    return list(found.values())


def _own(members: Members, number: int, name: str) -> str:
    """What a member calls a name of the shared code; None if it has nothing of the kind."""
    piece = members.pieces[number]
    own = members.names[number].get(name, name)
    return own if any(outer.name == own for outer in piece.outer) else "None"


# -- holes -------------------------------------------------------------------------------------------------------------


def _values(members: Members, holes: Sequence[Hole], names: _Names) -> tuple[list[Parameter], list[tuple[Tree, str]]]:
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


def _parameter(members: Members, same: Sequence[Hole], names: _Names) -> Parameter:
    hole = same[0]
    locals_of = [_locals(tree) for tree in hole.trees]
    takes: list[str] = []
    for number, own_names in enumerate(locals_of):
        back = {own: name for name, own in members.names[number].items()}
        for own in own_names:
            if own not in back:
                raise Refused(f"`{_code(hole.trees[number])}` uses a name that only one copy has")
            if back[own] not in takes:
                takes.append(back[own])
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
    return f"({code})" if "\n" in code and not code.startswith(("(", "[", "{")) else code


class _Names:
    """Names for parameters, each after its role and none twice."""

    def __init__(self, members: Members, free: Iterable[str], holes: Sequence[Hole]) -> None:
        inside = {id(t) for hole in holes for t in hole.trees[0].walk()}
        left = (t.node for t in members.trees[0].walk() if id(t) not in inside)
        read = {root.value for node in left if isinstance(root := _root(node), cst.Name)}
        self._used = {*members.pieces[0].bound, *free, *read, *_TAKEN}

    def of(self, hole: Hole) -> str:
        """The name for what takes a hole's place."""
        words = [_last_word(t) for t in hole.trees]
        if len(set(words)) == 1 and words[0]:
            return self.take(words[0])
        numbers = all(t.kind in ("Integer", "Float", "UnaryOperation") for t in hole.trees)
        texts = all(t.kind in ("string", "text", "FormattedString") for t in hole.trees)
        role = hole.role.strip("_~")
        if hole.role.startswith("~") and (words[0] or role in _CALLED):
            role = words[0]
        return self.take(role or words[0] or ("number" if numbers else "text" if texts else "value"))

    def take(self, wanted: str) -> str:
        """The wanted name, changed as far as needed to be a new identifier."""
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", re.sub(r"\W+", "_", wanted)).lower().strip("_") or "value"
        name = f"value_{name}" if name[0].isdigit() else name
        if name in _TAKEN:
            name = f"{name}_value"
        count, free = 1, name
        while free in self._used:
            count += 1
            free = f"{name}_{count}"
        self._used.add(free)
        return free


def _root(node: cst.CSTNode) -> cst.CSTNode:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


_CALLED = frozenset(("print", "append", "format", "load", "open", "min", "max", "str", "int"))


def _last_word(tree: Tree) -> str:
    if tree.kind in ("variable", "local", "import", "definition", "constant", "Attribute", "builtin"):
        node = tree.node
        if isinstance(node, cst.Attribute):
            return node.attr.value
        return node.value if isinstance(node, cst.Name) else ""
    return ""


# -- statements --------------------------------------------------------------------------------------------------------


def _choices(members: Members, gaps: Sequence[Gap], names: _Names) -> tuple[list[Parameter], list[Choice]]:
    flags: dict[tuple[str, ...], Parameter] = {}
    choices: list[Choice] = []
    for gap in gaps:
        written = [_renamed_all(members, n, variant) for n, variant in enumerate(gap.variants)]
        texts = ["".join(_meaning(members, n, s) for s in variant) for n, variant in enumerate(gap.variants)]
        kinds = list(dict.fromkeys(texts))
        if len(kinds) > 2:
            raise Refused(f"a part of it is written in {len(kinds)} ways")
        yes = next(t for t in texts if t)
        picks, turned = tuple(str(t == yes) for t in texts), tuple(str(t != yes) for t in texts)
        negated = turned in flags  # what one flag brings in elsewhere, it takes away here
        if not negated and picks not in flags:
            flags[picks] = Parameter(names.take(f"with_{_about(written[texts.index(yes)])}"), "flag", picks)
        suite, at, old = gap.suite, gap.at, gap.variants[0]
        after = suite.kids[at + len(old)].node if at + len(old) < len(suite.kids) else None
        no = next((written[n] for n, t in enumerate(texts) if t != yes), ())
        flag = flags[turned if negated else picks].name
        choices.append(
            Choice(suite.node, tuple(t.node for t in old), after, flag, negated, written[texts.index(yes)], no)
        )
    return list(flags.values()), choices


def _renamed_all(members: Members, number: int, statements: Sequence[Tree]) -> tuple[cst.CSTNode, ...]:
    """Statements of a member with the first's local names."""
    back = {own: name for name, own in members.names[number].items()}
    bound = set(members.pieces[number].bound)
    taken = set(members.names[number])
    for tree in (t for s in statements for t in s.walk() if t.kind == "local"):
        if tree.value not in back and tree.value in bound & taken:
            raise Refused(f"`{tree.value}` means different things in the copies")
    found: list[cst.CSTNode] = []
    for statement in statements:
        names = {id(t.node): back[t.value] for t in statement.walk() if t.kind == "local" and t.value in back}
        new = statement.node.visit(_Renaming(names))
        assert isinstance(new, cst.CSTNode)  # names take the place of names
        found.append(new)
    return tuple(found)


def _meaning(members: Members, number: int, tree: Tree) -> str:
    """A statement in one line, with the first's local names."""
    back = {own: name for name, own in members.names[number].items()}

    def text(part: Tree) -> str:
        value = back.get(part.value, part.value) if part.kind == "local" else part.value
        return f"({part.kind}:{value!r} {' '.join(map(text, part.kids))})"

    return text(tree)


class _Renaming(cst.CSTTransformer):
    def __init__(self, names: dict[int, str]) -> None:
        super().__init__()
        self._names = names

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802 - libcst's
        name = self._names.get(id(original_node))
        return updated_node if name is None else updated_node.with_changes(value=name)


def _text(statement: cst.CSTNode) -> str:
    if isinstance(statement, cst.BaseStatement):
        statement = statement.with_changes(leading_lines=[])  # type: ignore[arg-type]  # all statements have them
    return cst.Module([]).code_for_node(statement)


def _about(statements: Sequence[cst.CSTNode]) -> str:
    """A word for what statements do: what they set, else what they call."""
    text = "".join(map(_text, statements)).strip()
    target = re.match(r"([A-Za-z_][\w.]*)\s*[-+*/]?=[^=]", text)
    if target:
        return target[1].rpartition(".")[2]
    called = re.search(r"([A-Za-z_]\w*)\(", text)
    return called[1] if called else "more"


# -- results -----------------------------------------------------------------------------------------------------------


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
    return tuple(found)
