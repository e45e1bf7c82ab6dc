"""What a name stands for, as far as its assignments tell."""

from __future__ import annotations

import ast

import pytest

from mldebt.facts.syntax import Module
from mldebt.facts.values import Values
from mldebt.model import Code


def _last(text: str) -> tuple[Values, ast.expr]:
    """The values of a module, and the expression in its last statement."""
    module = Module(Code(text))
    last = module.of(ast.Expr)[-1]
    return Values(module), last.value


@pytest.mark.parametrize(
    ("text", "makers"),
    [
        ("import torch\nx = torch.optim.SGD(p)\nx", {"torch.optim.SGD"}),
        ("import a\nx = a.f() if y else a.g()\nx", {"a.f", "a.g"}),
        ("import a\nx = a.f()\ny = x\ny", {"a.f"}),
        ("import a\nx = a.f()\nx = a.g()\nx", {"a.g"}),
        ("import a\nx = a.f()\nif c:\n    x = a.g()\nx", {"a.f", "a.g"}),
        ("import a\nx, y = a.f(), a.g()\ny", {"a.g"}),
        ("import a\nwith a.f() as x:\n    pass\nx", {"a.f"}),
        ("import a\nx = a.F().fit(z)\nx", {"a.F"}),
        ("import a\nclass C:\n    def f(self):\n        self.x = a.f()\n    def g(self):\n        self.x", {"a.f"}),
        ("def f(x):\n    x", {"?"}),
        ("x = 3\nx", {"?"}),
        ("x = x.y()\nx", {"?"}),
    ],
)
def test_a_value_is_made_by_the_calls_it_may_have_been_assigned_from(text: str, makers: set[str]) -> None:
    values, expression = _last(text)
    assert values.makers(expression) == makers


def test_a_chain_of_assignments_without_end_is_given_up() -> None:
    values, expression = _last("a = b\nb = a\na")
    assert values.makers(expression) == {"?"}
    assert not values.is_frame(expression)


@pytest.mark.parametrize(
    ("expression", "frame"),
    [
        ("df", True),
        ("df['a']", True),
        ("df.loc[df.a > 1]", True),
        ("df.dropna().head()", True),
        ("pd.concat([df])", True),
        ("table", True),
        ("df.to_dict()", False),
        ("np.array(df)", False),
        ("rows", False),
        ("unknown", False),
        ("sometimes", False),
    ],
)
def test_a_frame_is_what_pandas_makes_and_what_its_methods_make_of_it(expression: str, frame: bool) -> None:
    text = (
        "import numpy as np\nimport pandas as pd\ndf = pd.read_csv('a.csv')\ndf = df.drop_duplicates()\n"
        "table: pd.DataFrame = load()\nrows = list(df)\nif rows:\n    sometimes = df\nelse:\n    sometimes = []\n"
    )
    values, node = _last(f"{text}{expression}\n")
    assert values.is_frame(node) is frame


@pytest.mark.parametrize(
    ("text", "optimizer"),
    [
        ("opt_G", True),
        ("self.d_optimizer", True),
        ("adam", True),
        ("import torch\nx = torch.optim.SGD(p)\nx", True),
        ("import torch\nx = torch.optim.lr_scheduler.StepLR(o)\nx", False),
        ("scheduler", False),
        ("options", False),
        ("env", False),
    ],
)
def test_an_optimizer_is_told_by_what_made_it_or_else_by_its_name(text: str, optimizer: bool) -> None:
    values, expression = _last(text)
    assert values.is_optimizer(expression) is optimizer
