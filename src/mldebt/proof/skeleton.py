"""A plan → the shared code as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeGuard

import libcst as cst

from mldebt.proof.imports import imports_of
from mldebt.proof.piece import Piece
from mldebt.proof.plan import Choice, Parameter, Plan
from mldebt.proof.tree import Tree

BLANK = cst.EmptyLine(indent=False)


class Skeleton(NamedTuple):
    """The shared code: its imports, the definition with its head as one line, and the names that move along with it."""

    imports: tuple[str, ...]
    code: str
    signature: str
    along: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it, as a module would have it."""
        head = [*self.imports, *([f"# moves along: {', '.join(self.along)}"] if self.along else [])]
        return "\n".join([*head, *(["", ""] if head else []), self.code])


class Form(NamedTuple):
    """What the shared code is written as.

    `kind` is function, constructor (its parameters are those of a class's `__init__`), method (its parameters are
    attributes and methods that subclasses give), block, step (a block as a method) or definitions. `name` is the
    function's, `owner` the class's that a method stands in, with its `bases`; `me` is what a method calls its object.
    `reads` are the places of a class where parameters of its `__init__` are read later, so that they have to be stored.
    """

    kind: str
    name: str
    owner: str = ""
    bases: str = ""
    me: str = ""
    reads: tuple[tuple[Tree, str], ...] = ()

    @property
    def stored(self) -> list[str]:
        """The parameters that the `__init__` of a class has to store, by name."""
        return sorted({name for _, name in self.reads})


def write(pieces: Sequence[Piece], module: cst.Module, plan: Plan, form: Form) -> Skeleton:
    """The shared code as the first member writes it; `module` is the tree of that member's text."""
    piece = pieces[0]
    filled = module.visit(_Filling(plan, form))
    body: list[cst.CSTNode] = [s for s in filled.body if not _is_import(s)]
    body[0] = _tight(body[0])
    writer = cst.Module([], default_indent=piece.indent)
    given = [p.name for p in plan.parameters]
    match form.kind:
        case "definitions":
            code = writer.code_for_node(cst.Module(body))  # type: ignore[arg-type]  # statements
            moved = along(pieces, code, given)
            return Skeleton(imports_of(pieces, code, given), code, ", ".join(_defined(body)), moved)
        case "block" | "step":
            definition: cst.FunctionDef | cst.ClassDef = _function(body, plan, form)
        case _:
            definition = _one(body[0])
    if isinstance(definition, cst.ClassDef):
        definition = _constructed(definition, plan, form)
    elif form.kind in ("function", "constructor"):
        definition = definition.with_changes(params=_added(definition.params, plan.parameters))
    head = _head(writer, definition)
    if plan.results:
        head += f" -> {', '.join(plan.results)}"
    if form.owner and isinstance(definition, cst.FunctionDef):
        definition = _in_class(definition, form)
        head = f"class {form.owner}: {head}"
    code = writer.code_for_node(definition)
    return Skeleton(imports_of(pieces, code, given), code, head, along(pieces, code, given))


def _one(statement: cst.CSTNode) -> cst.FunctionDef | cst.ClassDef:
    if isinstance(statement, cst.ClassDef):
        return statement
    return cst.ensure_type(statement, cst.FunctionDef)


def _function(body: Sequence[cst.CSTNode], plan: Plan, form: Form) -> cst.FunctionDef:
    """A run of statements as a function that returns its results."""
    names = [p.name for p in plan.parameters if p.name != form.me]
    head = f"def {form.name}({', '.join([form.me, *names] if form.kind == 'step' else names)}):\n    pass\n"
    last = [cst.parse_statement(f"return {', '.join(plan.results)}\n")] if plan.results else []
    block = cst.IndentedBlock([*body, *last])  # type: ignore[list-item]  # statements
    return cst.ensure_type(cst.parse_statement(head), cst.FunctionDef).with_changes(body=block)


def _in_class(method: cst.FunctionDef, form: Form) -> cst.ClassDef:
    bases = f"({form.bases})" if form.bases else ""
    around = cst.ensure_type(cst.parse_statement(f"class {form.owner}{bases}:\n    pass\n"), cst.ClassDef)
    return around.with_changes(body=cst.IndentedBlock([method.with_changes(leading_lines=[])]))


def _constructed(definition: cst.ClassDef, plan: Plan, form: Form) -> cst.ClassDef:
    """A class whose `__init__` takes the plan's parameters."""
    stores = [cst.parse_statement(f"{form.me}.{name} = {name}\n") for name in form.stored]
    body: list[cst.CSTNode] = []
    for statement in definition.body.body:
        if _is_constructor(statement):
            inner = statement.body.with_changes(body=[*statement.body.body, *stores])
            statement = statement.with_changes(params=_added(statement.params, plan.parameters), body=inner)
        body.append(statement)
    return definition.with_changes(body=definition.body.with_changes(body=body))


def _is_constructor(statement: cst.CSTNode) -> TypeGuard[cst.FunctionDef]:
    return isinstance(statement, cst.FunctionDef) and statement.name.value == "__init__"


def _defined(body: Sequence[cst.CSTNode]) -> list[str]:
    return [s.name.value for s in body if isinstance(s, cst.FunctionDef | cst.ClassDef)]


def along(pieces: Sequence[Piece], code: str, given: Iterable[str] = ()) -> tuple[str, ...]:
    """The definitions and constants that code reads and that stand in each of several files."""
    if len({piece.path for piece in pieces}) == 1:
        return ()
    words = set(re.findall(r"\w+", code)) - set(given)
    read = {o.name for o in (*pieces[0].around, *pieces[0].outer) if o.kind in ("definition", "constant")}
    return tuple(sorted(read & words))


def _head(writer: cst.Module, definition: cst.FunctionDef | cst.ClassDef) -> str:
    """A definition's head in one line, without annotations; a class's has the parameters of its `__init__`."""
    if isinstance(definition, cst.ClassDef):
        inner = next((s for s in definition.body.body if _is_constructor(s)), None)
        given = f"({', '.join(_parameters(writer, inner)[1:])})" if inner is not None else ""
        return f"class {definition.name.value}{given}"
    return f"def {definition.name.value}({', '.join(_parameters(writer, definition))})"


def _parameters(writer: cst.Module, definition: cst.FunctionDef) -> list[str]:
    given = definition.params.visit(_Bare())
    assert isinstance(given, cst.Parameters)  # annotations go, parameters stay
    code = " ".join(writer.code_for_node(given).split()).rstrip(", ")
    return code.split(", ")


class _Bare(cst.CSTTransformer):
    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> cst.Param:
        return updated_node.with_changes(annotation=None)


def _tight(statement: cst.CSTNode) -> cst.CSTNode:
    """A statement without the blank lines above it."""
    if not isinstance(statement, cst.SimpleStatementLine | cst.BaseCompoundStatement):
        return statement
    lines = [line for line in statement.leading_lines if line.comment is not None]
    return statement.with_changes(leading_lines=lines)


def _added(old: cst.Parameters, parameters: Sequence[Parameter]) -> cst.Parameters:
    """A function's own parameters and those that the plan adds; the latter by keyword only where they must be."""
    if not parameters:
        return old
    new = [cst.Param(cst.Name(p.name)) for p in parameters]
    has_defaults = any(p.default is not None for p in old.params)
    if old.kwonly_params or old.star_kwarg or has_defaults or isinstance(old.star_arg, cst.Param):
        old = old.with_changes(params=[p.with_changes(comma=cst.MaybeSentinel.DEFAULT) for p in old.params])
        star = old.star_arg if isinstance(old.star_arg, cst.Param) else cst.ParamStar()
        return old.with_changes(star_arg=star, kwonly_params=[*new, *old.kwonly_params])
    last = [p.with_changes(comma=cst.MaybeSentinel.DEFAULT) for p in old.params[-1:]]
    return old.with_changes(params=[*old.params[:-1], *last, *new])


class _Filling(cst.CSTTransformer):
    """Puts parameters into holes and choices into suites."""

    def __init__(self, plan: Plan, form: Form) -> None:
        super().__init__()
        kinds = {p.name: p for p in plan.parameters}
        self._swaps = {id(tree.node): _use(kinds[name], tree.kind == "text", form) for tree, name in plan.holes}
        self._swaps.update((id(tree.node), _attribute(name, form.me)) for tree, name in form.reads)
        self._form = form
        self._choices: dict[int, list[Choice]] = {}
        for choice in plan.choices:
            self._choices.setdefault(id(choice.suite), []).append(choice)
        self._undefaulted = {id(parameter) for parameter in plan.defaults}

    def on_leave(self, original_node, updated_node):  # type: ignore[no-untyped-def]  # as libcst has it
        """The node that takes the place of one."""
        swap = self._swaps.get(id(original_node))
        if swap is not None:
            return swap
        choices = self._choices.get(id(original_node))
        if choices is not None:
            body = _chosen(original_node.body, updated_node.body, choices, self._form)
            return updated_node.with_changes(body=body)
        if isinstance(original_node, cst.EmptyLine) and original_node.comment is None:
            return BLANK
        if self._form.owner and is_super(original_node):
            return updated_node.with_changes(args=[])  # the class named there is a subclass now
        if isinstance(original_node, cst.Parameters):
            return updated_node.with_changes(params=self._without_defaults(original_node.params, updated_node.params))
        return super().on_leave(original_node, updated_node)

    def _without_defaults(self, old: Sequence[cst.Param], new: Sequence[cst.Param]) -> list[cst.Param]:
        """A parameter whose default goes takes those before it along."""
        last = max((n for n, p in enumerate(old) if id(p) in self._undefaulted), default=-1)
        bare = {"default": None, "equal": cst.MaybeSentinel.DEFAULT}
        return [p.with_changes(**bare) if n <= last else p for n, p in enumerate(new)]


def is_super(node: cst.CSTNode) -> bool:
    """Whether a node is a call of `super`."""
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "super"


def _named(name: str, form: Form) -> cst.BaseExpression:
    """How a parameter is read: as a name, or as an attribute that a subclass gives."""
    return _attribute(name, form.me) if form.kind == "method" else cst.Name(name)


def _attribute(name: str, me: str) -> cst.Attribute:
    return cst.Attribute(cst.Name(me), cst.Name(name))


def _use(parameter: Parameter, in_text: bool, form: Form) -> cst.CSTNode:
    use = _named(parameter.name, form)
    if parameter.kind == "callback":
        taken = [t for t in parameter.takes if form.kind != "method" or t != form.me]
        use = cst.Call(use, [cst.Arg(cst.Name(t)) for t in taken])
    return cst.FormattedStringExpression(use) if in_text else use


def _chosen(
    old: Sequence[cst.CSTNode], new: Sequence[cst.CSTNode], choices: Sequence[Choice], form: Form
) -> list[cst.CSTNode]:
    places = {id(node): number for number, node in enumerate(old)}
    dropped: set[int] = set()
    inserts: dict[int, cst.CSTNode] = {}
    for choice in choices:
        dropped.update(places[id(node)] for node in choice.old)
        before = choice.old[-1] if choice.old else choice.before  # imports among them stay before it
        inserts[len(old) if before is None else places[id(before)]] = _branches(choice, form)
    found: list[cst.CSTNode] = []
    for number in range(len(old) + 1):
        if number in inserts:
            found.append(inserts[number])
        if number < len(old) and number not in dropped:
            found.append(new[number])
    return found


def _branches(choice: Choice, form: Form) -> cst.If:
    orelse = cst.Else(_block(choice.no)) if choice.no else None
    flag = _named(choice.flag, form)
    return cst.If(cst.UnaryOperation(cst.Not(), flag) if choice.negated else flag, _block(choice.yes), orelse)


def _block(statements: Sequence[cst.CSTNode]) -> cst.IndentedBlock:
    return cst.IndentedBlock([_tight(statements[0]), *statements[1:]])  # type: ignore[list-item]  # statements


def _is_import(statement: cst.CSTNode) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    return all(isinstance(part, cst.Import | cst.ImportFrom) for part in statement.body)
