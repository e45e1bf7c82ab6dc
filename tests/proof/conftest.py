"""What the tests of the proof share: a removal by name, and git, which carries patches out."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.facts.syntax import Module
from mldebt.model import Code, Removal
from mldebt.proof.removal import Patched, prove
from tests.proof.git import applied_by_git

Taken = Callable[[str, Removal], str]


def stored(text: str, kind: str, name: str, number: int = 0) -> Removal:
    """The removal of a variable or of "Class.attribute", found where it is assigned for the `number`-th time."""
    module = Module(Code(text))
    found = [module.place(node) for node in ast.walk(module.tree) if _binds(node, kind, name.rpartition(".")[2])]
    return Removal(kind, name, sorted(found)[number])


def _binds(node: ast.AST, kind: str, name: str) -> bool:
    if kind == "attribute":
        return isinstance(node, ast.Attribute) and node.attr == name
    return isinstance(node, ast.Name | ast.ExceptHandler) and name in (
        getattr(node, "id", ""),
        getattr(node, "name", ""),
    )


@pytest.fixture
def taken(tmp_path: Path) -> Taken:
    """`taken(text, removal)`: the text after `git apply` of the removal's patch, or "no patch", or "refused"."""

    def take(text: str, removal: Removal) -> str:
        (outcome,) = prove(text, [removal])
        if not isinstance(outcome, Patched):
            return "refused"
        if not outcome.diff:
            return "no patch"
        return applied_by_git(tmp_path / "m.py", text, outcome.diff)

    return take


@pytest.fixture(name="stored")
def find_stored() -> Callable[..., Removal]:
    """`stored(text, kind, name, number=0)`: the removal of something that is assigned."""
    return stored
