"""How large a function is: its cyclomatic complexity, its steps, its nesting, and from where each is too much.

The only importer of radon, which counts on our tree.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from copy import copy
from itertools import accumulate

from mldebt.facts.syntax import BLOCKS, Function, Module, Node, blocks, position

# radon's rank D begins above 20; the SEI's C4 guide calls 21 to 50 complex and of high risk
COMPLEX = 20
# pylint R0915 and ruff PLR0915 allow 50 statements; a driver that lists the stages of a run is given half as much again
LONG = 50
LONG_DRIVER = 75
# no tool has a figure for scripts: twice a function's, over imports, definitions and settings, which are not counted
LONG_SCRIPT = 100
# SonarQube's S134 for Python and ESLint's max-depth allow 4
DEEP = 4

_DRIVERS = {"main", "train", "training", "trainer"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOPS: tuple[type[ast.For | ast.AsyncFor | ast.While], ...] = (ast.For, ast.AsyncFor, ast.While)
_NESTING: tuple[type[ast.AST], ...] = (ast.If, *_LOOPS, ast.ExceptHandler, ast.Match)
_NOTHING = ast.Pass()
_DECLARING = ("__init__", "build", "setup")


# -- complexity --------------------------------------------------------------------------------------------------------


class Paths:
    """The cyclomatic complexity of a module's functions; several rules ask of the same ones."""

    def __init__(self, module: Module) -> None:
        branches = _branches(module)
        self._lines = [line for line, _ in branches]
        self._sums = [0, *accumulate(weight for _, weight in branches)]
        self._known: dict[Function, int] = {}

    def most(self, node: ast.AST) -> int:
        """What the branches in the lines of a statement add to the paths through it, at most."""
        first = bisect_left(self._lines, node.lineno)  # type: ignore[attr-defined]  # statements only
        return self._sums[bisect_right(self._lines, node.end_lineno)] - self._sums[first]  # type: ignore[attr-defined]

    def of(self, function: Function) -> int:
        """As radon counts, without assertions: they state a condition and open no second path."""
        from radon.visitors import ComplexityVisitor

        if function not in self._known:
            visitor = ComplexityVisitor(no_assert=True)
            visitor.visit(_bare(function, self.most))
            self._known[function] = int(visitor.functions[0].complexity)
        return self._known[function]


def _bare(node: Node, most: Callable[[ast.AST], int]) -> Node:
    """A node without the statements in it that add no path: radon looks at every name, and is spared those."""
    spare = copy(node)
    for field in BLOCKS:
        block = getattr(node, field, None)
        if isinstance(block, list) and block:
            kept = (s for s in block if not isinstance(s, ast.stmt) or most(s))
            setattr(spare, field, [_bare(s, most) for s in kept] or [_NOTHING])
    return spare


def complex_functions(module: Module) -> Iterator[tuple[Function, int]]:
    """The functions above COMPLEX, with their complexity; radon counts those with enough branches in their lines."""
    paths = module.shared(Paths)
    for function in module.functions:
        if paths.most(function) > COMPLEX and (found := paths.of(function)) > COMPLEX:
            yield function, found


def _branches(module: Module) -> list[tuple[int, int]]:
    """Line and weight of every node that adds a path; never less than what radon counts for it."""
    found = [(choice.lineno, 1) for choice in module.of(ast.If)]
    found += [(choice.lineno, 1) for choice in module.of(ast.IfExp)]
    found += [(loop.lineno, 2) for kind in _LOOPS for loop in module.of(kind)]
    found += [(both.lineno, len(both.values) - 1) for both in module.of(ast.BoolOp)]
    found += [(each.target.lineno, 1 + len(each.ifs)) for each in module.of(ast.comprehension)]
    found += [(attempt.lineno, 1 + len(attempt.handlers)) for attempt in module.of(ast.Try)]
    found += [(match.lineno, len(match.cases)) for match in module.of(ast.Match)]
    found += [(function.lineno, 1) for function in module.functions]
    return sorted(found)


# -- length ------------------------------------------------------------------------------------------------------------


def steps(function: Function) -> int:
    """The statements of a function, nested definitions' not counted, a run of like declarations counted as one.

    Declarations are imports, calls of one method of one object (`parser.add_argument`), names and attributes given a
    plain value, and in an initialiser attributes given any value: such a list is long but has one thing to say.
    """
    return _steps(function.body, function.name in _DECLARING)


def longest(function: Function) -> int:
    """How many steps a function may have: more if it drives a program."""
    return LONG_DRIVER if _DRIVERS & set(function.name.lower().split("_")) else LONG


def long_functions(module: Module) -> Iterator[tuple[Function, int]]:
    """The functions with more steps than they may have, and how many; those of too many paths are left out."""
    lines = sorted(s.lineno for kind in module.kinds(ast.stmt) for s in module.of(kind))
    for function in module.functions:
        if bisect_right(lines, function.end_lineno or 0) - bisect_left(lines, function.lineno) <= LONG:
            continue
        found = steps(function)
        if found > longest(function) and module.shared(Paths).of(function) <= COMPLEX:
            yield function, found


def script_body(module: Module) -> list[ast.stmt]:
    """What a module runs itself, its definitions and imports aside; nothing if it is a notebook."""
    if module.code.cells:
        return []
    return [s for s in module.tree.body if not isinstance(s, (*_DEFINITIONS, ast.Import, ast.ImportFrom))]


def script_steps(body: list[ast.stmt]) -> int:
    """The steps of a script's body; 0 if it never loops, which is a list of declarations."""
    loops = any(isinstance(node, _LOOPS) for statement in body for node in _nested(statement))
    return _steps(body, False) if loops else 0


def _steps(body: list[ast.stmt], declares: bool) -> int:
    count = 0
    pending: list[list[ast.stmt]] = [body]
    while pending:
        last: tuple[str, ...] = ()
        for i, statement in enumerate(pending.pop()):
            kind = _declaration(statement, declares)
            if not (kind and kind == last) and not (i == 0 and _is_docstring(statement)):
                count += 1
            last = kind
            if not isinstance(statement, _DEFINITIONS):
                pending.extend(blocks(statement))
    return count


def _nested(statement: ast.stmt) -> Iterator[ast.stmt]:
    """A statement and all in its blocks, definitions left out."""
    stack = [statement]
    while stack:
        node = stack.pop()
        if not isinstance(node, _DEFINITIONS):
            yield node
            for block in blocks(node):
                stack.extend(block)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _declaration(statement: ast.stmt, declares: bool) -> tuple[str, ...]:
    """What sort of declaration a statement is; empty if it is a step."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            return ("import",)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=receiver), attr=method))):
            return ("call", receiver, method)
        case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=value):
            return _given(target, declares or _is_plain(value), _is_plain(value))
    return ()


def _given(target: ast.expr, attribute: bool, name: bool) -> tuple[str, ...]:
    """The sort of an assignment, if one to an attribute or to a name counts as a declaration."""
    match target:
        case ast.Attribute(value=ast.Name(id=receiver)) if attribute:
            return ("store", receiver)
        case ast.Name() if name:
            return ("name",)
    return ()


def _is_plain(value: ast.expr | None) -> bool:
    while isinstance(value, ast.Attribute | ast.UnaryOp):
        value = value.value if isinstance(value, ast.Attribute) else value.operand
    return value is None or isinstance(value, ast.Constant | ast.Name)


# -- nesting -----------------------------------------------------------------------------------------------------------


def deep_blocks(module: Module) -> dict[ast.AST, tuple[int, ast.AST]]:
    """For each definition, or the module, that nests deeper than DEEP: its depth and the first of its deepest blocks.

    A level is an if, a loop, a match or an except clause, as in Campbell's Cognitive Complexity: `try` and `with` open
    no second path, `elif` continues its `if`, and a definition begins anew. No indentation is looked at.
    """
    depths: dict[ast.AST, int] = {}
    found: dict[ast.AST, tuple[int, ast.AST]] = {}
    for node in sorted((n for kind in _NESTING for n in module.of(kind)), key=position):
        home = _home(module, node, depths)
        depth = depths.get(home, 0) + (not _continues(module, node))
        depths[node] = depth
        if depth > DEEP:
            owner = module.enclosing(node, *_DEFINITIONS) or module.tree
            if depth > found.get(owner, (0, node))[0]:
                found[owner] = (depth, node)
    return found


def is_large(module: Module, owner: ast.AST) -> bool:
    """Whether a definition, or the module, is reported for its paths or its length already."""
    if isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef):
        return steps(owner) > longest(owner) or module.shared(Paths).of(owner) > COMPLEX
    return isinstance(owner, ast.Module) and script_steps(script_body(module)) > LONG_SCRIPT


def _home(module: Module, node: ast.AST, depths: dict[ast.AST, int]) -> ast.AST:
    """The block that holds this one, or the definition or module around it."""
    up = module.parent(node)
    while up is not None and up not in depths and not isinstance(up, _DEFINITIONS):
        node, up = up, module.parent(up)
    return up or node


def _continues(module: Module, node: ast.AST) -> bool:
    """Whether this is the `elif` of an `if` (an `if` alone in an `else` reads the same)."""
    up = module.parent(node)
    return isinstance(node, ast.If) and isinstance(up, ast.If) and up.orelse == [node]
