"""The excuses in a source: `# mldebt: ignore[rule, rule] reason`, `# mldebt: ignore-file[rule]`, and cell tags."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from mldebt.facts.syntax import Module
from mldebt.model import Directive

_COMMENT = re.compile(r"#\s*mldebt:\s*ignore(-file)?\s*(?:\[([^\]]*)\])?\s*(.*)")
_TAG = "mldebt-ignore"


def directives(module: Module) -> tuple[Directive, ...]:
    """The excuses of a module, by place. Text without "mldebt:" costs one search; an empty list of rules means all."""
    found = [
        Directive((), module.stretch(cell.first, cell.first), 1, cell.lines, "cell tag")
        for cell in module.code.cells
        if _TAG in cell.tags
    ]
    if "mldebt:" in module.code.text:
        for line, column, comment in _comments(module.code.text):
            match = _COMMENT.match(comment)
            if match:
                found.append(_directive(module, line, column, match))
    return tuple(sorted(found, key=lambda d: (d.at.cell or 0, d.at.line)))


def _comments(text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and "mldebt:" in token.string:
                found.append((token.start[0], token.start[1] + 1, token.string))
    except (tokenize.TokenError, SyntaxError):
        return found  # what the tokenizer does not take after all, the parser took: keep what came before
    return found


def _directive(module: Module, line: int, column: int, match: re.Match[str]) -> Directive:
    rules = tuple(sorted({name.strip() for name in (match[2] or "").split(",") if name.strip()}))
    at = module.stretch(line, line, column)
    if match[1]:
        return Directive(rules, at, 0, 0, match[3].strip())
    first, last = _covered(module, line, alone=not module.lines[line - 1][: column - 1].strip())
    begin, end = module.stretch(first, first), module.stretch(last, last)
    return Directive(rules, at, begin.line, end.line, match[3].strip())


def _covered(module: Module, line: int, alone: bool) -> tuple[int, int]:
    """The lines an excuse covers: the statement or definition that begins on its line, or on the line below it."""
    target = line
    if alone:
        target = next((n for n in range(line + 1, len(module.lines) + 1) if _is_code(module.lines[n - 1])), line)
    last = target
    for function in (*module.functions, *module.of(ast.ClassDef)):
        head = min([function.lineno, *(d.lineno for d in function.decorator_list)])
        if target in (head, function.lineno):
            target, last = head, max(last, function.end_lineno or function.lineno)
    return target, last


def _is_code(text: str) -> bool:
    stripped = text.strip()
    return bool(stripped) and not stripped.startswith("#")
