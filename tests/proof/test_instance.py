"""The proof of shared code: what is a member of it, and what only looks like one."""

from __future__ import annotations

import libcst as cst
import pytest

from mldebt.proof.instance import Instance
from mldebt.proof.plan import Parameter, Plan
from mldebt.proof.skeleton import Form
from mldebt.proof.tree import Tree, View, lift

VIEW = View({"np": ("import", "numpy"), "numpy": ("import", "numpy")}, frozenset("abcdwxyz"))
PAIRS = {
    "other names for what is bound inside": ("a = 1\nb = a\n", "x = 1\ny = x\n", True),
    "one name for two": ("a = 1\nb = 2\nc = a\n", "x = 1\nx = 2\nz = x\n", False),
    "two names for one": ("a = 1\na = 2\nb = a\n", "x = 1\ny = 2\nz = x\n", False),
    "names that change places": ("a = 1\nb = 2\nf(a, b)\n", "x = 1\ny = 2\nf(y, x)\n", False),
    "other names from outside": ("f(p)\n", "f(q)\n", False),
    "another import of the same": ("np.mean(p)\n", "numpy.mean(p)\n", True),
    "another attribute": ("p.q = 1\n", "p.r = 1\n", False),
    "another order of keywords": ("f(m=1, n=2)\n", "f(n=2, m=1)\n", True),
    "another order of arguments": ("f(1, 2)\n", "f(2, 1)\n", False),
    "other quotes": ("f('x')\n", 'f("x")\n', True),
    "another operator": ("a = p + q\n", "a = p - q\n", False),
    "a statement more": ("a = 1\n", "a = 1\nf(a)\n", False),
    "an annotation": ("def a(b: int):\n    return b\n", "def x(y):\n    return y\n", True),
    "a docstring and a comment": (
        'def a(b):\n    """Text."""\n    return b\n',
        "def x(y):\n    return y  # this\n",
        True,
    ),
    "an await": ("async def a(b):\n    await b\n", "async def x(y):\n    y\n", False),
}


def trees(code: str) -> tuple[Tree, ...]:
    return lift(cst.parse_module(code), VIEW).kids


def is_member(shared: str, member: str, *parameters: Parameter, number: int = 0) -> bool:
    plan = Plan(parameters, (), (), (), ())
    names = {"a": "x", "b": "y"}
    return Instance(plan, number, names, Form("block", "f")).is_member(trees(shared), trees(member))


@pytest.mark.parametrize("case", PAIRS, ids=str)
def test_a_member_is_the_shared_code_but_for_names_of_its_own(case: str) -> None:
    shared, member, same = PAIRS[case]
    assert is_member(shared, member) is same


def expressions(*codes: str) -> tuple[Tree, ...]:
    return tuple(trees(f"a = {code}\n")[0].kids[0].kids[1] for code in codes)


@pytest.mark.parametrize(("number", "member", "same"), [(0, "x = 3", True), (1, "x = 4", True), (1, "x = 3", False)])
def test_a_member_has_its_own_argument(number: int, member: str, same: bool) -> None:
    given = Parameter("n", "value", ("3", "4"), (), expressions("3", "4"))
    assert is_member("a = n\n", f"{member}\n", given, number=number) is same


@pytest.mark.parametrize(
    ("shared", "member", "same"),
    [
        ("a = 1\nb = 2\nc = n(a, b)\n", "x = 1\ny = 2\nz = x - y\n", True),
        ("a = 1\nb = 2\nc = n(b, a)\n", "x = 1\ny = 2\nz = x - y\n", False),
        ("b = 1\na = 2\nc = n(a, b)\n", "x = 1\ny = 2\nz = x - y\n", False),
    ],
)
def test_what_is_handed_over_gets_the_names_it_uses(shared: str, member: str, same: bool) -> None:
    given = Parameter("n", "callback", ("lambda x, y: x - y",), ("a", "b"), expressions("x - y"))
    assert is_member(shared, member, given) is same


@pytest.mark.parametrize(
    ("number", "member", "same"),
    [(0, "f()\ng()\n", True), (1, "g()\n", True), (0, "g()\n", False), (1, "f()\ng()\n", False)],
)
def test_a_flag_lets_a_statement_run(number: int, member: str, same: bool) -> None:
    flag = Parameter("with_f", "flag", ("True", "False"))
    assert is_member("if with_f:\n    f()\ng()\n", member, flag, number=number) is same
