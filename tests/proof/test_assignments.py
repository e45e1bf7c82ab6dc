"""What a patch leaves of the statements that assign a variable nobody reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mldebt.model import Removal
from mldebt.proof.removal import Patched, prove

Stored = Callable[..., Removal]
Taken = Callable[[str, Removal], str]

# the body of `def f(a, b):` before and after
BODIES = {
    "a constant": ("gone = 1\nreturn a", "return a"),
    "all there is": ("gone = 1", "pass"),
    "with an annotation": ("gone: int = 3\nreturn a", "return a"),
    "every assignment": ("gone = 1\nif a:\n    gone = 2\nreturn a", "if a:\n    pass\nreturn a"),
    "what is added to it": ("gone = 0\nfor x in a:\n    print(x)\n    gone += 1", "for x in a:\n    print(x)"),
    "an attribute that is looked up": ("gone = a.shape[0]\nreturn a", "return a"),
    "a comprehension that only computes": ("gone = [int(x) for x in a]\nreturn a", "return a"),
    "a value over two lines": ("gone = \\\n    1\nreturn a", "return a"),
    "with a type comment": ("gone = []  # type: list\nreturn a", "return a"),
    "a call stays": ("gone = a.fit(b)\nreturn a", "a.fit(b)\nreturn a"),
    "a call stays without its type comment": ("gone = g()  # type: int", "g()"),
    "a call stays with its comment": ("gone = g()  # slow", "g()  # slow"),
    "a call stays without its brackets": ("gone = (g())", "g()"),
    "a call stays in brackets it needs": ("gone = (a\n        .fit())", "(a\n .fit())"),
    "a call of two lines stays in line": ("gone = fit(a,\n           b)", "fit(a,\n    b)"),
    "a call stays as it hangs": ("gone = fit(\n    a,\n)", "fit(\n    a,\n)"),
    "a call that stays over a string's lines": ('gone = fit("""\n        x""")', 'fit("""\n        x""")'),
    "the call inside what computes": ("gone = int(fit(a).history[0]) + 1", "fit(a)"),
    "both calls": ("gone = fit(a) + score(b)", "fit(a)\nscore(b)"),
    "the call in a display": ("gone = {'a': fit(a), 'b': 1}", "fit(a)"),
    "what is waited for": ("gone = yield a", "yield a"),
    "one name of a chain": ("gone = x = fit(a)\nreturn x", "x = fit(a)\nreturn x"),
    "the later name of a chain": ("x = gone = (fit(a))\nreturn x", "x = (fit(a))\nreturn x"),
    "all names of a tuple": ("gone, other = fit(a)", "fit(a)"),
    "all names of a tuple wherever they are": ("gone, other = 1, 2\nother = 3\nreturn a", "return a"),
    "a starred tuple": ("gone, *other = a.shape\nreturn a", "return a"),
    "the name of a `with`": ("with open(a) as gone:\n    return b", "with open(a):\n    return b"),
    "one name of a `with`": (
        "with (open(a)) as gone, open(b) as x:\n    return x",
        "with (open(a)), open(b) as x:\n    return x",
    ),
    "one name of a `with` in brackets": (
        "with (\n    open(a) as gone,\n    open(b) as x,\n):\n    return x",
        "with (\n    open(a),\n    open(b) as x,\n):\n    return x",
    ),
    "the name of a handler": (
        "try:\n    return a\nexcept (A, B) as gone:\n    raise",
        "try:\n    return a\nexcept (A, B):\n    raise",
    ),
    "the name of a walrus": ("if (gone := g(a)) > 3:\n    return a", "if (g(a)) > 3:\n    return a"),
    "a walrus in a comprehension": ("return [gone := g(x) for x in a]", "return [g(x) for x in a]"),
    "beside a variable called like a builtin": ("gone = 1\ndir = a\nreturn dir", "dir = a\nreturn dir"),
    "the first in its line": ("gone = 1; return a", "return a"),
    "the last in its line": ("print(a); gone = 1", "print(a)"),
    "the middle of its line": ("print(a); gone = 'é'; print('é')", "print(a); print('é')"),
    "all of its line": ("gone = 1; gone = 2\nreturn a", "return a"),
    "behind a colon": ("if a: gone = 1\nreturn a", "if a: pass\nreturn a"),
    "a call behind a colon": ("if a: gone = g()\nreturn a", "if a: g()\nreturn a"),
    "the comment above it alone": ("print(a)\n\n# about it\ngone = 1\n\nreturn a", "print(a)\n\nreturn a"),
    "a comment above several": ("# about all\ngone = 1\nb = 2\nreturn b", "# about all\nb = 2\nreturn b"),
    "a long comment": ("# a\n# b\n# c\n# d\ngone = 1\n\nreturn a", "# a\n# b\n# c\n# d\n\nreturn a"),
}


@pytest.mark.parametrize(("before", "after"), BODIES.values(), ids=BODIES.keys())
def test_a_value_that_computes_goes_and_a_call_stays(before: str, after: str, taken: Taken, stored: Stored) -> None:
    def function(body: str) -> str:
        return "def f(a, b):\n" + "".join(f"    {row}\n" if row else "\n" for row in body.split("\n"))

    text = function(before)
    got = taken(text, stored(text, "variable", "gone"))
    if '"""' in before:  # what is inside a string is not moved
        assert got.replace(" ", "") == function(after).replace(" ", "")
    else:
        assert got == function(after)


FILES = {
    "an import that only it reads": (
        "import json\nimport os\n\ngone = json.decoder\n\nprint(os)\n",
        "import os\n\nprint(os)\n",
    ),
    "not an import that the call that stays reads": (
        "import json\n\ngone = json.load(1)\n",
        "import json\n\njson.load(1)\n",
    ),
    "an import that only what computes with the call reads": (
        "import math\n\ngone = math.sqrt(input())\n",
        "input()\n",
    ),
    "the `global` that makes it": (
        "gone = 1\n\n\ndef f():\n    global gone\n    gone = 2\n    print()\n\n\nf()\n",
        "def f():\n    print()\n\n\nf()\n",
    ),
    "its name in a `global`": (
        "gone = x = 1\n\n\ndef f():\n    global gone, x\n    gone = x = 2\n\n\nf()\nprint(x)\n",
        "x = 1\n\n\ndef f():\n    global x\n    x = 2\n\n\nf()\nprint(x)\n",
    ),
    "carriage returns": ("x = 1\r\ngone = f(x,\r\n         x)\r\n", "x = 1\r\nf(x,\r\n  x)\r\n"),
    "tabs": ("def f(x):\n\tgone = x\n\treturn x\n", "def f(x):\n\treturn x\n"),
    "no last newline": ("x = 1\ngone = x", "x = 1\n"),
}


@pytest.mark.parametrize(("before", "after"), FILES.values(), ids=FILES.keys())
def test_what_is_idle_without_it_goes_along(before: str, after: str, taken: Taken, stored: Stored) -> None:
    assert taken(before, stored(before, "variable", "gone")) == after


NO_PATCH = {
    "it is unpacked beside what is read": "gone, x = f()\nprint(x)\n",
    "it is a loop's": "for gone in f():\n    pass\n",
    "it is a loop's too": "gone = 1\nfor gone in f():\n    pass\n",
    "its calls run many times": "gone = [f(x) for x in y]\n",
    "its calls run when it is asked": "gone = map(f, y)\n",
    "its calls run now and then": "gone = f() if x else g()\n",
    "an inner function binds it": "def f():\n    gone = 1\n    def g():\n        nonlocal gone\n        gone = 2\n",
    "it is a function too": "gone = 1\ndef gone(): pass\n",
    "what a call gave is added to": "gone = f()\ngone += x\n",
    "a call stands in a line that others share": "print(1); gone = f() + g()\n",
}
REFUSED = {
    "it is read": "gone = 1\nprint(gone)\n",
    "it is deleted": "gone = 1\ndel gone\n",
    "another assignment of it is read": "if x:\n    gone = 1\nelse:\n    gone = 2\nprint(gone)\n",
    "a string annotation reads it": "gone = int\nx: 'gone' = 1\n",
    "its function looks its variables up": "def f():\n    gone = 1\n    return locals()\n",
    "what is added to it may be seen elsewhere": "def f(x, y):\n    gone = x\n    gone += y\n",
}


@pytest.mark.parametrize("text", NO_PATCH.values(), ids=NO_PATCH.keys())
def test_what_nobody_can_rewrite_stays_without_a_patch(text: str, taken: Taken, stored: Stored) -> None:
    assert taken(text, stored(text, "variable", "gone")) == "no patch"


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_something_depends_on_is_refused(text: str, taken: Taken, stored: Stored) -> None:
    assert taken(text, stored(text, "variable", "gone")) == "refused"


SAFE = {
    "gone = 1": True,
    "gone = x": True,
    "gone = [1, x, {'a': -2}]": True,
    "gone = f'{x}'": True,
    "gone = lambda: f()": True,
    "gone = dict()": True,
    "gone = 2 * 3.5": True,
    "gone = 1 / 0": False,
    "gone = x + 1": False,  # an operator is a method of what it stands between
    "gone = x.y": False,
    "gone = x[0]": False,
    "gone = {x: 1}": False,
    "gone = f'{x:>3}'": False,
    "gone = len(x)": False,
    "gone = f()": False,  # what it gave lived as long as its name
    "gone = print(x)": True,
    "def f():\n    print()\n\n\ngone = f()": True,
    "def f():\n    yield\n\n\ngone = f()": False,
    "gone, other = 1, 2": True,
    "gone, other = x": False,
    "gone = other = f()\nprint(other)": True,
    "gone = 0\ngone += 1": True,
    "gone = x\ngone += 1": False,
    "with f() as gone: pass": True,
    "try: pass\nexcept E as gone: pass": True,
}


@pytest.mark.parametrize(("text", "safe"), SAFE.items(), ids=SAFE.keys())
def test_a_patch_is_safe_only_if_no_run_can_tell(text: str, safe: bool, stored: Stored) -> None:
    (outcome,) = prove(f"{text}\n", [stored(text, "variable", "gone")])
    assert isinstance(outcome, Patched)
    assert outcome.diff
    assert outcome.safe is safe


COMPUTES = {
    "x.size(0)": True,
    "x.fit(y)": False,
    "np.zeros(3)": True,
    "np.random.rand(3)": True,
    "np.random.seed(3)": False,
    "np.save('a', x)": False,
    "os.path.join('a', x)": True,
    "os.remove(x)": False,
    "x.get('key')": True,
    "x.get(url)": False,
    "x.replace('a', 'b')": True,
    "x.replace('b')": False,  # a path's
    "x.dropna(inplace=True)": False,
    "list(map(int, x))": True,
    "list(map(f, x))": False,
    "sum(f(a) for a in x)": False,
    "sorted(x, key=lambda a: a.b)": True,
    "logging.getLogger('a')": True,
    "mine(x)": True,
    "keeping(x)": False,
    "checking(x)": False,
    "x.mean()": False,  # a method of this file's
}


@pytest.mark.parametrize(("call", "computes"), COMPUTES.items(), ids=COMPUTES.keys())
def test_a_call_goes_if_it_is_known_only_to_compute(call: str, computes: bool, taken: Taken, stored: Stored) -> None:
    head = (
        "import logging\nimport os\nimport numpy as np\n\n\ndef mine(x):\n    y = x + 1\n    return np.sqrt(y)\n\n\n"
        "def keeping(x):\n    x[0] = 1\n\n\ndef checking(x):\n    assert x\n\n\nclass A:\n    def mean(self):\n"
        "        self.x = 1\n\n\nprint(logging, os, np, A)\n"
    )
    text = f"{head}gone = {call}\n"
    assert taken(text, stored(text, "variable", "gone")) == (head if computes else f"{head}{call}\n")
