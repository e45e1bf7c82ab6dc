"""A parsed module and what one walk over its tree collects: nodes by type, parents, scopes, names.

This is the only view of an `ast` that rules and facts get. It lives in the worker and dies there.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, KeysView
from functools import cached_property
from operator import attrgetter
from typing import TypeVar

from mldebt.facts.scopes import Scope, Walker
from mldebt.model import Code, Place, Rewrite
from mldebt.read.python import parse as parse  # also for those that may not read

Node = TypeVar("Node", bound=ast.AST)
Answers = TypeVar("Answers")
Function = ast.FunctionDef | ast.AsyncFunctionDef
DefinitionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")  # of a statement, its handlers and its cases
_PLACE = attrgetter("lineno", "col_offset")


class Module:
    """One module, parsed and walked once.

    Raises Unreadable if the text does not parse or is nested too deep. A `tree` that is given has the text's lines.
    """

    def __init__(self, code: Code, tree: ast.Module | None = None) -> None:
        self.code = code
        self.tree = parse(code.text) if tree is None else tree
        walker = Walker(self.tree)
        self._nodes: dict[type[ast.AST], list[ast.AST]] = walker.nodes
        self._parents: dict[ast.AST, ast.AST] = walker.parents
        self._sorted: set[type[ast.AST]] = set()
        self.top: Scope = walker.top
        self.scopes: list[Scope] = walker.scopes
        self._scope_of: dict[ast.AST, Scope] = walker.opened
        self._firsts = [cell.first for cell in code.cells]
        self._roots: dict[str, str | None] = {}
        self._shared: dict[Callable[[Module], object], object] = {}

    # -- nodes ---------------------------------------------------------------------------------------------------

    def of(self, kind: type[Node]) -> list[Node]:
        """All nodes of exactly this type, in source order."""
        found = self._nodes.get(kind, [])
        if kind not in self._sorted:
            # nearly all types have a place; to read it in C takes a fifth of the time
            found.sort(key=_PLACE if "col_offset" in kind._attributes else position)
            self._sorted.add(kind)
        return found  # type: ignore[return-value]  # filled by type

    def kinds(self, base: type[Node]) -> list[type[Node]]:
        """The types of nodes there are that are of this one."""
        return [kind for kind in self._nodes if issubclass(kind, base)]

    @cached_property
    def _calls(self) -> dict[str, list[tuple[int, ast.Call]]]:
        found: dict[str, list[tuple[int, ast.Call]]] = {}
        for number, call in enumerate(self.of(ast.Call)):
            function = call.func
            if isinstance(function, ast.Attribute):
                name = function.attr
            else:
                name = function.id if isinstance(function, ast.Name) else ""
            found.setdefault(name, []).append((number, call))
        return found

    def calls(self, names: Iterable[str]) -> list[ast.Call]:
        """The calls of what has one of these names, or has it as the last part of a dotted one, in source order."""
        return [call for _, call in sorted(pair for name in names for pair in self._calls.get(name, ()))]

    def calls_within(self, node: ast.AST) -> list[ast.Call]:
        """The calls in the lines of a statement, in source order."""
        calls, lines = self.of(ast.Call), self._call_lines
        first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]  # statements only
        return calls[bisect_left(lines, first) : bisect_right(lines, last)]

    @cached_property
    def _call_lines(self) -> list[int]:
        return [call.lineno for call in self.of(ast.Call)]

    @property
    def called(self) -> KeysView[str]:
        """The names of what is called, of dotted ones the last parts: cheaper to ask than the text is to search."""
        return self._calls.keys()

    @cached_property
    def functions(self) -> list[Function]:
        """Every `def` and `async def`, in source order."""
        return sorted([*self.of(ast.FunctionDef), *self.of(ast.AsyncFunctionDef)], key=position)

    def starting(self, line: int) -> list[ast.AST]:
        """The nodes that begin in a line of the text, in no certain order."""
        placed = (nodes for kind, nodes in self._nodes.items() if "lineno" in kind._attributes)
        return [node for nodes in placed for node in nodes if node.lineno == line]  # type: ignore[attr-defined]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that holds this one; None for the module."""
        return self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around this one, from the inside out."""
        up = self._parents.get(node)
        while up is not None:
            yield up
            up = self._parents.get(up)

    def enclosing(self, node: ast.AST, *kinds: type[ast.AST]) -> ast.AST | None:
        """The innermost node around this one that is of one of these types."""
        return next((up for up in self.ancestors(node) if isinstance(up, kinds)), None)

    def qualname(self, node: ast.AST) -> str:
        """The dotted name of the definition around this node (or of the definition itself); empty at the top."""
        chain = [node, *self.ancestors(node)]
        names = [n.name for n in chain if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
        return ".".join(reversed(names))

    # -- names ---------------------------------------------------------------------------------------------------

    def scope(self, node: ast.AST) -> Scope:
        """The scope in which this node is evaluated."""
        parents, opened = self._parents, self._scope_of
        inner: ast.AST = node
        up = parents.get(node)
        while up is not None:  # facts ask for tens of thousands of nodes: no generator
            scope = opened.get(up)
            if scope is not None and scope.holds(inner):
                return scope
            inner, up = up, parents.get(up)
        return self.top

    def opened_by(self, node: ast.AST) -> Scope:
        """The scope that a function, class, lambda or comprehension opens."""
        return self._scope_of[node]

    @cached_property
    def packages(self) -> frozenset[str]:
        """The top-level packages that the module imports, wherever it does; relative ones are not told."""
        found = {alias.name.partition(".")[0] for statement in self.of(ast.Import) for alias in statement.names}
        modules = (s.module for s in self.of(ast.ImportFrom) if s.module and not s.level)
        return frozenset(found.union(module.partition(".")[0] for module in modules))

    def shared(self, make: Callable[[Module], Answers]) -> Answers:
        """What `make` answers about this module, made once for all who ask."""
        if make not in self._shared:
            self._shared[make] = make(self)
        return self._shared[make]  # type: ignore[return-value]  # kept under what made it

    def forget(self) -> None:
        """Let go of what leads back here: the tree would stay until somebody looks for cycles, which takes its time."""
        self._shared.clear()
        for scope in self.scopes:
            scope.forget()

    def name(self, expression: ast.AST) -> str | None:
        """The qualified name an expression stands for, import aliases resolved: `np.random.rand` is numpy.random.rand.

        A name the module defines at its top is given bare; one bound in a function, or assigned at the top, and
        anything that is no dotted name gives None.
        """
        found = chain(expression)
        root = self._root(found[0]) if found is not None else None
        return None if found is None or root is None else ".".join([root, *found[1]])

    @cached_property
    def _inner_names(self) -> frozenset[str]:
        """The names that another scope than the module's binds: only those may mean one thing here, another there."""
        return frozenset().union(*(scope.bindings for scope in self.scopes if scope is not self.top))

    def _root(self, node: ast.Name) -> str | None:
        name = node.id
        if name in self._inner_names:
            return self._meant(self.scope(node).resolve(name), name)
        if name not in self._roots:
            self._roots[name] = self._meant(self.top if name in self.top.bindings else None, name)
        return self._roots[name]

    def _meant(self, scope: Scope | None, name: str) -> str | None:
        """The qualified name for a name bound in a scope, or in none."""
        if scope is None:
            return name
        for binding in scope.bindings[name]:
            if isinstance(binding, ast.alias):
                return self._imported(binding, name)
        if scope is self.top and all(isinstance(b, DefinitionNode) for b in scope.bindings[name]):
            return name
        return None

    def _imported(self, alias: ast.alias, bound: str) -> str:
        statement = self._parents[alias]
        if isinstance(statement, ast.ImportFrom):
            module = "." * statement.level + (statement.module or "")
            return f"{module}{'' if module.endswith('.') else '.'}{alias.name}"
        return alias.name if alias.asname else bound

    # -- places --------------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends; line n is at n - 1."""
        return self.code.text.split("\n")

    def place(self, node: ast.AST) -> Place:
        """Where a node stands. A definition begins at its `def` or `class`, not at its decorators."""
        line: int = node.lineno  # type: ignore[attr-defined]  # statements and expressions only
        end: int = node.end_lineno  # type: ignore[attr-defined]
        return self.stretch(line, end, self._column(line, node.col_offset))  # type: ignore[attr-defined]

    def rewrite(self, node: ast.AST, text: str, certain: bool = True) -> Rewrite:
        """What writes a text in the place of a node."""
        line: int = node.end_lineno  # type: ignore[attr-defined]  # statements and expressions only
        return Rewrite(self.place(node), self._column(line, node.end_col_offset), text, certain)  # type: ignore[attr-defined]

    def first_line(self, node: ast.AST) -> Place:
        """The line a node begins in, as a place of one line."""
        line: int = node.lineno  # type: ignore[attr-defined]  # statements and expressions only
        return self.stretch(line, line, self._column(line, node.col_offset))  # type: ignore[attr-defined]

    def stretch(self, line: int, end_line: int, column: int = 1) -> Place:
        """The place of whole lines of the text; its end is cut at the end of the cell it begins in."""
        if not self._firsts:
            return Place(line, end_line, column)
        cell = self.code.cells[max(0, bisect_right(self._firsts, line) - 1)]
        last = min(end_line, cell.first + cell.lines - 1)
        return Place(line - cell.first + 1, last - cell.first + 1, column, cell.number)

    def cell_number(self, line: int) -> int | None:
        """The number of the cell that holds this line of the joined text."""
        return self.stretch(line, line).cell

    def _column(self, line: int, offset: int) -> int:
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return offset + 1 if text.isascii() else len(text.encode()[:offset].decode(errors="ignore")) + 1


def blocks(statement: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of a statement, those of its handlers and cases too, without empty ones."""
    for field in BLOCKS:
        block = getattr(statement, field, None)
        if isinstance(block, list) and block:
            if isinstance(block[0], ast.stmt):
                yield block
            else:
                yield from (part.body for part in block)


def position(node: ast.AST) -> tuple[int, int]:
    """Sort key for source order; an alias on 3.9 and a module have none and come first."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def chain(node: ast.AST) -> tuple[ast.Name, list[str]] | None:
    """The name that an expression is or that its attributes stand on, and those in reading order; None for others."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node, parts[::-1]) if isinstance(node, ast.Name) else None
