"""Which parameters travel on, and what options are declared with."""

from __future__ import annotations

import pytest

from mldebt.facts.extract import module_facts
from mldebt.facts.syntax import Module
from mldebt.model import Code

WIDE = "def f(a, b, c, d):\n    {}\n"


def _handed(text: str) -> list[tuple[str, tuple[str, ...]]]:
    facts = module_facts(Module(Code(text)))
    return [(handing.callee, handing.names) for s in facts.signatures for handing in s.handed]


@pytest.mark.parametrize(
    ("statement", "handed"),
    [
        ("g(a, b, c, d)", [("g", ("a", "b", "c", "d"))]),
        ("x.g(d, c, 1, b, a)", [("g", ("a", "b", "c", "d"))]),
        ("g(a, b, c=c, d=d)", [("g", ("a", "b", "c", "d"))]),
        ("return [g(x, a, b, c, d) for x in y]", [("g", ("a", "b", "c", "d"))]),
        ("super().g(a, b, c, d)", [("", ("a", "b", "c", "d"))]),
        ("g(a, b, c, other=d)", []),
        ("g(a, b, c, d + 1)", []),
        ("g(a, b, c)", []),
        ("g(*a, b=b, c=c, d=d)", []),
    ],
)
def test_a_call_hands_on_what_it_gives_under_the_same_name(
    statement: str, handed: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert _handed(WIDE.format(statement)) == handed


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f(a, b, c, *, d): ...", [("a", "b", "c", "d")]),
        ("class C:\n    def f(self, a, b, c, d): ...", [("a", "b", "c", "d")]),
        ("class C:\n    def f(self, a, b, c): ...", []),
        ("def f(a, b, c, *d): ...", []),
        ("def f(a):\n    def g(a, b, c, d): ...", []),
    ],
)
def test_a_signature_is_told_from_four_parameters_on(text: str, names: list[tuple[str, ...]]) -> None:
    assert [s.names for s in module_facts(Module(Code(text))).signatures] == names


def test_an_option_is_known_by_all_but_its_help() -> None:
    text = "p.add_argument('--rate', type=float, help='how fast', default=0.1)"
    assert [option.given for option in module_facts(Module(Code(text))).options] == ["default=0.1, type=float"]
