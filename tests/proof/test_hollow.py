"""A piece is the same whether it is cut out of all of its module or of what is left of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import mldebt
from mldebt.facts.extract import module_facts
from mldebt.facts.syntax import Module, parse
from mldebt.model import Code
from mldebt.proof.border import first_line, uses_of
from mldebt.proof.hollow import hollow, outlines
from mldebt.proof.piece import Cut, Piece, cut

SOURCES = [Path(mldebt.__file__).parent / name for name in ("proof/border.py", "facts/size.py", "links/resolve.py")]
HEAD = "import os\nLIMIT = 3\n\ndef first():\n    return LIMIT\n\n"
TAIL = "\n\nclass A:\n    @property\n    def kept(self):\n        return LIMIT\n\n    def spare(self): return os\n"
PIECES = {
    "a function": ("def f(x):\n    return first(x, os, LIMIT)\n", "function", True),
    "a decorated one": ("@first\n@os.wraps(\n    3)\nasync def f(x):\n    return x\n", "function", True),
    "statements in a function": ("def f(x):\n    y = x\n    z = y\n    return z\n", "block", True),
    "a class that calls the spare method": ("class B:\n    def f(self):\n        return A().spare\n", "class", True),
    "one that binds a name of the module": ("def f():\n    global LIMIT\n    LIMIT = 4\n", "function", False),
    "one whose name is bound again": ("def f(): return 1\nf = first(f)\n", "function", False),
    "statements of the module": ("x = 1\ny = x\nz = y\n", "block", False),
}


def both(text: str, wanted: Cut) -> tuple[str, Piece, Piece]:
    """What is left of the module, and the piece cut out of that and of all of it."""
    code = Code(text)
    whole = Module(code)
    left = hollow(text, outlines(module_facts(whole)), wanted.stretches)
    part = Module(code, parse(left))
    return left, cut(part, uses_of(part), "m.py", wanted), cut(whole, uses_of(whole), "m.py", wanted)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_any_function_of_a_real_module_is_cut_out_of_what_is_left_as_out_of_the_whole(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    kept = []
    for function in Module(Code(text)).functions:
        lines = first_line(function), function.end_lineno or 0
        left, part, whole = both(text, Cut((lines,), "function"))
        assert part == whole
        assert left.count("\n") == text.count("\n")
        kept.append(len(left) / len(text))
    assert sum(kept) < 0.8 * len(kept), "most functions go"


@pytest.mark.parametrize(("middle", "unit", "empties"), PIECES.values(), ids=PIECES.keys())
def test_functions_are_emptied_only_if_they_tell_nothing_of_the_piece(middle: str, unit: str, empties: bool) -> None:
    text = HEAD + middle + TAIL
    line = HEAD.count("\n") + (2 if unit == "block" and middle.startswith("def") else 1)
    left, part, whole = both(text, Cut(((line, HEAD.count("\n") + middle.count("\n")),), unit))
    assert part == whole
    assert not part.refusal
    assert (left != text) is empties
    assert "def first():\n    return LIMIT\n" in left, "the first function shows the indentation"


def test_a_function_that_binds_names_of_the_module_is_left() -> None:
    setter = "def setter():\n    global LIMIT\n    LIMIT = 4\n\n"
    text = HEAD + setter + "def f():\n    return LIMIT\n" + TAIL
    left, part, whole = both(text, Cut(((11, 12),), "function"))
    assert part == whole
    assert setter in left and "return os" not in left
