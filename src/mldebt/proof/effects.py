"""What running a definition or an import may do beside binding its name."""

from __future__ import annotations

import ast
import builtins
import sys

from mldebt.facts.syntax import Module
from mldebt.proof.assignments import fates, is_safe
from mldebt.proof.attributes import stores_plainly
from mldebt.proof.purity import LITERAL, SURE, level
from mldebt.proof.targets import Dead, Stuck, Target, is_binding

_PLAIN_DECORATORS = frozenset({"staticmethod", "classmethod", "property", "typing.overload", "functools.wraps"})
_PLAIN_BASES = frozenset(
    {"torch.nn.Module", "torch.nn.modules.Module", "abc.ABC", "typing.Protocol", "typing.NamedTuple"}
)
_RUNS_SOMETHING = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom)


def change_something(module: Module, targets: list[Target]) -> bool:
    """Whether the program may behave otherwise once these are gone, which nothing reads."""
    nodes = [target for target in targets if isinstance(target, ast.AST)]
    return (
        any(isinstance(target, Stuck) or _tests_something(module, target) for target in targets)
        or any(has_effect(module, node) for node in nodes if not is_binding(node))
        or _are_missed(module, [node for node in nodes if is_binding(node)])
    )


def _tests_something(module: Module, target: Target) -> bool:
    """Whether a condition that never holds may act: what comes before `and False` is evaluated."""
    return isinstance(target, Dead) and target.holder is not None and level(module, target.holder.test) < SURE


def _are_missed(module: Module, bound: list[ast.AST]) -> bool:
    """Whether the values that go may act; what an object holds lives as long as the object, if it is no constant."""
    held = [node for node in bound if isinstance(node, ast.Attribute) or module.scope(node).kind == "class"]
    plain = all(stores_plainly(module, node) for node in held)
    return not plain or not is_safe(fates(module, bound), LITERAL if held else SURE)


def has_effect(module: Module, node: ast.AST) -> bool:
    """Whether the program may behave otherwise once a definition or an import that nothing reads is gone."""
    if isinstance(node, ast.alias):
        return _imports_for_effect(module, node)
    if isinstance(node, ast.ClassDef):
        return _class_has_effect(module, node)
    arguments = getattr(node, "args", None)
    return _decorated(module, node) or (arguments is not None and _runs(arguments))


def _decorated(module: Module, node: ast.AST) -> bool:
    """Whether a decorator may have put what it decorates into a registry."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    name = getattr(node, "name", "")
    return any(module.name(d) not in _PLAIN_DECORATORS and not _is_of(d, name) for d in decorators)


def _is_of(decorator: ast.expr, name: str) -> bool:
    return isinstance(decorator, ast.Attribute) and isinstance(decorator.value, ast.Name) and decorator.value.id == name


def _class_has_effect(module: Module, node: ast.ClassDef) -> bool:
    """A base or a metaclass may keep a list of its classes; a class body is code that runs."""
    if _decorated(module, node) or node.keywords or not all(_is_plain_base(module, base) for base in node.bases):
        return True
    return any(_member_has_effect(module, member) for member in node.body)


def _is_plain_base(module: Module, base: ast.expr) -> bool:
    name = module.name(base)
    return name in _PLAIN_BASES or (name is not None and isinstance(getattr(builtins, name, None), type))


def _member_has_effect(module: Module, member: ast.stmt) -> bool:
    if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return has_effect(module, member)
    return not isinstance(member, ast.Pass | ast.Assign | ast.AnnAssign | ast.Expr) or _runs(member)


def _runs(node: ast.AST) -> bool:
    return any(isinstance(inner, _RUNS_SOMETHING) for inner in ast.walk(node))


def _imports_for_effect(module: Module, alias: ast.alias) -> bool:
    """`import x` of a module outside the standard library, and anything relative, may be there to run that module."""
    statement = module.parent(alias)
    if isinstance(statement, ast.ImportFrom):
        return statement.level > 0
    return not alias.asname and alias.name.partition(".")[0] not in sys.stdlib_module_names
