"""What a patch leaves where lines go as they are: unreachable statements, comments and whole files."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.facts.syntax import Module
from mldebt.model import Code, Place, Removal
from mldebt.proof.removal import Patched, prove
from mldebt.rules.code.unreachable_code import find

Taken = Callable[[str, Removal], str]

# the body of `def f(x):` before and after
DEAD = {
    "what follows a return": ("return x\nprint(x)", "return x"),
    "what follows it with its comment": ("return x\n\n# shown\nprint(x)\n# print(2)", "return x\n\n# print(2)"),
    "a definition": ("return x\n@g\ndef h():\n    pass", "return x"),
    "what follows a raise in a block": (
        "if x:\n    raise E\n    print(x)\nreturn x",
        "if x:\n    raise E\nreturn x",
    ),
    "what follows an endless loop": ("while True:\n    print(x)\nprint(2)", "while True:\n    print(x)"),
    "a body that never runs": ("if False:\n    print(x)\nreturn x", "return x"),
    "a loop that never runs": ("while 0:\n    print(x)\nreturn x", "return x"),
    "the only statement of a block": ("if x:\n    if 0:\n        print(x)\nreturn x", "if x:\n    pass\nreturn x"),
    "all of an else": ("if True:\n    return x\nelse:\n    print(x)", "if True:\n    return x"),
    "an else that a comment heads": (
        "if True:\n    return x\n# or\nelse:\n    # not\n    print(x)",
        "if True:\n    return x\n# or",
    ),
    "all of an elif": ("if True:\n    return x\nelif x:\n    print(x)", "if True:\n    return x"),
    "an elif that never holds": (
        "if x:\n    return x\nelif False:\n    print(x)\nelse:\n    return 2",
        "if x:\n    return x\nelse:\n    return 2",
    ),
    "a body whose else moves out": (
        "if False:\n    print(x)\nelse:\n    # but\n    x = 2\n\n    while x:\n        x = 1\nreturn x",
        "# but\nx = 2\n\nwhile x:\n    x = 1\nreturn x",
    ),
    "a body whose elif becomes an if": (
        "if False:\n    print(x)\nelif x:\n    return 2\nelse:\n    return 3",
        "if x:\n    return 2\nelse:\n    return 3",
    ),
}


def dead(text: str) -> Removal:
    """The removal of the one stretch of a text that cannot run."""
    (hit,) = find(Module(Code(text)))
    assert hit.removes is not None
    return hit.removes


def function(body: str) -> str:
    return "def f(x):\n" + "".join(f"    {row}\n" if row else "\n" for row in body.split("\n"))


@pytest.mark.parametrize(("before", "after"), DEAD.values(), ids=DEAD.keys())
def test_statements_that_cannot_run_go_with_the_block_they_fill(before: str, after: str, taken: Taken) -> None:
    text = function(before)
    assert taken(text, dead(text)) == function(after)


def test_an_import_goes_that_only_dead_statements_read(taken: Taken) -> None:
    text = "import os\nimport sys\n\n\ndef f(x):\n    return sys\n    os.remove(x)\n"
    assert taken(text, dead(text)) == "import sys\n\n\ndef f(x):\n    return sys\n"


NO_PATCH = {
    "a yield makes the generator": "return\nprint(x)\nyield",
    "an assignment makes the name a local one": "def g():\n    return y\nreturn g\ny = 1",
    "a declaration is for the whole function": "y = 1\nreturn x\nglobal z\nz = 1",
    "its condition may act": "if x() and False:\n    print(x)\nreturn x",
    "its line is shared": "return x; print(x)",
    "a string would move with its else": 'if False:\n    print(x)\nelse:\n    x = """\n"""\nreturn x',
}


@pytest.mark.parametrize("body", NO_PATCH.values(), ids=NO_PATCH.keys())
def test_what_never_runs_and_still_means_something_stays_without_a_patch(body: str, taken: Taken) -> None:
    text = function(body)
    assert taken(text, dead(text)) == "no patch"


@pytest.mark.parametrize(
    ("body", "safe"),
    [
        ("return x\nprint(input())", True),
        ("if False:\n    input()\nreturn x", True),
        ("if x == 1 and False:\n    input()\nreturn x", False),  # `==` is a method, and is called
    ],
)
def test_what_cannot_run_is_safe_to_take_out(body: str, safe: bool) -> None:
    text = function(body)
    (outcome,) = prove(text, [dead(text)])
    assert isinstance(outcome, Patched)
    assert outcome.safe is safe


COMMENTS = {
    "between statements": ("x = 1\n# y = 2\n# z = 3\nw = 4\n", 2, 3, "x = 1\nw = 4\n"),
    "between blank lines": ("x = 1\n\n# y = 2\n\nw = 4\n", 3, 3, "x = 1\n\nw = 4\n"),
    "with blank lines in them": ("x = 1\n# y = 2\n\n# z = 3\nw = 4\n", 2, 4, "x = 1\nw = 4\n"),
    "in a block": ("if x:\n    # y()\n    # z()\n    w()\n", 2, 3, "if x:\n    w()\n"),
    "at the end of a block": ("if x:\n    w()\n    # y()\n\n\nz()\n", 3, 3, "if x:\n    w()\n\n\nz()\n"),
    "at the end of the file": ("x = 1\n\n# y = 2\n", 3, 3, "x = 1\n"),
    "in brackets": ("x = [\n    1,\n    # 2,\n    3,\n]\n", 3, 3, "x = [\n    1,\n    3,\n]\n"),
    "of less depth": ("if x:\n    w()\n#    y()\n    z()\n", 3, 3, "if x:\n    w()\n    z()\n"),
    "not in a string": ('x = """\n# y = 2\n"""\n', 2, 2, "refused"),
    "not beside code": ("x = 1\ny = 2  # z\n", 2, 2, "refused"),
    "not the first line of a script": ("#!/bin/python\n# x\n", 1, 2, "refused"),
    "not blank lines alone": ("x = 1\n\n\ny = 2\n", 2, 3, "refused"),
}


@pytest.mark.parametrize(("text", "first", "last", "after"), COMMENTS.values(), ids=COMMENTS.keys())
def test_lines_that_hold_only_comments_go(text: str, first: int, last: int, after: str, taken: Taken) -> None:
    assert taken(text, Removal("commented_code", "", Place(first, last))) == after


@pytest.mark.parametrize("text", ["x = 1\n\n\ny = 2\n", "x = 1", "x = 1\r\ny = 2\r\n"])
def test_git_deletes_the_file_of_a_module(text: str, tmp_path: Path) -> None:
    (outcome,) = prove(text, [Removal("module", "a.m", Place(1, 1))])
    assert isinstance(outcome, Patched)
    assert outcome.safe
    (tmp_path / "m.py").write_bytes(text.encode())
    patch = f"--- a/m.py\n+++ /dev/null\n{outcome.diff}".encode()
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, check=True)
    assert not (tmp_path / "m.py").exists()


def test_a_patch_is_not_safe_if_something_outside_the_file_may_notice() -> None:
    (outcome,) = prove("x = 1\n", [Removal("module", "m", Place(1, 1), certain=False)])
    assert isinstance(outcome, Patched)
    assert not outcome.safe
