"""Which key of a loaded configuration, or which parsed option, an expression reads."""

from __future__ import annotations

import ast
import re

from mldebt.facts.namespaces import PARSES, is_usual
from mldebt.facts.settings import LOADS
from mldebt.facts.syntax import Module
from mldebt.facts.values import Values, last_name

_DEEPEST = 8


class Keys:
    """Answers for one module."""

    def __init__(self, module: Module, values: Values) -> None:
        self._module = module
        self._values = values

    def of(self, node: ast.AST, depth: int = 0) -> str:
        """The dotted key that an expression reads of a configuration or of options; empty for anything else."""
        parts = self._parts(node, depth)
        return ".".join(parts) if parts and all(re.fullmatch(r"[\w\-]+", part) for part in parts) else ""

    def _parts(self, node: ast.AST, depth: int) -> list[str] | None:
        """The keys on the way from a configuration's root; None if there is no such root."""
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.Call):
            return self._called(node, depth)
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
                return [] if is_usual(node.attr) else None
            found = self._parts(node.value, depth + 1)
            return None if found is None else [*found, node.attr]
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            found = self._parts(node.value, depth + 1)
            return None if found is None else [*found, str(node.slice.value)]
        return self._root(node, depth) if isinstance(node, ast.Name) else None

    def _called(self, node: ast.Call, depth: int) -> list[str] | None:
        name = last_name(node.func)
        if name in PARSES or self._module.name(node.func) in LOADS:
            return []
        if name == "getattr" and len(node.args) > 1:
            subject, key = node.args[:2]
        elif name == "get" and node.args and isinstance(node.func, ast.Attribute):
            subject, key = node.func.value, node.args[0]
        else:
            return None
        found = self._parts(subject, depth + 1)
        return [*found, str(key.value)] if found is not None and isinstance(key, ast.Constant) else None

    def _root(self, node: ast.Name, depth: int) -> list[str] | None:
        values = self._values.latest(node)
        if len(values) == 1 and values[0][1] is not None:
            found = self._parts(values[0][1], depth + 1)
            if found is not None:
                return found
            return [] if isinstance(values[0][1], ast.Call) and is_usual(node.id) else None
        usual = is_usual(node.id) or node.id == "FLAGS"
        plain = not values or all(isinstance(b, ast.arg) or v is not None for b, v in values)
        return [] if usual and plain else None
