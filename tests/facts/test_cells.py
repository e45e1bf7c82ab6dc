"""What a cell binds and uses is what running it would."""

from __future__ import annotations

import json

import pytest

from mldebt.facts.cells import cell_names
from mldebt.facts.syntax import Module
from mldebt.read.notebook import read_notebook


def names(*sources: str) -> list[tuple[list[str], list[str]]]:
    """For each code cell the names it binds and those it uses, sorted."""
    cells = [{"cell_type": "code", "metadata": {}, "source": s, "outputs": []} for s in sources]
    notebook = read_notebook(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode())
    return [(sorted(cell.binds), sorted(cell.uses)) for cell in cell_names(Module(notebook.codes[0]))]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("x = 1", "print(x)", ["x"]),
        ("x = 1", "x = x + 1", ["x"]),
        ("x = 1", "x += 1", ["x"]),
        ("x = 1", "x = 2\nprint(x)", []),
        ("x = 1", "print(x); x = 2", ["x"]),
        ("x = 1", "a, x = x, 2", ["x"]),
        ("x = 1", "for x in range(3):\n    print(x)", []),
        ("x = 1", "print([y for y in x])", ["x"]),
        ("x = 1", "print([x for x in range(3)])", []),
        ("x = 1", "def f():\n    return x", []),
        ("x = 1", "def f(y=x):\n    return y", ["x"]),
        ("x = 1", "@x\ndef f():\n    pass", ["x"]),
        ("x = 1", "class A:\n    y = x", ["x"]),
        ("x = 1", "f = lambda: x", []),
        ("x = 1", "x.y = 3", ["x"]),
        ("x = 1", "x[0] = 3", ["x"]),
        ("def f():\n    global x\n    x = 1", "x", ["x"]),
        ("print = 1", "print(2)", []),
        ("x = 1", "try:\n    x\nexcept NameError:\n    pass", []),
        ("x = 1", "if 'x' in globals():\n    x", []),
    ],
)
def test_a_cell_uses_what_it_reads_before_it_binds_it(first: str, second: str, expected: list[str]) -> None:
    assert names(first, second)[1][1] == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "from x import *",
        "exec(code)",
        "%run setup.py",
        "globals().update(x)",
        "get_ipython().run_line_magic('run', 'x')",
        "def f(:",
    ],
)
def test_nothing_is_said_of_a_notebook_whose_names_cannot_all_be_seen(hidden: str) -> None:
    assert names(hidden, "x = y", "y = 1") == []
