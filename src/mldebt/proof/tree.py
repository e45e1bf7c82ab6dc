"""Concrete trees without layout: what two pieces of code have to share to mean the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import libcst as cst

from mldebt.proof.piece import Piece

_LAYOUT = (
    cst.BaseParenthesizableWhitespace,
    cst.TrailingWhitespace,
    cst.EmptyLine,
    cst.LeftParen,
    cst.RightParen,
    cst.Comma,
    cst.Semicolon,
    cst.Colon,
    cst.Dot,
    cst.AssignEqual,
    cst.LeftSquareBracket,
    cst.RightSquareBracket,
    cst.LeftCurlyBrace,
    cst.RightCurlyBrace,
    cst.Annotation,
    cst.MaybeSentinel,
)
_SKIPPED = frozenset(
    "__slots__ annotation returns type_parameters leading_lines lines_after_decorators start end lpar rpar "
    "default_indent indent header footer encoding default_newline has_trailing_newline".split()
)
_TARGETS = {
    cst.AssignTarget: "target",
    cst.AugAssign: "target",
    cst.AnnAssign: "target",
    cst.For: "target",
    cst.CompFor: "target",
    cst.NamedExpr: "target",
    cst.AsName: "name",
    cst.Del: "target",
}


class View(NamedTuple):
    """How names are to be read: `outer` by name as (kind, what), `bound` those bound inside.

    `owner` is the class around: `super(Owner, self)` says in it no more than `super()`.
    """

    outer: Mapping[str, tuple[str, str]]
    bound: frozenset[str]
    owner: str = ""


class Tree:
    """A node with its children: `kind` and `value` have to be equal, `is_value` tells whether it can be handed over."""

    def __init__(self, kind: str, value: str, kids: tuple[Tree, ...], node: cst.CSTNode, is_value: bool) -> None:
        self.kind = kind
        self.value = value
        self.kids = kids
        self.node = node
        self.is_value = is_value

    @cached_property
    def parts(self) -> tuple[Tree, ...]:
        """This tree and all below, from the outside in."""
        found: list[Tree] = []
        waiting = [self]
        while waiting:
            tree = waiting.pop()
            found.append(tree)
            waiting.extend(reversed(tree.kids))
        return tuple(found)

    def walk(self) -> Iterator[Tree]:
        """As `parts`."""
        return iter(self.parts)

    @cached_property
    def bag(self) -> Counter[tuple[str, str]]:
        """What stands in it, in no order, names that are bound inside without their names."""
        return Counter((t.kind, "" if t.kind == "local" else t.value) for t in self.walk())

    @cached_property
    def text(self) -> str:
        """The tree in one line; equal for equal trees."""
        inner = " ".join(kid.text for kid in self.kids)
        return f"({self.kind}:{self.value!r} {inner})"


def view_of(piece: Piece) -> View:
    """How the names of a piece are to be read."""
    return View({o.name: (o.kind, o.what or o.name) for o in piece.outer}, frozenset(piece.bound), piece.owner)


def lift(node: cst.CSTNode, view: View) -> Tree:
    """The tree of a node."""
    return _Lifting(view).lift(node)


class _Lifting:
    def __init__(self, view: View) -> None:
        self._view = view

    def lift(self, node: cst.CSTNode, is_target: bool = False) -> Tree:
        match node:
            case cst.Name():
                return self._name(node, is_target)
            case cst.Attribute():
                return self._attribute(node, is_target)
            case cst.SimpleString():
                return Tree("string", repr(node.evaluated_value), (), node, not is_target)
            case cst.FormattedStringText():
                return Tree("text", node.value, (), node, False)
            case cst.Call():
                given = [] if self._is_super(node) else self._ordered(node.args)
                return Tree("Call", "", (self.lift(node.func), *map(self._argument, given)), node, True)
            case cst.Param():
                return self._parameter(node)
            case cst.BinaryOperation(operator=cst.Multiply()):
                return self._product(node)
            case cst.FunctionDef() | cst.ClassDef():
                return self._definition(node)
            case cst.Module() | cst.IndentedBlock() | cst.SimpleStatementSuite():
                return self._suite(node)
        return self._any(node, is_target)

    def _name(self, node: cst.Name, is_target: bool) -> Tree:
        if node.value in self._view.bound:
            return Tree("local", node.value, (), node, not is_target)
        kind, what = self._view.outer.get(node.value, ("variable", node.value))
        kind = "variable" if kind == "global" else kind
        return Tree(kind, what, (), node, not is_target)

    def _attribute(self, node: cst.Attribute, is_target: bool) -> Tree:
        inner = self.lift(node.value)
        if inner.kind == "import" and not is_target:
            return Tree("import", f"{inner.value}.{node.attr.value}", (), node, True)
        return Tree("Attribute", node.attr.value, (inner,), node, not is_target)

    def _is_super(self, node: cst.Call) -> bool:
        first = node.args[0].value if node.args else None
        named = isinstance(node.func, cst.Name) and node.func.value == "super"
        return named and isinstance(first, cst.Name) and first.value == self._view.owner

    def _ordered(self, arguments: Sequence[cst.Arg]) -> list[cst.Arg]:
        """Arguments by keyword, where their order means nothing."""
        given = list(arguments)
        if any(a.star for a in given):
            return given
        return sorted(given, key=lambda a: (a.keyword is not None, a.keyword.value if a.keyword else ""))

    def _argument(self, node: cst.Arg) -> Tree:
        keyword = node.keyword.value if node.keyword else ""
        return Tree("Arg", f"{node.star}{keyword}", (self.lift(node.value),), node, False)

    def _parameter(self, node: cst.Param) -> Tree:
        kids = (self.lift(node.name, True), *([self.lift(node.default)] if node.default else []))
        return Tree("Param", node.star if isinstance(node.star, str) else "", kids, node, False)

    def _definition(self, node: cst.FunctionDef | cst.ClassDef) -> Tree:
        """A method is known by its name; any other definition is a local name like others."""
        local = node.name.value in self._view.bound
        named = Tree("local" if local else "definition", node.name.value, (), node.name, False)
        if isinstance(node, cst.FunctionDef):
            rest = [self.lift(node.params), self.lift(node.body), *map(self.lift, node.decorators)]
        else:
            rest = [*map(self._argument, (*node.bases, *node.keywords)), self.lift(node.body)]
            rest += map(self.lift, node.decorators)
        return Tree(type(node).__name__, "", (named, *rest), node, False)

    def _suite(self, node: cst.Module | cst.IndentedBlock | cst.SimpleStatementSuite) -> Tree:
        kids = [self.lift(s) for n, s in enumerate(node.body) if not _is_import(s) and not (n == 0 and _is_text(s))]
        return Tree("suite", "", tuple(kids), node, False)

    def _product(self, node: cst.BinaryOperation) -> Tree:
        """A product, whose factors have no order if nothing is called in them."""
        factors = [self.lift(node.left), self.lift(node.right)]
        if not any(t.kind == "Call" for factor in factors for t in factor.walk()):
            factors.sort(key=lambda t: t.kind)
        return Tree("Product", "", (*factors, self.lift(node.operator)), node, True)

    def _any(self, node: cst.CSTNode, is_target: bool) -> Tree:
        kids: list[Tree] = []
        plain: list[str] = []
        shape = _SHAPES[type(node)]
        if isinstance(node, cst.Slice):
            plain.append(f"{node.lower is None} {node.upper is None}")  # `x[:n]` is not `x[n:]`
        keeps = is_target and shape.unpacks
        for field in shape.fields:
            value = getattr(node, field)
            kind = _KINDS[type(value)]
            if kind == "node":
                kids.append(self.lift(value, keeps or field == shape.target or shape.discards))
            elif kind == "row":
                kids.extend([self.lift(v, keeps) for v in value if _KINDS[type(v)] == "node"])
                plain.append(f"{field}{len(value)}")
            elif kind == "plain":
                plain.append(str(value))
        return Tree(shape.name, " ".join(plain), tuple(kids), node, shape.is_value and not is_target)


class _Shape(NamedTuple):
    """What there is to know of a type of node."""

    name: str
    fields: tuple[str, ...]
    target: str | None
    unpacks: bool
    discards: bool
    is_value: bool


class _Shapes(dict[type[cst.CSTNode], _Shape]):
    def __missing__(self, kind: type[cst.CSTNode]) -> _Shape:
        named = (f for f in kind.__dataclass_fields__ if f not in _SKIPPED and not f.startswith("whitespace"))
        unpacks = issubclass(kind, cst.Tuple | cst.List | cst.Element | cst.StarredElement)
        is_value = issubclass(kind, cst.BaseExpression) and not issubclass(kind, _PARTS)
        target = _TARGETS.get(kind)
        shape = _Shape(kind.__name__, tuple(named), target, unpacks, issubclass(kind, _WHOLE), is_value)
        self[kind] = shape
        return shape


class _Kinds(dict[type[object], str]):
    """What a field's value is by its type: node, row, plain, or layout, which says nothing."""

    def __missing__(self, kind: type[object]) -> str:
        if kind is type(None) or issubclass(kind, _LAYOUT):
            found = "layout"
        elif issubclass(kind, cst.CSTNode):
            found = "node"
        else:
            found = "row" if issubclass(kind, list | tuple) else "plain"
        self[kind] = found
        return found


_WHOLE = (cst.Expr, cst.ConcatenatedString)  # what stands in them cannot be another expression
_PARTS = (cst.StarredElement, cst.StarredDictElement)


_SHAPES = _Shapes()
_KINDS = _Kinds()


def _is_import(statement: cst.CSTNode) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    return all(isinstance(part, cst.Import | cst.ImportFrom) for part in statement.body)


def _is_text(statement: cst.CSTNode) -> bool:
    """Whether a statement is only a text, as a docstring is."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return False
    part = statement.body[0]
    return isinstance(part, cst.Expr) and isinstance(part.value, cst.SimpleString | cst.ConcatenatedString)
