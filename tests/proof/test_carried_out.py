"""Shared code does not break where it is put to use: names mean there what they meant in the copies."""

from __future__ import annotations

import ast
from textwrap import dedent

from mldebt.facts.syntax import DefinitionNode, Module
from mldebt.model import Code, Suggestion
from mldebt.proof.abstraction import abstract
from mldebt.proof.border import first_line, uses_of
from mldebt.proof.piece import Cut, Piece, cut


def _pieces(text: str, path: str, unit: str) -> list[Piece]:
    """The definitions marked `# copy` in their first line, or the lines between each `# [` and `# ]`."""
    module, lines = Module(Code(text)), text.split("\n")
    opened = [n + 1 for n, line in enumerate(lines, 1) if line.strip() == "# ["]
    closed = [n - 1 for n, line in enumerate(lines, 1) if line.strip() == "# ]"]
    stretches = list(zip(opened, closed, strict=True))
    nodes: list[DefinitionNode] = [*module.of(ast.ClassDef), *module.functions]
    stretches += [(first_line(n), n.end_lineno or 0) for n in nodes if lines[n.lineno - 1].endswith("# copy")]
    return [cut(module, uses_of(module), path, Cut((stretch,), unit)) for stretch in stretches]


def suggestion(*texts: str, unit: str = "block") -> Suggestion:
    """The suggestion for the copies in several files."""
    return abstract([p for n, text in enumerate(texts) for p in _pieces(dedent(text), f"m{n}.py", unit)])


METHOD = """
class {name}Sale:
    def sell(self, n): # copy
        cost = n * (1 - {fee})
        rest = cost - self.base
        self.seen.append(rest)
        self.count += 1
        return rest
"""


def test_what_a_subclass_gives_does_not_hide_what_the_method_reads_itself() -> None:
    texts = [METHOD.format(name=name, fee=fee) for name, fee in (("Small", "self.fee"), ("Large", "self.fee[n]"))]
    found = suggestion(*texts, *texts, unit="method")
    assert (found.why_not, found.kind) == ("", "template method")
    hook = found.calls[0].partition("=")[0]
    assert hook not in ("fee", "base", "seen", "count")
    names: dict[str, type] = {}
    exec(f"{found.skeleton}\nclass Small(BaseSale):\n    {found.calls[0]}\n", names)
    small = names["Small"]()
    small.fee, small.base, small.seen, small.count = 3, 1, [], 0
    assert small.sell(2) == -5


TABLE = """
class Table:
    def rows(self, path): # copy
        a = self.read(path)
        b = a.strip()
        c = b.split(",")
        return c

    def tabs(self, path): # copy
        a = self.read(path)
        b = a.strip()
        c = b.split(";")
        return c
"""


def test_methods_of_one_class_share_a_method_of_it() -> None:
    found = suggestion(TABLE, unit="method")
    assert (found.kind, found.signature) == ("shared method", "def rows(self, path, given_split)")
    assert found.calls == ('given_split=","', 'given_split=";"')


def test_a_method_of_one_class_imports_no_base_of_it() -> None:
    text = "from tools import data\n" + TABLE.replace("Table:", "Table(data.Rows):").replace("path", "data")
    assert "import" not in suggestion(text, unit="method").skeleton


LISTED = """
def f(x): # copy
    out = []
    for k in {items}:
        out.append(x[k])
    print(out)
    return out
"""


def test_an_argument_of_several_values_is_one_argument() -> None:
    found = suggestion(*[LISTED.format(items=items) for items in ("'a', 'b'", "'a', 'b', 'c'")] * 2, unit="function")
    assert found.calls[:2] == ("items=('a', 'b')", "items=('a', 'b', 'c')")


CLASS = """
class {name}Net(Net):  # copy
    def __init__(self, n):
        super({name}Net, self).__init__()
        self.n = n
        self.m = n * 2
        self.k = n * 3

    def run(self):
        {run}
"""


def test_a_base_class_names_no_subclass_in_super() -> None:
    imported = "from nets import Net\n"
    texts = [
        imported + CLASS.format(name="A", run="return self.n"),
        imported + CLASS.format(name="B", run="with self.lock:\n            print(self.m)"),
        imported + CLASS.format(name="C", run="for x in self.rows:\n            yield x"),
    ]
    found = suggestion(*texts, unit="class")
    assert found.signature == "class BaseNet: __init__()"
    assert "super().__init__()" in found.skeleton
    assert "ANet" not in found.skeleton


def test_a_base_that_each_file_defines_moves_along() -> None:
    method = METHOD.format(name="{name}", fee="2").replace("Sale:", "Sale(Thing):")
    texts = [f"class Thing:\n    seen = []\n{method.format(name=n)}" for n in ("Small", "Large")]
    found = suggestion(*texts, unit="method")
    assert found.skeleton.startswith("# moves along: Thing\n")
    assert "class BaseSale(Thing):" in found.skeleton
    others = [texts[0], texts[1].replace("seen = []", "seen = [1]")]
    assert "class BaseSale:" in suggestion(*others, unit="method").skeleton


TRAINED = """
def f(batches, fast):
    for batch in batches:
        # [
        if fast:
            data = batch.fast()
        else:
            data = batch[0]
        total = data.sum()
        mean = total / len(data)
        print(mean)
        # ]
    for batch in batches:
        # [
        if fast:
            data = batch.fast()
        else:
            data = batch[0]
        total = data.sum()
        mean = total / len(data)
        print(mean)
        # ]
"""


def test_a_name_that_every_branch_binds_does_not_come_in() -> None:
    assert suggestion(TRAINED).signature == "def make_data(fast, batch) -> data"


def test_a_name_that_only_a_loop_binds_comes_in() -> None:
    text = """
    def f(batches, last):
        # [
        for batch in batches:
            last = batch.sum()
        mean = last / 2
        rest = mean + 1
        print(mean, rest)
        # ]
    """
    assert suggestion(*[text] * 4).signature == "def f_step(batches, last)"


STORED = """
from shell import run
def store():
    # [
    try:
        cmd = ["git", "rev", "HEAD"]
        out = run(cmd)
        commit = out.strip()
    except OSError as error:
        commit = " ".join(cmd) + str(error)
    # ]
    # [
    try:
        cmd = ["git", "diff", "HEAD"]
        out = run(cmd)
        changes = out.strip()
    except OSError as error:
        changes = " ".join(cmd) + str(error)
    # ]
    return commit, changes
"""


def test_a_name_that_is_bound_after_the_first_copy_does_not_come_into_it() -> None:
    first, second = _pieces(STORED, "m.py", "block")
    assert [o.name for o in first.outer] == ["run", "OSError", "str"]
    assert "cmd" in [o.name for o in second.outer]


IMPORTING = """
from rows import Row
kept = []
def f(x): # copy
    a = x.a
    b = Row(a)
    {first}
    {second}
    {third}
    c = b * 2
    print(c)
    kept.append(c)
    d = c + 1
    e = d + c
    print(e)
    return d
"""


def _importing(*extra: str) -> str:
    lines = [*extra, *["pass"] * (3 - len(extra))]
    return IMPORTING.format(first=lines[0], second=lines[1], third=lines[2]).replace("    pass\n", "")


def test_an_import_stays_before_what_a_flag_lets_run() -> None:
    texts = [_importing("b.check()", "from rows import Line", "b.append(Line(x))"), _importing()]
    lines = suggestion(*texts, unit="function").skeleton.split("\n")
    flag = next(n for n, line in enumerate(lines) if line.startswith("    if "))
    assert lines.index("    from rows import Line") < flag


def test_an_import_that_only_some_copies_make_is_not_read_by_all() -> None:
    found = suggestion(_importing("if x.slow: from rows import Row"), _importing(), unit="function")
    assert found.why_not == "`Row` is imported in a part that only some copies have"


OWN = """
def f(x): # copy
    import os
    a = os.stat(x)
    b = a.st_size
    print(b)
    return b
"""


def test_what_a_function_imports_itself_is_not_imported_twice() -> None:
    assert suggestion(OWN, OWN, unit="function").skeleton.count("import os") == 1
    headed = "import os\n" + OWN.replace("def f(x)", "def f(x, end=os.sep)")
    assert suggestion(headed, headed, unit="function").skeleton.startswith("import os\n\n\ndef f(x, end=os.sep)")


INSIDE = """
def f(x): # copy
    from rows import Line, Row
    a = {row}(x)
    b = a.size
    c = b * 2
    print(c)
    d = {row}(c)
    e = d.size + c
    print(e)
    return d
"""


def test_an_argument_is_not_imported_only_where_it_is_handed_to() -> None:
    texts = [INSIDE.format(row=row) for row in ("Row", "Line")]
    assert suggestion(*texts, unit="function").why_not == "`Row` is imported inside the copies"


SEEDED = "# [\na = seeds(1)\nb = a.size\nc = b * 2\nprint(c)\nd = c + b\nprint(d)\n# ]\n"


def test_what_is_handed_over_is_not_imported() -> None:
    found = suggestion(f"from tools import seeds\n{SEEDED}", f"seeds = print\n{SEEDED}")
    assert (found.signature, "import" in found.skeleton) == ("def run_seeds(seeds)", False)


DEFAULTED = """
size = {size}
size += 1
def f(x, n=size, m=2): # copy
    a = [x] * n
    b = sorted(a)
    c = b[0] + m
    print(c)
    return c
"""


def test_a_default_does_not_read_what_the_caller_gives() -> None:
    found = suggestion(DEFAULTED.format(size=1), DEFAULTED.format(size=2), unit="function")
    assert (found.signature, found.calls) == ("def f(x, n, m=2)", ("", ""))


def test_factors_may_stand_in_any_order() -> None:
    text = "def f(x, rate): # copy\n    a = x.size\n    b = {}\n    c = b + 1\n    print(a, c)\n    return c\n"
    found = suggestion(text.format("x.size * a"), text.format("a * x.size"), unit="function")
    assert (found.signature, found.fits) == ("def f(x, rate)", 2)
    called = suggestion(text.format("x.size() * a"), text.format("a * x.size()"), unit="function")
    assert called.signature != "def f(x, rate)"


LOGGED = """
import logging
import tools
logger = logging.getLogger(__name__)
@tools.{name}
def f(x): # copy
    a = x.size
    logger.info(a)
    b = a + {number}
    c = b + 1
    print(a, c)
    return c
"""


def test_a_logger_moves_along() -> None:
    found = suggestion(*[LOGGED.format(name="main", number=1)] * 2, unit="function")
    assert (found.signature, "# moves along: logger" in found.skeleton) == ("def f(x)", True)


def test_a_decorated_function_is_told_nothing_more() -> None:
    texts = [LOGGED.format(name="main", number=number) for number in (1, 2)]
    assert suggestion(*texts, unit="function").why_not.startswith(
        "a decorator stands between the function and its callers"
    )
    known = [text.replace("@tools.main", "@torch.no_grad()").replace("import tools", "import torch") for text in texts]
    assert suggestion(*known, unit="function").signature == "def f(x, number)"


def test_an_import_goes_with_a_name_and_not_with_an_attribute_of_that_name() -> None:
    text = (
        "import size\ndef f(x): # copy\n    a = x.size\n    b = a + 1\n    c = b + 1\n    print(a, c)\n    return {}\n"
    )
    assert "import" not in suggestion(*[text.format("c")] * 2, unit="function").skeleton
    assert "import size" in suggestion(*[text.format("size")] * 2, unit="function").skeleton


def test_copies_that_do_two_things_are_no_function_with_a_flag() -> None:
    head = "def f(x): # copy\n    a = x.size\n    b = a + 1\n    found = []\n    for c in x:\n"
    first = "        if c:\n            found.append(str(c.name))\n        else:\n            found.append('')\n"
    second = "        with c.opened() as d:\n            e = d.read(b)\n            found.extend(e)\n"
    end = "    print(found, b)\n    return found\n"
    assert suggestion(head + first + end, head + second + end, unit="function").why_not == "8 of 10 statements differ"
    more = "".join(f"        c.a{n} = b + {n}\n" for n in range(6))
    texts = [f"{head}{more}        {line}\n{end}" for line in ("found.append(c.name)", "del c[b]")]
    assert suggestion(*texts, unit="function").why_not == ""


def test_the_begin_of_a_slice_is_not_its_end() -> None:
    text = (
        "def f(x): # copy\n    a = x.rows\n    b = a[{}]\n    c = b + a\n    print(a, c)\n    d = c * 2\n    return d\n"
    )
    found = suggestion(text.format("-2:"), text.format(":-2"), unit="function")
    assert found.signature != "def f(x)"
    assert suggestion(text.format("2:"), text.format("3:"), unit="function").signature == "def f(x, number)"


HOOKED = """
class {name}Sale:
    def sell(self, n): # copy
        cost = {cost}
        rest = cost - self.base
        self.seen.append(rest)
        self.count += 1
        print(rest, cost, n)
        return rest
"""


def test_what_a_subclass_gives_as_a_method_takes_its_object_first() -> None:
    costs = ("n.price(self.rate)", "n.value(self.rate)"), ("n.price(1)", "n.value(1)")
    heads = []
    for pair in costs:
        found = suggestion(*[HOOKED.format(name=n, cost=c) for n, c in zip("AB", pair, strict=True)], unit="method")
        heads.append(found.calls[0].partition("=")[2].partition(":")[0])
    assert heads == ["lambda self, n", "lambda self, n"]
