"""The imports and variables of a module, and whether the module reads them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from mldebt.facts.definitions import Owners
from mldebt.facts.receivers import Receivers
from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import Module
from mldebt.facts.traits import guard
from mldebt.model import Import, Variable

_NOQA = re.compile(
    r"#\s*(?:flake8[:=]\s*)?noqa\b(?!\s*:)|#\s*noqa\s*:[^#]*\b(?:F401|F811|F841)|#\s*pylint:\s*disable=[\w,\- ]*unused",
    re.IGNORECASE,
)
_EXERCISE = re.compile(
    r"#.*\b(?:todo|fixme)\b.{0,20}\b(?:complete|implement|fill|your)\b|#.*\byour code\b", re.IGNORECASE
)
_TYPE_COMMENT = re.compile(r"#\s*type:\s*(.*)")
_WORD = re.compile(r"[A-Za-z_]\w*")
_OPENS_LOCALS = frozenset({"locals", "vars", "eval", "exec", "globals", "dir"})
_GENERICS = frozenset(
    """List Dict Set Tuple Optional Union Sequence Iterable Iterator Mapping Type Callable Generator ClassVar Final
    Annotated list dict set tuple type""".split()
)
Reads = set[tuple[int, str]]


def reads(module: Module) -> Reads:
    """The (scope, name) pairs that anything in the module reads; scopes by identity."""
    found: Reads = set()
    for scope in module.scopes:
        for read in scope.reads:
            home = scope.resolve(read.name)
            if home is not None:
                found.add((id(home), read.name))
    found.update((id(module.top), name) for name, _ in read_in_text(module))
    found.update((id(module.top), name) for name in exports(module) or ())
    return found


def read_in_text(module: Module) -> Iterator[tuple[str, int]]:
    """Names, with their lines, read where the tree has only text: string annotations and type comments."""
    if "# type:" in module.code.text:
        for number, line in enumerate(module.lines, 1):
            match = _TYPE_COMMENT.search(line)
            if match:
                yield from ((word, number) for word in _WORD.findall(match[1]))
    for constant in module.of(ast.Constant):
        if isinstance(constant.value, str) and _is_annotation(module, constant):
            yield from ((word, constant.lineno) for word in _WORD.findall(constant.value))
    for call in module.of(ast.Call):
        if isinstance(call.func, ast.Name | ast.Attribute) and call.args and isinstance(call.args[0], ast.Constant):
            name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
            if name in ("cast", "TypeVar", "NewType") and isinstance(call.args[0].value, str):
                yield from ((word, call.lineno) for word in _WORD.findall(call.args[0].value))


def _is_annotation(module: Module, constant: ast.Constant) -> bool:
    """Whether a string stands where a type is written: as an annotation or inside a generic type."""
    inner: ast.AST = constant
    up = module.parent(constant)
    while isinstance(up, ast.Subscript | ast.Tuple | ast.List | ast.BinOp):
        if isinstance(up, ast.Subscript) and inner is up.slice and _is_generic(up.value):
            return True
        inner, up = up, module.parent(up)
    if isinstance(up, ast.arg):
        return True
    if isinstance(up, ast.AnnAssign):
        return inner is up.annotation
    return isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef) and inner is up.returns


def _is_generic(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in _GENERICS


def exports(module: Module) -> tuple[str, ...] | None:
    """The names in `__all__`, over all its assignments and additions; None if there is none or it is computed only."""
    names: list[str] = []
    for binding in module.top.bindings.get("__all__", ()):
        statement = module.parent(binding)
        value = getattr(statement, "value", None)
        for node in ast.walk(value) if isinstance(value, ast.AST) else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.append(node.value)
    return tuple(sorted(set(names))) if "__all__" in module.top.bindings else None


def imports(module: Module, owners: Owners, read: Reads) -> tuple[Import, ...]:
    """Every name an import binds, and every star import, in source order."""
    found = [_import(module, owners, read, alias) for alias in module.of(ast.alias)]
    return tuple(_marked_duplicates(module, found))


def _import(module: Module, owners: Owners, read: Reads, alias: ast.alias) -> tuple[ast.alias, Import]:
    statement = module.parent(alias)
    scope = module.scope(alias)
    if isinstance(statement, ast.ImportFrom):
        source, name = "." * statement.level + (statement.module or ""), alias.name
    else:
        source, name = alias.name, ""
    bound = alias.asname or (alias.name if name else alias.name.partition(".")[0])
    home = _home(scope, bound)
    return alias, Import(
        bound,
        source,
        name,
        module.place(alias),
        owner=owners.of(scope),
        used=name == "*" or (id(home), bound) in read,
        quiet=_why_quiet(module, alias, statement),
        guarded=_is_guarded(module, alias),
    )


def _is_guarded(module: Module, alias: ast.alias) -> bool:
    block = guard(module)
    return block is not None and block.lineno < alias.lineno <= (block.end_lineno or 0)


def _home(scope: Scope, name: str) -> Scope:
    return scope.root() if scope.foreign.get(name) == "global" else scope


def _why_quiet(module: Module, alias: ast.alias, statement: ast.AST | None) -> str:
    """Why an import of this form says nothing when it is not read; empty if it does."""
    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        return "future"
    around = [why for up in module.ancestors(alias) if (why := _quiet_inside(up))]
    if around:
        return max(around)  # "type checking" before "probe": it says that the import never runs
    if alias.asname is not None and alias.asname == alias.name:
        return "explicit re-export"
    if module.scope(alias).kind == "class":
        return "class attribute"
    lines = {alias.lineno, getattr(statement, "lineno", 1), getattr(statement, "end_lineno", 1)}
    if any(_NOQA.search(module.lines[line - 1]) for line in lines):
        return "noqa"
    return ""


def _quiet_inside(up: ast.AST) -> str:
    """Why an import somewhere inside this node says nothing; empty if it does."""
    if isinstance(up, ast.Try) or up.__class__.__name__ == "TryStar":
        return "probe"
    if isinstance(up, ast.With) and "suppress" in ast.dump(up.items[0].context_expr):
        return "probe"
    if isinstance(up, ast.If) and "TYPE_CHECKING" in ast.dump(up.test):
        return "type checking"
    return ""


def _marked_duplicates(module: Module, found: list[tuple[ast.alias, Import]]) -> Iterator[Import]:
    """A second import of the same thing under the same name in the same block is marked `quiet="again"`."""
    seen: set[tuple[ast.AST | None, str, str, str]] = set()
    for alias, item in found:
        statement = module.parent(alias)
        block = module.parent(statement) if statement is not None else None
        key = (block, item.bound, item.module, item.name)
        if key in seen and not item.quiet and not module.code.cells:
            yield msgspec.structs.replace(item, quiet="again")
        else:
            yield item
        seen.add(key)


def variables(module: Module, owners: Owners, read: Reads, receivers: Receivers) -> tuple[Variable, ...]:
    """The variables of the module's top, used or not, and the unread ones of its functions, by place."""
    found: list[Variable] = []
    for scope in module.scopes:
        if scope.kind == "module":
            found.extend(_of_scope(module, owners, read, receivers, scope))
        elif scope.kind == "function" and not _is_open(scope):
            unread = [v for v in _of_scope(module, owners, read, receivers, scope) if not v.used]
            found.extend(unread if unread and not is_exercise(module, scope) else [])
    return tuple(sorted(found, key=lambda v: (v.at.cell or 0, v.at.line, v.at.column, v.name)))


def is_exercise(module: Module, scope: Scope) -> bool:
    """Whether a function says that its reader has yet to write it."""
    first, last = scope.node.lineno, scope.node.end_lineno  # type: ignore[attr-defined]  # a function
    return any(_EXERCISE.search(line) for line in module.lines[first - 1 : last])


def _is_open(scope: Scope) -> bool:
    """Whether a function looks at its variables by name, so that reads of them cannot be seen."""
    return any(read.name in _OPENS_LOCALS and not read.suffix for read in scope.reads)


def _of_scope(module: Module, owners: Owners, read: Reads, receivers: Receivers, scope: Scope) -> Iterator[Variable]:
    owner = owners.of(scope)
    for name, bindings in scope.bindings.items():
        if name in scope.foreign:
            continue
        first = next((b for b in bindings if _assigns(module, b)), None)
        if first is None or not all(_assigns(module, b) or _loops(module, b) for b in bindings):
            continue
        used = (id(scope), name) in read or name.startswith("_") or not _reportable(module, scope, read, bindings)
        used = used or _NOQA.search(module.lines[first.lineno - 1]) is not None  # type: ignore[attr-defined]
        value = ""
        if scope.kind == "module":
            value = receivers.of_bindings(scope, bindings) or ""
        yield Variable(name, module.first_line(first), owner, used, value)


def _assigns(module: Module, binding: ast.AST) -> bool:
    """Whether a node binds by assignment, `with` or `except`, not as a parameter, a definition or a loop's target."""
    if isinstance(binding, ast.ExceptHandler):
        return True
    return isinstance(binding, ast.Name) and not _loops(module, binding)


def _loops(module: Module, binding: ast.AST) -> bool:
    inner = binding
    for up in module.ancestors(binding):
        if isinstance(up, ast.For | ast.AsyncFor | ast.comprehension):
            return up.target is inner
        if not isinstance(up, ast.Tuple | ast.List | ast.Starred):
            return False
        inner = up
    return False


def _reportable(module: Module, scope: Scope, read: Reads, bindings: list[ast.AST]) -> bool:
    """Whether an unread name may be called dead: not declared only, not unpacked beside one that is read."""
    return all(_stands_alone(module, scope, read, binding) for binding in bindings)


def _stands_alone(module: Module, scope: Scope, read: Reads, binding: ast.AST) -> bool:
    if isinstance(binding, ast.ExceptHandler):
        return True
    up = module.parent(binding)
    if isinstance(up, ast.AnnAssign):
        return up.value is not None
    if isinstance(up, ast.Tuple | ast.List):
        names = [e.id for e in up.elts if isinstance(e, ast.Name)]
        unread = [n for n in names if (id(scope), n) not in read]
        return len(unread) == len(up.elts) and isinstance(module.parent(up), ast.Assign)
    if isinstance(up, ast.Starred | ast.For | ast.AsyncFor | ast.comprehension):
        return False
    return not isinstance(up, ast.NamedExpr)
