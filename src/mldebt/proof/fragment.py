"""Pieces of source on their concrete trees: what exactly a definition's lines hold, and imports without some names."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from mldebt.errors import Unreadable

_WRAP = "if 1:\n"  # makes an indented piece a module of its own


def is_one_definition(text: str, name: str) -> bool:
    """Whether lines hold one definition of this name and nothing else but comments above it."""
    body = _statements(text)
    return len(body) == 1 and isinstance(body[0], cst.FunctionDef | cst.ClassDef) and body[0].name.value == name


def without_names(text: str, names: Sequence[str]) -> str:
    """A line of imports without those that bind these names; empty if nothing is left.

    Raises Unreadable if the line holds something else than simple statements.
    """
    body = _statements(text)
    if len(body) != 1 or not isinstance(body[0], cst.SimpleStatementLine):
        raise Unreadable("the import shares its line with other code", "unparsable")
    line = body[0]
    kept = [new for part in line.body if (new := _thinned(part, names)) is not None]
    if not kept:
        return ""
    if len(kept) < len(line.body):
        kept[-1] = kept[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
    indent = text[: len(text) - len(text.lstrip(" \t"))]
    return indent + cst.Module([]).code_for_node(line.with_changes(body=kept, leading_lines=[]))


def _statements(text: str) -> Sequence[cst.BaseStatement | cst.BaseSmallStatement]:
    indented = next((line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")), "")[:1] in (" ", "\t")
    try:
        tree = cst.parse_module(_WRAP + text if indented else text)
    except (cst.ParserSyntaxError, RecursionError) as error:
        raise Unreadable(f"libcst does not read it: {type(error).__name__}", "unparsable") from error
    if not indented:
        return tree.body
    block = tree.body[0]
    return block.body.body if len(tree.body) == 1 and isinstance(block, cst.If) else []


def _thinned(part: cst.BaseSmallStatement, names: Sequence[str]) -> cst.BaseSmallStatement | None:
    if not isinstance(part, cst.Import | cst.ImportFrom) or isinstance(part.names, cst.ImportStar):
        return part
    kept = [alias for alias in part.names if _bound(alias, isinstance(part, cst.ImportFrom)) not in names]
    if not kept:
        return None
    if len(kept) < len(part.names):
        kept[-1] = kept[-1].with_changes(comma=_last_comma(kept[-1].comma, part.names[-1].comma))
    return part.with_changes(names=kept)


def _bound(alias: cst.ImportAlias, is_from: bool) -> str:
    if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    name: cst.BaseExpression = alias.name
    while isinstance(name, cst.Attribute) and not is_from:
        name = name.value
    return name.value if isinstance(name, cst.Name) else ""


def _last_comma(own: cst.Comma | cst.MaybeSentinel, last: cst.Comma | cst.MaybeSentinel) -> cst.Comma | cst.MaybeSentinel:
    """The comma before the closing bracket: laid out as the last one was, with the comment of its own line."""
    if isinstance(own, cst.Comma) and isinstance(last, cst.Comma):
        mine, space = own.whitespace_after, last.whitespace_after
        if isinstance(mine, cst.ParenthesizedWhitespace) and isinstance(space, cst.ParenthesizedWhitespace):
            return last.with_changes(whitespace_after=space.with_changes(first_line=mine.first_line))
    return last
