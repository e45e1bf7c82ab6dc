"""Which public functions and classes of a module, and whether the module itself, say nothing of what they are for."""

from __future__ import annotations

import ast
import re
from itertools import groupby

from mldebt.facts.definitions import Owners
from mldebt.facts.statements import first_line
from mldebt.facts.syntax import DefinitionNode, Module

# lines at the top of a file that say nothing of its purpose
_FORMAL = re.compile(
    r"#\s*(?:!|-\*-|coding|vim:|%%|In\s*\[|copyright|\(c\)|license|licensed|spdx|author|created|all rights"
    r"|type:|pylint|flake8|ruff|noqa|mypy|fmt:|isort)|#\W*$",
    re.IGNORECASE,
)
_LICENCE = re.compile(r"licen[cs]e|copyright|all rights reserved|warrant(?:y|ies)", re.IGNORECASE)


def undocumented(module: Module, owners: Owners) -> tuple[int, ...]:
    """The indices of those with neither a docstring nor a comment above, 0 for the module, methods apart."""
    found = [] if _says(module.tree) or _has_head(module) else [0]
    for index, node in enumerate(owners.nodes):
        if not isinstance(node, DefinitionNode) or not isinstance(module.parent(node), ast.Module):
            continue
        if not node.name.startswith("_") and not _says(node) and not _is_commented(module, node):
            found.append(index)
    return tuple(found)


def _says(node: ast.AST) -> bool:
    """Whether a body begins with a text."""
    first = next(iter(getattr(node, "body", [])), None)
    value = first.value if isinstance(first, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _has_head(module: Module) -> bool:
    """Whether a comment before the first statement tells something; a licence does not."""
    first = module.tree.body[0].lineno if module.tree.body else 1
    above = (line.strip() for line in module.lines[: first - 1])
    blocks = groupby(above, key=lambda line: line.startswith("#"))
    return any(is_comment and _tells([*lines]) for is_comment, lines in blocks)


def _tells(lines: list[str]) -> bool:
    is_licence = any(_LICENCE.search(line) for line in lines)
    return not is_licence and not all(_FORMAL.match(line) for line in lines)


def _is_commented(module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    line = first_line(node)
    above = module.lines[line - 2].strip() if line > 1 else ""
    return above.startswith("#") and not _FORMAL.match(above)
