"""Where the values come from that one definition writes, hands on, fits on or returns.

| tag | the value comes from |
|---|---|
| `r3` | what the touch number 3 of the module reads |
| `predict` | what a model says |
| `c:load` | what a function of the repository gives |
| `p:0:rows` | the parameter `rows`, the first |

A value comes from another if it is assigned from, put into, or made by a call on it. Statements count in their order:
a name that is assigned anew loses what it was, unless that is in a branch, and a loop runs twice, for it hands values
back to its beginning.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from mldebt.facts.syntax import blocks
from mldebt.facts.values import last_name

Tags = frozenset[str]
Held = dict[str, Tags]
_NONE: Tags = frozenset()
_MOST = 8  # tags of one value
_TRY_STAR: type[ast.stmt] = getattr(ast, "TryStar", ast.Try)  # since Python 3.11
_PARTED = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, _TRY_STAR, ast.Match)
_PUTS = frozenset("append extend update insert add put write writelines writerow writerows concat setdefault".split())
_SHAPES = frozenset("len shape size columns index dtype dtypes print isinstance type range".split())
_MEASURES = (
    "_score",
    "_error",
    "log_loss",
    "_report",
    "_matrix",
    "_auc",
    "_metric",
    "_metrics",
    "accuracy",
    "evaluate",
)


class Flow:
    """The values of one function's or one module's own statements; `of_call` says what a call gives by itself."""

    def __init__(
        self, body: list[ast.stmt], of_call: Callable[[ast.Call], Tags], parameters: Mapping[str, Tags]
    ) -> None:
        self._of_call = of_call
        self._held: Held = dict(parameters)
        self._before: dict[ast.stmt, Held] = {}
        self.files: dict[str, set[ast.Call]] = defaultdict(set)
        self.returned: Tags = _NONE
        for statement, is_sure in _in_order(body, False, True):
            self._before[statement] = self._held
            self._take(statement, is_sure)
        self._after = self._held

    def at(self, statement: ast.AST | None) -> None:
        """Answer from now on as it is before a statement of these, or at the end."""
        self._held = self._before.get(statement, self._after) if isinstance(statement, ast.stmt) else self._after

    def fields(self) -> Held:
        """What attributes of `self` hold at the end, but for what comes from parameters."""
        kept = ((name, frozenset(t for t in tags if not t.startswith("p:"))) for name, tags in self._after.items())
        return {name: tags for name, tags in kept if tags and name.startswith("self.")}

    def of(self, node: ast.AST | None) -> Tags:
        """Where the value of an expression comes from."""
        match node:
            case None | ast.Constant() | ast.Lambda() | ast.FunctionDef():
                return _NONE
            case ast.Name(id=name):
                return self._held.get(name, _NONE)
            case ast.Attribute(value=value, attr=word):
                return _NONE if word in _SHAPES else self._stored(node) | self.of(value)
            case ast.Call():
                found = self._of_call(node)
                if _is_about(node) or any(map(_is_source, found)):
                    return found
                return self._all(found, (node.func, *node.args, *(k.value for k in node.keywords)))
            case ast.Subscript(value=value, slice=index):
                return self._all(_NONE, (value, index))
            case ast.BinOp(left=left, right=right):
                return self._all(_NONE, (left, right))
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return self._all(_NONE, parts)
        return self._all(_NONE, ast.iter_child_nodes(node))

    def _all(self, found: Tags, parts: Iterable[ast.AST]) -> Tags:
        for part in parts:
            tags = self.of(part)
            if tags:
                found = found | tags if found else tags
        return _few(found)

    def _stored(self, node: ast.Attribute) -> Tags:
        inner = node.value
        name = f"{inner.id}.{node.attr}" if isinstance(inner, ast.Name) else ""
        return self._held.get(name, _NONE)

    def _take(self, node: ast.stmt, is_sure: bool) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                self._assign(targets, value, is_sure)
            case ast.AnnAssign(target=target, value=value) | ast.AugAssign(target=target, value=value):
                self._assign([target], value, is_sure and isinstance(node, ast.AnnAssign))
            case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                self._assign([target], value, is_sure)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    self._assign([item.optional_vars] if item.optional_vars else [], item.context_expr, is_sure)
            case ast.Return(value=value) if value is not None:
                self.returned = _few(self.returned | self.of(value))
            case ast.Expr(value=ast.Call() as call):
                self._put(call)

    def _assign(self, targets: list[ast.expr], value: ast.expr | None, is_sure: bool) -> None:
        if value is None:
            return
        tags = self.of(value)
        opened = {call for call in ast.walk(value) if isinstance(call, ast.Call)} if _opens(value) else set()
        for target in targets:
            whole = _whole(target) if is_sure else frozenset()
            for name in _names(target):
                self._hold(name, tags if name in whole else self._held.get(name, _NONE) | tags)
                if opened:
                    self.files[name] |= opened

    def _put(self, call: ast.Call) -> None:
        """A method that puts its arguments into what it is called on."""
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr in _PUTS:
            tags = _NONE.union(*(self.of(a) for a in (*call.args, *(k.value for k in call.keywords))))
            for name in _names(function.value) if tags else ():
                self._hold(name, self._held.get(name, _NONE) | tags)

    def _hold(self, name: str, tags: Tags) -> None:
        """Change what a name holds, in a copy: what statements before have seen stays."""
        if tags != self._held.get(name, _NONE):
            self._held = {**self._held, name: _few(tags)}


def _is_about(call: ast.Call) -> bool:
    """Whether a call tells of its arguments what is no longer their data: a size, or how good they are."""
    last = last_name(call.func)
    return last in _SHAPES or last.endswith(_MEASURES)


def _in_order(body: list[ast.stmt], looped: bool, is_sure: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """The statements of a body as they run, loops twice, each with whether it surely does where its block is run."""
    for statement in body:
        yield statement, is_sure
        if not isinstance(statement, _PARTED):
            continue
        turns = isinstance(statement, ast.For | ast.AsyncFor | ast.While)
        branches = isinstance(statement, (ast.If, ast.Try, _TRY_STAR, ast.Match))
        for inner in blocks(statement):
            for _ in range(1 + (turns and not looped)):
                yield from _in_order(inner, looped or turns, is_sure and not branches)


def _whole(target: ast.expr) -> frozenset[str]:
    """The names that an assignment gives a value of its own, whatever they were."""
    if isinstance(target, ast.Tuple | ast.List):
        return frozenset().union(*map(_whole, target.elts))
    plain = isinstance(target, ast.Name) or (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name))
    return frozenset(_names(target)) if plain else frozenset()


def _is_source(tag: str) -> bool:
    """Whether a value that has this tag has no other that matters."""
    return tag.startswith(("r", "predict"))


def own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body in source order, those of nested functions and classes left out."""
    for statement in body:
        yield statement
        if isinstance(statement, _PARTED):
            for inner in blocks(statement):
                yield from own_statements(inner)


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
    """The first tags of too many: what is read or predicted itself before what others may have."""
    if len(tags) <= _MOST:
        return tags
    return frozenset(sorted(tags, key=lambda tag: (not _is_source(tag), tag.startswith("c:"), tag))[:_MOST])
