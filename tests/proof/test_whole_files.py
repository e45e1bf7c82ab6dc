"""Every definition and import of some files of the standard library, taken out one at a time."""

from __future__ import annotations

import ast
import dataclasses
import functools
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from mldebt.facts.syntax import Module
from mldebt.model import Code, Removal
from mldebt.proof.removal import Patched, prove
from mldebt.read.python import decode

FILES = (dataclasses, functools, tempfile)


def everything(module: Module) -> list[Removal]:
    found = [Removal("function", f.name, module.place(f)) for f in module.functions]
    found += [Removal("class", c.name, module.place(c)) for c in module.of(ast.ClassDef)]
    for alias in module.of(ast.alias):
        bound = alias.asname or alias.name.partition(".")[0]
        found.append(Removal("import", bound, module.place(alias)))
    return found


def unbound(text: str) -> Counter[str]:
    """The names that no scope of a text binds, and how often they are read."""
    return Counter(r.name for scope in Module(Code(text)).scopes for r in scope.reads if scope.resolve(r.name) is None)


def assigned(module: Module) -> list[Removal]:
    """Every variable and attribute where it is stored, whether or not something reads it."""
    found = [
        Removal("variable", node.id, module.first_line(node))
        for node in module.of(ast.Name)
        if isinstance(node.ctx, ast.Store)
    ]
    stores = (node for node in module.of(ast.Attribute) if isinstance(node.ctx, ast.Store))
    found += [Removal("attribute", f"C.{node.attr}", module.first_line(node)) for node in stores]
    found += [Removal("variable", node.name, module.place(node)) for node in module.of(ast.ExceptHandler) if node.name]
    return found


def applied(folder: Path, text: str, diff: str) -> str:
    """What git makes of a text with the hunks of a patch."""
    (folder / "m.py").write_text(text, "utf-8")
    patch = f"--- a/m.py\n+++ b/m.py\n{diff}"
    subprocess.run(["git", "apply", "-"], cwd=folder, input=patch, text=True, check=True)
    return (folder / "m.py").read_text("utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.__name__)
@pytest.mark.parametrize("wanted", [everything, assigned])
def test_git_applies_each_patch_and_the_rest_compiles_with_no_name_unbound(
    file: ModuleType, wanted: Callable[[Module], list[Removal]], tmp_path: Path
) -> None:
    text = decode(Path(str(file.__file__)).read_bytes())
    before, removals = unbound(text), wanted(Module(Code(text)))
    patched = [(r, o.diff) for r, o in zip(removals, prove(text, removals), strict=True) if isinstance(o, Patched)]
    assert 5 < len([diff for _, diff in patched if diff]) < len(removals), "some can go, most are read"
    for removal, diff in patched[::2]:
        if diff:
            new = applied(tmp_path, text, diff)
            compile(new, removal.name, "exec", dont_inherit=True)
            assert not unbound(new) - before, removal
            if wanted is everything:
                assert names(text)[removal.name] > names(new)[removal.name], removal


def names(text: str) -> Counter[str]:
    """How often a text defines or imports each name."""
    return Counter(removal.name for removal in everything(Module(Code(text))))
