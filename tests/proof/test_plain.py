"""What is answered without libcst, held against what libcst says of the same lines."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mldebt.proof import fragment, plain

LINES = {
    "the only name": ("import gone\n", {0}, ""),
    "all of several names": ("from a import gone, lost\n", {0, 1}, ""),
    "all in brackets, with their comments": ("from a import (  # x\n    gone,\n    lost,\n)\n", {0, 1}, ""),
    "both imports of a line": ("import gone; from a import lost  # x\n", {0, 1}, ""),
    "the first of two": ("from a import gone, b\n", {0}, "from a import b\n"),
    "the last of two, indented": ("    from . import b as c, gone\n", {1}, "    from . import b as c\n"),
    "one between others, behind a tab": ("\timport a.b, gone as x, c\n", {1}, "\timport a.b, c\n"),
    "none": ("import a\n", set(), "import a\n"),
}
KEPT_AS_THEY_STAND = {
    "brackets": "from a import (gone, b)\n",
    "a comment": "from a import gone, b  # why\n",
    "a semicolon": "import gone; import b\n",
    "spaces of its own": "from a import gone ,b\n",
    "a continued line": "from a import gone, \\\n    b\n",
    "a star": "from a import *\n",
    "other code": "import gone; print(1)\n",
    "a block": "if x: import gone\n",
    "two lines": "import gone\nimport lost\n",
}
DEFINITIONS = {
    "a function under a comment": ("# about it\n\ndef f():\n    pass\n    # end\n", True),
    "a decorated method": ("    @a\n    async def f(self): return 1\n", True),
    "a class behind a tab": ("\tclass f:\n\t\tx = 1\n", True),
    "another name": ("def g(): pass\n", False),
    "two definitions": ("def f(): pass\ndef g(): pass\n", False),
    "a statement before it": ("x = 1\ndef f(): pass\n", False),
    "a block around it": ("if x:\n    def f(): pass\n", False),
    "what comes back out of its block": ("    def f(): pass\nx = 1\n", False),
    "a comment only": ("# def f(): pass\n", False),
}


@pytest.mark.parametrize(("line", "gone", "left"), LINES.values(), ids=LINES.keys())
def test_a_plain_line_of_imports_is_rewritten_as_libcst_would(line: str, gone: set[int], left: str) -> None:
    assert plain.without_aliases(line, gone) == fragment.without_aliases(line, gone) == left


@pytest.mark.parametrize("line", KEPT_AS_THEY_STAND.values(), ids=KEPT_AS_THEY_STAND.keys())
def test_a_line_with_a_layout_of_its_own_is_left_to_libcst(line: str) -> None:
    assert plain.without_aliases(line, {0}) is None


@pytest.mark.parametrize(("text", "holds"), DEFINITIONS.values(), ids=DEFINITIONS.keys())
def test_lines_hold_one_definition_and_nothing_else(text: str, holds: bool) -> None:
    assert plain.is_one_definition(text, "f") is holds


def test_the_proof_of_definitions_and_plain_imports_loads_no_libcst() -> None:
    script = """
import sys
from mldebt.model import Place, Removal
from mldebt.proof.removal import Patched, prove
text = "from a import gone, b\\nb()\\n\\n\\ndef lost():\\n    pass\\n"
given = [Removal("import", "gone", Place(1, 1, 15)), Removal("function", "lost", Place(5, 6, 1))]
outcomes = prove(text, given)
assert all(isinstance(outcome, Patched) and outcome.diff for outcome in outcomes), outcomes
assert "libcst" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)
