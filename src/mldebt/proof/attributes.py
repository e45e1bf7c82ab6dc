"""The stores of an attribute in a class and its relatives, which go together or not at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from mldebt.errors import Unpatchable
from mldebt.facts.receivers import Receivers
from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import Module
from mldebt.model import Removal
from mldebt.proof.targets import Point

_SETS = frozenset({"__setattr__", "__slots__", "__set__", "__init_subclass__"})


def stores_of(module: Module, removal: Removal, read: Mapping[tuple[Scope, str], Sequence[Point]]) -> list[ast.AST]:
    """Every store of "Class.attribute" through `self`, and in the classes' bodies; empty if none is where it says.

    Raises Unpatchable if the file stores the attribute on something else too, or a class hands it on.
    """
    name = removal.name.rpartition(".")[2]
    receivers = Receivers(module)
    stored = [n for n in module.of(ast.Attribute) if n.attr == name and isinstance(n.ctx, ast.Store)]
    holders = {node: _class_of(module, receivers, node) for node in stored}
    at = (n for n in stored if n.lineno == removal.at.line and module.place(n).column == removal.at.column)
    first = next((holder for n in at if (holder := holders[n]) is not None), None)
    if first is None:
        return []
    family = relatives(module, first)
    if any(holder is None for holder in holders.values()):
        raise Unpatchable("it is stored from outside of the class too")
    found: list[ast.AST] = [node for node, holder in holders.items() if holder in family]
    for member in family:
        scope = module.opened_by(member)
        if name in scope.bindings:
            if read.get((scope, name)) or not all(is_plain(module, m) for m in family):
                raise Unpatchable("the class itself has it too")
            found.extend(scope.bindings[name])
    return found


def _class_of(module: Module, receivers: Receivers, store: ast.Attribute) -> ast.ClassDef | None:
    """The class on whose object a method stores an attribute; None if it is not the method's own."""
    if not isinstance(store.value, ast.Name):
        return None
    home = module.scope(store).resolve(store.value.id)
    if home is None or home.kind != "function" or not receivers.is_self(home, store.value.id):
        return None
    holder = home.parent.node if home.parent is not None else None
    return holder if isinstance(holder, ast.ClassDef) else None


def relatives(module: Module, one: ast.ClassDef) -> list[ast.ClassDef]:
    """The classes of the file that inheritance connects with one, itself too, in source order."""
    found = {one}
    while True:
        more = {c for c in module.of(ast.ClassDef) if c not in found and _is_kin(module, c, found)}
        if not more:
            return [c for c in module.of(ast.ClassDef) if c in found]
        found |= more


def _is_kin(module: Module, one: ast.ClassDef, others: set[ast.ClassDef]) -> bool:
    return any(base in others for base in _bases(module, one)) or any(one in _bases(module, c) for c in others)


def _bases(module: Module, one: ast.ClassDef) -> Iterator[ast.AST]:
    for base in one.bases:
        home = module.scope(base).resolve(base.id) if isinstance(base, ast.Name) else None
        if home is not None and isinstance(base, ast.Name):
            yield from home.bindings[base.id]


def is_plain(module: Module, one: ast.ClassDef) -> bool:
    """Whether a class inherits from nothing outside its file and stores attributes as every object does."""
    inside = [list(_bases(module, one))] if one.bases else []
    known = all(isinstance(base, ast.Name) and base.id in ("object",) for base in one.bases) or all(
        found and all(isinstance(node, ast.ClassDef) for node in found) and len(found) >= len(one.bases)
        for found in inside
    )
    names = {name for name in module.opened_by(one).bindings if name in _SETS}
    return known and not names and not one.decorator_list and not one.keywords


def stores_plainly(module: Module, store: ast.AST) -> bool:
    """Whether no class that a store in a method is for has a say in it."""
    holder = module.enclosing(store, ast.ClassDef)
    return isinstance(holder, ast.ClassDef) and all(is_plain(module, one) for one in relatives(module, holder))
