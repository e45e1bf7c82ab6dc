"""The uses of what a library took back: names, arguments and methods that are deprecated, removed or never were public.

What is known of libraries is in `mldebt.apis`. Whether a use matters to a project is decided where its versions are
known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from mldebt.apis import Entry, Table, modules, table
from mldebt.facts.objects import Objects
from mldebt.facts.renames import renamed
from mldebt.facts.scopes import Read, Scope
from mldebt.facts.syntax import Module, chain, position
from mldebt.facts.values import Values
from mldebt.model import Retired

# an `if` or a handler that mentions one of these tells versions apart
_TELLS = re.compile(r"version|hasattr|TF_?[12]\b|tf_?[12]\b|_compat|parse\(|is_available", re.IGNORECASE)
_MISSING = re.compile(r"\b(ImportError|ModuleNotFoundError|AttributeError|TypeError)\b")
_WARNED = frozenset("warns deprecated_call assertWarns assert_produces_warning raises assertRaises".split())
_ANY = "*"


def retired(module: Module, owner_of: Callable[[ast.AST], int]) -> tuple[Retired, ...]:
    """The uses, in source order; what stands where versions are told apart is none. Cost: linear in the names read."""
    tables = {name: table(name) for name in sorted(module.packages & modules())}
    if not tables:
        return ()
    search = _Search(module, tables)
    found = [use for use in search.uses() if not search.is_told_apart(use[0])]
    found.sort(key=lambda use: (position(use[0]), use[1].name))
    return tuple(_fact(module, node, entry, owner_of(node)) for node, entry in found)


Use = tuple[ast.AST, Entry]


def _fact(module: Module, node: ast.AST, entry: Entry, owner: int) -> Retired:
    rewrites = (renamed(module, node, entry.instead),) if entry.same else ()
    return Retired(
        entry.name.removeprefix(_ANY),
        module.place(node),
        owner,
        entry.of,
        entry.since,
        entry.removed,
        entry.back,
        entry.instead,
        tuple(rewrite for rewrite in rewrites if rewrite is not None),
    )


class _Search:
    """The search through one module."""

    def __init__(self, module: Module, tables: dict[str, Table]) -> None:
        self._module = module
        self._tables = tables
        self._words = frozenset[str]().union(*(known.words for known in tables.values()))
        self._suffixes: dict[str, bool] = {}
        self._values = Values(module)
        self._objects = module.shared(Objects)
        self._told: set[str] = set()  # local names whose import is a use: of them only calls are further ones
        self._exact: set[str] = set()  # local names of what is retired itself, or takes a retired argument

    def uses(self) -> Iterator[Use]:
        """All uses, in no order."""
        roots = set(self._imports_seen())
        yield from self._imports()
        for scope in self._module.scopes:
            for read in scope.reads:
                if read[0] in roots and self._may_be(read):
                    yield from self._read(scope, read)
        for listed, called in ((self._methods, True), (self._properties, False)):
            if listed:
                yield from self._members(listed, called)

    def _may_be(self, read: Read) -> bool:
        """Whether a read is worth to be resolved."""
        if not read.suffix:
            return read.name in self._exact
        suffix = read.suffix
        known = self._suffixes.get(suffix)
        if known is None:
            known = self._suffixes[suffix] = not self._words.isdisjoint(suffix.split("."))
        return known or read.name in self._exact

    # -- imports -------------------------------------------------------------------------------------------------

    def _imports_seen(self) -> Iterator[str]:
        """The local names that stand for something in a table's library."""
        for alias in self._module.of(ast.alias):
            full = self._full(alias)
            known = self._tables.get(full.partition(".")[0])
            if known is None:
                continue
            bound = alias.asname or alias.name.partition(".")[0]
            if full in known.names or full in known.arguments:
                self._exact.add(bound)
            if _longest(known.names, full) is not None:
                self._told.add(bound)
            yield bound

    def _imports(self) -> Iterator[Use]:
        for alias in self._module.of(ast.alias):
            full = self._full(alias)
            known = self._tables.get(full.partition(".")[0])
            entry = _longest(known.names, full) if known is not None else None
            if entry is not None:
                yield alias, entry

    def _full(self, alias: ast.alias) -> str:
        """The whole dotted name that an import names, also where it binds only the first part; relative ones none."""
        statement = self._module.parent(alias)
        if isinstance(statement, ast.ImportFrom):
            return f"{statement.module}.{alias.name}" if not statement.level else ""
        return alias.name

    # -- names ---------------------------------------------------------------------------------------------------

    def _read(self, scope: Scope, read: Read) -> Iterator[Use]:
        name = self._resolved(scope, read)
        known = self._tables.get(name.partition(".")[0]) if name else None
        if known is None or isinstance(getattr(read.node, "ctx", None), ast.Store):
            return
        entry = _longest(known.names, name)
        if entry is not None and name not in self._patched:
            if read.name not in self._told or (entry.name == name and self._is_called(read.node)):
                yield self._inner(read, name, entry), entry
        elif name in known.arguments and self._is_called(read.node):
            call = self._module.parent(read.node)
            yield from ((read.node, e) for e in known.arguments[name] if _takes(call, e))

    def _is_called(self, node: ast.AST) -> bool:
        call = self._module.parent(node)
        return isinstance(call, ast.Call) and call.func is node

    def _inner(self, read: Read, name: str, entry: Entry) -> ast.AST:
        """The part of a dotted chain that is the entry's own name."""
        node = read.node
        for _ in range(name.count(".") - entry.name.count(".")):
            node = node.value if isinstance(node, ast.Attribute) else node
        return node

    def _resolved(self, scope: Scope, read: Read) -> str:
        """The qualified name of a read chain; empty unless only imports of one thing bind its first part."""
        home = scope.resolve(read.name)
        bindings = home.bindings[read.name] if home is not None else []
        aliases = [b for b in bindings if isinstance(b, ast.alias)]
        if not aliases or not all(isinstance(b, ast.alias) or self._is_none(b) for b in bindings):
            return ""
        meant = {self._bound(alias) for alias in aliases}
        if len(meant) > 1 and home is scope:
            before = [alias for alias in aliases if position(alias) < position(read.node)]
            meant = {self._bound(before[-1])} if before else meant
        return ".".join(filter(None, [meant.pop(), read.suffix])) if len(meant) == 1 else ""

    def _bound(self, alias: ast.alias) -> str:
        full = self._full(alias)
        plain = isinstance(self._module.parent(alias), ast.Import) and not alias.asname
        return full.partition(".")[0] if plain else full

    def _is_none(self, binding: ast.AST) -> bool:
        """Whether a binding says that the module is not there: `torch = None`."""
        up = self._module.parent(binding)
        return isinstance(up, ast.Assign) and isinstance(up.value, ast.Constant) and up.value.value is None

    @cached_property
    def _patched(self) -> set[str]:
        """The names that the module sets itself: `np.float = float`."""
        stored = (a for a in self._module.of(ast.Attribute) if isinstance(a.ctx, ast.Store))
        return {name for attribute in stored if (name := self._module.name(attribute)) is not None}

    # -- methods -------------------------------------------------------------------------------------------------

    @cached_property
    def _methods(self) -> dict[str, list[tuple[str, Entry]]]:
        return _joined(known.methods for known in self._tables.values())

    @cached_property
    def _properties(self) -> dict[str, list[tuple[str, Entry]]]:
        return _joined(known.properties for known in self._tables.values())

    def _members(self, listed: dict[str, list[tuple[str, Entry]]], called: bool) -> Iterator[Use]:
        module = self._module
        for attribute in module.of(ast.Attribute):
            if attribute.attr not in listed or isinstance(attribute.ctx, ast.Store):
                continue
            call = module.parent(attribute)
            if self._is_called(attribute) is not called or self._is_imported(attribute):
                continue
            for receiver, entry in listed[attribute.attr]:
                if self._is(attribute.value, receiver) and (not entry.argument or _takes(call, entry)):
                    yield attribute, entry
                    break

    def _is_imported(self, attribute: ast.Attribute) -> bool:
        """Whether a dotted name begins with an import."""
        found = chain(attribute)
        home = self._module.scope(found[0]).resolve(found[0].id) if found is not None else None
        return home is not None and found is not None and isinstance(home.bindings[found[0].id][0], ast.alias)

    def _is(self, value: ast.expr, receiver: str) -> bool:
        """Whether a value is an object of a class; `*` is any class but one of this module."""
        if receiver == "pandas.DataFrame":
            return self._objects.is_a(value, "frame", "series", "table")
        if receiver == "keras.Sequential":
            return self._objects.is_a(value, "keras-model")
        if receiver == _ANY:
            return not (isinstance(value, ast.Name) and value.id in ("self", "cls")) and self._is_foreign(value)
        package, _, name = receiver.rpartition(".")
        makers = self._values.makers(value)
        return all(m.rpartition(".")[2] == name and m.startswith(f"{package.partition('.')[0]}.") for m in makers)

    def _is_foreign(self, value: ast.expr) -> bool:
        classes = {node.name for node in self._module.of(ast.ClassDef)}
        return classes.isdisjoint(self._values.makers(value))

    # -- where versions are told apart ---------------------------------------------------------------------------

    def is_told_apart(self, node: ast.AST) -> bool:
        """Whether a node runs only with some versions, or is there for the warning it gives."""
        inner = node
        for up in self._module.ancestors(node):
            if isinstance(up, ast.If | ast.IfExp):
                if inner is not up.test and _TELLS.search(ast.unparse(up.test)):
                    return True
            elif isinstance(up, ast.Try):
                handlers = " ".join(ast.unparse(h.type) if h.type else "ImportError" for h in up.handlers)
                only_imports = all(isinstance(s, ast.Import | ast.ImportFrom | ast.Assign) for s in up.body)
                if _MISSING.search(handlers) and inner not in up.finalbody and (inner in up.body or only_imports):
                    return True
            elif isinstance(up, ast.ExceptHandler):
                if up.type is not None and _MISSING.search(ast.unparse(up.type)):
                    return True
            elif isinstance(up, ast.With) and any(_is_warned(item.context_expr) for item in up.items):
                return True
            inner = up
        return False


def _joined(listed: Iterable[dict[str, list[tuple[str, Entry]]]]) -> dict[str, list[tuple[str, Entry]]]:
    found: dict[str, list[tuple[str, Entry]]] = {}
    for names in listed:
        for name, pairs in names.items():
            found.setdefault(name, []).extend(pairs)
    return found


def _is_warned(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Call) and getattr(expression.func, "attr", "") in _WARNED


def _longest(names: dict[str, Entry], name: str) -> Entry | None:
    """The entry of a name, or of the longest module it lies in that has one."""
    while name:
        if name in names:
            return names[name]
        name = name.rpartition(".")[0]
    return None


def _takes(call: ast.AST | None, entry: Entry) -> bool:
    """Whether a call is given an argument, with the value that is meant if one is."""
    if not isinstance(call, ast.Call):
        return False
    value = next((keyword.value for keyword in call.keywords if keyword.arg == entry.argument), None)
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    if value is None and 0 <= entry.place < len(call.args) and not starred:
        value = call.args[entry.place]
    if value is None or not entry.value:
        return value is not None
    return isinstance(value, ast.Constant) and value.value == entry.value
