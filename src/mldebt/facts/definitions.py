"""The definitions of a module and what each of them refers to: the raw material of the reachability graph.

A definition is the module's body, a function or class at its top (also under `if` and `try`), or a method of such a
class. What lies deeper belongs to the definition around it.
"""

from __future__ import annotations

import ast
import builtins
import re

from mldebt.facts.receivers import Receivers, dotted
from mldebt.facts.scopes import Read, Scope
from mldebt.facts.syntax import DefinitionNode, Module
from mldebt.model import Definition, Place

_NAMING = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[.:/][A-Za-z_][A-Za-z0-9_]*)*$")
_LONGEST_NAME = 100
_READS_BY_NAME = frozenset({"getattr", "hasattr", "delattr", "methodcaller", "attrgetter", "operator.attrgetter"})
# these give all names of what they are handed
_LISTS_NAMES = frozenset({"vars", "dir", "getmembers", "inspect.getmembers"})
_BUILTINS = frozenset(dir(builtins))


class Owners:
    """Which definition each scope belongs to; index 0 is the module's body."""

    def __init__(self, module: Module) -> None:
        self.nodes: list[ast.AST] = [module.tree]
        self._index: dict[ast.AST, int] = {module.tree: 0}
        self._of_scope: dict[Scope, int] = {module.top: 0}
        for scope in sorted(module.scopes[1:], key=lambda s: (s.node.lineno, s.kind != "header")):  # type: ignore[attr-defined]
            self._place(scope)

    def _place(self, scope: Scope) -> None:
        node, home = scope.node, scope.parent
        if node in self._index:
            self._of_scope[scope] = self._index[node]
            return
        assert home is not None, "only the module's scope has no parent, and it is placed first"
        if isinstance(node, DefinitionNode) and self._is_definition(home, node):
            self._index[node] = len(self.nodes)
            self.nodes.append(node)
            self._of_scope[scope] = self._index[node]
        else:
            self._of_scope[scope] = self.of(home)

    @staticmethod
    def _is_definition(home: Scope, node: ast.AST) -> bool:
        if home.kind == "module":
            return True
        outer = home.parent
        return (
            home.kind == "class" and outer is not None and outer.kind == "module" and not isinstance(node, ast.ClassDef)
        )

    def of(self, scope: Scope) -> int:
        """The index of the definition that a scope belongs to."""
        found: Scope | None = scope
        while found is not None:
            index = self._of_scope.get(found)
            if index is not None:
                return index
            found = found.parent
        return 0

    def at(self, node: ast.AST) -> int | None:
        """The index of a definition's own node; None for any other node."""
        return self._index.get(node)


class Gathering:
    """What one definition refers to, while it is being collected."""

    __slots__ = ("attributes", "own", "stores", "strings", "uses")

    def __init__(self) -> None:
        self.uses: set[str] = set()
        self.attributes: set[str] = set()
        self.own: set[str] = set()
        self.stores: dict[str, Place] = {}
        self.strings: set[str] = set()


def definitions(
    module: Module, owners: Owners, receivers: Receivers, void: frozenset[ast.AST] = frozenset()
) -> tuple[Definition, ...]:
    """The module's definitions in source order, the body first; `void` are those that are shadowed."""
    gathered = [Gathering() for _ in owners.nodes]
    for scope in module.scopes:
        into = gathered[owners.of(scope)]
        _reads(module, receivers, scope, into)
        for node, parts, inner in scope.loose:
            _loose(module, receivers, scope, (node, parts, inner), into)
    _named_by_strings(module, owners, receivers, gathered)
    pairs = zip(owners.nodes, gathered, strict=True)
    return tuple(_definition(module, node, found, node in void) for node, found in pairs)


def _reads(module: Module, receivers: Receivers, scope: Scope, into: Gathering) -> None:
    """File each name and chain under what its first name is bound to; what a scope reads again is filed once."""
    seen: set[tuple[str, str, bool]] = set()
    homes: dict[str, tuple[str, str | None]] = {}
    for name, suffix, node in scope.reads:
        stored = suffix != "" and node.ctx.__class__ is ast.Store  # type: ignore[attr-defined]  # a chain
        key = (name, suffix, stored)
        if key in seen:
            continue
        seen.add(key)
        if name not in homes:
            homes[name] = _receiver(receivers, scope.resolve(name), name)
        _file(module, *homes[name], Read(name, suffix, node), stored, into)


def _receiver(receivers: Receivers, home: Scope | None, name: str) -> tuple[str, str | None]:
    """What sort of receiver a name is, and the prefix that stands for it."""
    if home is not None and home.kind == "class":
        return "class", None
    if home is not None and home.kind == "function" and receivers.is_self(home, name):
        return "self", None
    prefix = receivers.typed(home, name)
    return ("builtin" if home is None and prefix in _BUILTINS else ""), prefix


def _file(module: Module, sort: str, prefix: str | None, read: Read, stored: bool, into: Gathering) -> None:
    parts = read.suffix.split(".") if read.suffix else []
    if sort == "class":
        into.own.add(read.name)
        into.attributes.update(parts)
    elif sort == "self":
        _on_self(module, parts, stored, read.node, into)
    elif sort != "builtin":
        kept = parts[:-1] if stored else parts
        if prefix is None:
            into.attributes.update(kept)
        elif kept or not prefix.endswith("()"):
            into.uses.add(".".join([prefix, *kept]))


def _on_self(module: Module, parts: list[str], stored: bool, node: ast.AST, into: Gathering) -> None:
    if not parts:
        return
    if stored and len(parts) == 1:
        if not isinstance(module.parent(node), ast.Delete):
            into.stores.setdefault(parts[0], module.place(node))
        return
    into.own.add(parts[0])
    into.attributes.update(parts[1:-1] if stored else parts[1:])


def _loose(
    module: Module,
    receivers: Receivers,
    scope: Scope,
    chain: tuple[ast.Attribute, list[str], ast.expr],
    into: Gathering,
) -> None:
    """A chain on something else than a name: on a call it may still be known what the call gives."""
    node, parts, inner = chain
    kept = parts[:-1] if isinstance(node.ctx, ast.Store) else parts
    if not kept:
        return
    prefix = receivers.of_call(scope, inner) if isinstance(inner, ast.Call) else None
    if prefix == "super()":
        into.own.add(kept[0])
        into.attributes.update(kept[1:])
    elif prefix is None:
        if not isinstance(inner, ast.Constant | ast.JoinedStr):
            into.attributes.update(kept)
    else:
        into.uses.add(".".join([prefix, *kept]))


def _named_by_strings(module: Module, owners: Owners, receivers: Receivers, gathered: list[Gathering]) -> None:
    """Literals that could name something, and attributes read through a literal (`getattr(x, "name")`)."""
    known = gathered[0].strings
    for constant in module.of(ast.Constant):
        value = constant.value
        if value.__class__ is str and len(value) <= _LONGEST_NAME and value not in known and _NAMING.match(value):
            parent = module.parent(constant)
            if not isinstance(parent, ast.Expr):
                known.add(value)
    for call in module.calls({name.rpartition(".")[2] for name in (*_READS_BY_NAME, *_LISTS_NAMES)}):
        name = dotted(call.func)
        if name in _READS_BY_NAME:
            _by_name(module, owners, receivers, call, gathered)
        elif name in _LISTS_NAMES and call.args:
            scope = module.scope(call)
            prefix = receivers.of_value(scope, call.args[0])
            if prefix is not None:
                gathered[owners.of(scope)].uses.add(f"{prefix}.*")


def _by_name(module: Module, owners: Owners, receivers: Receivers, call: ast.Call, gathered: list[Gathering]) -> None:
    """`getattr(x, name)`: the attribute if it is a literal, all that begin alike, or all of a known receiver."""
    scope = module.scope(call)
    into = gathered[owners.of(scope)]
    if len(call.args) < 2:
        into.attributes.update(a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
        return
    subject, name = call.args[:2]
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        wanted = name.value
    elif isinstance(name, ast.JoinedStr) and isinstance(name.values[0], ast.Constant):
        wanted = f"{name.values[0].value!s}*"
    else:
        wanted = "*"
    home = scope.resolve(subject.id) if isinstance(subject, ast.Name) else None
    if home is not None and isinstance(subject, ast.Name) and receivers.is_self(home, subject.id):
        into.own.add(wanted)
        return
    prefix = receivers.of_value(scope, subject)
    if prefix is not None:
        into.uses.add(f"{prefix}.{wanted}")
    elif wanted != "*":
        into.attributes.add(wanted)


def _definition(module: Module, node: ast.AST, found: Gathering, is_shadowed: bool) -> Definition:
    name, kind, at = "", "module", Place(1, max(1, len(module.lines)))
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    if isinstance(node, DefinitionNode):
        name, at = module.qualname(node), module.place(node)
        is_class = isinstance(node, ast.ClassDef)
        kind = "method" if module.enclosing(node, ast.ClassDef) is not None else "class" if is_class else "function"
        decorators = tuple(_decorator(module, d) for d in node.decorator_list)
        bases = tuple(_base(b) for b in node.bases) if isinstance(node, ast.ClassDef) else ()
    return Definition(
        name,
        kind,
        at,
        decorators=decorators,
        bases=bases,
        uses=tuple(sorted(found.uses)),
        attributes=tuple(sorted(found.attributes)),
        own=tuple(sorted(found.own)),
        stores=tuple(sorted(found.stores.items())),
        strings=tuple(sorted(found.strings)),
        shadowed=is_shadowed,
    )


def _decorator(module: Module, node: ast.expr) -> str:
    """A decorator's qualified name where it has one, otherwise as written; the call's name for a call."""
    target = node.func if isinstance(node, ast.Call) else node
    return module.name(target) or dotted(target) or "?"


def _base(node: ast.expr) -> str:
    """A base class as written, without what it is subscripted with; "?" for a computed one."""
    return dotted(node.value if isinstance(node, ast.Subscript) else node) or "?"
