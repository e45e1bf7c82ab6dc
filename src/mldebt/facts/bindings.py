"""The imports and variables of a module, and whether the module reads them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from mldebt.facts.definitions import Owners
from mldebt.facts.lookups import LISTS_NAMES, last_look_up
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
_EXCUSES_ALL = re.compile(r"\s*#\s*pylint:\s*disable=[\w,\- ]*(?:unused-variable|W0612|possibly-unused-variable)")
_TYPE_COMMENT = re.compile(r"#\s*type:\s*(.*)")
_WORD = re.compile(r"[A-Za-z_]\w*")
_GENERICS = frozenset(
    """List Dict Set Tuple Optional Union Sequence Iterable Iterator Mapping Type Callable Generator ClassVar Final
    Annotated list dict set tuple type""".split()
)
_AROUND_TYPES = frozenset(
    {ast.Subscript, ast.Tuple, ast.List, ast.BinOp, ast.arg, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef}
)
_READ_TEXT = ("cast", "TypeVar", "NewType", "eval", "exec")
Reads = set[tuple[int, str]]


def reads(module: Module) -> Reads:
    """The (scope, name) pairs that anything in the module reads; scopes by identity."""
    found: Reads = set()
    for scope in module.scopes:
        for name in {name for name, _, _ in scope.reads}:
            home = scope.resolve(name)
            if home is not None:
                found.add((id(home), name))
    found.update((id(module.top), name) for name, _ in module.shared(read_in_text))
    found.update((id(module.top), name) for name in exports(module) or ())
    return found


def read_in_text(module: Module) -> tuple[tuple[str, int], ...]:
    """Names, with their lines, read where the tree has only text: string annotations and type comments."""
    return tuple(_in_text(module))


def _in_text(module: Module) -> Iterator[tuple[str, int]]:
    if "# type:" in module.code.text:
        for number, line in enumerate(module.lines, 1):
            match = _TYPE_COMMENT.search(line)
            if match:
                yield from ((word, number) for word in _WORD.findall(match[1]))
    for constant in module.of(ast.Constant):
        if constant.value.__class__ is str and _is_annotation(module, constant):
            yield from ((word, constant.lineno) for word in _WORD.findall(constant.value))
    for call in module.calls(_READ_TEXT):
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
            yield from ((word, call.lineno) for word in _WORD.findall(call.args[0].value))


def _is_annotation(module: Module, constant: ast.Constant) -> bool:
    """Whether a string stands where a type is written: as an annotation or inside a generic type."""
    inner: ast.AST = constant
    up = module.parent(constant)
    if up.__class__ not in _AROUND_TYPES:
        return False
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


def imports(module: Module, owners: Owners, read: Reads, void: frozenset[ast.AST] = frozenset()) -> tuple[Import, ...]:
    """Every name an import binds, and every star import, in source order; `void` are those that are shadowed."""
    found = [_import(module, owners, read, alias) for alias in module.of(ast.alias)]
    return tuple(_marked(module, found, void))


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


def _is_guarded(module: Module, node: ast.AST) -> bool:
    block = guard(module)
    line: int = node.lineno  # type: ignore[attr-defined]  # what binds a name has a place
    return block is not None and block.lineno < line <= (block.end_lineno or 0)


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


def _marked(module: Module, found: list[tuple[ast.alias, Import]], void: frozenset[ast.AST]) -> Iterator[Import]:
    """A second import of the same thing under the same name in the same block is marked `quiet="again"`."""
    seen: dict[tuple[ast.AST | None, str, str, str], ast.alias] = {}
    for alias, item in found:
        statement = module.parent(alias)
        block = module.parent(statement) if statement is not None else None
        key = (block, item.bound, item.module, item.name)
        first = seen.setdefault(key, alias)
        if first is not alias and not item.quiet and not (module.code.cells and _is_read_between(module, first, alias)):
            yield msgspec.structs.replace(item, quiet="again")
        elif alias in void and not item.quiet:
            yield msgspec.structs.replace(item, quiet="shadowed")
        else:
            yield item


def _is_read_between(module: Module, first: ast.alias, second: ast.alias) -> bool:
    """Whether a name is read between two imports of it: cells may be run without those before them."""
    name = second.asname or second.name.partition(".")[0]
    return any(node.id == name and first.lineno <= node.lineno < second.lineno for node in module.of(ast.Name))


def variables(module: Module, owners: Owners, read: Reads, receivers: Receivers) -> tuple[Variable, ...]:
    """The variables of the module's top, used or not, and the unread ones of its functions, by place."""
    found: list[Variable] = []
    for scope in module.scopes:
        if scope.kind == "module":
            found.extend(_of_scope(module, owners, read, receivers, scope))
        elif scope.kind == "function" and not _is_open(scope):
            unread = [v for v in _of_scope(module, owners, read, receivers, scope) if not v.used or v.form]
            spared = unread and (is_exercise(module, scope) or _is_excused(module, scope))
            found.extend([] if spared else unread)
    return tuple(sorted(found, key=lambda v: (v.at.cell or 0, v.at.line, v.at.column, v.name)))


def _is_excused(module: Module, scope: Scope) -> bool:
    """Whether a comment on a line of its own in a function says that its variables are not read there."""
    first, last = scope.node.lineno, scope.node.end_lineno  # type: ignore[attr-defined]  # a function
    return any(_EXCUSES_ALL.match(line) for line in module.lines[first:last])


def is_exercise(module: Module, scope: Scope) -> bool:
    """Whether a function says that its reader has yet to write it."""
    first, last = scope.node.lineno, scope.node.end_lineno  # type: ignore[attr-defined]  # a function
    return any(_EXERCISE.search(line) for line in module.lines[first - 1 : last])


def _is_open(scope: Scope) -> bool:
    """Whether a function looks at its variables by name, so that reads of them cannot be seen."""
    reads = (read.name for read in scope.reads if read.name in LISTS_NAMES and not read.suffix)
    return any(scope.resolve(name) is None for name in reads)


def _of_scope(module: Module, owners: Owners, read: Reads, receivers: Receivers, scope: Scope) -> Iterator[Variable]:
    owner, in_function = owners.of(scope), scope.kind == "function"
    looked_up = 0 if in_function else last_look_up(module)
    for name, bindings in scope.bindings.items():
        is_read = (id(scope), name) in read or name.startswith("_")
        if name in scope.foreign or (is_read and in_function):
            continue
        assigned = [b for b in bindings if _assigns(module, b)]
        if len(assigned) < len(bindings) and not all(_loops(module, b) for b in bindings if b not in assigned):
            continue
        if assigned:
            spared = is_read or _is_spared(module, assigned[0], looked_up)
            form = "" if spared else _form(module, scope, read, bindings)
            value = "" if in_function else receivers.of_bindings(scope, bindings) or ""
            yield Variable(name, module.first_line(assigned[0]), owner, spared or form == "target", value, form)
        elif in_function:
            yield Variable(name, module.first_line(bindings[0]), owner, form="target")


def _is_spared(module: Module, first: ast.AST, looked_up: float) -> bool:
    """Whether a name may be looked up after it is first bound, or its line is excused."""
    line: int = first.lineno  # type: ignore[attr-defined]  # what binds a name has a place
    return looked_up >= line or _NOQA.search(module.lines[line - 1]) is not None


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


def _form(module: Module, scope: Scope, read: Reads, bindings: list[ast.AST]) -> str:
    """What an unread name is: "target" if it is declared only or unpacked beside one that is read, see Variable."""
    if not all(_stands_alone(module, scope, read, binding) for binding in bindings):
        return "target"
    calls = [up.value for b in bindings for up in module.ancestors(b) if isinstance(up, ast.Assign)]
    unpacked = all(isinstance(module.parent(b), ast.Tuple | ast.List) for b in bindings)
    if unpacked and all(isinstance(value, ast.Call) for value in calls):
        return "unpacked"
    return "guarded" if all(_is_guarded(module, b) for b in bindings) else ""


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
