"""The shape of code: what is left of a statement when variable names, literals and layout are taken out.

Attribute names, called methods, built-ins, class-like callees, keyword names and operators stay. Of a dotted name only
the last part stays, so `np.zeros` and `numpy.zeros` are one shape; keyword order, annotations, a `tqdm` around an
iterable, and `print` against a logger's `info` make no difference either.
"""

from __future__ import annotations

import ast
import builtins
from typing import NamedTuple
from zlib import crc32

_KEPT_CALLEES = frozenset(name for name in dir(builtins) if not name.startswith("_"))
_LITERALS: dict[type, str] = {bool: "bool", type(None): "None", type(...): "...", int: "#", float: "#", complex: "#"}
_PLAIN_FIELDS = frozenset({"ctx", "type_comment", "kind", "conversion", "is_async", "simple", "annotation", "returns"})
_PROGRESS = frozenset({"tqdm", "trange", "track"})
_LOGGERS = frozenset({"log", "logger", "logging", "_logger", "LOGGER", "LOG"})
_LOG_LEVELS = frozenset({"info", "debug", "warning"})


class Shape(NamedTuple):
    """`blind` and `exact` are checksums, equal for equal shapes and for equal tokens; `mass` counts tree nodes."""

    blind: int
    exact: int
    mass: int


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of a node type that matter to a shape, last first: the stack turns them round."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        fields = tuple(f for f in reversed(kind._fields) if f not in _PLAIN_FIELDS)
        self[kind] = fields
        return fields


_FIELDS = _Fields()


def shape(head: str, roots: list[ast.AST], stop: ast.AST | None = None) -> Shape:
    """The shape of a sequence of nodes after a head word; the arguments or elements of `stop` are left out.

    Runs on a stack of its own: source that parses may be nested too deep to recurse over.
    """
    tokens = [head]
    exact: list[str] = [head]
    stack = roots[::-1]
    pop, add, name_it = stack.pop, tokens.append, exact.append
    while stack:
        node = pop()
        kind = node.__class__
        if kind is ast.Name:
            add("n")
            name_it(node.id)  # type: ignore[attr-defined]
        elif kind is ast.Constant:
            value = node.value  # type: ignore[attr-defined]
            add(_LITERALS.get(value.__class__, "s"))
            name_it(repr(value))
        elif kind is ast.Attribute:
            add("." + node.attr)  # type: ignore[attr-defined]
            _chain(node, stack, exact)
        elif kind is ast.Call:
            _call(node, stop, stack, tokens, exact)  # type: ignore[arg-type]
        elif kind is ast.JoinedStr:
            add("s")
            exact.extend(_words(node))
        elif kind is ast.keyword:
            add(f"{node.arg}=")  # type: ignore[attr-defined]
            stack.append(node.value)  # type: ignore[attr-defined]
        elif node is stop:
            add(kind.__name__ + "...")
        elif kind is ast.UnaryOp and node.operand.__class__ is ast.Constant:  # type: ignore[attr-defined]
            name_it(node.op.__class__.__name__)  # type: ignore[attr-defined]
            stack.append(node.operand)  # type: ignore[attr-defined]
        else:
            add(kind.__name__)
            if fields := _FIELDS[kind]:
                _push(node, fields, stack, tokens, exact)
    return Shape(crc32("\x1f".join(tokens).encode()), crc32("\x1f".join(exact).encode(errors="replace")), len(tokens))


def _chain(node: ast.AST, stack: list[ast.AST], exact: list[str]) -> None:
    """Note the names of a dotted chain; what it starts from is visited only if it is no name."""
    while node.__class__ is ast.Attribute:
        exact.append(node.attr)
        node = node.value
    if node.__class__ is ast.Name:
        exact.append(node.id)
    else:
        stack.append(node)


def _call(node: ast.Call, stop: ast.AST | None, stack: list[ast.AST], tokens: list[str], exact: list[str]) -> None:
    func, arguments, keywords = node.func, node.args, node.keywords
    word = callee(func)
    if word in _PROGRESS and arguments and node is not stop:
        exact.append(word)
        stack.append(arguments[0])
        return
    inner: list[ast.AST] = []
    if func.__class__ is ast.Name:
        exact.append(func.id)
        if word not in _KEPT_CALLEES and not word[:1].isupper():
            word = "n"
    elif func.__class__ is ast.Attribute:
        _chain(func, inner, exact)
        if word == "cuda" and not arguments and not keywords:
            tokens.extend((".to(1", "n"))
            stack.extend(inner)
            return
        word = "print" if word in _LOG_LEVELS and exact[-1] in _LOGGERS else "." + word
    else:
        inner.append(func)
    if node is stop:
        tokens.append(word + "(...")
    else:
        tokens.append(f"{word}({len(arguments)}")
        if keywords:
            keywords = sorted(keywords, key=_by_keyword, reverse=True) if len(keywords) > 1 else keywords
            stack.extend(keywords)
            exact.extend([f"{k.arg}=" for k in keywords])
        stack.extend(arguments[::-1])
    stack.extend(inner)


def _by_keyword(node: ast.keyword) -> str:
    return node.arg or ""


def _push(node: ast.AST, fields: tuple[str, ...], stack: list[ast.AST], tokens: list[str], exact: list[str]) -> None:
    """Take the nodes of a node's fields to be visited, and the names that stand bare in the tree, as in patterns."""
    for field in fields:
        value = getattr(node, field, None)
        if value.__class__ is list:
            tokens[-1] += str(len(value))
            for child in reversed(value):
                if isinstance(child, ast.AST):
                    stack.append(child)
                elif child.__class__ is str:
                    exact.append(child)
        elif isinstance(value, ast.AST):
            stack.append(value)
        elif value.__class__ is str:
            exact.append(value)


def _words(node: ast.AST) -> list[str]:
    """The names and literals below a node."""
    found = []
    for child in ast.walk(node):
        if isinstance(child, ast.Name):
            found.append(child.id)
        elif isinstance(child, ast.Attribute):
            found.append(child.attr)
        elif isinstance(child, ast.Constant):
            found.append(str(child.value))
    return found


def callee(func: ast.expr) -> str:
    """The last part of the name that is called; empty if what is called has no name."""
    if func.__class__ is ast.Attribute:
        return func.attr
    return func.id if func.__class__ is ast.Name else ""


Container = ast.Call | ast.List | ast.Tuple | ast.Set | ast.Dict


def container(root: ast.AST | None) -> Container | None:
    """The outermost call or literal of at least two elements that a statement's value consists of."""
    node = root
    while node is not None:
        if isinstance(node, Container) and len(elements(node)) > 1:
            return node
        node = _sole_part(node)
    return None


def _sole_part(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.Call(args=[only], keywords=[]) | ast.List(elts=[only]) | ast.Tuple(elts=[only]):
            return only
        case ast.Call(args=[], keywords=[ast.keyword(value=only)]):
            return only
        case ast.Call(args=[], keywords=[], func=ast.Attribute(value=inner)):
            return inner
        case ast.Await(value=inner) | ast.Starred(value=inner) | ast.Attribute(value=inner):
            return inner
        case ast.Subscript(value=inner) | ast.keyword(value=inner):
            return inner
    return None


def elements(node: Container) -> list[list[ast.AST]]:
    """The arguments of a call or the elements of a literal, each a short list of nodes (key and value of a dict).

    Keyword arguments come in the order of their names.
    """
    if isinstance(node, ast.Call):
        parts: list[ast.AST] = [*node.args, *sorted(node.keywords, key=_by_keyword)]
        return [[part] for part in parts]
    if isinstance(node, ast.Dict):
        return [[v] if k is None else [k, v] for k, v in zip(node.keys, node.values, strict=True)]
    return [[e] for e in node.elts]
