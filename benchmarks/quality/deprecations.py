"""Signs near a definition that it, one of its arguments, or one value of an argument is deprecated or gone."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import NamedTuple

from namespaces import Bound, Definition, Seen
from offered import Release

SAYS = re.compile(r"deprecat|will be removed|is removed", re.IGNORECASE)
_OF_ARGUMENTS = re.compile(r"kwarg|positional|argument|param|nonkeyword|legacy_interface|_args", re.IGNORECASE)
_WRAPPER = r"_?deprecation_?wrapper"  # of every module of TensorFlow 1
_LONG = 60  # lines of a function that does more than to warn
_SECTIONS = re.compile(r"^\s*(Parameters\s*\n\s*-{3,}|Args?:|Arguments\s*:?$|# Arguments)", re.MULTILINE)
_REMOVED = re.compile(r"(is|was|has been|are|were|have been) (now )?(removed|deprecated)|no longer", re.IGNORECASE)


class Signs(NamedTuple):
    """What one release shows of one entry: is it offered, with a warning, and where an argument stands."""

    seen: Seen
    warns: bool = False
    place: int | None = None
    text: str = ""


@cache
def nodes(node: ast.AST) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(node))


def of_name(release: Release, name: str) -> Signs:
    """A module, class, function or value by its dotted name, or a member of a class."""
    seen = release.look(name)
    if seen.state != "there" or seen.bound is None:
        return Signs(seen)
    if isinstance(seen.bound.node, Definition) and _is_hollow(seen.bound.node):
        return Signs(Seen("gone", f"{seen.why}, and only raises"))
    last = name.rpartition(".")[2]
    warns = any(_tells(release, bound, last) for bound in (*seen.way, seen.bound)) or _is_documented(release, name)
    text = ast.get_docstring(seen.bound.node) if isinstance(seen.bound.node, Definition) else ""
    return Signs(seen, warns, text=text or "")


def _tells(release: Release, bound: Bound, name: str) -> bool:
    if isinstance(bound.node, ast.Module):
        source = release.source(bound.module)
        tree = source.tree if source is not None else None
        return tree is not None and _module_tells(tree)
    if isinstance(bound.node, Definition):
        return _definition_tells(bound.node) or _warns_for_it(release, bound)
    if isinstance(bound.node, ast.Import | ast.ImportFrom | ast.Pass):
        return False
    return bool(SAYS.search(ast.unparse(bound.node)))


def _module_tells(tree: ast.Module) -> bool:
    if SAYS.search(ast.get_docstring(tree) or ""):
        return True
    kept = [s for s in tree.body if isinstance(s, ast.Expr | ast.If) and not is_docstring(s)]
    functions = [s for s in tree.body if isinstance(s, ast.FunctionDef) and s.name == "__getattr__"]
    said = ast.unparse(ast.Module([*kept, *functions], []))
    return bool(SAYS.search(re.sub(_WRAPPER, "", said, flags=re.IGNORECASE)))


def _definition_tells(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    if any(SAYS.search(d) and not _OF_ARGUMENTS.search(d.partition("(")[0]) for d in decorators):
        return True
    if SAYS.search(_SECTIONS.split(ast.get_docstring(node) or "")[0]):
        return True
    bodies = [node.body] if not isinstance(node, ast.ClassDef) else [_maker(node)]
    return any(_warns(statement) for body in bodies for statement in body)


def _warns_for_it(release: Release, bound: Bound) -> bool:
    """Whether a function hands its work to another of its module, which warns."""
    source = release.source(bound.module)
    for statement in bound.node.body if isinstance(bound.node, ast.FunctionDef) else ():
        call = getattr(statement, "value", None)
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or source is None:
            continue
        for other in source.bound.get(call.func.id, ()):
            if isinstance(other.node, ast.FunctionDef) and _length(other.node) < _LONG:
                text = ast.unparse(other.node)
                if "warn" in text and SAYS.search(text):
                    return True
    return False


def _length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno


def _maker(node: ast.ClassDef) -> list[ast.stmt]:
    found = [f for f in node.body if isinstance(f, ast.FunctionDef) and f.name in ("__init__", "__new__")]
    return [statement for function in found for statement in function.body]


def _warns(statement: ast.stmt) -> bool:
    """Whether a statement warns whatever the arguments are."""
    if isinstance(statement, ast.With | ast.Try):
        return any(_warns(one) for one in statement.body)
    if not isinstance(statement, ast.Expr | ast.Return | ast.Assign):
        return False
    text = ast.unparse(statement)
    return "(" in text and bool(SAYS.search(text)) and not is_docstring(statement)


def is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_hollow(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Whether what is left of a definition only raises, or is a class without anything in it."""
    body = [statement for statement in node.body if not is_docstring(statement)]
    if isinstance(node, ast.ClassDef):
        if not node.bases and all(isinstance(statement, ast.Pass) for statement in body):
            return True
        inner = [s for f in body if isinstance(f, ast.FunctionDef) and f.name == "__init__" for s in f.body]
        return bool(inner) and isinstance(inner[-1], ast.Raise) and len(inner) < 4
    plain = [s for s in body if not isinstance(s, ast.Assign | ast.Import | ast.ImportFrom)]
    raising = bool(plain) and isinstance(plain[0], ast.Raise)
    return raising and bool(_REMOVED.search(ast.unparse(plain[0])))


def _is_documented(release: Release, name: str) -> bool:
    """Whether the texts that a library keeps apart from its compiled functions call one deprecated."""
    text = _texts(release).get(name, "")
    return bool(SAYS.search(_SECTIONS.split(text)[0]))


@cache
def _texts(release: Release) -> dict[str, str]:
    found: dict[str, str] = {}
    for module in ("torch._torch_docs", "torch._tensor_docs", "numpy.core._add_newdocs", "numpy._core._add_newdocs"):
        source = release.source(module) if release.source(module.partition(".")[0]) is not None else None
        for statement in source.tree.body if source is not None and source.tree is not None else ():
            call = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(call, ast.Call) and len(call.args) > 1:
                what, text = ast.unparse(call.args[0]), " ".join(ast.unparse(a) for a in call.args[1:])
                if ast.unparse(call.func) == "add_newdoc" and isinstance(call.args[1], ast.Constant):
                    what = f"numpy.{call.args[1].value!s}"
                found[what] = text
    return found
