"""The border of a run of statements: names that come in, names that go out, and control flow that crosses it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import DefinitionNode, Module
from mldebt.proof.outer import Outer, imported
from mldebt.proof.settled import unsure

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_BLOCKS = ("body", "orelse", "finalbody")
_OWN = frozenset({"__name__", "__file__", "__doc__", "__spec__", "__package__", "__loader__"})  # of each module
_BUILTINS = frozenset(dir(builtins)).union(("get_ipython", "display")) - _OWN  # IPython adds two
_BY_NAME = frozenset({"locals", "vars", "eval", "exec", "super"})  # they depend on the function they stand in
Point = tuple[int, int]


class Use(NamedTuple):
    """A read of a name, and the scope that binds it; none for a builtin."""

    name: str
    owner: Scope | None
    node: ast.AST
    at: Point


def uses_of(module: Module) -> list[Use]:
    """All reads of names in a module, those of `x += 1` too."""
    found: list[Use] = []
    for scope in module.scopes:
        found += [Use(read.name, scope.resolve(read.name), read.node, _start(read.node)) for read in scope.reads]
    for statement in module.of(ast.AugAssign):
        if isinstance(statement.target, ast.Name):
            owner = module.scope(statement).resolve(statement.target.id)
            found.append(Use(statement.target.id, owner, statement, _start(statement)))
    return found


def first_line(statement: ast.stmt) -> int:
    """The line a statement begins in, its decorators counted."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])


class Border:
    """What a run of statements has to do with the code around it; `uses` are all of the module."""

    def __init__(self, module: Module, uses: Sequence[Use], statements: Sequence[ast.stmt]) -> None:
        self._module = module
        self._statements = statements
        self._lines = first_line(statements[0]), statements[-1].end_lineno or 0
        self.around = module.scope(statements[0])
        alone = statements[0] if len(statements) == 1 else None
        self._own = alone.name if isinstance(alone, DefinitionNode) else ""
        self._is_later = bool(self._own) or self.around.kind != "module"  # it runs when the module's names are bound
        self._uses = uses

    def _holds(self, at: Point) -> bool:
        return self._lines[0] <= at[0] <= self._lines[1]

    # -- what comes in and goes out --------------------------------------------------------------------------------

    def outer(self) -> tuple[Outer, ...]:
        """The names that the run reads and does not bind itself before, in the order they are first read."""
        found: dict[str, Outer] = {}
        for use in sorted((u for u in self._uses if self._holds(u.at)), key=lambda u: u.at):
            if use.name not in found and use.name != self._own and self._comes_in(use):
                found[use.name] = self._origin(use)
        for name in self.results():
            if name not in found and self._reaches(name) and unsure(self._statements, [name]):
                found[name] = Outer(name, "variable")
        return tuple(found.values())

    def _reaches(self, name: str) -> bool:
        """Whether a value that the scope around binds elsewhere may come in: from before, or by a loop from after."""
        outside = [at for b in self.around.bindings[name] if not self._holds(at := _start(b))]
        loops = self._loops_around()
        return any(at < (self._lines[0], 0) or any(_start(o) <= at <= _end(o) for o in loops) for at in outside)

    def _comes_in(self, use: Use) -> bool:
        if use.owner is None or all(isinstance(b, ast.alias) for b in use.owner.bindings[use.name]):
            return True
        if use.owner is not self.around and use.owner.kind != "module" and self._is_inside(use.owner):
            return False
        bindings = use.owner.bindings[use.name]
        inner = [b for b in bindings if self._holds(_start(b))]
        if use.owner is self.around and inner and not self._reaches(use.name):
            return False
        if len(inner) == len(bindings) or any(self._dominates(b, use.node) for b in inner):
            return False
        return not (inner and self._is_set_before(use))

    def _is_set_before(self, use: Use) -> bool:
        """Whether the statements of the run before a read bind its name for sure, in every branch."""
        ended = [s for s in self._statements if _end(s) < use.at]
        ahead = [s for s in ended if not any(isinstance(n, _LOOPS) for n in ast.walk(s))]  # they may have no round
        return use.owner is self.around and bool(ahead) and not unsure(ahead, [use.name])

    def _is_inside(self, scope: Scope) -> bool:
        return scope.kind != "module" and self._holds(_start(scope.node))

    def _origin(self, use: Use) -> Outer:
        if use.owner is None:
            star = "" if use.name in _BUILTINS else self._star()
            return Outer(use.name, "builtin" if use.name in _BUILTINS or star else "variable", use.name, star)
        bindings = use.owner.bindings[use.name]
        if all(isinstance(b, ast.alias) for b in bindings):
            return imported(self._module, use.name, bindings[0])
        if use.owner.kind == "module" and all(isinstance(b, DefinitionNode) for b in bindings):
            return Outer(use.name, "definition", mark(self._module, bindings[-1]))
        if use.owner.kind != "module" or not self._is_later:
            return Outer(use.name, "variable")
        statement = self._module.parent(bindings[0])
        if isinstance(statement, ast.Assign) and len(bindings) == 1 and self._moves(statement.value):
            return Outer(use.name, "constant", mark(self._module, statement.value))
        return Outer(use.name, "global")

    def _star(self) -> str:
        """The first import that may bring in any name; empty if there is none."""
        stars = (self._module.parent(alias) for alias in self._module.of(ast.alias) if alias.name == "*")
        return next((ast.unparse(statement) for statement in stars if statement is not None), "")

    def _moves(self, value: ast.expr) -> bool:
        """Whether an expression is as good in another module; a logger is the new module's own there."""
        is_logger = isinstance(value, ast.Call) and ast.unparse(value) == "logging.getLogger(__name__)"
        return is_logger or self._is_plain(value)

    def _is_plain(self, value: ast.expr) -> bool:
        """Whether an expression is made of literals, imports and builtins."""
        for node in ast.walk(value):
            if isinstance(node, ast.Name) and node.id not in _BUILTINS:
                found = self._module.top.bindings.get(node.id, [])
                if not found or not all(isinstance(b, ast.alias) for b in found):
                    return False
        return True

    def bound(self) -> tuple[str, ...]:
        """All names that are bound inside, in any scope, but by imports."""
        names = {
            name
            for scope in self._module.scopes
            for name, bindings in scope.bindings.items()
            if any(self._holds(_start(b)) and not isinstance(b, ast.alias) for b in bindings)
        }
        return tuple(sorted(names))

    def results(self) -> tuple[str, ...]:
        """The names that the run binds and code outside reads afterwards, in the order they are bound."""
        loops = self._loops_around()
        found: dict[str, Point] = {}
        for use in self._uses:
            if use.owner is not self.around or use.name in found:
                continue
            inner = [b for b in self.around.bindings[use.name] if self._holds(_start(b))]
            if inner and self._goes_out(use, loops):
                found[use.name] = min(map(_start, inner))
        return tuple(sorted(found, key=lambda name: (found[name], name)))

    def _goes_out(self, use: Use, loops: list[ast.AST]) -> bool:
        in_loop = any(_start(loop) <= use.at <= _end(loop) for loop in loops)
        if self._holds(use.at):
            return in_loop and self._comes_in(use)
        after = use.at > (self._lines[1], 1 << 30)
        elsewhere = self._module.scope(use.node) is not self.around
        if not (after or in_loop or elsewhere):
            return False
        for binding in self.around.bindings[use.name]:
            at = _start(binding)
            again = not self._holds(at) and (at[0] > self._lines[1] or not after)
            if again and self._dominates(binding, use.node):
                return False
        return True

    def _loops_around(self) -> list[ast.AST]:
        found: list[ast.AST] = []
        for up in self._module.ancestors(self._statements[0]):
            if isinstance(up, _NESTED):
                break
            if isinstance(up, _LOOPS):
                found.append(up)
        return found

    def _dominates(self, binding: ast.AST, read: ast.AST) -> bool:
        """Whether whoever comes to the read has passed the binding: it stands before, in a block around it."""
        statement = binding if isinstance(binding, ast.stmt) else self._module.enclosing(binding, ast.stmt)
        if not isinstance(statement, ast.stmt) or isinstance(binding, ast.arg):
            return True
        simple = isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign)
        if (_end(statement) if simple else _start(binding)) > _start(read):
            return False
        holders = list(self._holders(statement, binding))
        return any(self._block(up) in holders for up in [read, *self._module.ancestors(read)])

    def _holders(self, statement: ast.stmt, binding: ast.AST) -> Iterator[list[ast.stmt]]:
        """The blocks in which everything after the binding has passed it."""
        if isinstance(statement, ast.For | ast.AsyncFor) and not isinstance(binding, DefinitionNode):
            yield statement.body
            return
        if isinstance(binding, ast.ExceptHandler):
            yield binding.body
            return
        up: ast.AST | None = statement
        while up is not None and (holder := self._block(up)) is not None:
            yield holder
            up = self._module.parent(up)
            if not isinstance(up, ast.With | ast.AsyncWith):
                return

    def _block(self, node: ast.AST) -> list[ast.stmt] | None:
        parent = self._module.parent(node)
        blocks: list[list[ast.stmt]] = [b for f in _BLOCKS if isinstance(b := getattr(parent, f, None), list)]
        return next((b for b in blocks if node in b), None)

    # -- what crosses ----------------------------------------------------------------------------------------------

    def crossing(self) -> str:
        """What of the control flow crosses the border; empty if nothing does."""
        waiting: list[tuple[ast.AST, bool]] = [(s, False) for s in self._statements]
        returns = isinstance(self._statements[-1], ast.Return)
        while waiting:
            node, looped = waiting.pop()
            why = self._crosses(node, looped, returns)
            if why:
                line = getattr(node, "lineno", 0) - self._lines[0] + 1
                return f"{why} in line {line} of the copies crosses the border"
            if isinstance(node, _NESTED):
                continue
            for field, value in ast.iter_fields(node):
                inner = looped or (isinstance(node, _LOOPS) and field == "body")
                children = value if isinstance(value, list) else [value]
                waiting.extend((child, inner) for child in children if isinstance(child, ast.AST))
        return ""

    def _crosses(self, node: ast.AST, looped: bool, returns: bool) -> str:
        if isinstance(node, ast.Return):
            return "" if returns else "a `return`"
        if isinstance(node, ast.Break | ast.Continue):
            return "" if looped else f"a `{type(node).__name__.lower()}`"
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return "a `yield`"
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
            return "an `await`"
        if isinstance(node, ast.Global | ast.Nonlocal):
            return f"a `{type(node).__name__.lower()}`"
        if isinstance(node, ast.Name) and node.id == "__name__":
            return "a read of `__name__`"
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            inner = self.around.bindings.get(node.id, [])
            return "" if all(self._holds(_start(b)) for b in inner) and inner else "a `del`"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _BY_NAME:
            return f"a call of `{node.func.id}()`"
        return ""


def mark(module: Module, node: ast.AST) -> str:
    """What is the same for code that is written alike."""
    lines = module.lines[_start(node)[0] - 1 : _end(node)[0]]
    return f"{crc32(chr(10).join(line.strip() for line in lines).encode(errors='surrogatepass')):08x}"


def _start(node: ast.AST) -> Point:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _end(node: ast.AST) -> Point:
    return getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0
