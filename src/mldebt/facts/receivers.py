"""What a name is bound to, as far as one module can tell: enough to know whose attribute is read.

A receiver is typed when all its bindings agree: on an import, a definition, or the result of calling one.
"""

from __future__ import annotations

import ast

from mldebt.facts.scopes import FUNCTIONS, Scope
from mldebt.facts.syntax import DefinitionNode, Module, chain


class Receivers:
    """Answers for one module; every answer is derived from the scopes the walk found."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._typed: dict[tuple[int, str], str | None] = {}

    def is_self(self, home: Scope, name: str) -> bool:
        """Whether a name is the first parameter of a method (also seen from a closure inside it)."""
        node = home.node
        if home.parent is None or home.parent.kind != "class" or not isinstance(node, FUNCTIONS):
            return False
        parameters = [*node.args.posonlyargs, *node.args.args]
        if not parameters or parameters[0].arg != name or len(home.bindings[name]) != 1:
            return False
        return not any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)

    def typed(self, home: Scope | None, name: str) -> str | None:
        """The dotted prefix that stands for a name read in a scope bound at `home`; None if nobody can tell.

        A name of the module's top, or of no scope, stands for itself: the links know what it is, unless a loop, a
        pattern or an unpacking binds it. A local one stands for the call it was assigned from ("Model()"), for its
        annotation, or for its import.
        """
        if home is None:
            return name
        if home.kind == "class":
            return None
        key = (id(home), name)
        if key not in self._typed:
            self._typed[key] = None  # a name defined through itself is not known
            self._typed[key] = self._at_top(home, name) if home.kind == "module" else self._local(home, name)
        return self._typed[key]

    def _at_top(self, home: Scope, name: str) -> str | None:
        return name if all(self._is_plain(binding) for binding in home.bindings[name]) else None

    def _is_plain(self, binding: ast.AST) -> bool:
        if isinstance(binding, ast.Name):
            return isinstance(self._module.parent(binding), ast.Assign | ast.AnnAssign | ast.AugAssign)
        return isinstance(binding, ast.alias | DefinitionNode)

    def _local(self, home: Scope, name: str) -> str | None:
        bindings = home.bindings[name]
        if all(isinstance(b, ast.alias) for b in bindings):
            return name
        if len(bindings) == 1 and isinstance(bindings[0], ast.arg):
            return self._annotated(home, bindings[0].annotation)
        return self.of_bindings(home, bindings)

    def _annotated(self, home: Scope, annotation: ast.expr | None) -> str | None:
        if not isinstance(annotation, ast.Name | ast.Attribute):
            return None
        written = dotted(annotation)
        root = written.partition(".")[0] if written else ""
        where = home.resolve(root) if root else None
        if (
            written is None
            or (where is None and root in _LOOSE_TYPES)
            or (where is not None and where.kind != "module")
        ):
            return None
        return f"{written}()"

    def of_bindings(self, scope: Scope, bindings: list[ast.AST]) -> str | None:
        """What a name is that is assigned here and maybe again, if each time from the same."""
        found = {self.of_assignment(scope, b) if isinstance(b, ast.Name) else None for b in bindings}
        return found.pop() if len(found) == 1 else None

    def of_assignment(self, scope: Scope, target: ast.Name) -> str | None:
        """What a name assigned in `name = call(...)` or `with call(...) as name` is, as a dotted prefix."""
        statement = self._module.parent(target)
        if isinstance(statement, ast.Assign) and statement.targets == [target]:
            return self.of_value(scope, statement.value)
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            return self.of_value(scope, statement.value)
        return None

    def of_value(self, scope: Scope, value: ast.expr, depth: int = 0) -> str | None:
        """A dotted prefix for an expression: a known name, what calling one gives, or an attribute of either."""
        if depth > _DEEPEST:
            return None
        parts: list[str] = []
        while isinstance(value, ast.Attribute):
            parts.append(value.attr)
            value = value.value
        if isinstance(value, ast.Call):
            prefix = self.of_call(scope, value, depth + 1)
        elif isinstance(value, ast.Name):
            home = scope.resolve(value.id)
            prefix = self.typed(home, value.id)
        else:
            prefix = None
        return None if prefix is None else ".".join([prefix, *reversed(parts)])

    def of_call(self, scope: Scope, call: ast.Call, depth: int = 0) -> str | None:
        """The prefix for what a call gives: "np.array()" for a call of np.array; None if the callee is not known."""
        function = call.func
        if isinstance(function, ast.Name) and function.id == "super" and scope.resolve("super") is None:
            return "super()"
        prefix = self.of_value(scope, function, depth)
        return None if prefix is None else f"{prefix}()"


_DEEPEST = 20
_LOOSE_TYPES = frozenset(
    {"Any", "object", "str", "int", "float", "bool", "dict", "list", "tuple", "set", "bytes", "callable"}
)


def dotted(node: ast.AST) -> str | None:
    """`a.b.c` for a name or a chain of attributes on one; None for anything else."""
    found = chain(node)
    return None if found is None else ".".join([found[0].id, *found[1]])
