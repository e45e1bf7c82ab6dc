"""Comparisons of a metric on which it hangs whether a model goes on: what blocks, and what promotes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name
from mldebt.model import Gate

_METRIC = re.compile(
    r"(?:^|_)(?:accuracy|acc|f1|auc|roc_?auc|rmse|mse|mae|mape|r2|recall|bleu|wer|metrics?)(?:$|_)"
    r"|(?:test|val|valid|eval|model|new|old|best|current|r2|f1)_scores?$",
    re.IGNORECASE,
)
_PROMOTES = re.compile(
    r"^(?:register_model|register|create_model_version|transition_model_version_stage|set_registered_model_alias"
    r"|promote\w*|deploy\w*|push_model|publish_model|upload_model|link_model)$"
)
_BLOCKS = frozenset({"exit", "_exit", "cancel", "abort"})
_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def gates(module: Module) -> tuple[Gate, ...]:
    """The gates of a module, by place."""
    around = {_statement(module, compare) for compare in module.of(ast.Compare) if _is_of_metric(compare)}
    found = [Gate(module.first_line(n), what) for n in module.of(ast.If) if n in around and (what := _gate(n))]
    return tuple(found)


def _statement(module: Module, node: ast.AST) -> ast.AST | None:
    return next((up for up in module.ancestors(node) if isinstance(up, ast.stmt)), None)


def _gate(node: ast.If) -> str:
    """What an `if` on a metric does."""
    if any(_promotes(inner) for branch in (node.body, node.orelse) for s in branch for inner in ast.walk(s)):
        return "promotes"
    return "blocks" if any(_blocks(statement) for statement in node.body) else ""


def _is_of_metric(part: ast.Compare) -> bool:
    if not any(isinstance(op, _ORDERS) for op in part.ops):
        return False
    return any(_METRIC.search(word) for side in (part.left, *part.comparators) for word in _words(side))


def _words(side: ast.expr) -> Iterator[str]:
    for inner in ast.walk(side):
        match inner:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.Constant(value=str(word)):
                yield word


def _promotes(inner: ast.AST) -> bool:
    return isinstance(inner, ast.Call) and bool(_PROMOTES.match(last_name(inner.func)))


def _blocks(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        return True
    called = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(called, ast.Call) and last_name(called.func) in _BLOCKS
