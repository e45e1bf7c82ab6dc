"""What the following of rows knows of pieces, and where it stops."""

from __future__ import annotations

import pytest

from mldebt.facts.leakage.rows import Part, Rows, apart, covers, divider, touches
from mldebt.facts.leakage.study import Study, study
from mldebt.facts.syntax import Module
from mldebt.model import Code

TRAIN, TEST = Part("split 1:0", "train"), Part("split 1:0", "test")
LEAKS = """import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import scale
X = scale(np.load("x.npy"))
a, b = train_test_split(X)
"""


@pytest.mark.parametrize(
    ("one", "other", "are_apart"),
    [
        ((TRAIN,), (TEST,), True),
        ((TRAIN,), (TRAIN, Part("slice", ":9")), False),
        ((), (TEST,), False),
        ((Part("slice", ":n"),), (Part("slice", "n:"),), True),
        ((Part("slice", ":9"),), (Part("slice", "9:20"),), True),
        ((Part("slice", ":9"),), (Part("slice", "5:20"),), False),
        ((Part("mask a", "yes"),), (Part("mask b", "no"),), False),
    ],
)
def test_pieces_share_no_rows_only_on_two_sides_of_one_division(
    one: tuple[Part, ...], other: tuple[Part, ...], are_apart: bool
) -> None:
    first, second = frozenset({Rows("a", one)}), frozenset({Rows("a", other)})
    assert apart(first, second) is apart(second, first) is are_apart
    assert (divider(first, second) is not None) is are_apart
    assert not (are_apart and touches(first, second))


def test_a_whole_covers_its_pieces_and_other_origins_are_other_rows() -> None:
    assert covers(Rows("a"), Rows("a", (TRAIN,)))
    assert not covers(Rows("a", (TRAIN,)), Rows("a"))
    assert apart(frozenset({Rows("a")}), frozenset({Rows("b")}))


def test_nothing_is_followed_where_no_library_is_imported() -> None:
    assert study(Module(Code(LEAKS))).learnt
    assert study(Module(Code(LEAKS.replace("sklearn", "mylearn")))) == Study()


@pytest.mark.parametrize(
    "hostile",
    [
        "if X: pass\n" + "".join(f"elif X == {n}: y = X[{n}]\n" for n in range(900)),
        "".join(f"def f{n}(x):\n    f{n + 1}(x)\n    return f{n + 1}(f{n + 1}(x))\n" for n in range(20)) + "f0(X)\n",
        "y = X\n" * 100_000,
    ],
)
def test_what_is_deep_or_long_is_followed_up_to_a_limit(hostile: str) -> None:
    assert study(Module(Code(LEAKS + hostile))).learnt
