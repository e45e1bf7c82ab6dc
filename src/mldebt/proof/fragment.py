"""Lists without some of their items, on the concrete tree: brackets, layout and comments stay as they were."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence, Set
from itertools import count
from typing import TypeVar

import libcst as cst

from mldebt.errors import Unreadable
from mldebt.facts.syntax import parse

_DEEPEST = 500  # libcst's time grows with the square of the depth, and at some 6,000 its stack overflows
_WRAP = "if 1:\n"  # makes an indented piece a module of its own
Item = TypeVar("Item", cst.ImportAlias, cst.BaseElement)
Small = cst.BaseSmallStatement


def without_aliases(text: str, gone: Set[int]) -> str:
    """A line of imports without some of their names, counted from 0 over all of the line; empty if nothing is left.

    Raises Unreadable if the line is part of a compound statement.
    """
    numbers = count()
    return _rewritten(text, lambda part: _fewer_imports(part, numbers, gone))


def without_entries(text: str, names: Set[str]) -> str:
    """A statement that lists names in `__all__` without some of them; empty if nothing is left.

    Raises Unreadable if it names one of them otherwise than in a list, a tuple or alone.
    """
    new = _rewritten(text, lambda part: _fewer_entries(part, names))
    if any(value in names for value in _strings(cst.parse_module(new))):
        raise Unreadable("`__all__` is put together in a way that is not understood", "unparsable")
    return new


def _rewritten(text: str, change: Callable[[Small], Small | None]) -> str:
    body = _statements(text)
    if len(body) != 1 or not isinstance(body[0], cst.SimpleStatementLine):
        raise Unreadable("the statement shares its line with other code", "unparsable")
    line = body[0]
    kept = [new for part in line.body if (new := change(part)) is not None]
    if not kept:
        return ""
    if len(kept) < len(line.body):
        kept[-1] = kept[-1].with_changes(semicolon=line.body[-1].semicolon)
    indent = text[: len(text) - len(text.lstrip(" \t"))]
    return indent + cst.Module([]).code_for_node(line.with_changes(body=kept, leading_lines=[]))


def _statements(text: str) -> Sequence[cst.BaseStatement | Small]:
    code = (line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#"))
    indented = next(code, "").startswith((" ", "\t"))
    text = _WRAP + text if indented else text
    if _is_too_deep(text):
        raise Unreadable("nested too deep to take apart", "unparsable")
    try:
        tree = cst.parse_module(text)
    except (cst.ParserSyntaxError, RecursionError) as error:
        raise Unreadable(f"libcst does not read it: {type(error).__name__}", "unparsable") from error
    if not indented:
        return tree.body
    block = tree.body[0]
    return block.body.body if len(tree.body) == 1 and isinstance(block, cst.If) else []


def _is_too_deep(text: str) -> bool:
    """Whether nodes are nested deeper than is taken; a level needs two characters at least."""
    if len(text) < 2 * _DEEPEST:
        return False
    level: list[ast.AST] = [parse(text)]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        dotted = (getattr(node, "module", None) or getattr(node, "name", None) or "" for node in level)
        if any(name.count(".") > _DEEPEST for name in dotted if isinstance(name, str)):
            return True
    return bool(level)


def _fewer_imports(part: Small, numbers: Iterator[int], gone: Set[int]) -> Small | None:
    if not isinstance(part, cst.Import | cst.ImportFrom):
        return part
    if isinstance(part.names, cst.ImportStar):
        next(numbers)
        return part
    kept = [next(numbers) not in gone for _ in part.names]
    if not any(kept):
        return None
    names, rest = _fewer(part.names, kept)
    if isinstance(part, cst.ImportFrom) and part.rpar is not None and rest is not None:
        part = part.with_changes(rpar=part.rpar.with_changes(whitespace_before=rest))
    return part.with_changes(names=names)


def _fewer_entries(part: Small, names: Set[str]) -> Small | None:
    if isinstance(part, cst.Expr) and isinstance(part.value, cst.Call):
        arguments = [_fewer_in(argument.value, names) for argument in part.value.args]
        if any(isinstance(a, cst.SimpleString) and a.evaluated_value in names for a in arguments):
            return None
        given = [old.with_changes(value=new) for old, new in zip(part.value.args, arguments, strict=True)]
        return part.with_changes(value=part.value.with_changes(args=given))
    if isinstance(part, cst.Assign | cst.AnnAssign | cst.AugAssign) and part.value is not None:
        return part.with_changes(value=_fewer_in(part.value, names))
    return part


def _fewer_in(value: cst.BaseExpression, names: Set[str]) -> cst.BaseExpression:
    if isinstance(value, cst.BinaryOperation):
        return value.with_changes(left=_fewer_in(value.left, names), right=_fewer_in(value.right, names))
    if not isinstance(value, cst.List | cst.Tuple):
        return value
    kept = [not (isinstance(e.value, cst.SimpleString) and e.value.evaluated_value in names) for e in value.elements]
    elements, rest = _fewer(value.elements, kept)
    bracket = value.rbracket if isinstance(value, cst.List) else value.rpar[-1] if value.rpar else None
    if bracket is None:
        return value if all(kept) else cst.Tuple([]) if not elements else value.with_changes(elements=elements)
    bracket = bracket if rest is None else bracket.with_changes(whitespace_before=rest)
    if isinstance(value, cst.List):
        return value.with_changes(elements=elements, rbracket=bracket)
    return value.with_changes(elements=elements, rpar=[*value.rpar[:-1], bracket])


def _fewer(items: Sequence[Item], kept: Sequence[bool]) -> tuple[list[Item], cst.BaseParenthesizableWhitespace | None]:
    """The items that stay, and what has to stand before the closing bracket if that changes.

    The last item's comma, or its want of one, passes to the new last item, whose comment stays behind it.
    """
    left = [item for item, stays in zip(items, kept, strict=True) if stays]
    if not left or kept[-1]:
        return left, None
    own, last = left[-1].comma, items[-1].comma
    comment = own.whitespace_after if isinstance(own, cst.Comma) else None
    rest = None
    if isinstance(comment, cst.ParenthesizedWhitespace) and comment.first_line.comment is not None:
        space = last.whitespace_after if isinstance(last, cst.Comma) else None
        if isinstance(last, cst.Comma) and isinstance(space, cst.ParenthesizedWhitespace):
            last = last.with_changes(whitespace_after=space.with_changes(first_line=comment.first_line))
        else:
            rest = comment.with_changes(last_line=cst.SimpleWhitespace(""))
    left[-1] = left[-1].with_changes(comma=last)
    return left, rest


def _strings(node: cst.CSTNode) -> Iterator[str | bytes]:
    if isinstance(node, cst.SimpleString):
        yield node.evaluated_value
    for child in node.children:
        yield from _strings(child)
