"""Signs in a release that an argument, or one value of it, is taken, deprecated or gone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from deprecations import SAYS, Signs, is_docstring, nodes
from namespaces import Bound, Definition, Seen
from offered import Release

_REMOVED = re.compile(r"(is|was|has been|are|were|have been) (now )?(removed|deprecated)|no longer", re.IGNORECASE)
_RENAMES = re.compile(r"deprecat|legacy|renam|replace", re.IGNORECASE)
_HANDS_ON = re.compile(r"deprecat|will be removed|is removed|legacy_get", re.IGNORECASE)


def of_argument(release: Release, name: str, argument: str, value: str) -> Signs:
    """An argument of what a dotted name stands for, and one value of it if one is meant."""
    seen = release.look(name)
    if seen.state != "there" or seen.bound is None:
        return Signs(seen if seen.state == "unsure" else Seen("gone", f"{name}: {seen.why}"))
    functions, is_complete = _functions(release, seen.bound)
    if not functions:
        return Signs(Seen("unsure", f"the signature of {name} is not seen"))
    if value:
        return _of_value(release, functions, seen, argument, value)
    taken = next(filter(None, (_taken(release, bound, argument, functions, seen.bound) for bound in functions)), None)
    if taken is not None:
        return taken
    if any(_mentions(bound.node, argument) for bound in functions):
        return Signs(Seen("there", "by a decorator or **kwargs", functions[0]), True, None)
    if any(_refuses_more(bound.node) for bound in functions):
        return Signs(Seen("gone", f"{name} refuses what it does not know"))
    if not is_complete or any(_takes_more(b.node) and _unpacked(release, b) is None for b in functions):
        return Signs(Seen("unsure", f"{name} takes any further argument"))
    return Signs(Seen("gone", f"no argument of {name}"))


def _taken(release: Release, bound: Bound, argument: str, functions: list[Bound], owner: Bound) -> Signs | None:
    """What a function's own signature says of an argument; None if it does not name it."""
    node = bound.node
    place = _place(node, argument)
    if place is None:
        is_unpacked = argument in (_unpacked(release, bound) or ())
        return Signs(Seen("there", f"unpacked in {bound.module}", bound)) if is_unpacked else None
    if _default_raises(node, argument):
        return None
    documents = [*functions, owner, *release.classes(owner)]
    warns = _argument_tells(node, argument, [one for one in documents if one is not None])
    warns = warns or any(SAYS.search(p) for t in _long_texts(release, bound.module) for p in _said(t, argument))
    return Signs(Seen("there", f"in {bound.module}", bound), warns, place)


def _functions(release: Release, bound: Bound) -> tuple[list[Bound], bool]:
    """The functions whose arguments a call of something takes, nearest first, and whether these are all."""
    node = bound.node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [bound], True
    if isinstance(node, ast.ClassDef):
        found, is_complete = [], True
        for one in release.classes(bound):
            if one is None:
                is_complete = False
                continue
            assert isinstance(one.node, ast.ClassDef)
            makers = [m for m in one.node.body if isinstance(m, ast.FunctionDef) and m.name in ("__init__", "__new__")]
            found += [Bound(one.module, maker) for maker in makers]
            if any("dataclass" in ast.unparse(d) for d in one.node.decorator_list):
                found.append(Bound(one.module, one.node))
            if makers and not any(_takes_more(maker) for maker in makers):
                break
        return found, is_complete
    made = node.value if isinstance(node, ast.Assign) else None
    if isinstance(made, ast.Call):
        maker = release.name_in(bound.module, ast.unparse(made.func)).bound
        inner = [n for n in nodes(maker.node) if isinstance(n, ast.FunctionDef)] if maker is not None else []
        return [Bound(bound.module, n) for n in inner[1:]], True
    return [], False


def _parameters(node: ast.AST) -> tuple[list[str], list[str]]:
    """The names of a function's positional and of all its arguments."""
    if isinstance(node, ast.ClassDef):
        fields = [s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
        return fields, fields
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    positional = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    positional = positional[1:] if positional[:1] in (["self"], ["cls"]) else positional
    return positional, [*positional, *(a.arg for a in node.args.kwonlyargs)]


def _place(node: ast.AST, argument: str) -> int | None:
    positional, every = _parameters(node)
    return positional.index(argument) if argument in positional else -1 if argument in every else None


def _default_raises(node: ast.AST, argument: str) -> bool:
    """Whether an argument is kept only to say that it is gone."""
    for branch in nodes(node):
        is_alone = isinstance(branch, ast.If) and len(branch.body) == 1 and isinstance(branch.body[0], ast.Raise)
        if isinstance(branch, ast.If) and is_alone and _names(branch.test, argument):
            return _REMOVED.search(ast.unparse(branch.body[0])) is not None
    return False


def _takes_more(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.args.kwarg is not None


def _refuses_more(node: ast.AST) -> bool:
    """Whether a function raises if further arguments are left over."""
    extra = node.args.kwarg.arg if isinstance(node, ast.FunctionDef) and node.args.kwarg is not None else ""
    return any(
        isinstance(branch, ast.If) and ast.unparse(branch.test) == extra and isinstance(branch.body[-1], ast.Raise)
        for branch in (nodes(node) if extra else ())
    )


def _unpacked(release: Release, bound: Bound) -> frozenset[str] | None:
    """The further arguments that the type of `**kwargs` names; None if it has no such type."""
    extra = bound.node.args.kwarg if isinstance(bound.node, ast.FunctionDef) else None
    match = (
        re.fullmatch(r"Unpack\[(\w+)(\[.*)?\]", ast.unparse(extra.annotation)) if extra and extra.annotation else None
    )
    typed = release.name_in(bound.module, match[1]).bound if match else None
    if typed is None or not isinstance(typed.node, ast.ClassDef):
        return None
    fields = [one.node for one in release.classes(typed) if one is not None]
    return frozenset(name for node in fields for name in _parameters(node)[1])


def _mentions(node: ast.AST, argument: str) -> bool:
    """Whether a decorator or the body handles an argument that the signature does not name."""
    for statement in (*node.decorator_list, *node.body) if isinstance(node, Definition) else ():
        if isinstance(statement, ast.Expr) and is_docstring(statement):
            continue
        if any(isinstance(n, ast.Constant) and n.value == argument for n in nodes(statement)):
            return True
    return False


def _argument_tells(node: ast.AST, argument: str, functions: list[Bound]) -> bool:
    if isinstance(node, Definition):
        for decorator in node.decorator_list:
            constants = [n.value for n in nodes(decorator) if isinstance(n, ast.Constant)]
            if argument in constants and _RENAMES.search(ast.unparse(decorator)):
                return True
    if _default(node, argument) in ("deprecated", "warn"):
        return True
    if any(_statement_tells(statement, argument, isinstance(node, ast.ClassDef)) for statement in nodes(node)):
        return True
    return any(SAYS.search(text) for text in _paragraphs(node, functions, argument))


def _statement_tells(statement: ast.AST, argument: str, is_field: bool) -> bool:
    if isinstance(statement, ast.If):
        return _names(statement.test, argument) and any(_HANDS_ON.search(ast.unparse(s)) for s in statement.body)
    is_call = isinstance(statement, ast.Expr) and not is_docstring(statement)
    is_set = is_field and isinstance(statement, ast.AnnAssign | ast.Assign)
    return (is_call or is_set) and _names(statement, argument) and SAYS.search(ast.unparse(statement)) is not None


def _default(node: ast.AST, argument: str) -> object:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    ordered = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    given = dict(zip(reversed(ordered), reversed(node.args.defaults), strict=False))
    given |= {a.arg: d for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d is not None}
    default = given.get(argument)
    return default.value if isinstance(default, ast.Constant) else None


def _names(node: ast.AST, argument: str) -> bool:
    return any(
        (isinstance(n, ast.Name) and n.id == argument)
        or (isinstance(n, ast.Attribute) and n.attr == argument)
        or (isinstance(n, ast.Constant) and n.value == argument)
        for n in nodes(node)
    )


def _paragraphs(node: ast.AST, functions: list[Bound], argument: str) -> Iterator[str]:
    """What docstrings say of an argument, up to the next line that stands no deeper."""
    for one in (node, *(bound.node for bound in functions)):
        yield from _said((ast.get_docstring(one) if isinstance(one, Definition) else None) or "", argument)


def _said(text: str, argument: str) -> Iterator[str]:
    pattern = rf"^([ \t]*)[`*]*{re.escape(argument)}\b[`*]*\s*[:(].*\n((?:\1[ \t]+.*\n|\s*\n)*)"
    for match in re.finditer(pattern, f"{text}\n", re.MULTILINE) if argument in text else ():
        yield match[0]


@cache
def _long_texts(release: Release, module: str) -> tuple[str, ...]:
    """The texts that a module makes docstrings of."""
    source = release.source(module)
    statements = source.tree.body if source is not None and source.tree is not None else ()
    texts = [
        n.value
        for s in statements
        if isinstance(s, ast.Assign | ast.AnnAssign)
        for n in nodes(s)
        if isinstance(n, ast.Constant)
    ]
    return tuple(text for text in texts if isinstance(text, str) and len(text) > 300)


def _of_value(release: Release, functions: list[Bound], seen: Seen, argument: str, value: str) -> Signs:
    """Whether code near a definition still knows a value, where the argument's own rules are not written down."""
    owners = [b for b in release.classes(seen.bound) if b is not None] if seen.bound is not None else []
    owners = [*owners, *_borrowed(release, owners)] or functions
    for owner in owners:
        rules = [v for k, v in _rules(owner.node) if k == argument]
        if rules:
            return _of_rules(rules, owner, value, _value_tells(owners, value))
    texts = [release.source(owner.module) for owner in owners]
    trees = [source.tree for source in texts if source is not None and source.tree is not None]
    known = any(isinstance(n, ast.Constant) and n.value == value for tree in trees for n in nodes(tree))
    return Signs(
        Seen("there" if known else "gone", "in the code of the class", functions[0]), _value_tells(owners, value)
    )


def _of_rules(rules: list[ast.AST], owner: Bound, value: str, warns: bool) -> Signs:
    """What the written rules for an argument say of a value."""
    known = any(isinstance(n, ast.Constant) and n.value == value for rule in rules for n in ast.walk(rule))
    warns = warns or any("eprecated" in ast.unparse(rule) for rule in rules)
    return Signs(Seen("there" if known else "gone", f"among the values in {owner.module}", owner), warns)


def _borrowed(release: Release, owners: list[Bound]) -> Iterator[Bound]:
    """The classes whose rules for arguments those of other classes are made of."""
    for owner in owners:
        merged = [v for n in nodes(owner.node) if isinstance(n, ast.Dict) for v in _merged(n)]
        named = [v.value.id for v in merged if isinstance(v, ast.Attribute) and isinstance(v.value, ast.Name)]
        found = [release.name_in(owner.module, name).bound for name in named]
        yield from (one for bound in found if bound is not None for one in release.classes(bound) if one is not None)


def _merged(node: ast.Dict) -> list[ast.expr]:
    return [value for key, value in zip(node.keys, node.values, strict=True) if key is None]


def _rules(node: ast.AST) -> Iterator[tuple[object, ast.AST]]:
    for statement in nodes(node):
        if isinstance(statement, ast.Dict):
            for key, rule in zip(statement.keys, statement.values, strict=True):
                if isinstance(key, ast.Constant) and not isinstance(rule, ast.Constant):
                    yield key.value, rule


def _value_tells(owners: list[Bound], value: str) -> bool:
    for owner in owners:
        for branch in nodes(owner.node):
            tests = isinstance(branch, ast.If) and _names(branch.test, value)
            if isinstance(branch, ast.If) and tests and any(SAYS.search(ast.unparse(s)) for s in branch.body):
                return True
    return False
