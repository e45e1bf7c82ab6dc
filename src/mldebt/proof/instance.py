"""The proof of an abstraction: with a member's arguments the shared code is that member again.

It goes by the text that would be printed, not by the trees it was made of.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

import libcst as cst

from mldebt.proof.plan import Members, Parameter, Plan, Refused
from mldebt.proof.skeleton import Form, Skeleton
from mldebt.proof.tree import Tree, View, lift, view_of


def prove(members: Members, made: Plan, form: Form, skeleton: Skeleton) -> None:
    """Read the shared code again and put each member's arguments in. Raises Refused if one does not come out."""
    try:
        ast.parse(skeleton.code)
    except SyntaxError as error:
        raise Refused("the shared code does not parse") from error
    first = members.pieces[0]
    shared = lift(cst.parse_module(skeleton.code), _view(members, made)).kids
    if form.owner:
        shared = _suite(shared[0])
    for number, tree in enumerate(members.trees):
        instance = Instance(made, number, members.names[number], form)
        if form.kind in ("block", "step"):
            body = _suite(shared[0])
            same = instance.is_member(body[: len(body) - bool(made.results)], tree.kids)
        elif form.kind == "definitions":
            same = instance.is_member(shared, tree.kids)
        else:
            same = instance.is_member(shared[0].kids[1:], tree.kids[0].kids[1:])
        if not same:
            raise Refused("the shared code does not give the copies back")
        if set(members.pieces[number].results) - set(instance.results(made.results)) and not first.tail:
            raise Refused("the shared code does not give back all that is read after the copies")


def _suite(definition: Tree) -> tuple[Tree, ...]:
    return next(kid for kid in definition.kids if kid.kind == "suite").kids


def _view(members: Members, made: Plan) -> View:
    """How names of the shared code are to be read: as the first member does, those it has not as the others do."""
    views = [view_of(piece) for piece in members.pieces]
    names = {p.name for p in made.parameters}
    outer = {name: what for view in reversed(views) for name, what in view.outer.items() if name not in names}
    elsewhere = frozenset(n for p in members.pieces[1:] for n in p.bound) - outer.keys()
    return View(outer, views[0].bound | elsewhere, views[0].owner)


class Instance:
    """The comparison of the shared code with one member, by its number; names bound inside are paired as they come."""

    def __init__(self, plan: Plan, number: int, own: Mapping[str, str], form: Form) -> None:
        self._parameters: dict[str, Parameter] = {p.name: p for p in plan.parameters if p.kind != "free"}
        self._all_names = {p.name for p in plan.parameters}
        self._me = form.me if form.kind == "method" else ""
        self._stored = form.stored
        self._number = number
        self._names: dict[str, str] = {}
        self._back: dict[str, str] = {}
        self._expected = own

    def is_member(self, shared: Sequence[Tree], member: Sequence[Tree]) -> bool:
        """Whether statements of the shared code, with the member's arguments, are the member's."""
        return self._all(self._taken(shared), member)

    def results(self, names: Sequence[str]) -> list[str]:
        """The member's names for results."""
        return [self._names.get(name, name) for name in names]

    def _taken(self, statements: Sequence[Tree]) -> list[Tree]:
        """Statements with the branches of flags decided."""
        found: list[Tree] = []
        for statement in statements:
            holds = self._holds(statement)
            if holds is None:
                found.append(statement)
            elif holds:
                found.extend(self._taken(statement.kids[1].kids))
            elif len(statement.kids) > 2:
                found.extend(self._taken(statement.kids[2].kids[0].kids))
        return found

    def _holds(self, statement: Tree) -> bool | None:
        """Whether a flag lets a statement's first branch run; None if it asks no flag."""
        if not isinstance(statement.node, cst.If):
            return None
        test = statement.node.test
        negated = isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not)
        parameter = self._parameters.get(self._name(test.expression if isinstance(test, cst.UnaryOperation) else test))
        if parameter is None or parameter.kind != "flag":
            return None
        return (parameter.arguments[self._number] == "True") is not negated

    def _all(self, shared: Sequence[Tree], member: Sequence[Tree]) -> bool:
        return len(shared) == len(member) and all(map(self._same, shared, member))

    def _same(self, shared: Tree, member: Tree) -> bool:
        shared = self._unwrapped(shared)
        name = self._read(shared)
        if name and self._parameters.get(name) is None:
            return member.kind == "variable" and member.value == name
        parameter = self._taken_by(shared)
        if parameter is not None:
            return self._given(parameter, shared, member)
        if shared.kind == "local" and member.kind == "local":
            return self._bind(shared.value, member.value)
        if shared.kind != member.kind:
            return False
        if shared.kind == "Product":
            left, right, sign = shared.kids
            return self._tried([left, right, sign], member.kids) or self._tried([right, left, sign], member.kids)
        if shared.kind == "suite":
            return self._all(self._taken([kid for kid in shared.kids if not self._stores(kid)]), member.kids)
        if shared.kind == "Parameters":
            return self._all(self._own(shared), self._own(member))
        if shared.kind == "Param":
            return shared.value == member.value and self._same(shared.kids[0], member.kids[0])
        plain = shared.value == member.value or shared.kind in ("FormattedString",)
        return plain and self._all(shared.kids, member.kids)

    def _tried(self, shared: Sequence[Tree], member: Sequence[Tree]) -> bool:
        """As `_all`, but if it fails no name is paired."""
        names, back = dict(self._names), dict(self._back)
        if self._all(shared, member):
            return True
        self._names, self._back = names, back
        return False

    def _unwrapped(self, shared: Tree) -> Tree:
        """What stands in the braces of an f-string, if it is a parameter for a text."""
        if shared.kind == "FormattedStringExpression" and len(shared.kids) == 1:
            parameter = self._taken_by(shared.kids[0])
            if parameter is not None and parameter.trees and parameter.trees[0].kind == "text":
                return shared.kids[0]
        return shared

    def _stores(self, statement: Tree) -> bool:
        """Whether a statement is one that stores a parameter on the object."""
        text = cst.Module([]).code_for_node(statement.node).strip() if self._stored else ""
        return any(text == f"self.{name} = {name}" for name in self._stored)

    def _given(self, parameter: Parameter, shared: Tree, member: Tree) -> bool:
        """Whether the member has its argument here; what a callback takes has to be what it uses."""
        given = shared.kids[1:] if parameter.kind == "callback" else ()
        taken = [kid.kids[0].value for kid in given]
        if taken != [t for t in parameter.takes if not self._me or t != self._me]:
            return False
        pairs = all(self._bind(name, self._expected[name]) for name in taken)
        return pairs and parameter.trees[self._number].text == member.text

    def _bind(self, name: str, own: str) -> bool:
        return self._names.setdefault(name, own) == own and self._back.setdefault(own, name) == name

    def _taken_by(self, tree: Tree) -> Parameter | None:
        """The parameter whose value stands here, or what calling it gives."""
        called = isinstance(tree.node, cst.Call)
        parameter = self._parameters.get(self._name(tree.node.func if isinstance(tree.node, cst.Call) else tree.node))
        fits = parameter is not None and parameter.kind == ("callback" if called else "value")
        return parameter if fits else None

    def _read(self, tree: Tree) -> str:
        """The parameter that is read here from where `__init__` stored it."""
        return tree.value if tree.kind == "Attribute" and tree.is_value and tree.value in self._stored else ""

    def _name(self, node: cst.CSTNode) -> str:
        """The parameter that is read here, as a name or as an attribute of the method's object."""
        if isinstance(node, cst.Attribute) and node.attr.value in self._stored:
            return node.attr.value
        if self._me and isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name):
            return node.attr.value if node.value.value == self._me else ""
        return node.value if isinstance(node, cst.Name) and not self._me else ""

    def _own(self, parameters: Tree) -> list[Tree]:
        """A function's parameters but those that were added."""
        given = (kid for kid in parameters.kids if kid.kind == "Param")
        return [kid for kid in given if kid.kids[0].value not in self._all_names]
