"""The proof that something can go: it is taken out of the concrete tree, and the rest must stand.

Only the top-level statements around it are parsed with libcst. What is left of each must parse, and no name that is
read elsewhere may lose its binding. Imports that only the removed code read go with it.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from mldebt.errors import Unreadable
from mldebt.facts.bindings import exports, imports, reads
from mldebt.facts.definitions import Owners
from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import DefinitionNode, Module, parse
from mldebt.model import Code, Removal
from mldebt.proof.patch import Edit, hunks


class Patched(msgspec.Struct, frozen=True):
    """It can go: `diff` holds unified hunks without the file's header; `safe` if nothing with an effect goes."""

    diff: str
    safe: bool = True


class Refused(msgspec.Struct, frozen=True):
    """It cannot go, or nobody can tell."""

    why: str


def prove(text: str, removals: Sequence[Removal]) -> list[Patched | Refused]:
    """Carry out each removal on its own, in the order given."""
    try:
        source = _Source(Module(Code(text)))
    except Unreadable as error:
        return [Refused(f"the file does not parse: {error}")] * len(removals)
    return [_prove(source, removal) for removal in removals]


def prove_code(code: Code, removals: Sequence[Removal]) -> list[Patched | Refused]:
    """As `prove`, for a notebook's joined code; its patches are empty, since the file is JSON."""
    firsts = {cell.number: cell.first for cell in code.cells}
    moved = [_in_text(removal, firsts) for removal in removals]
    return [Patched("") if isinstance(o, Patched) else o for o in prove(code.text, moved)]


def _in_text(removal: Removal, firsts: dict[int, int]) -> Removal:
    at = removal.at
    shift = firsts.get(at.cell or 0, 1) - 1
    place = msgspec.structs.replace(at, line=at.line + shift, end_line=at.end_line + shift, cell=None)
    also = tuple(_in_text(other, firsts) for other in removal.also)
    return Removal(removal.kind, removal.name, place, also)


def _prove(source: _Source, removal: Removal) -> Patched | Refused:
    nodes: list[ast.AST] = []
    for wanted in (removal, *removal.also):
        node = source.find(wanted)
        if node is None:
            return Refused(f"`{wanted.name}` is not at line {wanted.at.line}")
        nodes.append(node)
    while (needed := source.needed_beside(nodes)) is not None:
        if needed is nodes[0]:
            return Refused(f"`{removal.name}` would be unbound")
        nodes.remove(needed)
    whole = [*nodes, *source.idle_without(nodes)]
    try:
        edits = list(_edits(source.module, whole))
    except Unreadable as error:
        return Refused(f"what is left does not parse: {error}")
    return Patched(hunks(source.module.lines, edits), safe=not any(_has_effect(node) for node in nodes))


class _Source:
    """A module, with who reads which binding where."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._read_at: dict[tuple[Scope, str], list[int]] = defaultdict(list)
        for scope in module.scopes:
            for read in scope.reads:
                home = scope.resolve(read.name)
                if home is not None:
                    self._read_at[home, read.name].append(read.node.lineno)  # type: ignore[attr-defined]  # an expression
        self._exported = frozenset(exports(module) or ())
        found = imports(module, Owners(module), reads(module))
        self._used = {(item.bound, item.at.line) for item in found if item.used and not item.quiet}

    def find(self, removal: Removal) -> ast.AST | None:
        """The node that a removal speaks of."""
        line = removal.at.line
        if removal.kind == "import":
            aliases = (a for a in self.module.of(ast.alias) if a.lineno == line)
            return next((a for a in aliases if bound_by(self.module, a) == removal.name), None)
        named = (*self.module.functions, *self.module.of(ast.ClassDef))
        return next((n for n in named if n.lineno == line and n.name == removal.name), None)

    def needed_beside(self, nodes: list[ast.AST]) -> ast.AST | None:
        """One of the nodes whose name something outside them reads; its binding would be gone or doubtful."""
        spans = [_span(node) for node in nodes]
        for node in nodes:
            name = bound_by(self.module, node) if isinstance(node, ast.alias) else node.name  # type: ignore[attr-defined]
            home = self.module.scope(node)
            if home.foreign.get(name) == "global":
                home = home.root()
            if home is self.module.top and name in self._exported:
                return node
            if self._is_again(node, home, name):
                continue
            if any(not _inside(line, spans) for line in self._read_at.get((home, name), ())):
                return node
        return None

    def _is_again(self, node: ast.AST, home: Scope, name: str) -> bool:
        """Whether an import only repeats an earlier one of the same thing in the same block."""
        statement = self.module.parent(node)
        block = self.module.parent(statement) if statement is not None else None
        for other in home.bindings.get(name, ()) if isinstance(node, ast.alias) else ():
            earlier = self.module.parent(other)
            same = isinstance(other, ast.alias) and _target(self.module, other) == _target(self.module, node)
            if same and other is not node and earlier is not None and self.module.parent(earlier) is block:
                return other.lineno <= node.lineno  # type: ignore[attr-defined]  # both are aliases
        return False

    def idle_without(self, nodes: list[ast.AST]) -> Iterator[ast.AST]:
        """The imports at the top that only the nodes read."""
        spans = [_span(node) for node in nodes]
        for alias in self.module.of(ast.alias):
            name = bound_by(self.module, alias)
            if alias in nodes or (name, alias.lineno) not in self._used or self.module.scope(alias) is not self.module.top:
                continue
            lines = self._read_at.get((self.module.top, name), [])
            if lines and name not in self._exported and all(_inside(line, spans) for line in lines):
                yield alias


def bound_by(module: Module, alias: ast.alias) -> str:
    """The name that an alias of an import statement binds."""
    if alias.asname:
        return alias.asname
    return alias.name if isinstance(module.parent(alias), ast.ImportFrom) else alias.name.partition(".")[0]


def _target(module: Module, alias: ast.AST) -> tuple[str, str, int]:
    statement = module.parent(alias)
    name: str = alias.name  # type: ignore[attr-defined]  # an alias
    return (statement.module or "", name, statement.level) if isinstance(statement, ast.ImportFrom) else (name, "", -1)


def _span(node: ast.AST) -> tuple[int, int]:
    """The lines of a node, a definition's decorators included."""
    first: int = node.lineno  # type: ignore[attr-defined]  # a definition or an alias
    decorators = getattr(node, "decorator_list", [])
    return min([first, *(d.lineno for d in decorators)]), node.end_lineno  # type: ignore[attr-defined]


def _inside(line: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= line <= last for first, last in spans)


def _has_effect(node: ast.AST) -> bool:
    """Whether a decorator that goes may have registered what it decorates."""
    return isinstance(node, DefinitionNode) and bool(node.decorator_list)


def _edits(module: Module, nodes: list[ast.AST]) -> Iterator[Edit]:
    """The lines that go or change; raises Unreadable if a top-level statement does not parse any more."""
    bodies = _emptied(module, nodes)
    lines_of: dict[ast.AST, list[Edit]] = defaultdict(list)
    statements: dict[ast.AST, list[str]] = defaultdict(list)
    for node in nodes:
        if isinstance(node, ast.alias):
            statements[_statement(module, node)].append(bound_by(module, node))
        else:
            lines_of[_top(module, node)].append(_definition_edit(module, node, node in bodies))
    for statement, names in statements.items():
        lines_of[_top(module, statement)].append(_import_edit(module, statement, names, statement in bodies))
    for top, edits in lines_of.items():
        if len(edits) > 1 or top not in (*nodes, *statements):
            parse(_applied(module.lines, top, edits))
        yield from edits


def _top(module: Module, node: ast.AST) -> ast.AST:
    return [node, *module.ancestors(node)][-2]


def _statement(module: Module, alias: ast.alias) -> ast.AST:
    statement = module.parent(alias)
    assert statement is not None, "an alias stands in an import statement"
    return statement


def _emptied(module: Module, nodes: list[ast.AST]) -> set[ast.AST]:
    """Of each block that loses all its statements the first: `pass` goes there."""
    going = {_statement(module, n) if isinstance(n, ast.alias) else n for n in nodes}
    firsts: set[ast.AST] = set()
    for statement in going:
        holder = module.parent(statement)
        for field in ("body", "orelse", "finalbody") if not isinstance(holder, ast.Module) else ():
            block = getattr(holder, field, None)
            if isinstance(block, list) and statement in block and all(other in going for other in block):
                firsts.add(block[0])
    return firsts


def _definition_edit(module: Module, node: ast.AST, emptied: bool) -> Edit:
    from mldebt.proof.fragment import is_one_definition

    first, last = _span(node)
    head = _head(module.lines, first)
    if not is_one_definition("\n".join(module.lines[head - 1 : last]) + "\n", node.name):  # type: ignore[attr-defined]
        raise Unreadable("the definition shares its lines with other code", "unparsable")
    return _cut(module.lines, head - 1, last, emptied)


def _import_edit(module: Module, statement: ast.AST, names: list[str], emptied: bool) -> Edit:
    from mldebt.proof.fragment import without_names

    first, last = _span(statement)
    new = without_names("\n".join(module.lines[first - 1 : last]) + "\n", names)
    if new:
        return Edit(first - 1, last, new.removesuffix("\n").split("\n"))
    return _cut(module.lines, first - 1, last, emptied)


def _applied(lines: list[str], top: ast.AST, edits: list[Edit]) -> str:
    first, last = _span(top)
    text = lines[: max(last, *(edit.last for edit in edits))]
    for edit in sorted(edits, reverse=True):
        text[edit.first : edit.last] = edit.new
    return "\n".join(text[min(first - 1, *(edit.first for edit in edits)) :]) + "\n"


def _head(lines: list[str], first: int) -> int:
    """The first line of the comment block right above a statement, or the statement's own."""
    while first > 1 and lines[first - 2].lstrip().startswith("#") and not lines[first - 2].lstrip().startswith(_NOT_ITS_OWN):
        first -= 1
    return first


_NOT_ITS_OWN = ("#!", "# %%", "# mldebt: ignore-file", "# -*-")


def _cut(lines: list[str], first: int, last: int, emptied: bool) -> Edit:
    """Lines that go, and of the blank lines around them the shorter run; or `pass` in their place."""
    indent = _indent(lines[first])
    if emptied:
        return Edit(first, last, [f"{indent}pass"])
    above = below = 0
    while first - above > 0 and not lines[first - above - 1].strip():
        above += 1
    while last + below < len(lines) - 1 and not lines[last + below].strip():
        below += 1
    if first - above == 0 or last + below >= len(lines) - 1:
        return Edit(first - above, last + below, [])
    ends_block = len(_indent(lines[last + below])) < len(indent)
    begins_block = len(_indent(lines[first - above - 1])) < len(indent)
    keep = below if ends_block else above if begins_block else max(above, below)
    return Edit(first - above, last + below, [""] * keep)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
