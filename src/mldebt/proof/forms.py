"""What shared code is written as: a function, a class, a method of a common base class, a module."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from mldebt.proof.naming import base_name, bases_of, name_of
from mldebt.proof.plan import Members, Plan, Refused
from mldebt.proof.skeleton import Form
from mldebt.proof.tree import Tree

_HAND_ON = frozenset(  # decorators, and what they are written with, that hand on all arguments
    "staticmethod classmethod functools wraps lru_cache cache contextlib contextmanager abc abstractmethod override"
    " torch no_grad inference_mode tf function jax jit".split()
)


def form_of(members: Members, made: Plan) -> Form:
    """The form that fits the members. Raises Refused if the plan asks for what the form cannot give."""
    first = members.pieces[0]
    if first.unit == "block":
        return _of_block(members, made)
    name = first.symbol.rpartition(".")[2]
    if first.unit == "definitions":
        if made.parameters or made.defaults:
            raise Refused("several definitions differ at once: share them one by one")
        return Form("definitions", name)
    if first.unit == "class":
        return Form("constructor", name, reads=_stored(members.trees[0].kids[0], made), me="self")
    if first.unit == "function":
        _only_in_body(members.trees[0].kids[0], made)
        return Form("function", name)
    return _of_method(members, made, name)


def _of_block(members: Members, made: Plan) -> Form:
    name = name_of(members.pieces, made.results, members.trees[0])
    if any(isinstance(kid.node, cst.ClassDef) for kid in members.trees[0].kids):
        raise Refused("a class stands among the statements: share it first")
    me = next((p for p in made.parameters if p.kind == "free" and p.name in ("self", "cls")), None)
    owners = {p.owner for p in members.pieces}
    if me is None or "" in owners or set(me.arguments) != {me.name} or me.name != "self":
        return Form("block", name)
    one = len({(p.path, p.owner) for p in members.pieces}) == 1
    return Form("step", name, "" if one else base_name(owners, members.pieces), _bases(members), "self")


def _of_method(members: Members, made: Plan, name: str) -> Form:
    first = members.pieces[0]
    definition = members.trees[0].kids[0]
    _only_in_body(definition, made)
    names = [t.kids[0].value for t in definition.walk() if t.kind == "Param"]
    decorated = isinstance(definition.node, cst.FunctionDef) and bool(definition.node.decorators)
    me = names[0] if names and not decorated else ""
    owners = {(p.path, p.owner) for p in members.pieces}
    if len(owners) == 1:
        return Form("function", name)
    if len(owners) < len(members.pieces) and made.parameters:
        raise Refused("methods of one class differ: share them there first")
    owner = base_name({p.owner for p in members.pieces}, members.pieces)
    if first.owner == "" or (not me and made.parameters):
        raise Refused("the methods differ and take no object: make functions of them first")
    if name == "__init__":
        return Form("constructor", name, owner, _bases(members), me)
    if any(p.kind == "free" for p in made.parameters):
        free = ", ".join(f"`{p.name}`" for p in made.parameters if p.kind == "free")
        raise Refused(f"the methods read {free}, which each module has of its own: pass it to them first")
    return Form("method", name, owner, _bases(members), me)


def _bases(members: Members) -> str:
    """The bases that all classes have."""
    return bases_of(members.pieces)


def _only_in_body(definition: Tree, made: Plan) -> None:
    """Raises Refused for a difference in what is evaluated outside the function, or that a decorator stands before."""
    node = definition.node
    if not isinstance(node, cst.FunctionDef):
        return
    decorators = [kid for kid in definition.kids if isinstance(kid.node, cst.Decorator)]
    outside = {id(t) for kid in decorators for t in kid.walk()}
    if any(id(tree) in outside for tree, _ in made.holes):
        raise Refused("the decorators differ")
    words = [word for kid in decorators for word in re.findall(r"\w+", cst.Module([]).code_for_node(kid.node))]
    if made.parameters and any(word not in _HAND_ON for word in words):
        raise Refused("a decorator stands between the function and its callers, so that they can give it nothing more")


def _stored(definition: Tree, made: Plan) -> tuple[tuple[Tree, str], ...]:
    """What is read outside a class's `__init__` of the parameters, which has to be stored on the object.

    Raises Refused if the classes differ there in more than values.
    """
    built = [t for body in _constructors(definition) for t in body.walk()]
    if made.parameters and not built:
        raise Refused("the classes differ and have no `__init__` to be told in")
    inside, suites = set(map(id, built)), {id(t.node) for t in built}
    found = [(tree, name) for tree, name in _reads(definition, made) if id(tree) not in inside]
    callbacks = {p.name for p in made.parameters if p.kind == "callback"}
    if not suites.issuperset(id(c.suite) for c in made.choices) or callbacks.intersection(name for _, name in found):
        raise Refused("the classes differ in more than what they are made with")
    _reach(definition, found)
    return tuple(found)


def _reach(definition: Tree, reads: Sequence[tuple[Tree, str]]) -> None:
    """Raises Refused if a read cannot go by an attribute of the object."""
    reached = {id(t) for body in _late(definition) for t in body.walk()}
    used = {t.value for t in definition.walk() if t.kind == "Attribute"}
    if any(id(tree) not in reached or name in used for tree, name in reads):
        raise Refused("the classes differ outside their methods")


def _reads(definition: Tree, made: Plan) -> list[tuple[Tree, str]]:
    """Where parameters are read: in holes, and free variables as they are."""
    taken = {id(t) for tree, _ in made.holes for t in tree.walk()}
    free = {p.name for p in made.parameters if p.kind == "free"}
    names = (t for t in definition.walk() if t.kind == "variable" and t.value in free)
    return [*made.holes, *((t, t.value) for t in names if id(t) not in taken)]


def _late(definition: Tree) -> Iterator[Tree]:
    """The bodies of the methods that call their object `self`."""
    for method in _body(definition):
        first = next((t.kids[0].value for t in method.walk() if t.kind == "Param"), "")
        if isinstance(method.node, cst.FunctionDef) and first == "self":
            yield from (part for part in method.kids if part.kind == "suite")


def _body(definition: Tree) -> tuple[Tree, ...]:
    return next(kid for kid in definition.kids if kid.kind == "suite").kids


def _constructors(definition: Tree) -> Iterator[Tree]:
    for kid in _body(definition):
        if isinstance(kid.node, cst.FunctionDef) and kid.node.name.value == "__init__":
            yield from (part for part in kid.kids if part.kind == "suite")


def kind_of(members: Members, made: Plan, form: Form) -> str:
    """The word for the kind of refactoring."""
    asks = any(p.kind != "free" for p in made.parameters) or bool(made.defaults)
    if form.kind in ("method", "step") or (form.kind == "constructor" and form.owner):
        return "shared method" if not form.owner else "template method" if asks else "base class"
    unit, paths = members.pieces[0].unit, {p.path for p in members.pieces}
    if form.kind == "function" and unit == "method":
        return "shared method"
    notebooks = sum(path.endswith(".ipynb") for path in paths)
    if notebooks and len(paths) > 1:
        return "shared module" if notebooks < len(paths) and not asks else "notebook to module"
    if asks:
        return "parametrised class" if unit == "class" else "parametrised function"
    return "shared function" if len(paths) == 1 or form.kind == "block" else "shared module"
