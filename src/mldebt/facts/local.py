"""The functions and classes of a module, as far as they say what a value is: what they return, are given and keep."""

from __future__ import annotations

import ast
from functools import cached_property

from mldebt.facts.syntax import DefinitionNode, Function, Module

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Local:
    """Answers for one module; each index is made when it is first asked for."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def called(self, call: ast.Call) -> ast.AST | None:
        """The function, method or class of the module that a call means; None if it is none or one of several."""
        function = call.func
        if isinstance(function, ast.Name):
            home = self._module.scope(function).resolve(function.id)
            bindings = home.bindings[function.id] if home is not None else []
            only = bindings[0] if len(bindings) == 1 else None
            return only if isinstance(only, DefinitionNode) else None
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            owner = self.owner(function.value)
            return self.methods(owner).get(function.attr) if owner is not None else None
        return None

    def owner(self, name: ast.Name) -> ast.ClassDef | None:
        """The class whose instance (or self) a name is: that of the method around whose first parameter it is."""
        home = self._module.scope(name).resolve(name.id)
        if home is None or home.parent is None or home.parent.kind != "class" or home.kind != "function":
            return None
        node, owner = home.node, home.parent.node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not isinstance(owner, ast.ClassDef):
            return None
        parameters = [*node.args.posonlyargs, *node.args.args]
        is_first = bool(parameters) and parameters[0].arg == name.id and len(home.bindings[name.id]) == 1
        return owner if is_first and "staticmethod" not in _marks(node) else None

    def methods(self, owner: ast.ClassDef) -> dict[str, Function]:
        """The functions in a class's body, by name."""
        return {s.name: s for s in owner.body if isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef)}

    def returned(self, function: ast.AST) -> list[ast.expr]:
        """What a function returns, in source order; nothing for a generator, a coroutine or what is decorated."""
        if not isinstance(function, ast.FunctionDef) or function in self._generators:
            return []
        if not _marks(function) <= _PLAIN:
            return []
        return self._returns.get(function, [])

    def given(self, parameter: ast.arg) -> list[ast.expr]:
        """What the calls in this module hand to a parameter, by position or name."""
        arguments = self._module.parent(parameter)
        function = self._module.parent(arguments) if arguments is not None else None
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or not isinstance(arguments, ast.arguments):
            return []
        if parameter is arguments.vararg or parameter is arguments.kwarg:
            return []
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
        position = names.index(parameter.arg) if parameter.arg in names else -1
        is_bound = isinstance(self._module.parent(function), ast.ClassDef) and "staticmethod" not in _marks(function)
        found = (_argument(c, position - is_bound, parameter.arg) for c in self._calls.get(function, []))
        return [value for value in found if value is not None]

    def kept(self, owner: ast.ClassDef, attribute: str) -> list[ast.AST]:
        """Where a class, or one of its bases in this module, sets an attribute of `self`."""
        return self._kept.get((owner, attribute), []) or [
            node for base in self.bases(owner) for node in self._kept.get((base, attribute), [])
        ]

    def bases(self, owner: ast.ClassDef) -> list[ast.ClassDef]:
        """The classes of this module that a class is derived from, directly."""
        top = self._module.top.bindings
        found = (top.get(base.id, []) for base in owner.bases if isinstance(base, ast.Name))
        return [b[0] for b in found if len(b) == 1 and isinstance(b[0], ast.ClassDef) and b[0] is not owner]

    # -- indexes -------------------------------------------------------------------------------------------------

    @cached_property
    def _returns(self) -> dict[ast.AST, list[ast.expr]]:
        found: dict[ast.AST, list[ast.expr]] = {}
        for statement in self._module.of(ast.Return):
            function = self._module.enclosing(statement, *_FUNCTIONS)
            if function is not None and statement.value is not None:
                found.setdefault(function, []).append(statement.value)
        return found

    @cached_property
    def _generators(self) -> set[ast.AST | None]:
        yields = [*self._module.of(ast.Yield), *self._module.of(ast.YieldFrom)]
        return {self._module.enclosing(node, *_FUNCTIONS) for node in yields}

    @cached_property
    def _calls(self) -> dict[ast.AST, list[ast.Call]]:
        names = {node.name for node in (*self._module.functions, *self._module.of(ast.ClassDef))}
        found: dict[ast.AST, list[ast.Call]] = {}
        for call in self._module.of(ast.Call):
            function = call.func
            last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            target = self.called(call) if last in names else None
            if isinstance(target, ast.ClassDef):
                target = self.methods(target).get("__init__")
            if target is not None:
                found.setdefault(target, []).append(call)
        return found

    @cached_property
    def _kept(self) -> dict[tuple[ast.ClassDef, str], list[ast.AST]]:
        found: dict[tuple[ast.ClassDef, str], list[ast.AST]] = {}
        for attribute in self._module.of(ast.Attribute):
            if isinstance(attribute.ctx, ast.Store) and isinstance(attribute.value, ast.Name):
                owner = self.owner(attribute.value)
                if owner is not None:
                    found.setdefault((owner, attribute.attr), []).append(attribute)
        for owner in self._module.of(ast.ClassDef):
            for statement in owner.body:
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                    found.setdefault((owner, statement.target.id), []).append(statement.target)
        return found


_PLAIN = frozenset("staticmethod classmethod property cached_property lru_cache cache no_grad wraps njit jit".split())


def _marks(function: Function) -> frozenset[str]:
    """The last names of a function's decorators."""
    marks = (d.func if isinstance(d, ast.Call) else d for d in function.decorator_list)
    return frozenset(m.attr if isinstance(m, ast.Attribute) else getattr(m, "id", "?") for m in marks)


def _argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """What a call hands to a parameter; None if it hands nothing or spreads what it hands."""
    by_name = next((k.value for k in call.keywords if k.arg == name), None)
    if by_name is not None or not 0 <= position < len(call.args):
        return by_name
    before = call.args[: position + 1]
    return None if any(isinstance(a, ast.Starred) for a in before) else before[position]
