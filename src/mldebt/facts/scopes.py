"""The one walk over a tree: nodes by type, parents, and the scopes with what they bind and read.

The walk uses a stack of its own: source that parses may still be nested too deep to recurse over.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SKIPPED = {"ctx", "op", "ops", "type_comment", "kind", "conversion", "is_async", "level", "simple", "kwd_attrs", "str"}


class Read(NamedTuple):
    """A name read: `suffix` is the rest of the dotted chain ("random.rand" of `np.random.rand`), `node` the whole."""

    name: str
    suffix: str
    node: ast.AST


class Scope:
    """A module, class, function (lambdas too), comprehension or header, with the names it binds and reads.

    A header holds what a definition evaluates outside itself: decorators, bases, defaults, annotations. `bindings`
    maps a name to the nodes that bind it: Name, arg, alias, definition, ExceptHandler or pattern. `loose` are the
    attribute chains that do not begin with a name, as (chain node, attributes from the inside out, inner expression).
    """

    __slots__ = ("_homes", "bindings", "foreign", "kind", "loose", "node", "parent", "reads")

    def __init__(self, kind: str, node: ast.AST, parent: Scope | None) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.bindings: dict[str, list[ast.AST]] = {}
        self.reads: list[Read] = []
        self.foreign: dict[str, str] = {}
        self.loose: list[tuple[ast.Attribute, list[str], ast.expr]] = []
        self._homes: dict[str, Scope | None] = {}

    def resolve(self, name: str) -> Scope | None:
        """The scope that binds a name read here; None if no scope of the module does (a builtin, a star import)."""
        if name not in self._homes:  # facts ask some five times for each read, and only after the walk
            self._homes[name] = self._resolve(name)
        return self._homes[name]

    def _resolve(self, name: str) -> Scope | None:
        if self.kind == "header" and self.parent is not None:
            return self.parent.resolve(name)
        scope: Scope | None = self
        declared = self.foreign.get(name)
        if declared == "global":
            scope = self.root()
            return scope if name in scope.bindings else None
        if declared == "nonlocal":
            scope = self.parent
        first = self
        while scope is not None:
            if name in scope.bindings and name not in scope.foreign and (scope is first or scope.kind != "class"):
                return scope
            if scope.foreign.get(name) == "global":
                top = scope.root()
                return top if name in top.bindings else None
            scope = scope.parent
        return None

    def forget(self) -> None:
        """Let go of what was looked up: most names lead back here."""
        self._homes.clear()

    def root(self) -> Scope:
        """The module's scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def holds(self, child: ast.AST) -> bool:
        """Whether a direct child of this scope's node is evaluated inside it (decorators and defaults are not)."""
        node = self.node
        if isinstance(node, FUNCTIONS):
            return child not in node.decorator_list and child is not node.returns and child is not node.args
        if isinstance(node, ast.ClassDef):
            return child not in node.decorator_list and child not in node.bases and child not in node.keywords
        if isinstance(node, ast.Lambda):
            return child is node.body
        return True


class Walker:
    """Walks a tree once; afterwards its public attributes hold what was found."""

    def __init__(self, tree: ast.Module) -> None:
        self.nodes: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.top = Scope("module", tree, None)
        self.scopes = [self.top]
        self.opened: dict[ast.AST, Scope] = {tree: self.top}
        self._waiting: list[tuple[Scope, list[ast.AST]]] = []
        self.nodes[ast.Module].append(tree)
        self.parents.update(dict.fromkeys(tree.body, tree))
        self._walk(self.top, [*reversed(tree.body)])
        while self._waiting:
            self._walk(*self._waiting.pop())

    def _walk(self, scope: Scope, stack: list[ast.AST]) -> None:
        nodes, parents, special, fields = self.nodes, self.parents, _SPECIAL, _FIELDS
        while stack:
            node = stack.pop()
            kind = node.__class__
            nodes[kind].append(node)
            handle = special.get(kind)
            if handle is not None:
                handle(self, node, scope, stack)
                continue
            for field in fields[kind]:
                value = getattr(node, field, None)
                if value.__class__ is list:
                    self._push(node, value, stack)
                elif value is not None:
                    parents[value] = node
                    stack.append(value)

    def _push(self, parent: ast.AST, children: Sequence[ast.AST | None], stack: list[ast.AST]) -> None:
        for child in reversed(children):
            if child is not None:
                self.parents[child] = parent
                stack.append(child)

    def _open(self, kind: str, node: ast.AST, parent: Scope, body: list[ast.AST]) -> Scope:
        scope = Scope(kind, node, parent)
        self.scopes.append(scope)
        self.opened[node] = scope
        self.parents.update(dict.fromkeys(body, node))
        self._waiting.append((scope, body[::-1]))
        return scope

    # -- names ---------------------------------------------------------------------------------------------------

    def _name(self, node: ast.Name, scope: Scope, stack: list[ast.AST]) -> None:
        if node.ctx.__class__ is not ast.Store:  # what is deleted must have been bound: a read
            scope.reads.append(Read(node.id, "", node))
        else:
            bind(scope, node.id, node)

    def _attribute(self, node: ast.Attribute, scope: Scope, stack: list[ast.AST]) -> None:
        """A dotted chain is taken in one step; its root is read even when the end of the chain is stored to."""
        parts = [node.attr]
        inner: ast.expr = node.value
        outer: ast.AST = node
        while isinstance(inner, ast.Attribute):
            self.parents[inner] = outer
            self.nodes[ast.Attribute].append(inner)
            outer = inner
            parts.append(inner.attr)
            inner = inner.value
        self.parents[inner] = outer
        if isinstance(inner, ast.Name):
            self.nodes[ast.Name].append(inner)
            parts.reverse()
            scope.reads.append(Read(inner.id, ".".join(parts), node))
        else:
            parts.reverse()
            scope.loose.append((node, parts, inner))
            stack.append(inner)

    def _alias_statement(self, node: ast.Import | ast.ImportFrom, scope: Scope, stack: list[ast.AST]) -> None:
        for alias in node.names:
            self.parents[alias] = node
            self.nodes[ast.alias].append(alias)
            if alias.name != "*":
                bind(scope, alias.asname or alias.name.partition(".")[0], alias)

    def _declaration(self, node: ast.Global | ast.Nonlocal, scope: Scope, stack: list[ast.AST]) -> None:
        word = "global" if isinstance(node, ast.Global) else "nonlocal"
        for name in node.names:
            scope.foreign[name] = word

    def _handler(self, node: ast.ExceptHandler, scope: Scope, stack: list[ast.AST]) -> None:
        if node.name:
            bind(scope, node.name, node)
        self._push(node, [*([node.type] if node.type else []), *node.body], stack)

    def _pattern(
        self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping, scope: Scope, stack: list[ast.AST]
    ) -> None:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name:
            bind(scope, name, node)
        self._push(node, [c for c in ast.iter_child_nodes(node)], stack)

    def _named(self, node: ast.NamedExpr, scope: Scope, stack: list[ast.AST]) -> None:
        """The walrus binds in the function around a comprehension, not in the comprehension."""
        home = scope
        while home.kind in ("comprehension", "header") and home.parent is not None:
            home = home.parent
        bind(home, node.target.id, node.target)
        self.nodes[ast.Name].append(node.target)
        self.parents[node.target] = node
        self._push(node, [node.value], stack)

    # -- scopes --------------------------------------------------------------------------------------------------

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, stack: list[ast.AST]) -> None:
        bind(scope, node.name, node)
        inner = self._open("function", node, scope, [*getattr(node, "type_params", []), *node.body])
        outside: list[ast.AST] = []
        self._parameters(node.args, node, inner, outside)
        self._push(node, [*node.decorator_list, *([node.returns] if node.returns else [])], outside)
        self._header(node, scope, outside)

    def _lambda(self, node: ast.Lambda, scope: Scope, stack: list[ast.AST]) -> None:
        inner = self._open("function", node, scope, [node.body])
        self._parameters(node.args, node, inner, stack)

    def _parameters(self, args: ast.arguments, owner: ast.AST, inner: Scope, stack: list[ast.AST]) -> None:
        self.parents[args] = owner
        self.nodes[ast.arguments].append(args)
        for arg in (*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg):
            if arg is not None:
                bind(inner, arg.arg, arg)
                self.parents[arg] = args
                self.nodes[ast.arg].append(arg)
                if arg.annotation is not None:
                    self._push(arg, [arg.annotation], stack)
        self._push(args, [d for d in (*args.defaults, *args.kw_defaults) if d is not None], stack)

    def _class(self, node: ast.ClassDef, scope: Scope, stack: list[ast.AST]) -> None:
        bind(scope, node.name, node)
        self._open("class", node, scope, [*getattr(node, "type_params", []), *node.body])
        outside: list[ast.AST] = []
        self._push(node, [*node.decorator_list, *node.bases, *node.keywords], outside)
        self._header(node, scope, outside)

    def _header(self, node: ast.AST, scope: Scope, outside: list[ast.AST]) -> None:
        if outside:
            header = Scope("header", node, scope)
            self.scopes.append(header)
            self._walk(header, outside)

    def _comprehension(self, node: ast.ListComp | ast.DictComp, scope: Scope, stack: list[ast.AST]) -> None:
        """The first iterable belongs to the scope around; the rest to a scope of its own."""
        first, *others = node.generators
        values: list[ast.AST] = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._open("comprehension", node, scope, [*values, *others, first.target, *first.ifs])
        self.nodes[ast.comprehension].append(first)
        self.parents[first] = node
        self.parents.update(dict.fromkeys((first.target, first.iter, *first.ifs), first))
        stack.append(first.iter)


def bind(scope: Scope, name: str, node: ast.AST) -> None:
    """Note that a node binds a name in a scope, or in the scope that its global or nonlocal names."""
    declared = scope.foreign.get(name)
    if declared == "global":
        scope = scope.root()
    found = scope.bindings.get(name)
    if found is None:
        scope.bindings[name] = [node]
    else:
        found.append(node)


_SPECIAL: dict[type[ast.AST], Callable[..., None]] = {  # each handler takes just its own node type
    ast.Name: Walker._name,
    ast.Attribute: Walker._attribute,
    **dict.fromkeys((ast.Import, ast.ImportFrom), Walker._alias_statement),
    **dict.fromkeys((ast.Global, ast.Nonlocal), Walker._declaration),
    ast.ExceptHandler: Walker._handler,
    **dict.fromkeys((ast.MatchAs, ast.MatchStar, ast.MatchMapping), Walker._pattern),
    ast.NamedExpr: Walker._named,
    **dict.fromkeys(FUNCTIONS, Walker._function),
    ast.Lambda: Walker._lambda,
    ast.ClassDef: Walker._class,
    **dict.fromkeys(COMPREHENSIONS, Walker._comprehension),
}


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of a node type that can hold nodes worth visiting, last first: the stack turns them round."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        fields = tuple(f for f in reversed(kind._fields) if f not in _SKIPPED and not _is_plain(kind, f))
        self[kind] = fields
        return fields


def _is_plain(kind: type[ast.AST], field: str) -> bool:
    if field == "value":
        return kind in (ast.Constant, ast.MatchSingleton)
    return field in ("id", "attr", "arg", "name", "asname", "module")


_FIELDS = _Fields()
