"""The excuses in a source: `# mldebt: ignore[rule, rule] reason`, `# mldebt: ignore-file[rule]`, and cell tags."""

from __future__ import annotations

import ast
import re
import sys
import tokenize

from mldebt.facts.syntax import DefinitionNode, Module
from mldebt.model import Directive
from mldebt.read.python import tokens

_COMMENT = re.compile(r"(?:^|\s)#\s*mldebt:\s*ignore(-file)?(?![\w-])\s*(?:\[([^\]]*)\])?\s*([^#]*)")
_TAG = "mldebt-ignore"


def directives(module: Module) -> tuple[Directive, ...]:
    """The excuses of a module, by place. Text without "mldebt:" costs one search; an empty list of rules means all."""
    found = [
        Directive((), module.stretch(cell.first, cell.first), 1, cell.lines, "cell tag")
        for cell in module.code.cells
        if _TAG in cell.tags
    ]
    if "mldebt:" in module.code.text:
        for token in tokens(module.code.text):
            match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if match:
                found.append(_directive(module, token.start[0], token.start[1] + 1, match))
    return tuple(sorted(found, key=lambda d: (d.at.cell or 0, d.at.line)))


def _directive(module: Module, line: int, column: int, match: re.Match[str]) -> Directive:
    rules = tuple(sorted({name.strip() for name in (match[2] or "").split(",") if name.strip()}))
    at = module.stretch(line, line, column)
    if match[1]:
        return Directive(rules, at, 0, 0, match[3].strip())
    first, last = _covered(module, line, module.lines[line - 1][: column - 1].strip())
    covered = module.stretch(first, last)
    if covered.cell != at.cell:  # what is below it is in another cell
        covered = at
    return Directive(rules, at, covered.line, covered.end_line, match[3].strip())


def _covered(module: Module, line: int, before: str) -> tuple[int, int]:
    """The lines an excuse covers; `before` is the code on its line.

    Below a line of its own, these are the comments there and the lines of the statement or definition that begins
    below them. Behind code, they are its line, and the whole statement or definition if it stands where that begins,
    or where its head ends.
    """
    lines = module.lines
    below = [] if before else [n for n in range(line + 1, len(lines) + 1) if lines[n - 1].strip()]
    target = next((n for n in below if _is_code(lines[n - 1])), below[-1] if below else line)
    first, last = below[0] if below else line, target
    for node in ast.walk(module.tree):
        if isinstance(node, ast.stmt):
            head, named, end = _own_lines(node)
            if head <= target <= named or (before and _closes(node, end, target, before)):
                first, last = min(first, head), max(last, end)
    return first, last


def _own_lines(node: ast.stmt) -> tuple[int, int, int]:
    """Where a statement begins, where its keyword stands, and where that which an excuse for it covers ends."""
    if isinstance(node, DefinitionNode):
        return min([node.lineno, *(d.lineno for d in node.decorator_list)]), node.lineno, node.end_lineno or 0
    return node.lineno, node.lineno, max(node.lineno, min(node.end_lineno or 0, _first_inside(node) - 1))


def _closes(node: ast.stmt, end: int, line: int, before: str) -> bool:
    """Whether a line closes the head of a definition, or another statement's own lines."""
    if isinstance(node, DefinitionNode):
        return node.lineno <= line < _first_inside(node) and before.endswith(":")
    return line == end


def _first_inside(node: ast.stmt) -> int:
    """The line of the first statement inside a compound one; for a simple one a line beyond all others."""
    if isinstance(node, ast.Match):
        return node.cases[0].pattern.lineno
    lines = (
        min([child.lineno, *(d.lineno for d in getattr(child, "decorator_list", []))])
        for child in ast.iter_child_nodes(node)
        if isinstance(child, ast.stmt)
    )
    return min(lines, default=sys.maxsize)


def _is_code(text: str) -> bool:
    stripped = text.strip()
    return bool(stripped) and not stripped.startswith("#")
