"""What a name or an expression of a module stands for, as far as its assignments tell.

Answers are made when asked for: a rule asks only about the few expressions that passed its cheap checks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from mldebt.facts.frames import MAKERS, METHODS, OTHERS
from mldebt.facts.syntax import Module

_DEEPEST = 8  # steps along assignments; chains in real code are shorter than five


class Values:
    """Answers for one module."""

    def __init__(self, module: Module) -> None:
        self._module = module

    # -- where a value comes from --------------------------------------------------------------------------------

    def sources(self, name: ast.Name) -> list[tuple[ast.AST, ast.expr | None]]:
        """Each binding of a name, in walk order, with what is assigned there; None where that cannot be said.

        A `with` item gives its context expression, an unpacking the element or else the whole right-hand side.
        """
        scope = self._module.scope(name).resolve(name.id)
        return [(b, self._source(b)) for b in scope.bindings[name.id]] if scope is not None else []

    def _source(self, binding: ast.AST) -> ast.expr | None:
        up = self._module.parent(binding)
        if isinstance(up, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            return up.value
        if isinstance(up, ast.withitem):
            return up.context_expr
        if isinstance(up, ast.Tuple | ast.List):
            statement = self._module.parent(up)
            if isinstance(statement, ast.Assign):
                return _element(up, statement.value, binding)
        return None

    def latest(self, name: ast.Name) -> list[tuple[ast.AST, ast.expr | None]]:
        """Like `sources`, but only the last binding before the name if that one surely runs between.

        It does if it stands in a block around the name, in the same function.
        """
        found = self.sources(name)
        scope = self._module.scope(name)
        if not found or scope.resolve(name.id) is not scope or scope.kind == "comprehension":
            return found
        around = {id(up) for up in self._module.ancestors(name)}
        before = [(b, v) for b, v in found if getattr(b, "lineno", 0) < name.lineno]
        for binding, value in reversed(before):
            statement = self.statement(binding)
            if id(self._module.parent(statement)) in around:
                later = [pair for pair in before if pair[0].lineno > binding.lineno]  # type: ignore[attr-defined]
                return [(binding, value), *later]
        return found

    def statement(self, node: ast.AST) -> ast.AST:
        """The innermost statement that holds a node, or is it."""
        if isinstance(node, ast.stmt):
            return node
        return next((up for up in self._module.ancestors(node) if isinstance(up, ast.stmt)), node)

    # -- what made a value ---------------------------------------------------------------------------------------

    def makers(self, expression: ast.AST) -> frozenset[str]:
        """The qualified names of the calls that may have made a value; "?" stands for what cannot be said."""
        calls = self.origins(expression)
        return frozenset("?" if c is None else self._module.name(c.func) or "?" for c in calls)

    def origins(self, expression: ast.AST, depth: int = 0) -> list[ast.Call | None]:
        """The calls that may have made a value, in walk order; None where that cannot be said."""
        if depth > _DEEPEST:
            return [None]
        if isinstance(expression, ast.Call):
            return self._called(expression, depth)
        if isinstance(expression, ast.IfExp):
            return [*self.origins(expression.body, depth + 1), *self.origins(expression.orelse, depth + 1)]
        values: list[ast.expr | None] = []
        if isinstance(expression, ast.Name):
            values = [value for _, value in self.latest(expression)]
        elif isinstance(expression, ast.Attribute):
            values = self.stored(expression)
        found = (self.origins(value, depth + 1) if value is not None else [None] for value in values)
        return [call for calls in found for call in calls] or [None]

    def stored(self, attribute: ast.Attribute) -> list[ast.expr | None]:
        """What is assigned to an attribute of `self` anywhere in its class; None where that cannot be said."""
        return self._stored.get(self._own_attribute(attribute), [])

    def is_optimizer(self, node: ast.expr) -> bool:
        """Whether an expression is an optimizer of PyTorch's kind: made by something called so, or called so itself."""
        words = {word.lower() for word in self.makers(node)}
        if any("sched" in word for word in (*words, last_name(node).lower())):
            return False
        return any("optim" in word for word in words) or bool(_OPTIMIZER.search(last_name(node)))

    def _called(self, call: ast.Call, depth: int) -> list[ast.Call | None]:
        """A call itself, or what the object was made by if the call only hands it back."""
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr in _FLUENT and self._module.name(function) is None:
            return self.origins(function.value, depth + 1)
        return [call]

    @cached_property
    def _stored(self) -> dict[tuple[int, str], list[ast.expr | None]]:
        """What is assigned to the attributes of `self`, by (identity of the class, attribute)."""
        found: dict[tuple[int, str], list[ast.expr | None]] = {}
        for attribute in self._module.of(ast.Attribute):
            if isinstance(attribute.ctx, ast.Store):
                key = self._own_attribute(attribute)
                if key[0]:
                    found.setdefault(key, []).append(self._source(attribute))
        return found

    def _own_attribute(self, attribute: ast.Attribute) -> tuple[int, str]:
        if not isinstance(attribute.value, ast.Name) or attribute.value.id != "self":
            return 0, attribute.attr
        return id(self._module.enclosing(attribute, ast.ClassDef)), attribute.attr

    # -- pandas --------------------------------------------------------------------------------------------------

    def is_frame(self, expression: ast.expr) -> bool:
        """Whether an expression is a pandas DataFrame or Series: some assignment says so, and none says otherwise."""
        verdicts = set(self._verdicts(expression, 0))
        return True in verdicts and False not in verdicts

    def _verdicts(self, expression: ast.expr, depth: int) -> Iterator[bool | None]:
        if depth > _DEEPEST:
            yield None
        elif isinstance(expression, ast.Name):
            for binding, value in self.latest(expression):
                yield from self._bound(binding, value, depth)
        elif isinstance(expression, ast.Subscript | ast.Attribute):
            yield from self._verdicts(expression.value, depth + 1)
        elif isinstance(expression, ast.Call):
            yield from self._made_frame(expression, depth)
        else:
            yield False if isinstance(expression, _LITERALS) else None

    def _bound(self, binding: ast.AST, value: ast.expr | None, depth: int) -> Iterator[bool | None]:
        holder = self._module.parent(binding)
        annotation = getattr(binding if isinstance(binding, ast.arg) else holder, "annotation", None)
        if annotation is not None and self._module.name(annotation) in _TYPES:
            yield True
        elif isinstance(binding, ast.alias):
            yield False
        elif value is not None:
            yield from self._verdicts(value, depth + 1)
        else:
            yield None

    def _made_frame(self, call: ast.Call, depth: int) -> Iterator[bool | None]:
        name = self._module.name(call.func)
        if name is not None:
            yield True if name in MAKERS else False if name.startswith(OTHERS) or name in _BUILTINS else None
        elif isinstance(call.func, ast.Attribute):
            if call.func.attr in METHODS:
                yield from self._verdicts(call.func.value, depth + 1)
            else:
                yield None


def last_name(node: ast.AST) -> str:
    """The last part of a name or dotted name; empty for any other expression."""
    kind = node.__class__  # asked of every call of a tree, and by several
    if kind is ast.Attribute:
        return node.attr  # type: ignore[attr-defined, no-any-return]
    return node.id if kind is ast.Name else ""  # type: ignore[attr-defined]


def source_package(module: Module, alias: ast.alias) -> str:
    """The top-level package that an import binds a name from; empty if that is relative."""
    statement = module.parent(alias)
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").partition(".")[0] if not statement.level else ""
    return alias.name.partition(".")[0]


def _element(target: ast.Tuple | ast.List, value: ast.expr, binding: ast.AST) -> ast.expr:
    if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
        return value.elts[next(i for i, e in enumerate(target.elts) if e is binding)]
    return value


_TYPES = frozenset({"pandas.DataFrame", "pandas.Series"})
_BUILTINS = frozenset({"list", "dict", "set", "tuple", "str", "int", "float", "open", "sorted", "range", "zip"})
_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Constant, ast.JoinedStr)
# methods that hand back the object they were called on
_FLUENT = frozenset({"fit", "to", "cuda", "cpu", "double", "float", "half", "partial_fit", "set_params", "compile"})
_OPTIMIZER = re.compile(r"(^|_)(opt(im(izer)?)?s?|adam\w*|sgd|rmsprop)(_|\d|$)|optim", re.IGNORECASE)
