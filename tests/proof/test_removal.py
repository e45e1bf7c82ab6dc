"""What the patch of a removal leaves of a file, carried out by git itself."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable

import pytest

from mldebt.model import Place, Removal
from mldebt.proof.removal import Patched, Refused, prove, prove_notebook
from mldebt.read.notebook import read_notebook

Taken = Callable[[str, Removal], str]


def removal(text: str, name: str, number: int = 0, keeps: tuple[str, ...] = ()) -> Removal:
    """The removal of what a name is bound to, the `number`-th time it is bound, by a definition or an import."""
    found: list[tuple[int, int, str]] = []
    for node in ast.walk(ast.parse(text.removeprefix("\ufeff"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            found.append((node.lineno, node.col_offset, kind))
        elif isinstance(node, ast.alias) and name in (node.asname, node.name, node.name.partition(".")[0]):
            found.append((node.lineno, node.col_offset, "import"))
    line, offset, kind = sorted(found)[number]
    return Removal(kind, name, Place(line, line, offset + 1), keeps=keeps)


GOES = {
    "a function between two others, with its blank lines": (
        "def a():\n    pass\n\n\ndef gone():\n    pass\n\n\ndef b():\n    pass\n",
        "def a():\n    pass\n\n\ndef b():\n    pass\n",
    ),
    "its decorators and the comment right above": (
        "import functools\n\n# stays\n\n# about gone\n@functools.wraps\ndef gone():\n    pass\n\n\nprint(functools)\n",
        "import functools\n\n# stays\n\n\nprint(functools)\n",
    ),
    "a comment that closes its body": (
        "def gone():\n    return 1\n    # return 2\n\n    # return 3\n\n\n# stays\nx = 1\n",
        "# stays\nx = 1\n",
    ),
    "not the comment that opens the file": ("# licence\ndef gone():\n    pass\n\n\nx = 1\n", "# licence\n\n\nx = 1\n"),
    "not a heading of several definitions": (
        "x = 1\n\n# ------\n# shapes\n# ------\ndef gone():\n    pass\n\n\ndef b():\n    pass\n",
        "x = 1\n\n# ------\n# shapes\n# ------\n\n\ndef b():\n    pass\n",
    ),
    "not the last line of a string that looks like a comment": (
        'x = """\n# text"""\ndef gone():\n    pass\n',
        'x = """\n# text"""\n',
    ),
    "the last definition, with the blank lines before it": (
        "x = 1\n\n\ndef gone():\n    pass\n",
        "x = 1\n",
    ),
    "the last definition of a file without a last newline": ("x = 1\n\n\ndef gone(): pass", "x = 1\n"),
    "the only statement of a file": ("def gone():\n    pass\n", ""),
    "the first of two methods": (
        "class A:\n    def gone(self):\n        pass\n\n    def b(self):\n        pass\n",
        "class A:\n    def b(self):\n        pass\n",
    ),
    "the last method, and not the blank lines behind the class": (
        "class A:\n    def b(self):\n        pass\n\n    def gone(self):\n        pass\n\n\nx = A\n",
        "class A:\n    def b(self):\n        pass\n\n\nx = A\n",
    ),
    "the last method, and no blank line more than stood behind it": (
        "class A:\n    def b(self):\n        pass\n\n\n    def gone(self):\n        pass\n\nx = A\n",
        "class A:\n    def b(self):\n        pass\n\nx = A\n",
    ),
    "not a comment of less depth": (
        "class A:\n    x = 1\n# odd\n    def gone(self): pass\n    y = 1\n",
        "class A:\n    x = 1\n# odd\n    y = 1\n",
    ),
    "the only method: `pass` takes its place": (
        "class A:\n    # about gone\n    def gone(self):\n        pass\n\n\nx = A\n",
        "class A:\n    pass\n\n\nx = A\n",
    ),
    "the only method below a docstring, which fills the body": (
        'class A:\n    """Doc."""\n\n    def gone(self):\n        pass\n\n\nx = A\n',
        'class A:\n    """Doc."""\n\n\nx = A\n',
    ),
    "the only statement of an else": (
        "if x:\n    pass\nelse:\n    def gone():\n        pass\ny = 1\n",
        "if x:\n    pass\nelse:\n    pass\ny = 1\n",
    ),
    "a function that only calls itself": ("def gone():\n    gone()\n\n\nx = 1\n", "x = 1\n"),
    "an async function": ("async def gone():\n    pass\n\n\nx = 1\n", "x = 1\n"),
    "one of two functions under an if, when nothing reads them": (
        "if x:\n    def gone(): return 1\nelse:\n    def gone(): return 2\n",
        "if x:\n    pass\nelse:\n    def gone(): return 2\n",
    ),
    "a property with its setter": (
        "class A:\n    @property\n    def gone(self):\n        pass\n\n    @gone.setter\n    def gone(self, v):\n"
        "        pass\n\n    def b(self):\n        pass\n",
        "class A:\n    def b(self):\n        pass\n",
    ),
    "an overloaded function with all its overloads": (
        "from typing import overload\n\n\n@overload\ndef gone(x: int) -> int: ...\n"
        "@overload\ndef gone(x: str) -> str: ...\ndef gone(x):\n    return x\n\n\ny = 1\n",
        "y = 1\n",
    ),
    "an import that only it reads": (
        "import json\nimport os\n\n\ndef gone():\n    return json.dumps(1)\n\n\nprint(os)\n",
        "import os\n\n\nprint(os)\n",
    ),
    "an import right above it": (
        "x = 1\n\nimport json\n\n\ndef gone():\n    return json\n\n\nprint(x)\n",
        "x = 1\n\n\nprint(x)\n",
    ),
    "one name of the import that only it reads": (
        "from os import path, sep\n\n\ndef gone():\n    return sep\n\n\nprint(path)\n",
        "from os import path\n\n\nprint(path)\n",
    ),
    "its entry in a list": (
        '__all__ = ["a", "gone"]\na = 1\n\n\ndef gone():\n    pass\n',
        '__all__ = ["a"]\na = 1\n',
    ),
    "its entry on a line of its own": (
        '__all__ = [\n    "gone",  # about gone\n    "a",  # about a\n]\na = 1\n\n\ndef gone():\n    pass\n',
        '__all__ = [\n    "a",  # about a\n]\na = 1\n',
    ),
    "its entry in a tuple, which stays a tuple": (
        '__all__ = ("a", "gone")\na = 1\n\n\ndef gone():\n    pass\n',
        '__all__ = ("a",)\na = 1\n',
    ),
    "its entries in additions": (
        '__all__ = ["a"]\n__all__ += ["gone"]\n__all__.extend(["gone"])\n__all__.append("gone")\na = 1\n\n\n'
        "def gone():\n    pass\n",
        '__all__ = ["a"]\n__all__ += []\n__all__.extend([])\na = 1\n',
    ),
    "not the entry of a namesake in `__all__`": (
        '__all__ = ["gone"]\ngone = 1\n\n\nclass A:\n    x = 1\n\n    def gone(self):\n        pass\n',
        '__all__ = ["gone"]\ngone = 1\n\n\nclass A:\n    x = 1\n',
    ),
    "its entry, and not where `__all__` is looked at": (
        '__all__ = ["gone"]\nif "gone" in __all__:\n    x = 1\n\n\ndef gone():\n    pass\n',
        '__all__ = []\nif "gone" in __all__:\n    x = 1\n',
    ),
    "not an import that nothing reads, which may be there for its effect": (
        "import os\n\n\ndef gone():\n    pass\n",
        "import os\n",
    ),
    "the import it reads, and not a function's own of that name": (
        "import json\n\n\ndef f():\n    import json\n\n\ndef gone():\n    return json\n\n\nf()\n",
        "def f():\n    import json\n\n\nf()\n",
    ),
    "tabs": (
        "class A:\n\tdef b(self):\n\t\tpass\n\n\tdef gone(self):\n\t\tpass\n",
        "class A:\n\tdef b(self):\n\t\tpass\n",
    ),
    "carriage returns": (
        "x = 1\r\n\r\n\r\nclass A:\r\n\tdef gone(self):\r\n\t\tpass\r\n\r\n\r\nx = 2\r\n",
        "x = 1\r\n\r\n\r\nclass A:\r\n\tpass\r\n\r\n\r\nx = 2\r\n",
    ),
    "a byte order mark": ("\ufeffx = 1\n\n\ndef gone():\n    pass\n\n\ny = 'é'\n", "\ufeffx = 1\n\n\ny = 'é'\n"),
    "the first lines, and the byte order mark stays": (
        "\ufeffimport json\n\n\ndef gone():\n    return json\n\n\ny = 'é'\n",
        "\ufeffy = 'é'\n",
    ),
    "a name in the first line, and the byte order mark stays": (
        "\ufefffrom os import path, sep\n\n\ndef gone():\n    return sep\n\n\nprint(path)\n",
        "\ufefffrom os import path\n\n\nprint(path)\n",
    ),
    "the blank lines that stay are as they were": (
        "class A:\n    def a(self): pass\n\n    def gone(self): pass\n  \n \n    def b(self): pass\n",
        "class A:\n    def a(self): pass\n  \n \n    def b(self): pass\n",
    ),
    "the last definition, and blanks behind it that end in no newline": (
        "x = 1\n\n\ndef gone():\n    pass\n  \n    ",
        "x = 1\n",
    ),
    "behind a form feed": ("x = 1\n\x0c\ndef gone():\n    pass\n\n\ny = 1\n", "x = 1\n\n\ny = 1\n"),
}


@pytest.mark.parametrize(("before", "after"), GOES.values(), ids=GOES.keys())
def test_a_definition_goes_with_what_belongs_to_it(taken: Taken, before: str, after: str) -> None:
    assert taken(before, removal(before, "gone")) == after


IMPORTS = {
    "a statement": ("import os\nimport gone\n\nx = os\n", "import os\n\nx = os\n"),
    "the first name": ("from a import gone, b\n", "from a import b\n"),
    "the last name": ("from a import b, gone\n", "from a import b\n"),
    "the middle name in brackets": ("from a import (b, gone, c)\n", "from a import (b, c)\n"),
    "a line of its own with its comment": (
        "from a import (\n    b,  # one\n    gone,  # two\n    c,  # three\n)\n",
        "from a import (\n    b,  # one\n    c,  # three\n)\n",
    ),
    "the last line in brackets, whose neighbour's comment stays": (
        "from a import (\n    b,  # one\n    gone,  # two\n)\n",
        "from a import (\n    b,  # one\n)\n",
    ),
    "the last line without a comma": (
        "from a import (\n    b,  # one\n    gone\n)\n",
        "from a import (\n    b  # one\n)\n",
    ),
    "behind a backslash": ("from a import b, \\\n    gone\n", "from a import b\n"),
    "an alias": ("import numpy as gone, os\n", "import os\n"),
    "the module of a dotted name": ("import gone.a.b\nx = 1\n", "x = 1\n"),
    "one of two statements in a line": ("import os; import gone  # both\n", "import os  # both\n"),
    "before a statement of several lines": (
        "import gone; from a import (\n    b,\n)\n",
        "from a import (\n    b,\n)\n",
    ),
    "the later of two names in one statement": ("from a import b as gone, c as gone\n", "from a import b as gone\n"),
    "beside other code in its line": ("import gone; x = 1\n", "x = 1\n"),
    "one in a function": ("def f():\n    import gone\n", "def f():\n    pass\n"),
    "the second of the same": ("import os\nimport os\nx = os\n", "import os\nx = os\n"),
    "the only one below a heading": ("# a\nimport os\n\n# b\nimport gone\n\nx = os\n", "# a\nimport os\n\nx = os\n"),
    "the first of several below a heading": (
        "x = 1\n\n# tools\nimport gone\nimport os\n\ny = os\n",
        "x = 1\n\n# tools\nimport os\n\ny = os\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), IMPORTS.values(), ids=IMPORTS.keys())
def test_an_import_goes_and_its_neighbours_stay(taken: Taken, before: str, after: str) -> None:
    name = "os" if "import os\nimport os" in before else "gone"
    assert taken(before, removal(before, name, -1)) == after


STAYS = {
    "it is called at the top": "def gone(): pass\ngone()\n",
    "it is called in another function": "def gone(): pass\ndef f(): return gone()\n",
    "it is called by its own decorated namesake": "def gone(): pass\n@gone\ndef f(): pass\n",
    "it is deleted": "def gone(): pass\ndel gone\n",
    "a string annotation names it": "class gone: pass\ndef f(x: 'gone'): pass\n",
    "a generic type names it in a string": "from typing import List\nclass gone: pass\nx: List['gone'] = []\n",
    "a type comment names it": "class gone: pass\nx = []  # type: list[gone]\n",
    "another binding of the name is read too": "if x:\n    def gone(): pass\nelse:\n    gone = None\ngone()\n",
    "an inner function rebinds it": "def f():\n    def gone(): pass\n    def g():\n        nonlocal gone; gone = 1",
    "a function rebinds it": "def gone(): pass\ndef f():\n    global gone\n    gone = 1\n",
    "it binds what another function reads": "def gone():\n    global table\n    table = 1\ndef f(): return table\n",
    "the function looks its variables up by name": "def f():\n    def gone(): pass\n    return locals()\n",
    "a class body reads it": "class A:\n    def gone(self): pass\n    x = property(gone)\n",
    "an import serves code in its own line": "import gone; print(gone)\n",
    "an import's failure is caught": "try:\n    import gone\n    x = True\nexcept ImportError:\n    x = False\n",
    "an import is a compiler switch": "from __future__ import gone\n",
    "an import shares its line with a block": "if x: import gone\n",
    "the first of two imports is read before the second": "import gone\nprint(gone)\nimport gone\n",
    "a function binds it for the module": "def f():\n    global gone\n    def gone(): pass\nf()\ngone()\n",
    "libcst does not read the list it is in": "__all__ = ['gone'," + "'a'\n" * 20_000 + "]\ndef gone(): pass\n",
    "its list is nested too deep": "__all__ = ['gone', x" + ".a" * 800 + "]\ndef gone(): pass\n",
    "the dots beside it are too many": "from x" + ".a" * 800 + " import (gone, b)\nb()\n",
    "what is left would not parse": "class A:\n    x = 1\n    \\\n    def gone(self): pass\n",
    "it is listed in a computed way": "names = ['gone']\n__all__ = [n for n in ('gone', 'x')]\ndef gone(): pass\n",
}


LATER_STAYS = {
    "an outer name would be read in its place": "def gone(): pass\ndef f():\n    def gone(): pass\n    return gone()\n",
    "the second of two imports is another one": "import gone\nimport other as gone\nx = gone\n",
    "the first of two imports may not run": "if x:\n    import gone\nimport gone\nprint(gone)\n",
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS.keys())
def test_what_something_depends_on_is_refused(text: str) -> None:
    (outcome,) = prove(text, [removal(text, "gone")])
    assert isinstance(outcome, Refused), outcome.diff


@pytest.mark.parametrize("text", LATER_STAYS.values(), ids=LATER_STAYS.keys())
def test_a_later_binding_that_something_depends_on_is_refused(text: str) -> None:
    (outcome,) = prove(text, [removal(text, "gone", -1)])
    assert isinstance(outcome, Refused), outcome.diff


def test_an_import_that_something_else_needs_stays(taken: Taken) -> None:
    reads = "\n\n\ndef gone():\n    return json\n"
    for head, keeps in (
        ("import json  # noqa", ()),
        ("import json", ("json",)),  # another module takes it from this one
        ("import json\n\nx = json", ()),
        ("import json\n\n__all__ = ['json']", ()),
        ("import json\n\nx: 'json.JSONDecoder'", ()),
        ("import json\n\njson = None", ()),
        ("try:\n    import json\nexcept ImportError:\n    pass", ()),
    ):
        text = head + reads
        assert taken(text, removal(text, "gone", keeps=keeps)) == f"{head}\n"


def test_what_is_dead_with_it_goes_along_unless_something_needs_it(taken: Taken) -> None:
    text = (
        "def gone():\n    help()\n    other()\n\n\ndef help():\n    gone()\n\n\ndef other():\n    pass\n\n\nother()\n"
    )
    root = removal(text, "gone")
    together = Removal(root.kind, root.name, root.at, (removal(text, "help"), removal(text, "other")))
    assert taken(text, together) == "def other():\n    pass\n\n\nother()\n"
    assert isinstance(prove(text, [root])[0], Refused)  # alone it leaves `help` without it


def test_a_setter_goes_alone_unless_another_accessor_is_built_on_it(taken: Taken) -> None:
    text = "class A:\n    @property\n    def gone(self): pass\n    @gone.setter\n    def gone(self, v): pass\n"
    assert taken(text, removal(text, "gone", 1)) == "".join(text.splitlines(keepends=True)[:3])
    text += "    @gone.deleter\n    def gone(self): pass\n"
    outcomes = prove(text, [removal(text, "gone", 1), removal(text, "gone", 2)])
    assert [type(outcome) for outcome in outcomes] == [Refused, Refused]


def test_a_removal_of_what_is_not_there_is_refused() -> None:
    wanted = [Removal("function", "gone", Place(9, 9)), Removal("import", "gone", Place(1, 1))]
    assert [type(outcome) for outcome in prove("x = 1\n", wanted)] == [Refused, Refused]
    assert isinstance(prove("x = (\n", wanted)[0], Refused)


def test_outcomes_come_in_the_order_asked_for() -> None:
    text = "import os\nimport sys\nprint(os)\n"
    outcomes = prove(text, [removal(text, "os"), removal(text, "sys"), removal(text, "os")])
    assert [type(outcome) for outcome in outcomes] == [Refused, Patched, Refused]


def test_a_file_of_mixed_line_ends_is_proved_without_a_patch() -> None:
    text = "x = 1\r\ny = 2\ndef gone(): pass\n"
    assert prove(text, [removal(text, "gone")]) == [Patched("")]


SAFE = {
    "def gone(): pass\n": True,
    "def gone(x=[]): pass\n": True,
    "def gone(x=make()): pass\n": False,  # runs at import
    "@register\ndef gone(): pass\n": False,
    "class gone: pass\n": True,
    "class gone(Exception): pass\n": True,
    "from torch import nn\nclass gone(nn.Module):\n    def forward(self, x): return x\n": True,
    "class gone(Base): pass\n": False,  # may count its subclasses
    "class gone(metaclass=Meta): pass\n": False,
    "class gone:\n    x = make()\n": False,
    "class gone:\n    for x in y: pass\n": False,
    "class gone:\n    @register\n    def f(self): pass\n": False,
    "import os as gone\n": True,
    "import gone\n": False,  # may be there for what it does
    "from gone import x as gone\n": True,
    "from . import gone\n": False,
}


@pytest.mark.parametrize(("text", "safe"), SAFE.items(), ids=SAFE.keys())
def test_a_patch_is_safe_only_if_nothing_that_runs_goes(text: str, safe: bool) -> None:
    (outcome,) = prove(text, [removal(text, "gone", -1)])
    assert isinstance(outcome, Patched)
    assert outcome.safe is safe


def notebook(*sources: str) -> bytes:
    """A notebook with a title and these code cells."""
    cells: list[dict[str, object]] = [{"cell_type": "markdown", "metadata": {}, "source": "# title"}]
    for source in sources:
        cells.append({"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source})
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def test_a_notebook_is_proved_by_cell_and_line() -> None:
    wanted = [
        Removal("function", "gone", Place(2, 2, 1, 2)),
        Removal("function", "f", Place(1, 1, 1, 3)),
        Removal("import", "os", Place(3, 3, 8, 3)),
    ]
    data = notebook("import os\ndef gone(): pass", "def f(): pass\nf()\nimport os")
    outcomes = prove_notebook(data, read_notebook(data).codes[0], wanted)
    assert [type(outcome) for outcome in outcomes] == [Patched, Refused, Patched]


def test_global_at_the_top_of_a_module_says_nothing() -> None:
    """Python allows it there, where it means nothing."""
    text = "global x\nx = 1\nprint(x)\n\n\ndef gone():\n    pass\n"
    (outcome,) = prove(text, [Removal("function", "gone", Place(6, 7))])
    assert isinstance(outcome, Patched)
