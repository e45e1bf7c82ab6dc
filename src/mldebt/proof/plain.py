"""What Python's own parser tells of a piece of source, so that libcst is loaded only for what needs its layout.

libcst takes 0.15 s to load, in each process: half of what a hook takes in all.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence, Set
from itertools import pairwise

from mldebt.facts.syntax import DefinitionNode, parse

_WRAP = "if 1:\n"  # makes an indented piece a module of its own


def is_one_definition(text: str, name: str) -> bool:
    """Whether lines hold one definition of this name and nothing else but comments. Raises Unreadable."""
    body = _statements(text)
    return len(body) == 1 and isinstance(body[0], DefinitionNode) and body[0].name == name


def without_aliases(text: str, gone: Set[int]) -> str | None:
    """A line of imports without some of their names, counted from 0; empty if nothing is left.

    None if something else stands there, or a layout that has to be kept: brackets, a comment, a semicolon.
    """
    body = _statements(text)
    imports = [s for s in body if isinstance(s, ast.Import | ast.ImportFrom)]
    names = [alias for statement in imports for alias in statement.names]
    if len(imports) < len(body) or not _is_one_line(body) or any(alias.name == "*" for alias in names):
        return None
    kept = [alias for number, alias in enumerate(names) if number not in gone]
    if not kept:
        return ""
    (statement, *others) = imports
    if others or ast.unparse(statement) != text.strip():
        return None
    statement.names = kept
    return f"{text[: len(text) - len(text.lstrip())]}{ast.unparse(statement)}\n"


def _is_one_line(body: Sequence[ast.stmt]) -> bool:
    """Whether each statement begins where the one before ends, as they do between semicolons."""
    return all(after.lineno == before.end_lineno for before, after in pairwise(body))


def _statements(text: str) -> list[ast.stmt]:
    """The statements of whole lines. Raises Unreadable if they do not parse on their own."""
    code = (line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#"))
    if not next(code, "").startswith((" ", "\t")):
        return parse(text).body
    tree = parse(_WRAP + text)
    block = tree.body[0]
    return block.body if len(tree.body) == 1 and isinstance(block, ast.If) else []
