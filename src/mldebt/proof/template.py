"""Classes that differ in some methods: a base class with those that are the same."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from mldebt.model import Suggestion
from mldebt.proof.imports import imports_of
from mldebt.proof.instance import Instance
from mldebt.proof.naming import base_name, bases_of
from mldebt.proof.piece import Piece
from mldebt.proof.plan import Plan
from mldebt.proof.skeleton import BLANK, Form, Skeleton, along, is_super
from mldebt.proof.tree import Tree, lift, view_of
from mldebt.proof.unify import Unifier

_LEAST_SAVED = 3  # lines
_NOTHING = Plan((), (), (), (), ())


def template(pieces: Sequence[Piece], trees: Sequence[Tree]) -> Suggestion | None:
    """A base class with the methods that all classes write alike; None if it would save nothing."""
    methods = [_methods(tree) for tree in trees]
    shared = _shared(pieces, methods)
    if not shared:
        return None
    name = base_name((p.symbol.rpartition(".")[2] for p in pieces), pieces)
    code = _written(name, pieces, [methods[0][n] for n in shared])
    saves = code.strip().count("\n") * (len(pieces) - 1) - len(pieces)
    if saves < _LEAST_SAVED or not _gives_back(code, pieces, methods):
        return None
    hooks = [f"`{n}`" for n in methods[0] if n not in shared and all(n in own for own in methods)]
    calls = tuple(f"keeps {', '.join(hooks) or 'nothing of these'}" for _ in pieces)
    shared_code = Skeleton(imports_of(pieces[:1], code), code, "", along(pieces, code))
    head = f"class {name}: {', '.join(f'{method}()' for method in shared)}"
    return Suggestion(
        "base class", head, shared_code.text, saves, len(pieces), members=tuple(range(len(pieces))), calls=calls
    )


def _shared(pieces: Sequence[Piece], methods: Sequence[dict[str, Tree]]) -> list[str]:
    """The methods that all classes write alike, and that read nothing which each module has of its own."""
    one_file = len({p.path for p in pieces}) == 1
    common = [name for name in methods[0] if all(name in own for own in methods[1:])]
    plain = [n for n in common if one_file or not any(t.kind == "variable" for t in methods[0][n].walk())]
    return [n for n in plain if Unifier(len(pieces)).differences([own[n] for own in methods]) == []]


def _written(name: str, pieces: Sequence[Piece], methods: Sequence[Tree]) -> str:
    bases = bases_of(pieces)
    around = f"class {name}({bases}):\n    pass\n" if bases else f"class {name}:\n    pass\n"
    body = cst.IndentedBlock([method.node.visit(_Moving()) for method in methods])  # type: ignore[misc]  # definitions
    definition = cst.ensure_type(cst.parse_statement(around), cst.ClassDef).with_changes(body=body)
    return cst.Module([], default_indent=pieces[0].indent).code_for_node(definition)


class _Moving(cst.CSTTransformer):
    """Takes the class out of `super(Class, self)`, as the one named there is a subclass now, and tidies blank lines."""

    def leave_EmptyLine(self, original_node: cst.EmptyLine, updated_node: cst.EmptyLine) -> cst.EmptyLine:
        return updated_node if original_node.comment is not None else BLANK

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        return updated_node.with_changes(args=[]) if is_super(original_node) else updated_node


def _methods(tree: Tree) -> dict[str, Tree]:
    """The methods of a class by name, the last of each."""
    body = next(kid for kid in tree.kids[0].kids if kid.kind == "suite")
    found = ((kid.node.name.value, kid) for kid in body.kids if isinstance(kid.node, cst.FunctionDef))
    return dict(found)


def _gives_back(code: str, pieces: Sequence[Piece], methods: Sequence[dict[str, Tree]]) -> bool:
    """Whether each method, read again, is each member's."""
    again = _methods(lift(cst.parse_module(code), view_of(pieces[0])))
    return all(
        Instance(_NOTHING, number, {}, Form("definitions", "")).is_member([tree], [own[name]])
        for number, own in enumerate(methods)
        for name, tree in again.items()
    )
