"""What a patch leaves of a class that stores an attribute nobody reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mldebt.model import Removal
from mldebt.proof.removal import Patched, prove

Stored = Callable[..., Removal]
Taken = Callable[[str, Removal], str]

GOES = {
    "every store": (
        "class A:\n    def __init__(self):\n        self.gone = 1\n        self.x = 2\n\n    def f(self, y):\n"
        "        self.gone = y\n        self.x += 1\n",
        "class A:\n    def __init__(self):\n        self.x = 2\n\n    def f(self, y):\n        self.x += 1\n",
    ),
    "the only statement of a method": (
        "class A:\n    def __init__(self, x):\n        self.gone = x\n",
        "class A:\n    def __init__(self, x):\n        pass\n",
    ),
    "what a relative stores, and not a stranger": (
        "class A:\n    def f(self):\n        self.gone = 1\n        self.x = 1\n\n\nclass B(A):\n    def g(self):\n"
        "        self.gone = 2\n        self.x = 2\n\n\nclass C:\n    def f(self):\n        self.gone = 3\n",
        "class A:\n    def f(self):\n        self.x = 1\n\n\nclass B(A):\n    def g(self):\n"
        "        self.x = 2\n\n\nclass C:\n    def f(self):\n        self.gone = 3\n",
    ),
    "what the class has of it": (
        "class A:\n    gone: int = 0\n    x = 1\n\n    def f(self):\n        self.gone = 1\n        return self.x\n",
        "class A:\n    x = 1\n\n    def f(self):\n        return self.x\n",
    ),
    "a call stays": (
        "import torch\n\n\nclass A:\n    def __init__(self, seed):\n        self.gone = torch.manual_seed(seed)\n",
        "import torch\n\n\nclass A:\n    def __init__(self, seed):\n        torch.manual_seed(seed)\n",
    ),
    "one of a chain": (
        "class A:\n    def f(self):\n        self.gone = self.x = g()\n        return self.x\n",
        "class A:\n    def f(self):\n        self.x = g()\n        return self.x\n",
    ),
    "an import that only it reads": (
        "from torch import nn\nimport os\n\n\nclass A:\n    def f(self):\n        self.gone = nn.Linear(1, 2)\n"
        "        print(os)\n",
        "import os\n\n\nclass A:\n    def f(self):\n        print(os)\n",
    ),
    "in a closure": (
        "class A:\n    def f(self):\n        def g():\n            self.gone = 1\n            return 2\n"
        "        return g\n",
        "class A:\n    def f(self):\n        def g():\n            return 2\n        return g\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), GOES.values(), ids=GOES.keys())
def test_all_stores_of_an_attribute_go_together(before: str, after: str, taken: Taken, stored: Stored) -> None:
    assert taken(before, stored(before, "attribute", "A.gone")) == after


STAYS = {
    "it is stored from outside": "class A:\n    def f(self):\n        self.gone = 1\n\n\nA().gone = 2\n",
    "it is unpacked beside another": "class A:\n    def f(self):\n        self.gone, self.x = g()\n",
    "it is a loop's": "class A:\n    def f(self):\n        for self.gone in g(): pass\n",
    "a foreign base may know it": "class A(Base):\n    gone = 1\n    def f(self):\n        self.gone = 1\n",
    "the class reads its own": "class A:\n    gone = 1\n    x = gone\n    def f(self):\n        self.gone = 1\n",
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS.keys())
def test_what_nobody_can_rewrite_stays_without_a_patch(text: str, taken: Taken, stored: Stored) -> None:
    assert taken(text, stored(text, "attribute", "A.gone")) == "no patch"


SAFE = {
    "class A:\n    def f(self):\n        self.gone = 1\n": True,
    "class A(object):\n    def f(self):\n        self.gone = [1, 'a']\n": True,
    "class A:\n    def f(self, x):\n        self.gone = x\n": False,  # it may be kept alive by nothing else
    "class A(Base):\n    def f(self):\n        self.gone = 1\n": False,
    "from torch import nn\nclass A(nn.Module):\n    def f(self):\n        self.gone = nn.Linear(1, 2)\n": False,
    "class A:\n    def __setattr__(self, k, v): pass\n    def f(self):\n        self.gone = 1\n": False,
    "@register\nclass A:\n    def f(self):\n        self.gone = 1\n": False,
    "class A(B):\n    def f(self):\n        self.gone = 1\nclass B: pass\n": True,
    "class A(B):\n    def f(self):\n        self.gone = 1\nclass B(Base): pass\n": False,
}


@pytest.mark.parametrize(("text", "safe"), SAFE.items(), ids=SAFE.keys())
def test_a_patch_is_safe_only_for_constants_of_plain_classes(text: str, safe: bool, stored: Stored) -> None:
    (outcome,) = prove(text, [stored(text, "attribute", "A.gone")])
    assert isinstance(outcome, Patched)
    assert outcome.diff
    assert outcome.safe is safe
