"""Which names a run of statements is sure to have bound when it ends."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SCOPES = (*_NESTED, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def unsure(statements: Sequence[ast.stmt], names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that may be unbound at the end. A loop is taken to run at least once."""
    sure = _settled(statements)
    return tuple(name for name in names if sure is not None and name not in sure)


def _settled(statements: Sequence[ast.stmt]) -> set[str] | None:
    """The names bound at the end of a block; None if its end is never reached."""
    found: set[str] = set()
    for statement in statements:
        if isinstance(statement, _ENDS):
            return None
        inner = _of(statement)
        if inner is None:
            return None
        found |= inner
    return found


def _of(statement: ast.stmt) -> set[str] | None:
    match statement:
        case ast.If():
            inner = _either([_settled(statement.body), _settled(statement.orelse)])
            return None if inner is None else inner | set(_stored(statement.test))
        case ast.For() | ast.AsyncFor():
            return set(_stored(statement.target)) | (_settled(statement.body) or set())
        case ast.While():
            return set(_stored(statement.test)) | (_settled(statement.body) or set())
        case ast.With() | ast.AsyncWith():
            inner = _settled(statement.body)
            return None if inner is None else inner | {n for item in statement.items for n in _stored(item)}
        case ast.Try():
            return _tried(statement)
        case ast.Match():
            return set()
    return set(_stored(statement))


def _tried(statement: ast.Try) -> set[str] | None:
    ways = [_settled([*statement.body, *statement.orelse]), *(_settled(h.body) for h in statement.handlers)]
    inner, last = _either(ways), _settled(statement.finalbody)
    return None if inner is None or last is None else inner | last


def _either(ways: Sequence[set[str] | None]) -> set[str] | None:
    """What all ways bind that come to an end."""
    ended = [way for way in ways if way is not None]
    return set.intersection(*ended) if ended else None


def _stored(node: ast.AST) -> Iterator[str]:
    """The names that a simple statement or an expression binds in its own scope."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, _NESTED):
            yield part.name
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, ast.alias):
            yield part.asname or part.name.partition(".")[0]
        if not isinstance(part, _SCOPES):
            waiting.extend(ast.iter_child_nodes(part))
