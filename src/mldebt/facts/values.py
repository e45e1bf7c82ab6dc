"""What a name or an expression of a module stands for, as far as its assignments tell.

Answers are made when asked for: a rule asks only about the few expressions that passed its cheap checks.
"""

from __future__ import annotations

import ast
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

    def makers(self, expression: ast.AST, depth: int = 0) -> frozenset[str]:
        """The qualified names of the calls that may have made a value; "?" stands for what cannot be said."""
        if depth > _DEEPEST:
            return _UNKNOWN
        if isinstance(expression, ast.Call):
            return self._called(expression, depth)
        if isinstance(expression, ast.Name):
            values = [value for _, value in self.latest(expression)]
            return self._union(values, depth) if values else _UNKNOWN
        if isinstance(expression, ast.Attribute):
            stored = self._stored.get(self._own_attribute(expression), [])
            return self._union(list(stored), depth) if stored else _UNKNOWN
        if isinstance(expression, ast.IfExp):
            return self._union([expression.body, expression.orelse], depth)
        return _UNKNOWN

    def _union(self, values: list[ast.expr | None], depth: int) -> frozenset[str]:
        found: set[str] = set()
        for value in values:
            found |= self.makers(value, depth + 1) if value is not None else _UNKNOWN
        return frozenset(found)

    def _called(self, call: ast.Call, depth: int) -> frozenset[str]:
        name = self._module.name(call.func)
        if name is not None:
            return frozenset({name})
        if isinstance(call.func, ast.Attribute) and call.func.attr in _FLUENT:
            return self.makers(call.func.value, depth + 1)
        return _UNKNOWN

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
        if isinstance(binding, ast.arg):
            annotated = binding.annotation is not None and self._module.name(binding.annotation) in _TYPES
            yield True if annotated else None
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


def _element(target: ast.Tuple | ast.List, value: ast.expr, binding: ast.AST) -> ast.expr:
    if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
        return value.elts[next(i for i, e in enumerate(target.elts) if e is binding)]
    return value


_UNKNOWN = frozenset({"?"})
_TYPES = frozenset({"pandas.DataFrame", "pandas.Series"})
_BUILTINS = frozenset({"list", "dict", "set", "tuple", "str", "int", "float", "open", "sorted", "range", "zip"})
_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Constant, ast.JoinedStr)
# methods that hand back the object they were called on
_FLUENT = frozenset({"fit", "to", "cuda", "cpu", "double", "float", "half", "partial_fit", "set_params", "compile"})
