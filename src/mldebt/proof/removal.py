"""The proof that something can go: it is taken out of the concrete tree, and the rest must stand.

Only the top-level statement around it is parsed with libcst; the result must parse as a whole, and no name that was
bound before may be unbound after. What only the removed code imported goes with it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from difflib import unified_diff

import msgspec

from mldebt.errors import Unreadable
from mldebt.facts.bindings import imports, reads
from mldebt.facts.definitions import Owners
from mldebt.facts.syntax import DefinitionNode, Module
from mldebt.model import Code, Import, Removal

_MOST_PASSES = 5  # imports that go because imports went; one pass is the rule, two the exception


class Patched(msgspec.Struct, frozen=True):
    """It can go: `diff` holds unified hunks without the file's header; `safe` if no statement with effects goes."""

    diff: str
    safe: bool = True


class Refused(msgspec.Struct, frozen=True):
    """It cannot go, or nobody can tell."""

    why: str


def prove(text: str, removals: Sequence[Removal]) -> list[Patched | Refused]:
    """Carry out each removal on its own, in the order given."""
    try:
        before = Module(Code(text))
    except Unreadable as error:
        return [Refused(f"the file does not parse: {error}")] * len(removals)
    return [_prove(before, removal) for removal in removals]


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


def _prove(before: Module, removal: Removal) -> Patched | Refused:
    nodes: list[ast.AST] = []
    for wanted in (removal, *removal.also):
        node = _find(before, wanted)
        if node is None:
            return Refused(f"`{wanted.name}` is not at line {wanted.at.line}")
        nodes.append(node)
    try:
        text = _without(before, nodes)
        after = Module(Code(text))
        for _ in range(_MOST_PASSES):
            idle = list(_newly_idle(before, after))
            if not idle:
                break
            text = _without(after, idle)
            after = Module(Code(text))
    except Unreadable as error:
        return Refused(f"what is left does not parse: {error}")
    lost = sorted(_unbound(after) - _unbound(before))
    if lost:
        return Refused(f"`{lost[0]}` would be unbound")
    return Patched(_hunks(before.code.text, text), safe=not any(_has_effect(node) for node in nodes))


def _find(module: Module, removal: Removal) -> ast.AST | None:
    if removal.kind == "import":
        aliases = (a for a in module.of(ast.alias) if a.lineno == removal.at.line)
        return next((a for a in aliases if _bound(module, a) == removal.name), None)
    named = (*module.functions, *module.of(ast.ClassDef))
    return next((n for n in named if n.lineno == removal.at.line and n.name == removal.name), None)


def _bound(module: Module, alias: ast.alias) -> str:
    if alias.asname:
        return alias.asname
    return alias.name if isinstance(module.parent(alias), ast.ImportFrom) else alias.name.partition(".")[0]


def _unbound(module: Module) -> set[str]:
    """The names that are read where no scope of the module binds them, and the exports nothing binds."""
    names = {read.name for scope in module.scopes for read in scope.reads if scope.resolve(read.name) is None}
    for scope in module.scopes:
        names.update(name for name, how in scope.foreign.items() if how == "global" and name not in module.top.bindings)
    return names


def _newly_idle(before: Module, after: Module) -> Iterator[ast.AST]:
    """The imports that were read before the removal and are not after it."""
    used_before = {(i.bound, i.module, i.name) for i in _imports(before) if i.used}
    idle = {(i.bound, i.at.line) for i in _imports(after) if not i.used and not i.quiet and (i.bound, i.module, i.name) in used_before}
    for alias in after.of(ast.alias):
        if (_bound(after, alias), alias.lineno) in idle and after.scope(alias).kind == "module":
            yield alias


def _imports(module: Module) -> tuple[Import, ...]:
    return imports(module, Owners(module), reads(module))


def _has_effect(node: ast.AST) -> bool:
    """Whether what goes did something when it was reached: decorators may register, an import runs a module."""
    return isinstance(node, DefinitionNode) and bool(node.decorator_list)


def _without(module: Module, nodes: list[ast.AST]) -> str:
    """The text without these nodes; each top-level statement that holds some is rewritten on its concrete tree."""
    from mldebt.proof.fragment import Fragment, rewrite

    lines = module.code.text.split("\n")
    holders: dict[int, list[ast.AST]] = {}
    for node in nodes:
        holders.setdefault(_top_index(module, node), []).append(node)
    for index in sorted(holders, reverse=True):
        statement = module.tree.body[index]
        first = _head(lines, statement)
        last = statement.end_lineno or statement.lineno
        marks = [_mark(module, statement, node) for node in holders[index]]
        new = rewrite(Fragment("\n".join(lines[first - 1 : last]) + "\n", tuple(marks)))
        lines[first - 1 : last] = new.removesuffix("\n").split("\n") if new.strip() else []
        if not new.strip():
            _close_gap(lines, first - 1)
    return "\n".join(lines)


def _top_index(module: Module, node: ast.AST) -> int:
    chain = [node, *module.ancestors(node)]
    return module.tree.body.index(chain[-2])  # type: ignore[arg-type]  # what lies under the module is a statement


def _head(lines: list[str], statement: ast.stmt) -> int:
    """The first line of a statement: its decorators, and the comments right above."""
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(d.lineno for d in decorators)])
    while first > 1 and lines[first - 2].startswith("#") and not lines[first - 2].startswith("#!"):
        first -= 1
    return first


def _mark(module: Module, statement: ast.stmt, node: ast.AST) -> tuple[str, str, int]:
    """How the fragment's concrete tree knows the node: what it is, its name, and the how-manieth of that name."""
    if isinstance(node, ast.alias):
        name = _bound(module, node)
        alike = [a for a in ast.walk(statement) if isinstance(a, ast.alias) and _bound(module, a) == name]
        return "import", name, sorted(alike, key=lambda a: (a.lineno, a.col_offset)).index(node)
    assert isinstance(node, DefinitionNode), "only imports and definitions are removed"
    named = [d for d in ast.walk(statement) if isinstance(d, DefinitionNode) and d.name == node.name]
    return "definition", node.name, sorted(named, key=lambda d: d.lineno).index(node)


def _close_gap(lines: list[str], at: int) -> None:
    """Of the blank lines before and after a gap, keep the longer run."""
    above = below = 0
    while at - above > 0 and not lines[at - above - 1].strip():
        above += 1
    while at + below < len(lines) and not lines[at + below].strip():
        below += 1
    keep = 0 if at - above == 0 else max(above, below)
    if at + below >= len(lines):
        keep = 1 if above + below else 0
    lines[at - above : at + below] = [""] * keep


def _hunks(before: str, after: str) -> str:
    rows = list(unified_diff(_ended(before), _ended(after), n=3))
    return "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows[2:])


def _ended(text: str) -> list[str]:
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]
