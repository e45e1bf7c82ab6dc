"""A module as the proof sees it: who reads which binding where, and what depends on a definition or an import."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mldebt.facts.bindings import exports, imports, read_in_text, reads
from mldebt.facts.definitions import Owners
from mldebt.facts.scopes import Scope
from mldebt.facts.shadowed import shadowed
from mldebt.facts.syntax import Module
from mldebt.model import Removal
from mldebt.proof.assignments import fates, vanishing
from mldebt.proof.effects import change_something
from mldebt.proof.finding import bound_by, find, home, name_of
from mldebt.proof.targets import Point, Spans, Target, inside, is_binding, line_inside, start, whole_lines

_BY_NAME = frozenset({"locals", "vars", "eval", "exec", "dir"})  # read a function's variables unseen
_LOAD_BEARING = {"future": "it changes how the file is compiled", "probe": "its failure is caught"}


class Obstacle(NamedTuple):
    """A node that has to stay, and why."""

    node: Target
    why: str


class Source:
    """A module, with its reads by binding."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._read_at: dict[tuple[Scope, str], list[Point]] = defaultdict(list)
        for scope in module.scopes:
            for read in scope.reads:
                owner = scope.resolve(read.name)
                if owner is not None:
                    self._read_at[owner, read.name].append(start(read.node))
        self._in_text: dict[str, list[int]] = defaultdict(list)
        for name, line in module.shared(read_in_text):
            self._in_text[name].append(line)
        found = imports(module, Owners(module), reads(module))
        self._imports = {(item.at.line, item.at.column): item for item in found}
        self._void = shadowed(module)
        self._declared = [scope for scope in module.scopes if scope.foreign and scope is not module.top]

    def find(self, removal: Removal) -> list[Target]:
        """What a removal speaks of, with what is nothing without it; empty if it is not there."""
        return find(self.module, removal, self._read_at)

    def has_effect(self, targets: Iterable[Target]) -> bool:
        """Whether the program may behave otherwise without all of these."""
        return change_something(self.module, list(targets))

    def obstacle(self, targets: Sequence[Target]) -> Obstacle | None:
        """The first of the targets that cannot go even if all of them go together."""
        spans = self._spans(targets)
        for target in targets:
            if isinstance(target, ast.AST) and not isinstance(target, ast.Attribute):
                why = self._obstacle(target, spans) or self._lost_global(target, spans)
                if why is not None:
                    return Obstacle(target, why)
        return None

    def _spans(self, targets: Iterable[Target]) -> Spans:
        """The stretches whose reads go with the targets."""
        every = list(targets)
        return [*whole_lines(every), *vanishing(fates(self.module, filter(is_binding, every)))]

    def _obstacle(self, node: ast.AST, spans: Spans) -> str | None:
        owner, name = home(self.module, node), name_of(self.module, node)
        if node in self._void:  # whoever reads the name reads what it is bound to later
            return None
        if isinstance(node, ast.alias):
            quiet = self._imports[self._key(node)].quiet
            if quiet in _LOAD_BEARING:
                return f"`{name}` has to stay: {_LOAD_BEARING[quiet]}"
            if self._repeats(node, owner, name):
                return None
        return (
            self._reader(node, owner, name, spans)
            or self._declaration(node, owner, name, spans)
            or self._lookup(owner, name)
        )

    def _reader(self, node: ast.AST, owner: Scope, name: str, spans: Spans) -> str | None:
        for at in self._read_at.get((owner, name), ()):
            if not inside(at, spans):
                return f"`{name}` would be unbound in line {at[0]}"
        local = is_binding(node) and owner.kind != "module"  # a string may name it, and means something else
        for line in () if local else self._in_text.get(name, ()):
            if not line_inside(line, spans):
                return f"`{name}` would be unbound in line {line}"
        return None

    def _declaration(self, node: ast.AST, owner: Scope, name: str, spans: Spans) -> str | None:
        for scope in self._declared:
            word = scope.foreign.get(name)
            goes = inside(start(scope.node), spans) or (is_binding(node) and word == "global")
            if word is not None and scope.node is not owner.node and not goes:
                return f"`{name}` is declared {word} elsewhere"
        return None

    @staticmethod
    def _lookup(owner: Scope, name: str) -> str | None:
        asking = (r.name for r in owner.reads if r.name in _BY_NAME and not r.suffix)
        if owner.kind == "function" and any(owner.resolve(word) is None for word in asking):
            return f"the function around `{name}` looks its variables up by name"
        return None

    def _lost_global(self, node: ast.AST, spans: Spans) -> str | None:
        """A name of the module that only the removed code assigns, through `global`, and something else reads."""
        top, own = self.module.top, whole_lines([node])
        for scope in self._declared:
            if not inside(start(scope.node), own):
                continue
            for name in sorted(n for n, word in scope.foreign.items() if word == "global"):
                bound = map(start, top.bindings.get(name, ()))
                read = self._read_at.get((top, name), ())
                if all(inside(at, spans) for at in bound) and not all(inside(at, spans) for at in read):
                    return f"`{name}` would be unbound"
        return None

    def _repeats(self, alias: ast.alias, owner: Scope, name: str) -> bool:
        """Whether an import only repeats an earlier one of the same thing in the same block."""
        bindings = owner.bindings[name]
        if not all(isinstance(b, ast.alias) and self._target(b) == self._target(alias) for b in bindings):
            return False
        block = self.module.parent(self._statement(alias))
        return any(
            self.module.parent(self._statement(other)) is block and self._key(other) < self._key(alias)
            for other in bindings
            if other is not alias
        )

    def idle_without(self, targets: Sequence[Target], keeps: Iterable[str]) -> Iterator[ast.alias]:
        """The imports at the module's top that only the targets read, but those of names that have to be kept."""
        spans, top = self._spans(targets), self.module.top
        kept = {*keeps, *(exports(self.module) or ())}
        for alias in self.module.of(ast.alias) if spans else ():
            item, name = self._imports[self._key(alias)], bound_by(self.module, alias)
            places = self._read_at.get((top, name), [])
            written = self._in_text.get(name, ())
            if alias in targets or not places or not all(inside(at, spans) for at in places):
                continue
            only_imported = all(isinstance(b, ast.alias) for b in top.bindings.get(name, ()))
            idle = all(line_inside(line, spans) for line in written) and only_imported and not item.quiet
            if idle and name not in kept and self.module.scope(alias) is top:
                yield alias

    def entries(self, targets: Iterable[Target]) -> dict[ast.AST, frozenset[str]]:
        """The names that have to leave `__all__`, by the statements that list them."""
        nodes = [t for t in targets if isinstance(t, ast.AST) and not isinstance(t, ast.Attribute)]
        names = frozenset(name_of(self.module, n) for n in nodes if home(self.module, n) is self.module.top)
        top = self.module.top
        mentions = [*top.bindings.get("__all__", ()), *(read.node for read in top.reads if read.name == "__all__")]
        found: dict[ast.AST, frozenset[str]] = {}
        for statement in map(self._statement, mentions if names else ()):
            constants = (n.value for n in ast.walk(statement) if isinstance(n, ast.Constant))
            listed = names.intersection(c for c in constants if isinstance(c, str))
            if listed and isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
                found[statement] = listed
        return found

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
