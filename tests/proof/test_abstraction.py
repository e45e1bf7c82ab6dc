"""What shared code is suggested for copies, or why none is."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from mldebt.facts.syntax import Module
from mldebt.model import Code, Suggestion
from mldebt.proof.abstraction import abstract
from mldebt.proof.border import uses_of
from mldebt.proof.piece import Cut, Piece, cut


def _piece(text: str, path: str, unit: str = "block") -> Piece:
    """The lines between `# [` and `# ]`, or the first definition of a text that has none."""
    module = Module(Code(text))
    lines = [line.strip() for line in text.split("\n")]
    if "# [" in lines:
        stretch = (lines.index("# [") + 2, lines.index("# ]"))
    else:
        outer = next(n for n in module.tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef))
        node = outer.body[0] if unit == "method" else outer
        stretch = (node.lineno, node.end_lineno or 0)
    return cut(module, uses_of(module), path, Cut((stretch,), unit))


def suggestion(*texts: str, unit: str = "block", one_file: bool = False) -> Suggestion:
    """The suggestion for members that stand in a file each, or all as if in one."""
    return abstract([_piece(dedent(t), "m.py" if one_file else f"m{n}.py", unit) for n, t in enumerate(texts)])


LOOP = """
from data import rows, model
total = 0
# [
loss = 0.0
count = {start}
for row in rows:
    out = model(row)
    loss += abs(out - row) * {rate}
    count += 1
mean = loss / count
# ]
print(mean)
"""

BLOCKS = {
    "a literal that differs becomes a parameter, and what is read after comes back": (
        (LOOP.format(start=0, rate=0.1), LOOP.format(start=0, rate=0.5)),
        "def make_mean(factor) -> mean",
        """\
        from data import model
        from data import rows


        def make_mean(factor):
            loss = 0.0
            count = 0
            for row in rows:
                out = model(row)
                loss += abs(out - row) * factor
                count += 1
            mean = loss / count
            return mean
        """,
        ("mean = make_mean(factor=0.1)", "mean = make_mean(factor=0.5)"),
    ),
    "local names may differ, and two places that differ alike share a parameter": (
        (
            "xs = [1]\n# [\na = 2\nb = [a * x for x in xs]\nc = len(b) * 2\nd = c + a\ne = d * c\n# ]\nprint(e, b)\n",
            "ys = [1]\n# [\np = 3\nq = [p * x for x in ys]\nr = len(q) * 3\ns = r + p\nt = s * r\n# ]\nprint(t, q)\n",
        ),
        "def make_b_and_e(given_a, xs) -> b, e",
        """\
        def make_b_and_e(given_a, xs):
            a = given_a
            b = [a * x for x in xs]
            c = len(b) * given_a
            d = c + a
            e = d * c
            return b, e
        """,
        ("b, e = make_b_and_e(given_a=2, xs=xs)", "q, t = make_b_and_e(given_a=3, xs=ys)"),
    ),
    "an import under another name is the same": (
        (
            "import numpy as np\nd = [1]\n# [\na = np.array(d)\nb = np.mean(a)\nc = a - b\ne = c / np.std(a)\n"
            "f = e\n# ]\n"
            "print(f)\n",
            "import numpy\nd = [1]\n# [\na = numpy.array(d)\nb = numpy.mean(a)\nc = a - b\n"
            "e = c / numpy.std(a)\nf = e\n"
            "# ]\nprint(f)\n",
        ),
        "def make_f(d) -> f",
        """\
        import numpy as np


        def make_f(d):
            a = np.array(d)
            b = np.mean(a)
            c = a - b
            e = c / np.std(a)
            f = e
            return f
        """,
        ("f = make_f(d=d)", "f = make_f(d=d)"),
    ),
    "a statement that one member has not waits for a flag": (
        (
            "def f(x, log):\n    # [\n    y = x + 1\n    z = y * 2\n    log(z)\n    w = z - x\n    v = w * w\n    # ]\n"
            "    return v\n",
            "def f(x, log):\n    # [\n    y = x + 1\n    z = y * 2\n    w = z - x\n    v = w * w\n    # ]\n"
            "    return v\n",
            "def f(x, log):\n    # [\n    y = x + 1\n    z = y * 2\n    log(z)\n    w = z - x\n    v = w * w\n    # ]\n"
            "    return v\n",
        ),
        "def make_v(x, log, with_log) -> v",
        """\
        def make_v(x, log, with_log):
            y = x + 1
            z = y * 2
            if with_log:
                log(z)
            w = z - x
            v = w * w
            return v
        """,
        (
            "v = make_v(x=x, log=log, with_log=True)",
            "v = make_v(x=x, log=None, with_log=False)",
            "v = make_v(x=x, log=log, with_log=True)",
        ),
    ),
    "code that uses what the copies compute is handed over as a function": (
        (
            "def f(x):\n    # [\n    y = x + 1\n    z = y * y\n    score = max(z, y) / 2\n    w = score + z\n"
            "    v = w + y\n"
            "    # ]\n    return v\n",
            "def g(x):\n    # [\n    y = x + 1\n    z = y * y\n    score = min(z, 3)\n    w = score + z\n"
            "    v = w + y\n"
            "    # ]\n    return v\n",
            "def h(x):\n    # [\n    y = x + 1\n    z = y * y\n    score = max(y, 3)\n    w = score + z\n"
            "    v = w + y\n"
            "    # ]\n    return v\n",
        ),
        "def make_v(x, given_score) -> v",
        """\
        def make_v(x, given_score):
            y = x + 1
            z = y * y
            score = given_score(y, z)
            w = score + z
            v = w + y
            return v
        """,
        (
            "v = make_v(x=x, given_score=lambda y, z: max(z, y) / 2)",
            "v = make_v(x=x, given_score=lambda y, z: min(z, 3))",
            "v = make_v(x=x, given_score=lambda y, z: max(y, 3))",
        ),
    ),
    "the text of an f-string is a label": (
        (
            "n = 3\n# [\na = n + 1\nb = a * n\nprint(f'train {b:.3f} of {a}')\nc = b - 1\nprint(c)\n# ]\n",
            "n = 3\n# [\na = n + 1\nb = a * n\nprint(f'test {b:.3f} of {a}')\nc = b - 1\nprint(c)\n# ]\n",
        ),
        "def shared_steps(n, label)",
        """\
        def shared_steps(n, label):
            a = n + 1
            b = a * n
            print(f'{label}{b:.3f} of {a}')
            c = b - 1
            print(c)
        """,
        ("shared_steps(n=n, label='train ')", "shared_steps(n=n, label='test ')"),
    ),
    "what ends by returning is returned": (
        (
            "def f(x):\n    y = 1\n    # [\n    if x < y:\n        return 0\n    z = x * y\n    z += 1\n    w = z + z\n"
            "    return w\n    # ]\n",
        )
        * 2,
        "def f_step(x, y)",
        """\
        def f_step(x, y):
            if x < y:
                return 0
            z = x * y
            z += 1
            w = z + z
            return w
        """,
        ("return f_step(x=x, y=y)",) * 2,
    ),
    "what a loop around carries over goes in and comes out": (
        (
            "def f(xs):\n    best = 0\n    for x in xs:\n        # [\n        y = x * x\n        z = y + 1\n"
            "        if z > best:\n            best = z\n        print(best)\n        # ]\n    return 0\n",
        )
        * 2,
        "def make_best(x, best) -> best",
        """\
        def make_best(x, best):
            y = x * x
            z = y + 1
            if z > best:
                best = z
            print(best)
            return best
        """,
        ("best = make_best(x=x, best=best)",) * 2,
    ),
}


@pytest.mark.parametrize("case", BLOCKS, ids=str)
def test_statements_become_a_function(case: str) -> None:
    texts, signature, skeleton, calls = BLOCKS[case]
    found = suggestion(*texts, *texts)
    assert (found.why_not, found.signature) == ("", signature)
    assert found.skeleton == dedent(skeleton)
    assert found.calls[: len(calls)] == calls
    assert found.saves > 0


DEFINITIONS = {
    "functions that are the same move to one module": (
        "function",
        ("import os\ndef f(p):\n    a = os.stat(p)\n    b = a.st_size\n    c = b * 2\n    return c\n",) * 3,
        "shared module",
        "def f(p)",
        "import os\n\n\ndef f(p):\n    a = os.stat(p)\n    b = a.st_size\n    c = b * 2\n    return c\n",
    ),
    "functions that differ in a name get a parameter, by keyword after defaults": (
        "function",
        (
            "def f(p, n=1):\n    a = [p] * n\n    b = sorted(a, reverse=True)\n    c = b[0]\n    return c\n",
            "def g(q, n=1):\n    a = [q] * n\n    b = sorted(a, reverse=False)\n    c = b[0]\n    return c\n",
        ),
        "parametrised function",
        "def f(p, n=1, *, reverse)",
        "def f(p, n=1, *, reverse):\n    a = [p] * n\n    b = sorted(a, reverse=reverse)\n    c = b[0]\n    return c\n",
    ),
    "defaults that differ are for the callers to give": (
        "function",
        (
            "def f(p, n=1):\n    a = [p] * n\n    b = sorted(a)\n    c = b[0]\n    return c\n",
            "def f(p, n=2):\n    a = [p] * n\n    b = sorted(a)\n    c = b[0]\n    return c\n",
        ),
        "parametrised function",
        "def f(p, n)",
        "def f(p, n):\n    a = [p] * n\n    b = sorted(a)\n    c = b[0]\n    return c\n",
    ),
    "methods go to a base class, and subclasses give what differs": (
        "method",
        (
            "class SmallNet(Net):\n    def step(self, x):\n        y = self.body(x)\n        z = y * 0.5\n"
            "        self.seen = z\n        self.count += 1\n        return z\n",
            "class LargeNet(Net):\n    def step(self, x):\n        y = self.body(x)\n        z = y * 0.1\n"
            "        self.seen = z\n        self.count += 1\n        return z\n",
        ),
        "template method",
        "class BaseNet: def step(self, x)",
        "class BaseNet(Net):\n    def step(self, x):\n        y = self.body(x)\n        z = y * self.factor\n"
        "        self.seen = z\n        self.count += 1\n        return z\n",
    ),
    "classes that differ in values are told by their constructor, and keep what other methods read": (
        "class",
        (
            "class A:\n    def __init__(self, n):\n        self.n = n + 1\n        self.m = n * 2\n\n"
            "    def f(self, x):\n"
            "        y = x * self.n\n        return g(y, rate=3)\n",
            "class A:\n    def __init__(self, n):\n        self.n = n + 1\n        self.m = n * 4\n\n"
            "    def f(self, x):\n"
            "        y = x * self.n\n        return g(y, rate=5)\n",
        ),
        "parametrised class",
        "class A(n, g, factor, rate)",
        "class A:\n    def __init__(self, n, g, factor, rate):\n        self.n = n + 1\n        self.m = n * factor\n"
        "        self.g = g\n        self.rate = rate\n\n    def f(self, x):\n"
        "        y = x * self.n\n        return self.g(y, rate=self.rate)\n",
    ),
    "classes with different methods share a base class with the others": (
        "class",
        (
            "class A(Base):\n    def f(self, x):\n        y = x * self.n\n        z = y + 1\n        w = z * z\n"
            "        return w\n\n    def g(self):\n        return open('a')\n",
            "class B(Base):\n    def f(self, x):\n        y = x * self.n\n        z = y + 1\n        w = z * z\n"
            "        return w\n\n    def g(self):\n        for x in self.rows:\n            print(x)\n"
            "        return x\n",
            "class C(Base):\n    def f(self, x):\n        y = x * self.n\n        z = y + 1\n        w = z * z\n"
            "        return w\n\n    def g(self):\n        with self.lock:\n            self.n = 2\n",
        ),
        "base class",
        "class Shared: f()",
        "class Shared(Base):\n    def f(self, x):\n        y = x * self.n\n        z = y + 1\n"
        "        w = z * z\n        return w\n",
    ),
}


@pytest.mark.parametrize("case", DEFINITIONS, ids=str)
def test_definitions_are_shared(case: str) -> None:
    unit, texts, kind, signature, skeleton = DEFINITIONS[case]
    found = suggestion(*texts, *texts, unit=unit)
    assert (found.why_not, found.kind, found.signature) == ("", kind, signature)
    assert found.skeleton == skeleton


REFUSED = {
    "a return that leaves the function around": (
        "def f(x):\n    # [\n    if x:\n        return 1\n    a = x\n    b = a + 1\n    c = b\n    # ]\n    return c\n",
        "a `return` in line 2 of the copies crosses the border",
    ),
    "a continue of a loop around": (
        "for x in []:\n    # [\n    if x:\n        continue\n    a = x\n    b = a + 1\n    print(b)\n    # ]\n",
        "a `continue` in line 2 of the copies crosses the border",
    ),
    "a break of a loop around": (
        "for x in []:\n    # [\n    a = x\n    b = a + 1\n    print(b)\n    if b:\n        break\n    # ]\n",
        "a `break` in line 5 of the copies crosses the border",
    ),
    "a yield": (
        "def f(x):\n    # [\n    a = x\n    yield a\n    b = a + 1\n    c = b\n    print(c)\n    # ]\n",
        "a `yield` in line 2 of the copies crosses the border",
    ),
    "an await": (
        "async def f(x):\n    # [\n    a = x\n    await a\n    b = a + 1\n    c = b\n    print(c)\n    # ]\n",
        "an `await` in line 2 of the copies crosses the border",
    ),
    "a global": (
        "def f(x):\n    # [\n    global a\n    a = x\n    b = a + 1\n    c = b\n    print(c)\n    # ]\n",
        "a `global` in line 1 of the copies crosses the border",
    ),
    "names that are looked up": (
        "def f(x):\n    # [\n    a = x\n    b = a + 1\n    c = b\n    print(locals())\n    # ]\n",
        "a call of `locals()` in line 4 of the copies crosses the border",
    ),
    "too many names from outside": (
        "def f(a, b, c, d, e, g, h):\n    # [\n    x = a + b\n    x += c + d\n    x += e + g\n    x += h\n"
        "    print(x)\n    # ]\n",
        "it would take 7 parameters: a, b, c, d, e, g, h",
    ),
    "a result that is not always set": (
        "def f(x):\n    # [\n    if x:\n        a = 1\n    b = x + 1\n    c = b\n    d = c\n    print(d)\n"
        "    # ]\n    return a\n",
        "`a` is read after the copies and not always set in them",
    ),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_no_shared_code_is_claimed_where_control_flow_or_names_cross_the_border(case: str) -> None:
    text, why = REFUSED[case]
    found = suggestion(*[text] * 4)
    assert (found.why_not, found.skeleton) == (why, "")


def test_a_loop_inside_may_be_left() -> None:
    text = (
        "def f(xs):\n    # [\n    for x in xs:\n        if x:\n            break\n        y = x\n"
        "    print(x)\n    # ]\n"
    )
    assert suggestion(*[text] * 4).why_not == ""


def test_a_member_that_does_not_fit_is_left_out() -> None:
    text = "def f(p):\n    a = p.b\n    b = a.size\n    c = b * 2\n    return c\n"
    other = "def f(p):\n    for a in p:\n        print(a)\n        p.b()\n        p.d()\n    return 1\n"
    found = suggestion(text, other, text, text, unit="function")
    assert (found.why_not, found.fits, found.count) == ("", 3, 4)


def test_members_of_other_kinds_share_nothing() -> None:
    text = "def f(p):\n    a = p.b\n    b = a.size\n    c = b * 2\n    print(c)\n"
    body = "p = q = open\n# [\na = p.b\nb = a.size\nc = b * 2\nprint(c)\n# ]\n"
    found = abstract([_piece(text, "a.py", "function"), _piece(body, "b.py")])
    assert found.why_not == "the copies are of different kinds: a definition here, statements there"


def test_copies_that_use_one_name_for_another_are_not_laid_on_one_another() -> None:
    text = "def f(p):\n    a = p.n\n    b = p.m\n    c = a + b\n    d = c * a\n    print(d, c)\n    return {}\n"
    found = suggestion(text.format("a"), text.format("b"), text.format("a"), text.format("b"), unit="function")
    assert found.signature == "def f(p, with_more)"


def test_pieces_of_a_joined_text_are_one_value() -> None:
    text = "def f(p):\n    a = p.n\n    b = p.m\n    c = a + b\n    print(c, 'one ' {})\n    return c\n"
    found = suggestion(*[text.format(t) for t in ("'two'", "'three'", "'two'", "'three'")], unit="function")
    assert found.signature == "def f(p, text)"
    assert found.calls[:2] == ("text='one ' 'two'", "text='one ' 'three'")
