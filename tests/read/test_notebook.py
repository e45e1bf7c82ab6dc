"""A notebook becomes Python modules whose lines are the cells' lines, whatever IPython allows in them."""

from __future__ import annotations

import ast
import json
import time
from typing import Any

import pytest

from mldebt.errors import Unreadable
from mldebt.read.notebook import Notebook, read_notebook


def notebook(*cells: str | dict[str, Any], **metadata: Any) -> Notebook:
    made = [cell if isinstance(cell, dict) else code(cell) for cell in cells]
    return read_notebook(json.dumps({"cells": made, "metadata": metadata, "nbformat": 4}).encode())


def code(source: object, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **more}


def text_of(source: str) -> str:
    """The Python of a notebook of one cell, which has as many lines as the cell and parses without a problem."""
    found = notebook(source)
    text = found.codes[0].text
    assert found.problems == ()
    assert text.count("\n") == source.count("\n") + 1
    ast.parse(text)
    return text.removesuffix("\n")


def commands_of(source: str) -> list[tuple[int, str]]:
    return [(command.line, command.text) for command in notebook(source).commands]


UNCHANGED = [
    "x = 1",
    "",
    "# only a comment",
    "x = 7 % 3\ny = '%s' % x",
    "x = ('%d items'\n     % 3)",
    "total = (1 +\n% 2)".replace("+\n%", "\n% 3 +"),
    's = """\n%matplotlib inline\n!ls\n?help\n"""',
    "s = '''a\\'''\n!ls\n'''",
    "x = 'really?'",
    "why = 1  # is it?",
    "d = {\n    'a': 1,\n}\nprint(d['a'] != 2)",
    "await fetch()",
    "async with a as b:\n    pass",
    "x: int = 3\nassert x != 4, '!'",
    "ls = 1\nls -x".replace("-x", "- 1"),
    "print('a');",
    "text = f'{x!r:>{10}}'",
    "a = b \\\n    % c",
]


@pytest.mark.parametrize("source", UNCHANGED)
def test_python_stays_as_it_is(source: str) -> None:
    assert text_of(source) == source


TRANSLATED = {
    "line magic": ("%matplotlib inline\nx = 1", "\nx = 1"),
    "spaced magic": ("% matplotlib inline\nx = 1", "\nx = 1"),
    "shell": ("!ls -la\nx = 1\n!!pwd", "\nx = 1\n"),
    "shell, continued": ("!pip install a \\\n    b\nx = 1", "\n\nx = 1"),
    "magic, continued": ("%env A=1 \\\n  B\nx = 1", "\n\nx = 1"),
    "help": ("len?\nx = 1\n?len\na.b??\n%time?\nx.*?;", "\nx = 1\n\n\n\n"),
    "in a block": ("if x:\n    !ls\nelse:\n\t%cd ..\ny = 1", "if x:\n    pass\nelse:\n\tpass\ny = 1"),
    "assigned shell": ("files = !ls *.py\nx = 1", "files = None\nx = 1"),
    "assigned magic": ("here = %pwd", "here = None"),
    "assigned to several": ("a, b['k'] = !ls", "a, b['k'] = None"),
    "assigned in a block": ("for x in y:\n    z = !ls {x}", "for x in y:\n    z = None"),
    "timed": ("%time y = f(1)\n%timeit -n 3 -r 2 g(y)\n%prun -s cumulative h()", "y = f(1)\ng(y)\nh()"),
    "timed over lines": ("%time y = f(1,\n          2)", "y = f(1,\n          2)"),
    "timed and assigned": ("t = %timeit -o f(1)", "t = f(1)"),
    "timed nothing": ("%time\nx = 1", "\nx = 1"),
    "timed, but no Python": ("%timeit what on earth\nx = 1", "\nx = 1"),
    "timed in a block": ("if x:\n    %time y = 1", "if x:\n    y = 1"),
    "after a string that spans lines": ('s = """\n!no\n"""\n!yes', 's = """\n!no\n"""\n'),
    "after a bracket that spans lines": ("f(\n  '%d' % 2,\n)\n%magic", "f(\n  '%d' % 2,\n)\n"),
    "a magic's own quotes open nothing": ("!echo \"it's\n%env X='\nx = 1", "\n\nx = 1"),
    "a magic's own brackets open nothing": ("!echo (\n!ls\nx = 1", "\n\nx = 1"),
    "beside a continued line": ("a = b \\\n    % c\n!ls", "a = b \\\n    % c\n"),
    "bare": ("pip install x\nls -la\nx = 1", "\n\nx = 1"),
    "run": (
        "%run lib/train.py --lr 1\n%run 'a.py'\n%run other.ipynb",
        "from lib.train import *\nfrom a import *\nfrom other import *",
    ),
    "run, not importable": ("%run my-script.py\n%run -i", "\n"),
    "pylab": ("%pylab inline\nplot(1)", "from pylab import *\nplot(1)"),
    "store": ("%store -r a b\nx = a", "a = b = None\nx = a"),
    "indented as a whole": ("    x = 1\n    if x:\n        y = 2\n    !ls", "x = 1\nif x:\n    y = 2\n"),
    "cell timed": ("%%time\nx = 1\n!ls", "\nx = 1\n"),
    "cell timed with a set-up": ("%%timeit -n 10 x = 1\nf(x)", "x = 1\nf(x)"),
    "cell captured": ("%%capture --no-stderr out\nx = 1", "out = None\nx = 1"),
    "cell captured, unnamed": ("%%capture\nx = 1", "\nx = 1"),
    "cell magic below comments": ("# title\n\n%%time\nx = 1", "\n\n\nx = 1"),
    "unknown cell magic on Python": ("%%wandb -x\nx = 1", "\nx = 1"),
    "unknown cell magic on anything else": ("%%dot\ndigraph { a -> b }", "\n"),
    "shell cell": ("%%bash\nfor x in *; do echo $x; done", "\n"),
    "other language that would parse": ("%%javascript\nx = 1", "\n"),
    "query into a variable": ("%%bigquery df --project p\nSELECT 1", "df = None\n"),
    "query into another": ("%%sql rows <<\nSELECT 1", "rows = None\n"),
    "output of another language": ("%%R -o frame\nframe <- 1", "frame = None\n"),
    "written file": ("%%writefile x.py\ny = 1", "\n"),
    "carriage returns": ("!ls\r\nx = 1\rz = 2", "\nx = 1\nz = 2"),
}


@pytest.mark.parametrize("name", TRANSLATED)
def test_what_ipython_adds_is_taken_out_line_by_line(name: str) -> None:
    source, expected = TRANSLATED[name]
    assert text_of(source.replace("\r\n", "\n").replace("\r", "\n")) == expected
    assert notebook(source).codes[0].text == expected + "\n"


COMMANDS = {
    "shell": ("x = 1\n!python train.py \\\n  --lr 1\n!!pwd", [(2, "python train.py --lr 1"), (4, "pwd")]),
    "assigned": ("files = !ls *.py", [(1, "ls *.py")]),
    "pip": ("%pip install a\npip install b", [(1, "pip install a"), (2, "pip install b")]),
    "conda": ("%conda install a", [(1, "conda install a")]),
    "run": ("\n%run lib/train.py --lr 1", [(2, "python lib/train.py --lr 1")]),
    "shell cell": ("%%bash\n# note\npython a.py \\\n  -x\nls", [(3, "python a.py -x"), (5, "ls")]),
    "script cell": ("%%script bash\nls", [(2, "ls")]),
    "written script": ("%%writefile run.sh\npython a.py", [(2, "python a.py")]),
    "what mentions variables": ("%cd $folder\n%pdb\n%board {logs}", [(1, "%cd $folder"), (3, "%board {logs}")]),
    "what a cell magic takes": ("%%R -i frame\nframe", [(1, "%%R -i frame")]),
    "query": ("%%sql\nSELECT :x", [(2, "SELECT :x")]),
    "none": ("%load_ext autoreload\n%autoreload 2\nx = 7 % 3", []),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_cell_runs_is_a_command(name: str) -> None:
    source, expected = COMMANDS[name]
    assert commands_of(source) == expected


def test_cells_are_joined_line_by_line_and_counted_from_one() -> None:
    markdown = {"cell_type": "markdown", "source": "# Title\n\ntext", "metadata": {}}
    found = notebook(
        markdown,
        code("import a\n%magic\n", execution_count=3),
        markdown,
        code("", execution_count=4),
        code(["def f():\n", "    return 1"], metadata={"tags": ["mldebt-ignore", 3]}),
        {"cell_type": "raw", "source": "x"},
    )
    (main,) = found.codes
    assert main.text == "import a\n\n\n\ndef f():\n    return 1\n" and main.name == ""
    rows = [(c.number, c.kind, c.first, c.lines, c.execution, c.tags) for c in found.cells]
    assert rows == [
        (1, "markdown", 1, 0, None, ()),
        (2, "code", 1, 3, 3, ()),
        (3, "markdown", 4, 0, None, ()),
        (4, "code", 4, 1, 4, ()),
        (5, "code", 5, 2, None, ("mldebt-ignore",)),
        (6, "raw", 7, 0, None, ()),
    ]
    assert [cell.number for cell in main.cells] == [2, 4, 5]
    lines = main.text.split("\n")
    assert lines[main.cells[2].first - 1] == "def f():"


def test_commands_carry_the_number_of_their_cell() -> None:
    found = notebook({"cell_type": "markdown", "source": ""}, "!a", "x = 1\n!b")
    assert [(c.cell, c.line, c.text) for c in found.commands] == [(2, 1, "a"), (3, 2, "b")]


def test_a_cell_that_writes_a_module_is_one_with_the_cells_own_lines() -> None:
    found = notebook("x = 1", "%%writefile pkg/model.py\nimport a\n\ndef f(): pass", "%%file 'y.py'\nz = 1")
    assert [written.name for written in found.codes] == ["", "pkg.model", "y"]
    module = found.codes[1]
    assert module.text == "\nimport a\n\ndef f(): pass\n"
    assert [(cell.number, cell.first, cell.lines) for cell in module.cells] == [(2, 1, 4)]


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("train.py", "train"),
        ("./train.py", "train"),
        ("a/b/c.py", "a.b.c"),
        ("{folder}/train.py", "train"),
        ("$folder/src/train.py", "src.train"),
        ("../lib/train.py", "lib.train"),
        ("~/train.py", "train"),
        ("/content/work/train.py", "train"),
        ("-a train.py", "train"),
        ("notes.txt", None),
        ("my-script.py", None),
        ("", None),
    ],
)
def test_a_written_module_is_called_as_it_would_be_imported(target: str, name: str | None) -> None:
    assert [c.name for c in notebook(f"%%writefile {target}\nx = 1").codes[1:]] == ([name] if name else [])


def test_a_module_written_in_parts_is_one_and_one_written_anew_is_the_last() -> None:
    found = notebook(
        "%%writefile a.py\nx = 1", "%%writefile -a a.py\ny = 2", "%%writefile b.py\nold", "%%writefile b.py\nnew"
    )
    parts, anew = found.codes[1:]
    assert parts.text == "\nx = 1\n\ny = 2\n"
    assert [(cell.number, cell.first, cell.lines) for cell in parts.cells] == [(1, 1, 2), (2, 3, 2)]
    assert anew.text == "\nnew\n" and [cell.number for cell in anew.cells] == [4]


def test_a_cell_that_does_not_parse_is_named_and_costs_only_itself() -> None:
    found = notebook("import a", "x = = 1\nuse(helper)", "def f():\n    pass")
    assert found.problems == ("cell 2, line 1: invalid syntax",)
    assert found.codes[0].text == "import a\n\n\ndef f():\n    pass\n"
    assert [c.text for c in found.commands] == ["x = = 1", "use(helper)"], "what it names may be used there"


def test_of_many_cells_that_do_not_parse_three_are_named() -> None:
    found = notebook(*["x = = 1"] * 5, "y = 1")
    assert found.problems == (*(f"cell {n}, line 1: invalid syntax" for n in (1, 2, 3)), "2 more cells do not parse")


def test_a_notebook_for_python_2_is_told_so_in_one_sentence() -> None:
    found = notebook("print 'x'", "print 'y'", "z = 1", language_info={"name": "python", "version": "2.7.13"})
    (problem,) = found.problems
    assert (
        problem.startswith("is written for Python 2, 2 cells do not parse (cell 1, line 1: ") and "port it" in problem
    )
    assert found.codes[0].text == "\n\nz = 1\n"


def test_cells_do_not_run_into_each_other() -> None:
    found = notebook("if x:\n    y = 1", "    z = 2")
    assert found.codes[0].text == "if x:\n    y = 1\nz = 2\n"


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({}, "python"),
        ({"kernelspec": {"name": "python3", "language": "python"}}, "python"),
        ({"language_info": {"name": "ipython"}}, "python"),
        ({"kernelspec": {"name": "conda-env", "display_name": "my env"}}, "python"),
        ({"kernelspec": None, "language_info": None}, "python"),
        ({"kernelspec": 3, "language_info": {"name": 4}}, "python"),
        ({"kernelspec": {"language": "R", "name": "ir"}}, "R"),
        ({"language_info": {"name": "julia"}, "kernelspec": {"language": "python"}}, "julia"),
    ],
)
def test_only_python_is_read(metadata: dict[str, Any], language: str) -> None:
    found = notebook("x <- 1" if language != "python" else "x = 1", **metadata)
    assert found.language == language
    assert bool(found.codes) == (language == "python") and found.problems == ()


def test_format_3_is_read() -> None:
    cells = [
        {"cell_type": "heading", "source": "Title", "level": 1},
        {
            "cell_type": "code",
            "input": ["x = 1\n", "%pylab\n"],
            "prompt_number": 7,
            "language": "python",
            "outputs": [],
        },
    ]
    file = {"nbformat": 3, "metadata": {"name": ""}, "worksheets": [{"cells": cells}, {"cells": [cells[1]]}]}
    found = read_notebook(json.dumps(file).encode())
    assert found.codes[0].text == "x = 1\nfrom pylab import *\n\n" * 2
    assert [(cell.number, cell.execution) for cell in found.cells] == [(1, None), (2, 7), (3, 7)]


ODD_BUT_READ = {
    "NaN in an output": b'{"cells": [{"cell_type": "code", "source": "x = 1", "outputs": [NaN, Infinity]}]}',
    "half a character": b'{"cells": [{"cell_type": "code", "source": "x = 1", "outputs": ["\\ud83d"]}]}',
    "byte order mark": b'\xef\xbb\xbf{"cells": [{"cell_type": "code", "source": "x = 1"}]}',
    "no type": b'{"cells": [{"source": "x = 1"}]}',
    "odd fields": b'{"cells": [{"cell_type": "code", "source": ["x = 1", 3, null], "execution_count": "3", '
    b'"metadata": []}]}',
}


@pytest.mark.parametrize("name", ODD_BUT_READ)
def test_what_jupyter_would_open_is_read(name: str) -> None:
    found = read_notebook(ODD_BUT_READ[name])
    assert (found.codes[0].text, found.problems) == ("x = 1\n", ())
    assert found.cells[0].execution is None


@pytest.mark.parametrize("source", [None, 3, {}, [], [None]])
def test_a_cell_without_text_is_empty(source: object) -> None:
    assert notebook(code(source), code("x = 1")).codes[0].text == "\nx = 1\n"


def test_half_a_character_in_a_cell_does_not_reach_python() -> None:
    found = read_notebook(b'{"cells": [{"cell_type": "code", "source": "x = \'\\ud83d\'"}]}')
    assert found.codes[0].text == "x = '?'\n"


REFUSED = {
    "empty": (b"", "is empty: open and save it in Jupyter"),
    "blank": (b" \n", "is empty"),
    "cut off": (b'{"cells": [{"cell_type": "co', "is no notebook"),
    "another object": (b"{}", "it has no cells"),
    "a list": (b"[]", "is no notebook"),
    "cells of another type": (b'{"cells": 3}', "is no notebook"),
    "text": (b"hello", "is no notebook"),
    "binary": (b"\x89PNG\r\n\0\xff", "is no notebook"),
    "merge conflict": (b'{\n<<<<<<< HEAD\n "cells": []\n=======\n}', "resolve its merge conflict"),
    "deep": (b'{"cells": ' + b"[" * 100_000, "nested too deep"),
    "deep output": (b'{"cells": [], "x": ' + b'{"a":' * 100_000, "nested too deep"),
    "deep output, hidden": (b'{"x": NaN, "cells": [], "y": ' + b"[" * 100_000, "nested too deep"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_notebook_is_said_with_a_remedy(name: str) -> None:
    data, says = REFUSED[name]
    with pytest.raises(Unreadable, match=says) as caught:
        read_notebook(data)
    assert caught.value.kind == "unparsable"


def test_outputs_cost_next_to_nothing() -> None:
    image = {"output_type": "display_data", "data": {"image/png": "A" * 100_000}}
    cells = [code("x = 1", outputs=[image] * 10) for _ in range(15)]
    data = json.dumps({"cells": cells}).encode()
    assert len(data) > 15_000_000
    started = time.perf_counter()
    assert read_notebook(data).codes[0].text == "x = 1\n" * 15
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    "unit", ['\\"', "'", '"', "!", "?", "% ", "(", "\n", " ", "a = !", "!ls\n", "''' ", "%time ", "[a] = "]
)
def test_no_cell_takes_long(unit: str) -> None:
    source = "this is no Python\n" + unit * (200_000 // len(unit))
    started = time.perf_counter()
    notebook(source)
    assert time.perf_counter() - started < 2.0


@pytest.mark.parametrize(
    ("outputs", "error"),
    [
        ([{"output_type": "error", "ename": "KeyError", "evalue": "3", "traceback": []}], "KeyError"),
        (
            [{"output_type": "stream", "text": "a"}, {"output_type": "pyerr", "ename": "http.HTTPError"}],
            "http.HTTPError",
        ),
        ([{"output_type": "stream", "text": '{"output_type": "error"}'}], ""),
        ([{"output_type": "error"}], "error"),
        ([], ""),
    ],
)
@pytest.mark.parametrize("extra", ["1", "NaN"])
def test_a_cell_tells_the_error_it_was_saved_with(outputs: list[object], error: str, extra: str) -> None:
    """A value that no strict reader takes makes the file go another way, to the same end."""
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "f()", "outputs": outputs}
    text = json.dumps({"cells": [cell], "metadata": {"x": 0}, "nbformat": 4}).replace('"x": 0', f'"x": {extra}')
    assert [cell.error for cell in read_notebook(text.encode()).cells] == [error]


def test_an_error_that_the_text_around_speaks_of_is_none_that_was_left() -> None:
    failed = code("f()", outputs=[{"output_type": "error", "ename": "KeyError"}])
    told = {"cell_type": "markdown", "source": ["This raises", " an error:"], "metadata": {}}
    other = {"cell_type": "markdown", "source": "Then we go on.", "metadata": {}}
    pairs = ((told, failed), (failed, told), (other, failed))
    found = [[cell.error for cell in notebook(*cells).cells] for cells in pairs]
    assert found == [["", ""], ["", ""], ["", "KeyError"]]
