"""Complexity is counted as radon counts it, and only where it could be too much."""

from __future__ import annotations

import ast

import pytest
from radon.visitors import ComplexityVisitor

from mldebt.facts import size
from mldebt.facts.syntax import Module
from mldebt.model import Code

SAMPLES = [
    "if a:\n    pass",
    "for a in b:\n    pass\nelse:\n    pass",
    "while a:\n    pass\nelse:\n    pass",
    "try:\n    pass\nexcept A:\n    pass\nexcept B:\n    pass\nelse:\n    pass",
    "x = a and b or c",
    "x = a if b else c",
    "x = [a for a in b if a if b for c in d]",
    "match a:\n    case 1:\n        pass\n    case _:\n        pass",
    "with a:\n    pass",
    "async def g():\n    async for a in b:\n        pass",
    "def g():\n    pass",
    "if a:\n    f()\nelif b:\n    x = [c for c in d]\nelse:\n    f()",
    "with a:\n    f()\n    for b in c:\n        f()",
    "class A:\n    def g(self):\n        return a and b",
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_no_complex_function_is_passed_over_by_the_bound(sample: str) -> None:
    """However few of a construct make a function complex, the bound that spares radon the others lets it through."""
    for repeats in range(1, size.COMPLEX + 3):
        body = "\n".join(f"    {line}" for _ in range(repeats) for line in sample.split("\n"))
        module = Module(Code(f"def f():\n{body}\n"))
        function = module.functions[0]
        found = [one for one, _ in size.complex_functions(module)]
        assert (function in found) == (_by_radon(function) > size.COMPLEX)


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_radon_is_spared_changes_no_count(sample: str) -> None:
    body = "\n".join(f"    {line}" for line in f"x = 1\n{sample}\nf(x)".split("\n"))
    module = Module(Code(f"@d(a if b else c)\ndef f(a=b or c):\n{body}\n"))
    for function in module.functions:
        assert module.shared(size.Paths).of(function) == _by_radon(function)


def _by_radon(function: ast.AST) -> int:
    visitor = ComplexityVisitor(no_assert=True)
    visitor.visit(function)
    return int(visitor.functions[0].complexity)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("'doc'\nx = f(1)\ny = f(2)", 2),
        ("a.m(1)\na.m(2)\na.m(3)", 1),
        ("a.m(1)\nb.m(2)\na.m(3)", 3),
        ("x = 1\ny = 2\nz = a.b.c\nw = -1", 1),
        ("x = 1\nf()\ny = 2", 3),
        ("a.x = 1\na.y = b", 1),
        ("a.x = 1\nb.x = 1", 2),
        ("a.x = f()\na.y = f()", 2),
        ("import a\nfrom b import c", 1),
        ("if a:\n    x = f()\nelse:\n    y = f()", 3),
        ("try:\n    f()\nexcept A:\n    g()\nfinally:\n    h()", 4),
        ("def g():\n    f()\n    h()\nreturn g", 2),
    ],
)
def test_a_run_of_like_declarations_is_one_step(body: str, expected: int) -> None:
    function = ast.parse("def f():\n" + "\n".join(f"    {line}" for line in body.split("\n"))).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert size.steps(function) == expected
