"""Where the values come from that one definition writes, hands on, fits on or returns.

| tag | the value comes from |
|---|---|
| `r3` | what the touch number 3 of the module reads |
| `predict` | what a model says |
| `c:load` | what a function of the repository gives |
| `p:0:rows` | the parameter `rows`, the first |

A value comes from another if it is assigned from, put into, or made by a call on it; order and branches do not count.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from mldebt.facts.syntax import Function
from mldebt.facts.values import last_name

Tags = frozenset[str]
_NONE: Tags = frozenset()
_MOST = 8  # tags of one value
_ROUNDS = 2  # a loop hands values back to its beginning
_PUTS = frozenset("append extend update insert add put write writelines writerow writerows concat setdefault".split())
_SHAPES = frozenset("len shape size columns dtype dtypes print isinstance type range".split())


class Flow:
    """The values of one function's or one module's own statements; `of_call` says what a call gives by itself."""

    def __init__(
        self, body: list[ast.stmt], of_call: Callable[[ast.Call], Tags], parameters: Mapping[str, Tags]
    ) -> None:
        self._of_call = of_call
        self._held: dict[str, Tags] = defaultdict(lambda: _NONE, parameters)
        self.files: dict[str, set[ast.Call]] = defaultdict(set)
        self.returned: Tags = _NONE
        statements = list(own_statements(body))
        for _ in range(_ROUNDS):
            for statement in statements:
                self._take(statement)
        self.statements = statements

    def of(self, node: ast.AST | None) -> Tags:
        """Where the value of an expression comes from."""
        if node is None or isinstance(node, ast.Constant):
            return _NONE
        if isinstance(node, ast.Name):
            return self._held.get(node.id, _NONE)
        if isinstance(node, ast.Attribute):
            return _NONE if node.attr in _SHAPES else self._stored(node) | self.of(node.value)
        if isinstance(node, ast.Lambda | ast.FunctionDef):
            return _NONE
        found = self._of_call(node) if isinstance(node, ast.Call) else _NONE
        if isinstance(node, ast.Call) and (last_name(node.func) in _SHAPES or any(map(_is_source, found))):
            return found
        parts = (self.of(child) for child in ast.iter_child_nodes(node))
        return _few(found.union(*parts))

    def _stored(self, node: ast.Attribute) -> Tags:
        inner = node.value
        name = f"{inner.id}.{node.attr}" if isinstance(inner, ast.Name) else ""
        return self._held.get(name, _NONE)

    def _take(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                self._assign(targets, value)
            case ast.AnnAssign(target=target, value=value) | ast.AugAssign(target=target, value=value):
                self._assign([target], value)
            case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                self._assign([target], value)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    self._assign([item.optional_vars] if item.optional_vars else [], item.context_expr)
            case ast.Return(value=value) if value is not None:
                self.returned = _few(self.returned | self.of(value))
            case ast.Expr(value=ast.Call() as call):
                self._put(call)

    def _assign(self, targets: list[ast.expr], value: ast.expr | None) -> None:
        if value is None:
            return
        tags = self.of(value)
        opened = {call for call in ast.walk(value) if isinstance(call, ast.Call)} if _opens(value) else set()
        for target in targets:
            for name in _names(target):
                if tags:
                    self._held[name] = _few(self._held[name] | tags)
                if opened:
                    self.files[name] |= opened

    def _put(self, call: ast.Call) -> None:
        """A method that puts its arguments into what it is called on."""
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr in _PUTS:
            tags = _NONE.union(*(self.of(a) for a in (*call.args, *(k.value for k in call.keywords))))
            for name in _names(function.value) if tags else ():
                self._held[name] = _few(self._held[name] | tags)


def _is_source(tag: str) -> bool:
    """Whether a value that has this tag has no other that matters."""
    return tag.startswith(("r", "predict"))


def own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body in source order, those of nested functions and classes left out."""
    for statement in body:
        yield statement
        if isinstance(statement, Function | ast.ClassDef):
            continue
        for field in ("body", "orelse", "handlers", "finalbody"):
            for inner in getattr(statement, field, ()):
                yield from own_statements([inner] if isinstance(inner, ast.stmt) else inner.body)


def _opens(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and last_name(value.func) in ("open", "GFile", "writer", "DictWriter", "fdopen")


def _names(target: ast.expr) -> list[str]:
    """What an assignment to a target changes: names, and attributes of names."""
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, ast.Attribute):
        return [f"{target.value.id}.{target.attr}"] if isinstance(target.value, ast.Name) else _names(target.value)
    if isinstance(target, ast.Subscript | ast.Starred):
        return _names(target.value)
    if isinstance(target, ast.Tuple | ast.List):
        return [name for item in target.elts for name in _names(item)]
    if isinstance(target, ast.Call) and isinstance(target.func, ast.Attribute):
        return _names(target.func.value)
    return []


def _few(tags: Tags) -> Tags:
    return tags if len(tags) <= _MOST else frozenset(sorted(tags)[:_MOST])
