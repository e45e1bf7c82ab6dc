"""Which lines an excuse in the source covers."""

from __future__ import annotations

from textwrap import dedent

import pytest

from mldebt.facts.directives import directives
from mldebt.facts.syntax import Module
from mldebt.model import Cell, Code

COVERED = {
    "its own line": ("import os  # mldebt: ignore[r]\n", (1, 1)),
    "the line below": ("# mldebt: ignore[r]\nimport os\nimport sys\n", (2, 2)),
    "below blank lines": ("# mldebt: ignore[r]\n\nimport os\n", (3, 3)),
    "comments below and what they stand above": ("# mldebt: ignore[r]\n\n# f()\n# g()\nimport os\n", (3, 5)),
    "comments that end the file": ("# mldebt: ignore[r]\n# f()\n# g()\n\n", (2, 3)),
    "the whole statement below": ("# mldebt: ignore[r]\nx = f(\n    1,\n)\ny = 2\n", (2, 4)),
    "from where a statement begins": ("x = f(  # mldebt: ignore[r]\n    1,\n)\n", (1, 3)),
    "from where a statement ends": ("x = f(\n    1,\n)  # mldebt: ignore[r]\n", (1, 3)),
    "one line inside a statement": ("x = f(\n    1,  # mldebt: ignore[r]\n    2,\n)\n", (2, 2)),
    "the next line inside a statement": ("x = f(\n    # mldebt: ignore[r]\n    1,\n    2,\n)\n", (3, 3)),
    "a definition from its head": ("def f():  # mldebt: ignore[r]\n    a = 1\n    return a\n", (1, 3)),
    "a definition from above": ("# mldebt: ignore[r]\ndef f():\n    a = 1\n    return a\n", (2, 4)),
    "a definition from above its decorators": ("# mldebt: ignore[r]\n@a\n@b\ndef f():\n    return 1\n", (2, 5)),
    "a definition from among its decorators": ("@a\n# mldebt: ignore[r]\n@b\ndef f():\n    return 1\n", (1, 5)),
    "a decorated definition from its head": ("@a\nclass C:  # mldebt: ignore[r]\n    x = 1\n", (1, 3)),
    "a definition from the end of its head": ("def f(\n    a,\n):  # mldebt: ignore[r]\n    return a\n", (1, 4)),
    "one parameter": ("def f(\n    a,  # mldebt: ignore[r]\n):\n    return a\n", (2, 2)),
    "the last line of a function": ("def f():\n    a = 1\n    return a  # mldebt: ignore[r]\n", (3, 3)),
    "the head of a loop": ("for a in f(  # mldebt: ignore[r]\n    1\n):\n    g(a)\n    h(a)\n", (1, 3)),
    "the head of a match": ("match f(  # mldebt: ignore[r]\n    1\n):\n    case 1:\n        pass\n", (1, 3)),
    "a condition in one line": ("if a: b()  # mldebt: ignore[r]\nc()\n", (1, 1)),
    "the file": ("import os\n# mldebt: ignore-file[r]\n", (0, 0)),
    "nothing at the end": ("import os\n# mldebt: ignore[r]\n", (2, 2)),
}


@pytest.mark.parametrize("case", COVERED, ids=str)
def test_an_excuse_covers(case: str) -> None:
    text, lines = COVERED[case]
    (excuse,) = directives(Module(Code(text)))
    assert (excuse.first, excuse.last) == lines


FORMS = {
    "# mldebt: ignore[b, a] because": (("a", "b"), "because"),
    "#mldebt:ignore[a]": (("a",), ""),
    "# mldebt: ignore": ((), ""),
    "# mldebt: ignore we know": ((), "we know"),
    "# noqa: F401  # mldebt: ignore[a]": (("a",), ""),
    "# type: ignore[x]  # mldebt: ignore[a] why": (("a",), "why"),
    "# mldebt: ignore[a]  # noqa: F401": (("a",), ""),
}


@pytest.mark.parametrize("comment", FORMS, ids=str)
def test_an_excuse_names_rules_and_a_reason(comment: str) -> None:
    (excuse,) = directives(Module(Code(f"import os  {comment}\n")))
    assert (excuse.rules, excuse.reason) == FORMS[comment]


@pytest.mark.parametrize(
    "text",
    [
        "x = '# mldebt: ignore[a]'\n",
        '"""\n# mldebt: ignore[a]\n"""\n',
        "# mldebt: ignored\nimport os\n",
        "# see mldebt: the ignore list\nimport os\n",
        "# write `# mldebt: ignore[rule]` above it\nimport os\n",
    ],
)
def test_what_only_speaks_of_excuses_is_none(text: str) -> None:
    assert directives(Module(Code(text))) == ()


def test_in_a_notebook_an_excuse_keeps_to_its_cell() -> None:
    text = dedent(
        """\
        import os
        # mldebt: ignore[a]
        import sys
        # mldebt: ignore[b]
        import re
        """
    )
    cells = (Cell(2, "code", 1, 2), Cell(5, "code", 3, 1), Cell(6, "code", 4, 2, tags=("mldebt-ignore",)))
    found = [(d.rules, d.at.cell, d.first, d.last) for d in directives(Module(Code(text, cells=cells)))]
    assert found == [(("a",), 2, 2, 2), ((), 6, 1, 2), (("b",), 6, 2, 2)]
