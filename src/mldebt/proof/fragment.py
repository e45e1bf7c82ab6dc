"""One top-level statement on its concrete tree, and the same without some definitions and imports."""

from __future__ import annotations

from typing import NamedTuple

import libcst as cst

from mldebt.errors import Unreadable


class Fragment(NamedTuple):
    """A statement's text, and what goes: ("definition" or "import", its name, the how-manieth of that name)."""

    text: str
    marks: tuple[tuple[str, str, int], ...]


def rewrite(fragment: Fragment) -> str:
    """The text without what is marked; an emptied block gets `pass`, comments that belong elsewhere stay."""
    try:
        tree = cst.parse_module(fragment.text)
    except (cst.ParserSyntaxError, RecursionError) as error:
        raise Unreadable(f"libcst does not read it: {type(error).__name__}", "unparsable") from error
    finder = _Finder(fragment.marks)
    tree.visit(finder)
    return tree.visit(_Remover(finder.definitions, finder.aliases)).code


class _Finder(cst.CSTVisitor):
    """Finds the marked nodes by counting names in source order."""

    def __init__(self, marks: tuple[tuple[str, str, int], ...]) -> None:
        super().__init__()
        self._marks = set(marks)
        self._seen: dict[tuple[str, str], int] = {}
        self.definitions: set[cst.CSTNode] = set()
        self.aliases: set[cst.CSTNode] = set()

    def _is_marked(self, kind: str, name: str) -> bool:
        count = self._seen.get((kind, name), 0)
        self._seen[kind, name] = count + 1
        return (kind, name, count) in self._marks

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        if self._is_marked("definition", node.name.value):
            self.definitions.add(node)

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        if self._is_marked("definition", node.name.value):
            self.definitions.add(node)

    def visit_ImportAlias(self, node: cst.ImportAlias) -> None:
        if self._is_marked("import", _bound(node)):
            self.aliases.add(node)


def _bound(alias: cst.ImportAlias) -> str:
    if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    name: cst.BaseExpression = alias.name
    while isinstance(name, cst.Attribute):
        name = name.value
    return name.value if isinstance(name, cst.Name) else ""


class _Remover(cst.CSTTransformer):
    """Takes the marked nodes out; a line whose last import goes, goes too."""

    def __init__(self, definitions: set[cst.CSTNode], aliases: set[cst.CSTNode]) -> None:
        super().__init__()
        self._gone = set(definitions)
        self._aliases = aliases

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:
        names = self._left(original_node.names, updated_node.names)
        if not names:
            self._gone.add(original_node)
            return updated_node
        return updated_node.with_changes(names=names)

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
        if isinstance(original_node.names, cst.ImportStar) or isinstance(updated_node.names, cst.ImportStar):
            return updated_node
        names = self._left(original_node.names, updated_node.names)
        if not names:
            self._gone.add(original_node)
            return updated_node
        return updated_node.with_changes(names=names)

    def _left(self, before: object, after: object) -> list[cst.ImportAlias]:
        pairs = zip(before, after, strict=True)  # type: ignore[call-overload]  # both are sequences of aliases
        kept = [new for old, new in pairs if old not in self._aliases]
        if kept and len(kept) < len(before):  # type: ignore[arg-type]
            kept[-1] = kept[-1].with_changes(comma=after[-1].comma)  # type: ignore[index]
        return kept

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        pairs = list(zip(original_node.body, updated_node.body, strict=True))
        kept = [new for old, new in pairs if old not in self._gone]
        if not kept:
            self._gone.add(original_node)
            return updated_node
        if len(kept) < len(pairs):
            kept[-1] = kept[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
            return updated_node.with_changes(body=kept)
        return updated_node

    def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> cst.IndentedBlock:
        body, rest = self._thinned(original_node.body, updated_node.body)
        return updated_node.with_changes(body=body, footer=[*rest, *updated_node.footer])

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        body, _ = self._thinned(original_node.body, updated_node.body)
        return updated_node.with_changes(body=body) if body else cst.Module([])

    def _thinned(self, before: object, after: object) -> tuple[list[cst.CSTNode], list[cst.EmptyLine]]:
        """The statements that stay; lines above a removed one that are not its own go to the next."""
        kept: list[cst.CSTNode] = []
        carried: list[cst.EmptyLine] = []
        for old, new in zip(before, after, strict=True):  # type: ignore[call-overload]  # both are statement sequences
            if old in self._gone:
                carried = [*carried, *_not_its_own(old)]
                continue
            if carried:
                new = new.with_changes(leading_lines=[*carried, *_without_blanks(new.leading_lines, carried)])
                carried = []
            kept.append(new)
        return kept, carried


def _not_its_own(statement: cst.CSTNode) -> list[cst.EmptyLine]:
    """The lines above a statement up to its own comment block."""
    lines = list(getattr(statement, "leading_lines", ()))
    last_blank = max((i for i, line in enumerate(lines) if line.comment is None), default=-1)
    return lines[: last_blank + 1] if any(line.comment for line in lines[: last_blank + 1]) else []


def _without_blanks(lines: object, carried: list[cst.EmptyLine]) -> list[cst.EmptyLine]:
    """The lines, without leading blank ones if what is carried already ends in a blank."""
    kept: list[cst.EmptyLine] = list(lines)  # type: ignore[call-overload]  # a sequence of lines
    while kept and kept[0].comment is None and carried[-1].comment is None:
        kept = kept[1:]
    return kept
