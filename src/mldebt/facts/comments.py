"""Comment lines below each other, and which of them are statements.

Each logical line is parsed on its own, so that the head of a block without its body, an `else:` without its `if`, and
indentation that starts anywhere are read for what they were.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from mldebt.errors import Unreadable
from mldebt.facts.syntax import Module, parse

FEWEST = 3  # lines of a run
_LONGEST = 60  # lines of one statement that are tried
_MOST_UNCLOSED = 50  # statements of a run whose end was sought in vain
_BLOCK = re.compile(r"\n[ \t]*#[^\n]*(?:\n(?:[ \t]*\n){0,2}[ \t]*#[^\n]*){2,}")
_MARKS = re.compile(r"[ \t]*#+")
_OPENING = re.compile(r"[ \t]*\w{0,2}(?:\"{3}|'{3}|[\"'])")
_STRING = re.compile(r"""(?s)\"{3}.*?(?:\"{3}|\Z)|'{3}.*?(?:'{3}|\Z)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*""")
# what a line has to begin with to be a statement: prose rarely does, so that little of it is parsed
_STARTS = r"""
    [\w(\[*][^=\n\#]{0,120}=(?!=)
    |[\w.]+[(\[]
    |(?:async[ ])?(?:def|class|for|while|with|if|elif|else|try|except|finally)\b[^\n]*:
    |(?:def|for|while|with|if|elif)\b[^\n]*[(\[{,\\]\s*$
    |import[ ]+[\w.]+
    |from[ ]+[\w.]+[ ]+import\b
    |(?:return|raise|yield|assert|del|global|nonlocal|pass|break|continue|await)\b
    |@\w
    |[rRbBfFuU]{0,2}(?:"{3}|'{3})
"""
_STATEMENT = re.compile(rf"[ \t]*(?:{_STARTS})", re.VERBOSE)
_PROMISING = re.compile(rf"^[ \t]*\#+[ \t]*(?:{_STARTS})", re.VERBOSE | re.MULTILINE)
_BEFORE = {"else": "if 1: pass\n", "elif": "if 1: pass\n", "except": "try: pass\n", "finally": "try: pass\n"}
_WORD = re.compile(r"[ \t]*(\w+)")


class Run(NamedTuple):
    """Lines from `first` on that are no code, but could hold some: `texts` are they without comment signs or quotes.

    `gaps` are the indices of those that are blank in the file itself. `whole` is the string that the lines make up,
    `lead` the comment line above it.
    """

    first: int
    texts: list[str]
    gaps: frozenset[int] = frozenset()
    whole: ast.Expr | None = None
    lead: str = ""


class Piece(NamedTuple):
    """One logical line of a run: the indices of its texts, `last` inclusive, and its statement, None for prose."""

    first: int
    last: int
    statement: ast.stmt | None


def comment_runs(module: Module) -> Iterator[Run]:
    """The runs of comment lines that could hold a statement, none over the end of a notebook's cell.

    They may lie inside a string: see `quoted_lines`.
    """
    text = "\n" + module.code.text
    first, seen = 1, 0
    for match in _BLOCK.finditer(text):
        if _PROMISING.search(match[0]) is None:
            continue
        first, seen = first + text.count("\n", seen, match.start()), match.start()
        lines = match[0].split("\n")[1:]
        for start, end in _split(module, first, first + len(lines)):
            own = lines[start - first : end - first]
            gaps = frozenset(i for i, line in enumerate(own) if not line.strip())
            yield Run(start, [_MARKS.sub("", line, count=1) for line in own], gaps)


def string_runs(module: Module) -> Iterator[Run]:
    """The strings of three lines and more that stand alone and document nothing."""
    for statement in module.of(ast.Expr):
        value, last = statement.value, statement.end_lineno or 0
        if last - statement.lineno + 1 < FEWEST:
            continue
        if not isinstance(value, ast.Constant) or not isinstance(value.value, str) or _documents(module, statement):
            continue
        before, *lines = ["", *module.lines][statement.lineno - 1 : last + 1]
        opened = _OPENING.sub(lambda match: " " * len(match[0]), lines[0], count=1)
        texts = [opened, *lines[1:-1], lines[-1].rstrip("\"'; \t")]
        lead = _MARKS.sub("", before, count=1) if before.lstrip().startswith("#") else ""
        yield Run(statement.lineno, texts, whole=statement, lead=lead)


def _documents(module: Module, statement: ast.Expr) -> bool:
    """Whether a string is a docstring, continues one, or stands below the attribute it describes."""
    up = module.parent(statement)
    body = getattr(up, "body", [])
    if not isinstance(up, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or statement not in body:
        return False
    before = body[: body.index(statement)]
    if all(isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant) for s in before):
        return True
    return isinstance(up, ast.ClassDef) and isinstance(before[-1], ast.Assign | ast.AnnAssign)


def quoted_lines(module: Module) -> set[int]:
    """The lines that a string goes on in after its first one."""
    nodes = (*module.of(ast.Constant), *module.of(ast.JoinedStr))
    long = (n for n in nodes if n.end_lineno is not None and n.end_lineno > n.lineno)
    return {line for node in long for line in range(node.lineno + 1, (node.end_lineno or 0) + 1)}


def _split(module: Module, first: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of a block of lines that lie in one cell; ends are exclusive."""
    edges = [line for line in range(first + 1, end) if _opens_cell(module, line)] if module.code.cells else []
    for start, stop in pairwise([first, *edges, end]):
        if stop - start >= FEWEST:
            yield start, stop


def _opens_cell(module: Module, line: int) -> bool:
    return module.cell_number(line) != module.cell_number(line - 1)


def pieces(texts: list[str]) -> Iterator[Piece]:
    """The logical lines of a run, in order; blank ones are left out."""
    at = unclosed = 0
    while at < len(texts):
        if not texts[at].strip():
            at += 1
            continue
        promising = unclosed < _MOST_UNCLOSED and _STATEMENT.match(texts[at])
        last = _extent(texts, at) if promising else None
        unclosed += bool(promising) and last is None
        statement = _statement("\n".join(texts[at : last + 1])) if last is not None else None
        if statement is None or last is None:
            last = at
        yield Piece(at, last, statement)
        at = last + 1


def _extent(texts: list[str], first: int) -> int | None:
    """The index of the last text of the logical line that begins here; None if its brackets are never closed."""
    depth = 0
    quote = ""
    for at in range(first, min(len(texts), first + _LONGEST)):
        text = quote + texts[at]
        quote = _left_open(text)
        bare = _STRING.sub("''", text).rstrip()
        depth += sum(bare.count(c) for c in "([{") - sum(bare.count(c) for c in ")]}")
        if depth <= 0 and not quote and not bare.endswith("\\"):
            return at
    return None


def _left_open(text: str) -> str:
    """The triple quote that a line opens and does not close; empty if none."""
    return next((quote for quote in ('"""', "'''") if text.count(quote) % 2), "")


def _statement(text: str) -> ast.stmt | None:
    """The statement that a logical line is, a head of a block too; None if it is none, or more than one."""
    text = text.lstrip()
    word = _WORD.match(text)
    before = _BEFORE.get(word[1], "") if word else ""
    after = ""
    if text.startswith("@"):
        after = "\ndef _(): pass"
    elif _STRING.sub("", text).rstrip().endswith(":"):
        after = "\n  pass"
    try:
        body = parse(f"{before}{text}{after}\n").body
    except Unreadable:
        return None
    return body[0] if len(body) == 1 else None
