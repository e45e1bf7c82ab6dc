"""A module as the proof sees it: who reads which binding where, and what depends on a definition or an import."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mldebt.facts.bindings import exports, imports, read_in_text, reads
from mldebt.facts.definitions import Owners
from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import DefinitionNode, Module
from mldebt.model import Removal
from mldebt.proof.effects import has_effect

_BY_NAME = frozenset({"locals", "vars", "eval", "exec", "dir"})  # read a function's variables unseen
_LOAD_BEARING = {"future": "it changes how the file is compiled", "probe": "its failure is caught"}
Spans = list[tuple[int, int]]
Target = ast.AST


class Obstacle(NamedTuple):
    """A node that has to stay, and why."""

    node: ast.AST
    why: str


class Source:
    """A module, with its reads by binding."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._read_at: dict[tuple[Scope, str], list[int]] = defaultdict(list)
        for scope in module.scopes:
            for read in scope.reads:
                home = scope.resolve(read.name)
                if home is not None:
                    self._read_at[home, read.name].append(read.node.lineno)  # type: ignore[attr-defined]  # an expression
        self._in_text: dict[str, list[int]] = defaultdict(list)
        for name, line in read_in_text(module):
            self._in_text[name].append(line)
        found = imports(module, Owners(module), reads(module))
        self._imports = {(item.at.line, item.at.column): item for item in found}
        self._declared = [scope for scope in module.scopes if scope.foreign and scope is not module.top]

    def find(self, removal: Removal) -> list[Target]:
        """What a removal speaks of, with what is nothing without it; empty if it is not there."""
        node = self._find(removal)
        return [] if node is None else [*self.with_companions(node)]

    def has_effect(self, nodes: Iterable[Target]) -> bool:
        """Whether the program may behave otherwise without all of these."""
        return any(has_effect(self.module, node) for node in nodes)

    def _find(self, removal: Removal) -> ast.AST | None:
        at = removal.at
        if removal.kind == "import":
            here = (alias for alias in self.module.of(ast.alias) if alias.lineno == at.line)
            named = [alias for alias in here if bound_by(self.module, alias) == removal.name]
            exact = (a for a in named if self.module.place(a).column == at.column)
            return next(exact, named[0] if len(named) == 1 else None)
        definitions = (*self.module.functions, *self.module.of(ast.ClassDef))
        return next((n for n in definitions if n.lineno == at.line and n.name == removal.name), None)

    def with_companions(self, node: ast.AST) -> list[ast.AST]:
        """A definition with those that are nothing without it: its overloads, a property's setters and deleters."""
        if not isinstance(node, DefinitionNode) or _is_accessor(node):
            return [node]
        same = [n for n in self._home(node).bindings[node.name] if isinstance(n, DefinitionNode)]
        if any(_is_overload(n) for n in same):
            return list(same)
        return [node, *(n for n in same if n is not node and _is_accessor(n))]

    def obstacle(self, nodes: list[ast.AST]) -> Obstacle | None:
        """The first of the nodes that cannot go even if all of them go together."""
        spans = _spans(nodes)
        for node in nodes:
            why = self._obstacle(node, spans) or self._lost_global(node, spans)
            if why is not None:
                return Obstacle(node, why)
        return None

    def _obstacle(self, node: ast.AST, spans: Spans) -> str | None:
        home, name = self._home(node), self._name(node)
        if isinstance(node, ast.alias):
            quiet = self._imports[self._key(node)].quiet
            if quiet in _LOAD_BEARING:
                return f"`{name}` has to stay: {_LOAD_BEARING[quiet]}"
            if self._repeats(node, home, name):
                return None
        for line in (*self._read_at.get((home, name), ()), *self._in_text.get(name, ())):
            if not _inside(line, spans):
                return f"`{name}` would be unbound in line {line}"
        for scope in self._declared:
            if name in scope.foreign and scope.node is not home.node and not _inside(scope.node.lineno, spans):  # type: ignore[attr-defined]  # a definition
                return f"`{name}` is declared {scope.foreign[name]} elsewhere"
        if home.kind == "function" and any(r.name in _BY_NAME and not r.suffix for r in home.reads):
            return f"the function around `{name}` looks its variables up by name"
        return None

    def _lost_global(self, node: ast.AST, spans: Spans) -> str | None:
        """A name of the module that only the removed code assigns, through `global`, and something else reads."""
        top = self.module.top
        for scope in self._declared:
            if not _inside(scope.node.lineno, _spans([node])):  # type: ignore[attr-defined]  # a definition
                continue
            for name in sorted(n for n, word in scope.foreign.items() if word == "global"):
                bound = [b.lineno for b in top.bindings.get(name, ())]  # type: ignore[attr-defined]  # bindings have lines
                read = self._read_at.get((top, name), ())
                if all(_inside(line, spans) for line in bound) and not all(_inside(line, spans) for line in read):
                    return f"`{name}` would be unbound"
        return None

    def _repeats(self, alias: ast.alias, home: Scope, name: str) -> bool:
        """Whether an import only repeats an earlier one of the same thing in the same block."""
        bindings = home.bindings[name]
        if not all(isinstance(b, ast.alias) and self._target(b) == self._target(alias) for b in bindings):
            return False
        block = self.module.parent(self._statement(alias))
        return any(
            self.module.parent(self._statement(other)) is block and self._key(other) < self._key(alias)
            for other in bindings
            if other is not alias
        )

    def idle_without(self, nodes: list[ast.AST], keeps: Iterable[str]) -> Iterator[ast.alias]:
        """The imports at the module's top that only the nodes read, but those of the names that have to be kept."""
        spans, top = _spans(nodes), self.module.top
        kept = {*keeps, *(exports(self.module) or ())}
        for alias in self.module.of(ast.alias) if spans else ():
            item, name = self._imports[self._key(alias)], bound_by(self.module, alias)
            lines = self._read_at.get((top, name), [])
            everywhere = (*lines, *self._in_text.get(name, ()))
            if alias in nodes or not lines or not all(_inside(line, spans) for line in everywhere):
                continue
            only_imported = all(isinstance(b, ast.alias) for b in top.bindings.get(name, ()))
            if only_imported and not item.quiet and name not in kept and self.module.scope(alias) is top:
                yield alias

    def entries(self, nodes: list[ast.AST]) -> dict[ast.AST, frozenset[str]]:
        """The names that have to leave `__all__`, by the statements that list them."""
        names = frozenset(self._name(n) for n in nodes if self._home(n) is self.module.top)
        top = self.module.top
        mentions = [*top.bindings.get("__all__", ()), *(read.node for read in top.reads if read.name == "__all__")]
        found: dict[ast.AST, frozenset[str]] = {}
        for statement in map(self._statement, mentions if names else ()):
            constants = (n.value for n in ast.walk(statement) if isinstance(n, ast.Constant))
            listed = names.intersection(c for c in constants if isinstance(c, str))
            if listed and isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
                found[statement] = listed
        return found

    def _home(self, node: ast.AST) -> Scope:
        """The scope whose binding a node makes."""
        scope = self.module.scope(node)
        return scope.root() if scope.foreign.get(self._name(node)) == "global" else scope

    def _name(self, node: ast.AST) -> str:
        if isinstance(node, ast.alias):
            return bound_by(self.module, node)
        name: str = node.name  # type: ignore[attr-defined]  # a definition
        return name

    def _key(self, node: ast.AST) -> tuple[int, int]:
        place = self.module.place(node)
        return place.line, place.column

    def _statement(self, node: ast.AST) -> ast.AST:
        return self.module.enclosing(node, ast.stmt) or node

    def _target(self, alias: ast.AST) -> tuple[str, str, int]:
        statement = self._statement(alias)
        name: str = alias.name  # type: ignore[attr-defined]  # an alias
        if isinstance(statement, ast.ImportFrom):
            return statement.module or "", name, statement.level
        return name, "", -1


def bound_by(module: Module, alias: ast.alias) -> str:
    """The name that an alias of an import statement binds."""
    if alias.asname:
        return alias.asname
    return alias.name if isinstance(module.parent(alias), ast.ImportFrom) else alias.name.partition(".")[0]


def span(node: ast.AST) -> tuple[int, int]:
    """The lines of a node, a definition's decorators included."""
    first: int = node.lineno  # type: ignore[attr-defined]  # a definition or a statement
    decorators = getattr(node, "decorator_list", [])
    return min([first, *(d.lineno for d in decorators)]), node.end_lineno  # type: ignore[attr-defined]


def _spans(nodes: list[ast.AST]) -> Spans:
    """The lines whose reads go with the nodes: an alias reads nothing, whatever else its line may hold."""
    return [span(node) for node in nodes if not isinstance(node, ast.alias)]


def _inside(line: int, spans: Spans) -> bool:
    return any(first <= line <= last for first, last in spans)


def _is_overload(node: DefinitionNode) -> bool:
    ends = (d.attr if isinstance(d, ast.Attribute) else getattr(d, "id", "") for d in node.decorator_list)
    return "overload" in ends


def _is_accessor(node: DefinitionNode) -> bool:
    """Whether a definition extends an earlier one of its name: `@size.setter`, `@show.register`."""
    roots = (d.value for d in node.decorator_list if isinstance(d, ast.Attribute))
    return any(isinstance(root, ast.Name) and root.id == node.name for root in roots)
