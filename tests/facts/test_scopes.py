"""The one walk: what it binds, what it reads, and where."""

from __future__ import annotations

import ast

import pytest

from mldebt.errors import Unreadable
from mldebt.facts.syntax import Module
from mldebt.model import Cell, Code, Place


def module(text: str) -> Module:
    return Module(Code(text))


@pytest.mark.parametrize(
    ("text", "expression", "qualified"),
    [
        ("import numpy as np\nnp.random.rand(1)", "np.random.rand", "numpy.random.rand"),
        ("import torch.nn\ntorch.nn.Linear(1)", "torch.nn.Linear", "torch.nn.Linear"),
        ("import torch.nn as nn\nnn.Linear(1)", "nn.Linear", "torch.nn.Linear"),
        ("from torch import load as fetch\nfetch(1)", "fetch", "torch.load"),
        ("from . import losses\nlosses.dice(1)", "losses.dice", ".losses.dice"),
        ("from ..core import fit\nfit(1)", "fit", "..core.fit"),
        ("def fit(): ...\nfit()", "fit", "fit"),
        ("print(1)", "print", "print"),
        ("net = 3\nnet.forward(1)", "net.forward", None),
        ("def run(torch):\n    torch.load(1)", "torch.load", None),
        ("import torch\ndef run():\n    torch = 3\n    torch.load(1)", "torch.load", None),
        ("rows[0].fit(1)", "rows[0].fit", None),
    ],
)
def test_a_name_is_qualified_through_the_imports_of_its_scope(
    text: str, expression: str, qualified: str | None
) -> None:
    parsed = module(text)
    call = next(c for c in parsed.of(ast.Call) if ast.unparse(c.func) == expression)
    assert parsed.name(call.func) == qualified


@pytest.mark.parametrize(
    ("text", "name", "home"),
    [
        ("x = 1\ndef f():\n    return x", "x", "module"),
        ("x = 1\ndef f():\n    x = 2\n    return x", "x", "function"),
        ("class A:\n    x = 1\n    y = x", "x", "class"),
        ("x = 0\nclass A:\n    x = 1\n    def f(self):\n        return x", "x", "module"),
        ("class A:\n    x = 1\n    def f(self, y=x):\n        return y", "x", "class"),
        ("def f():\n    x = 1\n    return [x for _ in range(3)]", "x", "function"),
        ("rows = 1\nout = [rows for rows in rows]", "rows", "comprehension"),
        ("def f():\n    if (n := 3):\n        return n", "n", "function"),
        ("def f(rows):\n    return [(n := r) for r in rows], n", "n", "function"),
        ("x = 1\ndef f():\n    global x\n    x = 2\n    return x", "x", "module"),
        (
            "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n        return x\n    return g",
            "x",
            "function",
        ),
    ],
)
def test_a_read_finds_the_scope_that_binds_it(text: str, name: str, home: str) -> None:
    parsed = module(text)
    kinds = []
    for scope in parsed.scopes:
        for read in scope.reads:
            found = scope.resolve(read.name)
            if read.name == name and found is not None:
                kinds.append(found.kind)
    assert home in kinds


def test_the_iterable_of_a_comprehension_is_read_outside_it() -> None:
    parsed = module("def f(rows):\n    return [rows for rows in rows]")
    homes = {scope.resolve(r.name).kind for scope in parsed.scopes for r in scope.reads if r.name == "rows"}  # type: ignore[union-attr]
    assert homes == {"function", "comprehension"}


@pytest.mark.parametrize("pattern", ["True", "None", "None | False", "[True, *_]", "P(a=False)", "{'a': None}"])
def test_a_pattern_may_be_a_singleton(pattern: str) -> None:
    parsed = module(f"def f(x):\n    match x:\n        case {pattern}:\n            return x")
    assert [read.name for scope in parsed.scopes for read in scope.reads].count("x") == 2


@pytest.mark.parametrize(
    "pattern", ["case [first, *rest]", "case {'a': 1, **rest}", "case Point(x=rest)", "case [_, (1 | 2) as rest]"]
)
def test_patterns_bind_names(pattern: str) -> None:
    parsed = module(f"def f(x):\n    match x:\n        {pattern}:\n            return rest")
    assert any("rest" in scope.bindings for scope in parsed.scopes if scope.kind == "function")


def test_nodes_come_in_source_order() -> None:
    parsed = module("b(1)\na(c(2))\ndef f(x=d()):\n    e()\nclass G:\n    f()")
    assert [ast.unparse(call.func) for call in parsed.of(ast.Call)] == ["b", "a", "c", "d", "e", "f"]


def test_every_node_is_met_once_with_its_parent() -> None:
    text = """@d(1)
class A(B, m=C):
    def f(self, x: int = 3, *a, k=[1], **w) -> str:
        return lambda q=1: {**w, "z": f"{x!r:>{k}}"}
"""
    parsed = module(text)
    skipped = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    for node in ast.walk(parsed.tree):
        if not isinstance(node, skipped):
            assert parsed.of(type(node)).count(node) == 1, ast.dump(node)
            assert node is parsed.tree or parsed.parent(node) is not None


def test_columns_are_code_points() -> None:
    parsed = module("name = 'ü'; call(1)")
    assert parsed.place(parsed.of(ast.Call)[0]) == Place(1, 1, 13)


def test_a_place_in_a_notebook_is_a_cell_and_its_own_line() -> None:
    cells = (Cell(1, "markdown", 1, 0), Cell(2, "code", 1, 2), Cell(5, "code", 3, 3))
    parsed = Module(Code("a = 1\nb = 2\nc = 3\ncall(\n    1)\n", cells=cells))
    assert parsed.place(parsed.of(ast.Call)[0]) == Place(2, 3, 1, 5)
    assert parsed.stretch(2, 5) == Place(2, 2, 1, 2)


@pytest.mark.parametrize(
    "text",
    ["print 'two'\n", "def f(:\n", "x = \0\n", "(" * 3000 + ")" * 3000, "-" * 200_000 + "1", "x = 08\n"],
    ids=["python 2", "broken", "nul", "parentheses", "minus", "octal"],
)
def test_what_does_not_parse_is_unreadable_and_says_why(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        module(text)
    assert caught.value.kind == "unparsable"
    assert str(caught.value)


def test_what_parses_but_is_too_deep_to_recurse_over_is_walked() -> None:
    parsed = module("x = " + "a" + ".b" * 900 + "\ny = " + "+".join(["1"] * 900) + "\n")
    assert len(parsed.of(ast.Attribute)) == 900
