"""What a removal speaks of: the nodes or lines that its kind, name and place mean in a module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mldebt.errors import Unpatchable
from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import DefinitionNode, Module
from mldebt.facts.unreachable import unreachable
from mldebt.model import Removal
from mldebt.proof.assignments import fates, leaves, may_change_another
from mldebt.proof.attributes import stores_of
from mldebt.proof.purity import EFFECT, level
from mldebt.proof.targets import Comments, Dead, Point, Stuck, Target, Whole, inside, start, whole_lines

Reads = Mapping[tuple[Scope, str], Sequence[Point]]
_COMMENT = re.compile(r"\s*(?:#.*)?")
_HEAD = re.compile(r"#!|\s*#.*coding[:=]")  # what the first two lines of a file may say of it


def find(module: Module, removal: Removal, read: Reads) -> list[Target]:
    """The targets of a removal, with what is nothing without them; empty if they are not there.

    A target is Stuck if it is there and no patch can be written.
    """
    try:
        return list(_found(module, removal, read))
    except Unpatchable as error:
        return [Stuck(str(error), removal.at.line, removal.at.end_line)]


def _found(module: Module, removal: Removal, read: Reads) -> Iterable[Target]:
    match removal.kind:
        case "import":
            return _alias(module, removal)
        case "variable":
            return _variable(module, removal, read)
        case "attribute":
            return _checked(module, stores_of(module, removal, read))
        case "unreachable":
            return _dead(module, removal, read)
        case "commented_code":
            return _comments(module, removal)
        case "module":
            return [Whole(len(module.lines))]
        case _:
            return _definition(module, removal)


def _alias(module: Module, removal: Removal) -> Iterator[ast.AST]:
    here = (alias for alias in module.of(ast.alias) if alias.lineno == removal.at.line)
    named = [alias for alias in here if bound_by(module, alias) == removal.name]
    exact = [alias for alias in named if module.place(alias).column == removal.at.column]
    yield from exact[:1] or (named if len(named) == 1 else [])


def _definition(module: Module, removal: Removal) -> Iterator[ast.AST]:
    """A definition with those that are nothing without it: its overloads, a property's setters and deleters."""
    every = (*module.functions, *module.of(ast.ClassDef))
    node = next((n for n in every if n.lineno == removal.at.line and n.name == removal.name), None)
    if node is None:
        return
    same = [n for n in home(module, node).bindings[node.name] if isinstance(n, DefinitionNode)]
    if _is_accessor(node):
        yield node
    elif any(_is_overload(n) for n in same):
        yield from same
    else:
        yield from (node, *(n for n in same if n is not node and _is_accessor(n)))


def _variable(module: Module, removal: Removal, read: Reads) -> list[ast.AST]:
    """All bindings of a name in its scope, and of the names that are unpacked beside it and not read either."""
    waiting = [
        (scope, removal.name)
        for scope in module.scopes
        if any(_is_at(module, b, removal) for b in scope.bindings.get(removal.name, ()))
    ]
    for scope, name in waiting:
        if any(s.foreign.get(name) == "nonlocal" and (s is scope or _lies_in(s, scope)) for s in module.scopes):
            raise Unpatchable("an inner function binds it too")
    found: dict[ast.AST, None] = {}
    unpacked: set[ast.AST] = set()
    known = set(waiting)
    while waiting:
        scope, name = waiting.pop()
        for binding in scope.bindings[name]:
            found[binding] = None
            for beside in _unpacked_with(module, binding, unpacked):
                key = (home(module, beside), beside.id)
                if key not in known and not read.get(key):
                    known.add(key)
                    waiting.append(key)
    return _checked(module, list(found))


def _lies_in(inner: Scope, outer: Scope) -> bool:
    up = inner.parent
    while up is not None and up is not outer:
        up = up.parent
    return up is outer


def _checked(module: Module, bindings: list[ast.AST]) -> list[ast.AST]:
    """Bindings that an assignment makes, and that can go. Raises Unpatchable if they cannot."""
    if not all(isinstance(b, ast.Name | ast.Attribute | ast.ExceptHandler) for b in bindings):
        raise Unpatchable("it is bound otherwise too")
    fates(module, bindings)
    return [] if may_change_another(module, bindings) else bindings


def _is_at(module: Module, node: ast.AST, removal: Removal) -> bool:
    if not isinstance(node, ast.Name | ast.ExceptHandler) or node.lineno != removal.at.line:
        return False
    return module.place(node).column == removal.at.column


def _unpacked_with(module: Module, binding: ast.AST, seen: set[ast.AST]) -> Iterator[ast.Name]:
    """The names of the whole target that a binding is part of; none of a target that was seen before."""
    target, up = binding, module.parent(binding)
    while isinstance(up, ast.Tuple | ast.List | ast.Starred):
        target, up = up, module.parent(up)
    if target not in seen and not isinstance(up, ast.For | ast.AsyncFor | ast.comprehension):
        seen.add(target)
        yield from (leaf for leaf in leaves(target) if isinstance(leaf, ast.Name))


def home(module: Module, node: ast.AST) -> Scope:
    """The scope whose binding a node makes."""
    scope = module.scope(node)
    if isinstance(module.parent(node), ast.NamedExpr):
        while scope.kind in ("comprehension", "header") and scope.parent is not None:
            scope = scope.parent
    return scope.root() if scope.foreign.get(name_of(module, node)) == "global" else scope


def name_of(module: Module, node: ast.AST) -> str:
    """The name that a node binds; an attribute's is no name of a scope."""
    if isinstance(node, ast.alias):
        return bound_by(module, node)
    if isinstance(node, ast.Name):
        return node.id
    name: str = getattr(node, "name", None) or ""
    return name


def bound_by(module: Module, alias: ast.alias) -> str:
    """The name that an alias of an import statement binds."""
    if alias.asname:
        return alias.asname
    return alias.name if isinstance(module.parent(alias), ast.ImportFrom) else alias.name.partition(".")[0]


def _dead(module: Module, removal: Removal, read: Reads) -> Iterator[Dead]:
    """The stretch that begins where a removal says; one that no patch may take out makes it Unpatchable."""
    for stretch in unreachable(module):
        holder = stretch.before if isinstance(stretch.before, ast.If | ast.While) and stretch.encloses else None
        statements = tuple(s for s in stretch.statements if (s.end_lineno or 0) <= removal.at.end_line)
        if not statements or (holder or statements[0]).lineno != removal.at.line:
            continue
        if holder is not None and level(module, holder.test) == EFFECT:
            raise Unpatchable("its condition may act before it fails")
        dead = Dead(statements, holder)
        _check_scopes(module, dead, read)
        yield dead


def _check_scopes(module: Module, dead: Dead, read: Reads) -> None:
    """What never runs may still say what a name is, and what a function is. Raises Unpatchable if it does."""
    spans = whole_lines([dead])
    for kind in (ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom):
        if any(inside(start(node), spans) and _is_outermost(module, node, spans) for node in module.of(kind)):
            raise Unpatchable(f"a `{kind.__name__.lower()}` in it says what the function around it is")
    for scope in module.scopes:
        for name, bindings in scope.bindings.items():
            if all(inside(start(b), spans) for b in bindings) and not all(
                inside(at, spans) for at in read.get((scope, name), ())
            ):
                raise Unpatchable(f"`{name}` would be another name in what stays")


def _is_outermost(module: Module, node: ast.AST, spans: list[tuple[Point, Point]]) -> bool:
    """Whether the function that a node belongs to begins outside of some spans."""
    function = module.enclosing(node, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return function is None or not inside(start(function), spans)


def _comments(module: Module, removal: Removal) -> Iterator[Comments]:
    """Lines that hold nothing but comments, and are in no string."""
    first, last = removal.at.line, removal.at.end_line
    rows = module.lines[first - 1 : last]
    inner = (n for kind in (ast.Constant, ast.JoinedStr) for n in module.of(kind) if n.end_lineno != n.lineno)
    if any(node.lineno < last and first <= (node.end_lineno or 0) for node in inner if node.lineno < first):
        return
    if any(_HEAD.match(row) for row in rows[: max(0, 3 - first)]):
        return
    if rows and any(row.strip() for row in rows) and all(_COMMENT.fullmatch(row) for row in rows):
        yield Comments(first, last)


def _is_overload(node: DefinitionNode) -> bool:
    ends = (d.attr if isinstance(d, ast.Attribute) else getattr(d, "id", "") for d in node.decorator_list)
    return "overload" in ends


def _is_accessor(node: DefinitionNode) -> bool:
    """Whether a definition extends an earlier one of its name: `@size.setter`, `@show.register`."""
    roots = (d.value for d in node.decorator_list if isinstance(d, ast.Attribute))
    return any(isinstance(root, ast.Name) and root.id == node.name for root in roots)
