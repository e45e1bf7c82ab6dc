"""Every definition and import of some files of the standard library, taken out one at a time."""

from __future__ import annotations

import ast
import dataclasses
import functools
import subprocess
import tempfile
from collections import Counter
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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.__name__)
def test_git_applies_each_patch_and_the_rest_compiles_with_no_name_unbound(file: ModuleType, tmp_path: Path) -> None:
    text = decode(Path(str(file.__file__)).read_bytes())
    before = unbound(text)
    wanted = everything(Module(Code(text)))
    patched = [(w, o) for w, o in zip(wanted, prove(text, wanted), strict=True) if isinstance(o, Patched)]
    assert len(patched) > 5
    for removal, outcome in patched[::2]:
        (tmp_path / "m.py").write_text(text, "utf-8")
        patch = f"--- a/m.py\n+++ b/m.py\n{outcome.diff}"
        subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, text=True, check=True)
        new = (tmp_path / "m.py").read_text("utf-8")
        compile(new, removal.name, "exec", dont_inherit=True)
        assert not unbound(new) - before, removal
        gone = Counter(r.name for r in everything(Module(Code(text)))) - Counter(
            r.name for r in everything(Module(Code(new)))
        )
        assert gone[removal.name] >= 1, removal


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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.__name__)
def test_without_any_variable_the_rest_compiles_with_no_name_unbound(file: ModuleType, tmp_path: Path) -> None:
    text = decode(Path(str(file.__file__)).read_bytes())
    before = unbound(text)
    wanted = assigned(Module(Code(text)))
    patched = [(w, o.diff) for w, o in zip(wanted, prove(text, wanted), strict=True) if isinstance(o, Patched)]
    assert len(patched) < len(wanted)  # most are read
    for removal, diff in patched:
        if diff:
            (tmp_path / "m.py").write_text(text, "utf-8")
            patch = f"--- a/m.py\n+++ b/m.py\n{diff}"
            subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, text=True, check=True)
            new = (tmp_path / "m.py").read_text("utf-8")
            compile(new, removal.name, "exec", dont_inherit=True)
            assert not unbound(new) - before, removal
