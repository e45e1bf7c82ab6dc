"""Clone items: which statements count as the same, which frames they stand in, and that their form is stable."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mldebt.errors import Unreadable
from mldebt.facts import sorts
from mldebt.facts.statements import CLASS_FRAME, FUNCTION, MODULE, Items, items, unpack
from mldebt.facts.syntax import Module
from mldebt.model import Cell, Code


def packed(text: str) -> Items:
    return unpack(items(Module(Code(text))))


def shapes(text: str) -> list[int]:
    return list(packed(text).blind)


SAME_SHAPE = {
    "names": ("loss = criterion(output, label)", "cost = measure(guess, target)"),
    "literals": ("rate = schedule(0.1, 'step')", "rate = schedule(3, 'cosine')"),
    "a negative number": ("low = -1", "low = 1"),
    "the order of keywords": ("Dense(units=3, name='d')", "Dense(name='d', units=3)"),
    "import aliases": ("x = np.zeros(3)", "x = numpy.zeros(3)"),
    "where a module comes from": ("x = F.relu(x)", "x = torch.nn.functional.relu(x)"),
    "annotations": ("def f(a, b=1):\n    c = a", "def f(a: int, b: int = 1) -> int:\n    c: int = a"),
    "layout": ("f(a,\n  b)", "f(a, b)"),
    "a progress bar": ("for x in loader:\n    f(x)", "for x in tqdm(loader, ascii=True):\n    f(x)"),
    "print and log": ("print(x)", "logger.info(x)"),
    "the way to the device": ("model.cuda()", "model.to(device)"),
    "plain and formatted text": ("name = 'a'", "name = f'{a} of {b}'"),
}


@pytest.mark.parametrize(("one", "other"), SAME_SHAPE.values(), ids=list(SAME_SHAPE))
def test_statements_of_one_shape_differ_at_most_in(one: str, other: str) -> None:
    assert shapes(one) == shapes(other)


OTHER_SHAPE = {
    "operators": ("a = b + c", "a = b - c"),
    "comparisons": ("if a < b:\n    f()", "if a > b:\n    f()"),
    "attributes": ("a = b.mean", "a = b.std"),
    "called methods": ("a.fit(b)", "a.predict(b)"),
    "built-in functions": ("a = len(b)", "a = sum(b)"),
    "classes made": ("a = Linear(b)", "a = Dropout(b)"),
    "keyword names": ("f(dim=1)", "f(axis=1)"),
    "the number of arguments": ("f(a)", "f(a, b)"),
    "return and assignment": ("def f():\n    return a", "def f():\n    b = a"),
}


@pytest.mark.parametrize(("one", "other"), OTHER_SHAPE.values(), ids=list(OTHER_SHAPE))
def test_statements_that_differ_in_these_have_other_shapes(one: str, other: str) -> None:
    assert shapes(one) != shapes(other)


@pytest.mark.parametrize("other", ["a = f( b )  # why", "a = (f(b))", 'a = f(b)\n"words"'])
def test_layout_comments_and_docstrings_leave_the_tokens_equal(other: str) -> None:
    assert list(packed(other).exact) == list(packed("a = f(b)").exact)


@pytest.mark.parametrize("other", ["c = f(b)", "a = g(b)", "a = f('b')"])
def test_a_name_or_literal_makes_other_tokens(other: str) -> None:
    assert list(packed(other).exact) != list(packed("a = f(b)").exact)


def test_what_says_nothing_of_its_own_matches_nothing() -> None:
    found = packed("raise NotImplementedError\npass\n")
    assert list(found.blind) == [0] * 2
    assert {meta & sorts.SORT for meta in found.metas} == {sorts.INERT}


@pytest.mark.parametrize(
    ("one", "other", "sort"),
    [
        ("from a import b", "from a import c", sorts.IMPORT),
        ("import a", "import a as b", sorts.IMPORT),
        ("parser.add_argument('--rate', type=float)", "parser.add_argument('--size', type=float)", sorts.ARGUMENT),
        ("args = parser.parse_args()", "options = parser.parse_args()", sorts.ARGUMENT),
    ],
)
def test_imports_and_arguments_are_compared_word_for_word(one: str, other: str, sort: int) -> None:
    assert list(packed(one).blind) == list(packed(one + "  # same").blind) != list(packed(other).blind)
    assert {meta & sorts.SORT for text in (one, other) for meta in packed(text).metas} == {sort}


SETTINGS = ["a = 1", "self.a = b.c", "a = (1, b, -2)", "a = {'x': [1, 2]}", "A = frozenset('a b'.split())"]
NO_SETTINGS = ["a = f(1)", "a += 1", "a = {'x': f()}", "a = dict(x=f(1))", "a = b + c"]


@pytest.mark.parametrize("text", [*SETTINGS, *NO_SETTINGS])
def test_a_value_that_is_only_written_down_makes_a_setting(text: str) -> None:
    (meta,) = packed(text).metas
    assert (meta & sorts.SORT == sorts.SETTING) == (text in SETTINGS)


def test_methods_and_functions_have_frames_and_what_is_nested_in_a_function_stays_there() -> None:
    method = "    def m(self):\n        def inner():\n            return 3\n        return inner\n"
    text = "a = 1\nclass C:\n    b = 2\n" + method
    found = packed(text)
    kinds = [(frame.kind, frame.parent, frame.line, frame.end_line) for frame in found.frames]
    assert kinds == [(MODULE, 0, 1, 7), (CLASS_FRAME, 0, 2, 7), (FUNCTION, 1, 4, 7)]
    frame = found.frames[2]
    assert list(found.lines[frame.first : frame.end]) == [4, 5, 6, 7]
    depths = [meta >> 8 & 0xFF for meta in found.metas[frame.first : frame.end]]
    assert depths == [0, 1, 2, 1]


def test_a_decorator_belongs_to_its_definition() -> None:
    found = packed("@torch.no_grad()\ndef f():\n    return 1\n")
    assert (found.frames[1].line, found.frames[1].end_line) == (1, 3)


def test_branches_after_the_first_are_parts_of_the_statement() -> None:
    text = "if a:\n    f()\nelif b:\n    g()\nelse:\n    h()\ntry:\n    f()\nexcept E:\n    g()\nfinally:\n    h()\n"
    parts = [bool(meta & sorts.PART) for meta in packed(text).metas]
    assert parts == [False, False, True, False, True, False, False, False, True, False, True, False]


def test_a_heavy_call_is_split_into_its_elements_however_it_is_wrapped() -> None:
    calls = [f"nn.Conv2d({n}, {n}, 3, stride=2, padding=1)" for n in (8, 16, 32, 64)]
    one, other = f"m = nn.Sequential({', '.join(calls)})", "m = nn.Sequential(\n    " + ",\n    ".join(calls) + "\n)"
    assert shapes(one) == shapes(other)
    assert [bool(meta & sorts.CONTINUED) for meta in packed(one).metas] == [False, True, True, True, True]
    assert list(packed(other).lines) == [1, 2, 3, 4, 5]


def test_a_table_of_data_is_one_item() -> None:
    rows = ", ".join(f"({n}, {n}, {n}, 'name')" for n in range(500))
    assert len(packed(f"table = [{rows}]").blind) == 1


SYNTAX = """
match point:
    case Point(x=0, y=[first, *rest]) | {"x": first, **rest} if first:
        pass
    case None | "a" | -1:
        a[1:2, ...] = lambda *a, b=1, **k: (yield)
async def f[T](a, /, b, *, c: int = 1, **d) -> T:
    async with a as b, c: ...
    async for i in b: await c
    return [x async for x in b if x], {k: v for k, v in a}, {*a}, (x for x in y)
type A = int
try: pass
except* E as e: raise e from None
del a[0], b.c
global g
x: int
(y := f"{a!r:>{b}} {c}")
assert a, "b"
a if b else not c
"""


def test_all_syntax_of_this_python_is_taken() -> None:
    taken = 0
    for length in range(1, SYNTAX.count("\n") + 1):
        for first in range(length):
            try:
                module = Module(Code("\n".join(SYNTAX.split("\n")[first:length])))
            except Unreadable:
                continue
            items(module)
            taken += 1
    assert taken > 20


DEEP = {
    "a chain of elif": "if a:\n    f()\n" + "elif b:\n    g()\n" * 2000,
    "a sum": "a = " + " + ".join(["b"] * 1500),
    "a chain of calls": "a = b" + ".f()" * 600,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=list(DEEP))
def test_deep_source_is_taken_without_recursion(text: str) -> None:
    assert packed(text).blind


def test_the_cells_of_a_notebook_travel_with_its_items() -> None:
    code = Code("a = 1\nb = 2\nf(a, b)", cells=(Cell(2, "code", 1, 2), Cell(5, "code", 3, 1)))
    assert unpack(items(Module(code))).cells == [(2, 1, 2), (5, 3, 1)]


def test_no_items_unpack_to_none() -> None:
    assert not unpack(b"").frames
    assert len(packed("").frames) == 1


def test_items_are_the_same_in_every_process() -> None:
    program = (
        "import sys; from mldebt.facts.statements import items; from mldebt.facts.syntax import Module; "
        "from mldebt.model import Code; sys.stdout.write(items(Module(Code(sys.argv[1]))).hex())"
    )
    text = "def f(rows, *, key='name'):\n    return {row[key]: row for row in sorted(rows) if row}\n"
    found = {
        subprocess.run(
            [sys.executable, "-c", program, text],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "7")
    }
    assert found == {items(Module(Code(text))).hex().encode()}
