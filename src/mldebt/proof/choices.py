"""Statements that only some members have: flags that let them run."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from mldebt.proof.plan import Choice, Members, Parameter, Refused
from mldebt.proof.tree import Tree
from mldebt.proof.unify import Gap
from mldebt.proof.words import Names


def choices_of(members: Members, gaps: Sequence[Gap], names: Names) -> tuple[list[Parameter], list[Choice]]:
    flags: dict[tuple[str, ...], Parameter] = {}
    found: list[Choice] = []
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
        _imports_stay(members, gap)
        suite, at, old = gap.suite, gap.at, gap.variants[0]
        after = suite.kids[at + len(old)].node if at + len(old) < len(suite.kids) else None
        no = next((written[n] for n, t in enumerate(texts) if t != yes), ())
        flag = flags[turned if negated else picks].name
        found.append(
            Choice(suite.node, tuple(t.node for t in old), after, flag, negated, written[texts.index(yes)], no)
        )
    return list(flags.values()), found


def _imports_stay(members: Members, gap: Gap) -> None:
    """Raises Refused if statements that only some members have import what all of them read."""
    imports = _Imports()
    for statement in (s for variant in gap.variants for s in variant):
        statement.node.visit(imports)
    inside = {id(t) for s in gap.variants[0] for t in s.walk()} if imports.names else set()
    common = (t.node for t in members.trees[0].walk() if imports.names and id(t) not in inside)
    read = {node.value for node in common if isinstance(node, cst.Name)} & imports.names
    if read:
        raise Refused(f"`{min(read)}` is imported in a part that only some copies have")


class _Imports(cst.CSTVisitor):
    """Gathers the names that imports bind."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_ImportAlias(self, node: cst.ImportAlias) -> None:
        self.names.add(node.evaluated_alias or node.evaluated_name.partition(".")[0])


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

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        name = self._names.get(id(original_node))
        return updated_node if name is None else updated_node.with_changes(value=name)


def _text(statement: cst.CSTNode) -> str:
    if isinstance(statement, cst.BaseStatement):
        statement = statement.with_changes(leading_lines=[])
    return cst.Module([]).code_for_node(statement)


def _about(statements: Sequence[cst.CSTNode]) -> str:
    """A word for what statements do: what they set, else what they call."""
    text = "".join(map(_text, statements)).strip()
    target = re.match(r"([A-Za-z_][\w.]*)\s*[-+*/]?=[^=]", text)
    if target:
        return target[1].rpartition(".")[2]
    called = re.search(r"([A-Za-z_]\w*)\(", text)
    return called[1] if called else "more"
