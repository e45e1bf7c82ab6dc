"""A member of a clone class, cut out of its module with what it reads from outside and leaves behind."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from mldebt.facts.syntax import DefinitionNode, Module
from mldebt.proof.border import Border, Use, first_line, mark
from mldebt.proof.outer import Outer, imported
from mldebt.proof.settled import unsure

MOST_LINES = 200  # of a member; longer ones are refused, since nobody moves them in one step
_COVERED = 0.5  # of the lines that were asked for
UNITS = ("function", "method", "class")
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


class Cut(NamedTuple):
    """What to cut out of a module: the stretches of lines of its text, from 1, and what kind of unit they are.

    `commands` are the lines of a notebook's module that hold commands of the shell or of IPython.
    """

    stretches: tuple[tuple[int, int], ...]
    unit: str
    commands: tuple[int, ...] = ()


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """Whole statements of one block as text, indented as they stand.

    `unit` is function, method, class, definitions (several of them) or block, `symbol` the name of the definition or
    of the one around. `outer` are the names read from outside, in the order of first reading, `results` those bound
    inside and read after, `unsure` those that may be unbound at the end, `bound` all that are bound inside. `tail`
    tells whether the last statement returns. `owner` and `bases` are of the class around, if it is in a method or is
    one. A refusal says why it was not cut.
    """

    path: str
    text: str = ""
    unit: str = ""
    symbol: str = ""
    lines: int = 0
    line: int = 0
    outer: tuple[Outer, ...] = ()
    results: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    tail: bool = False
    owner: str = ""
    bases: str = ""
    around: tuple[Outer, ...] = ()
    indent: str = "    "
    refusal: str = ""


def cut(module: Module, uses: Sequence[Use], path: str, wanted: Cut) -> Piece:
    """The piece, or one that holds nothing but the reason why there is none; `uses` are all of the module."""
    statements = _definition(module, wanted) if wanted.unit in UNITS else []
    if not statements:
        statements = _run(module.tree, wanted.stretches)
    while statements and (isinstance(statements[0], ast.Import | ast.ImportFrom) or _is_super(statements[0])):
        statements = statements[1:]
    refusal = _unfit(module, statements, wanted)
    if refusal:
        return Piece(path, refusal=refusal)
    unit = _unit(module, statements)
    first, last = first_line(statements[0]), statements[-1].end_lineno or 0
    border = Border(module, uses, statements)
    refusal = border.crossing() if unit == "block" else ""
    if refusal:
        return Piece(path, refusal=refusal)
    owner = _owner(module, statements[0])
    return Piece(
        path,
        "\n".join(module.lines[first - 1 : last]) + "\n",
        unit,
        module.qualname(statements[0]),
        last - first + 1,
        first,
        border.outer(),
        border.results() if unit == "block" else (),
        border.bound(),
        unsure(statements, border.bound()) if unit == "block" else (),
        unit == "block" and isinstance(statements[-1], ast.Return),
        owner.name if owner is not None else "",
        ", ".join(map(ast.unparse, owner.bases)) if owner is not None else "",
        tuple(_named(module, owner)) if owner is not None else (),
        _indent(module.tree),
    )


def _unit(module: Module, statements: list[ast.stmt]) -> str:
    kept = [s for s in statements if not isinstance(s, ast.Import | ast.ImportFrom)]
    in_class = isinstance(module.parent(statements[0]), ast.ClassDef)
    if not all(isinstance(s, DefinitionNode) for s in kept):
        return "block"
    if len(kept) > 1:
        return "definitions"
    return "class" if isinstance(kept[0], ast.ClassDef) else "method" if in_class else "function"


def _owner(module: Module, statement: ast.stmt) -> ast.ClassDef | None:
    """The class whose method this is or lies in, not deeper than in the method itself."""
    up: ast.AST | None = statement
    while up is not None and not isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        up = module.parent(up)
    if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef):
        up = module.parent(up)
    return up if isinstance(up, ast.ClassDef) else None


def _named(module: Module, owner: ast.ClassDef) -> Iterator[Outer]:
    """What the bases of a class read: imports, and what the module defines."""
    for base in owner.bases:
        for node in ast.walk(base):
            found = module.top.bindings.get(node.id, []) if isinstance(node, ast.Name) else []
            if isinstance(node, ast.Name) and found:
                alias = isinstance(found[0], ast.alias)
                defined = Outer(node.id, "definition", mark(module, found[-1]))
                yield imported(module, node.id, found[0]) if alias else defined


def _is_super(statement: ast.stmt) -> bool:
    """Whether a statement only calls the base class's method of the same name, as `__init__` has to begin."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    inner = call.func.value if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else None
    return isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "super"


def _indent(tree: ast.Module) -> str:
    """One level of indentation as the file has it, from its first block."""
    blocks = (getattr(s, "body", None) for s in tree.body)
    found = next((b[0].col_offset for b in blocks if isinstance(b, list) and b and b[0].col_offset), 4)
    return " " * found


def _definition(module: Module, wanted: Cut) -> list[ast.stmt]:
    (line, end) = wanted.stretches[0]
    nodes: list[DefinitionNode] = list(module.of(ast.ClassDef)) if wanted.unit == "class" else list(module.functions)
    return _one(n for n in nodes if line in range(first_line(n), n.lineno + 1) and abs((n.end_lineno or 0) - end) <= 1)


def _one(found: Iterator[DefinitionNode]) -> list[ast.stmt]:
    return [node for node in [next(found, None)] if node is not None]


def _run(tree: ast.AST, stretches: tuple[tuple[int, int], ...]) -> list[ast.stmt]:
    """The outermost statements that lie wholly in the stretches, if they all stand in one block."""
    low, high = stretches[0][0], stretches[-1][1]
    best: list[ast.stmt] = []
    for block in _blocks(tree, low, high):
        whole = [s for s in block if low <= first_line(s) and (s.end_lineno or 0) <= high and _is_in(s, stretches)]
        if _extent(whole) > _extent(best):
            best = whole
    return best


def _blocks(node: ast.AST, low: int, high: int) -> Iterator[list[ast.stmt]]:
    waiting = [node]
    while waiting:
        holder = waiting.pop()
        for field in _BLOCKS:
            children: list[ast.stmt] = getattr(holder, field, None) or []
            if not isinstance(children, list):
                continue
            if field in ("body", "orelse", "finalbody"):
                yield children
            waiting.extend(
                c for c in children if _starts(c) <= high and (getattr(c, "end_lineno", None) or high) >= low
            )


def _starts(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _is_in(statement: ast.stmt, stretches: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= first_line(statement) <= high for low, high in stretches)


def _extent(statements: list[ast.stmt]) -> int:
    return sum((s.end_lineno or 0) - first_line(s) + 1 for s in statements)


def _unfit(module: Module, statements: list[ast.stmt], wanted: Cut) -> str:
    """Why statements are no piece; empty if they are one."""
    if not statements:
        return "the copies are not whole statements of one block"
    parent = module.parent(statements[0])
    block = next(b for f in _BLOCKS if isinstance(b := getattr(parent, f, None), list) and statements[0] in b)
    inner = block[block.index(statements[0]) : block.index(statements[-1]) + 1]
    if any(s not in statements and not isinstance(s, ast.Import | ast.ImportFrom) for s in inner):
        return "other statements stand between the parts"
    first, last = first_line(statements[0]), statements[-1].end_lineno or 0
    if last - first + 1 < _COVERED * sum(end - line + 1 for line, end in wanted.stretches):
        return "the copies are not whole statements of one block"
    if any(first <= line <= last for line in wanted.commands):
        return "a command of the notebook stands among the statements: leave it in a cell of its own"
    if last - first >= MOST_LINES:
        return f"the copies have more than {MOST_LINES} lines: divide them first"
    return ""
