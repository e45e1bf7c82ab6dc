"""Edits of a notebook's code change nothing in its file but the source lines they name."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from mldebt.errors import Unpatchable, Unreadable
from mldebt.proof.patch import Edit
from mldebt.proof.sheet import Sheet
from mldebt.read.notebook import read_notebook
from tests.proof.git import applied_by_git

CELL = (
    '{"cell_type": "code", "execution_count": 3, "id": "a\\u00e9", "metadata": {"k": [1e5, NaN]}, '
    '"outputs": [{"text": ["é\\n"]}], "source": %s}'
)
FRAME = (
    '{\n "cells": [\n  {"cell_type": "markdown", "source": ["# t"]},\n  %s\n ],\n "metadata": {}, "nbformat": 4\n}%s'
)


def written(*sources: str, end: str = "\n") -> str:
    """The text of a notebook with a title and code cells of these sources, written as they are given."""
    return FRAME % (",\n  ".join(CELL % source for source in sources), end)


def sheet(text: str) -> Sheet:
    data = text.encode()
    return Sheet(data, read_notebook(data).codes[0])


def row(found: Sheet, cell: int, first: int, last: int, *new: str) -> Edit:
    """The edit of a cell's lines `first` to `last` (from 0, `last` exclusive)."""
    return Edit(found.firsts[cell] + first, found.firsts[cell] + last, list(new))


GOES = {  # source, first and last line, what takes their place, and the source after
    "the first line": ('["a\\n", "b\\n", "c"]', 0, 1, (), '["b\\n", "c"]'),
    "a line in the middle": ('["a\\n", "b\\n", "c"]', 1, 2, (), '["a\\n", "c"]'),
    "the last line, and the newline before it": ('["a\\n", "b\\n", "c"]', 2, 3, (), '["a\\n", "b"]'),
    "all lines": ('["a\\n", "b"]', 0, 2, (), "[]"),
    "all lines of one string": ('"a\\nb"', 0, 2, (), '""'),
    "the first line of one string": ('"a\\nb\\nc"', 0, 1, (), '"b\\nc"'),
    "the last line of one string": ('"a\\nb\\nc"', 2, 3, (), '"a\\nb"'),
    "a line, and escapes of others stay": (
        '["x = \'\\u00e9 \\ud83d\\ude00 \\/\'\\n", "b\\n", "y = \'é\'"]',
        1,
        2,
        (),
        "[\"x = '\\u00e9 \\ud83d\\ude00 \\/'\\n\", \"y = 'é'\"]",
    ),
    "a line behind escapes in one string": (
        "\"x = '\\u00e9 \\ud83d\\ude00'\\nb\\ny = '\\u00E9'\"",
        1,
        2,
        (),
        "\"x = '\\u00e9 \\ud83d\\ude00'\\ny = '\\u00E9'\"",
    ),
    "a line of a list on lines of its own": (
        '[\n    "a\\n",\n    "b\\n",\n    "c"\n   ]',
        1,
        2,
        (),
        '[\n    "a\\n",\n    "c"\n   ]',
    ),
    "the only line of a list on lines of its own": ('[\n    "a"\n   ]', 0, 1, (), "[]"),
    "the last line of a list on lines of its own": (
        '[\n    "a\\n",\n    "b"\n   ]',
        1,
        2,
        (),
        '[\n    "a"\n   ]',
    ),
    "a line for one of another text": ('["a\\n", "b\\n", "c"]', 1, 2, ("pass",), '["a\\n", "pass\\n", "c"]'),
    "the last line for one of another text": ('["a\\n", "b"]', 1, 2, ("pass",), '["a\\n", "pass"]'),
    "three lines for two": (
        '[\n "from a import (\\n",\n "    b,\\n",\n "    c,\\n",\n ")"\n]',
        0,
        4,
        ("from a import (", "    c,", ")"),
        '[\n "from a import (\\n",\n "    c,\\n",\n ")"\n]',
    ),
    "one line for several": ('[\n "a\\n",\n "b"\n]', 0, 1, ("x", "y"), '[\n "x\\n",\n "y\\n",\n "b"\n]'),
    "the only line for several": ('["a"]', 0, 1, ("x", "y"), '["x\\n", "y"]'),
    "a line within a string of several": ('["a\\nb\\n", "c"]', 1, 2, (), '["a\\n", "c"]'),
    "a line that two strings share": ('["a\\nb", "b\\nc\\n", "d"]', 1, 2, (), '["a\\n", "c\\n", "d"]'),
    "a line of a string of several for two": ('["a\\nb\\n", "c"]', 1, 2, ("x", "y"), '["a\\nx\\ny\\n", "c"]'),
    "a line that ends in a carriage return too": ('["a\\r\\n", "b\\r\\n", "c"]', 1, 2, (), '["a\\r\\n", "c"]'),
    "the last line, and the carriage return before it": ('["a\\r\\n", "b"]', 1, 2, (), '["a"]'),
    "a line for one of another text that ends as the others": (
        '["a\\r\\n", "b\\r\\n", "c"]',
        1,
        2,
        ("pass",),
        '["a\\r\\n", "pass\\r\\n", "c"]',
    ),
    "a line of a source that ends in a newline": ('["a\\n", "b\\n"]', 0, 1, (), '["b\\n"]'),
    "blank lines at the top": ('["\\n", "a\\n", "b"]', 0, 2, ("",), '["b"]'),
    "a line between magics": ('["%cd x\\n", "a\\n", "!ls"]', 1, 2, (), '["%cd x\\n", "!ls"]'),
    "a line above blank ones and a magic": ('["a\\n", "\\n", "%cd x"]', 0, 2, ("",), '["%cd x"]'),
    "a line of a cell that is indented as a whole": (
        '["  if x:\\n", "    a\\n", "  b"]',
        1,
        2,
        ("  pass",),
        '["  if x:\\n", "    pass\\n", "  b"]',
    ),
}


@pytest.mark.parametrize(("source", "first", "last", "new", "after"), GOES.values(), ids=GOES.keys())
@pytest.mark.parametrize("end", ["\n", ""], ids=["newline", "no newline"])
def test_only_the_source_lines_change(
    tmp_path: Path, source: str, first: int, last: int, new: tuple[str, ...], after: str, end: str
) -> None:
    text = written('["before"]', source, '["after"]', end=end)
    found = sheet(text)
    edits = [row(found, 3, first, last, *new)]
    assert found.after(edits) == written('["before"]', after, '["after"]', end=end)
    assert applied_by_git(tmp_path / "n.ipynb", text, found.hunks(edits)) == found.after(edits)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("indent", [1, None], ids=["on lines", "in one line"])
def test_newlines_marks_and_indents_of_the_file_stay(
    tmp_path: Path, newline: str, mark: str, indent: int | None
) -> None:
    cells = [{"cell_type": "code", "metadata": {}, "source": ["a\n", f"b{n}\n", "c"], "outputs": []} for n in (1, 2)]
    value: dict[str, object] = {"cells": cells, "metadata": {"é": 1}, "nbformat": 4}
    text = mark + json.dumps(value, indent=indent, ensure_ascii=False).replace("\n", newline)
    found = sheet(text)
    edits = [row(found, 2, 1, 2), row(found, 1, 1, 2)]
    for cell in cells:
        cell["source"] = ["a\n", "c"]
    meant = mark + json.dumps(value, indent=indent, ensure_ascii=False).replace("\n", newline)
    assert found.after(edits) == meant
    assert applied_by_git(tmp_path / "n.ipynb", text, found.hunks(edits)) == meant


def test_a_notebook_of_format_3_is_edited_in_its_input() -> None:
    cell = '{"cell_type": "code", "input": %s, "outputs": [], "prompt_number": 1}'
    frame = '{"metadata": {}, "nbformat": 3, "worksheets": [{"cells": [{"cell_type": "heading", "source": "t"}, %s]}]}'
    found = sheet(frame % (cell % '["a\\n", "b"]'))
    assert found.after([row(found, 2, 0, 1)]) == frame % (cell % '["b"]')


def test_identical_cells_are_told_apart() -> None:
    found = sheet(written('["a\\n", "b"]', '["a\\n", "b"]', '["a\\n", "b"]'))
    assert found.after([row(found, 3, 0, 1)]) == written('["a\\n", "b"]', '["b"]', '["a\\n", "b"]')


LOCKED = {
    "a magic": ('["a\\n", "%cd x"]', 1),
    "a shell line": ('["a\\n", "!ls"]', 1),
    "what a shell line is assigned to": ('["a\\n", "b = !ls"]', 1),
    "code that a magic times": ('["a\\n", "%time b()"]', 1),
    "half a pair of characters": ('["a\\n", "\'\\ud83d\'"]', 1),
    "the body of a cell in another language": ('["%%bash\\n", "ls"]', 1),
}


@pytest.mark.parametrize(("source", "line"), LOCKED.values(), ids=LOCKED.keys())
def test_what_only_ipython_reads_is_never_touched(source: str, line: int) -> None:
    found = sheet(written(source))
    for edit in (row(found, 2, line, line + 1), row(found, 2, line, line + 1, "pass"), row(found, 2, 0, line + 1)):
        with pytest.raises(Unpatchable):
            found.after([edit])


def test_no_edit_reaches_into_another_cell() -> None:
    found = sheet(written('["a\\n", "b"]', '["c\\n", "d"]'))
    with pytest.raises(Unpatchable):
        found.after([Edit(found.firsts[2] + 1, found.firsts[3] + 1, [])])


REFUSED = {
    "a source twice": '{"cells": [{"cell_type": "code", "source": "a", "source": "b"}]}',
    "cells twice": '{"cells": [], "cells": [{"cell_type": "code", "source": "b"}]}',
    "a source with a number in it": '{"cells": [{"cell_type": "code", "source": ["a\\n", 3, "b"]}]}',
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_can_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        sheet(text)


SHOWN = {  # source, the line that goes, and whether a value is shown then that was not
    "an import above an expression": ('["import a\\n", "b"]', 0, False),
    "an import below an expression": ('["b\\n", "import a"]', 1, True),
    "an import below a call with a semicolon": ('["b = 1\\n", "import a"]', 1, False),
}


@pytest.mark.parametrize(("source", "line", "more"), SHOWN.values(), ids=SHOWN.keys())
def test_it_is_known_if_a_cell_would_show_another_value(source: str, line: int, more: bool) -> None:
    found = sheet(written(source))
    assert found.shows_more([row(found, 2, line, line + 1)]) is more


@pytest.mark.parametrize("seed", range(60))
def test_of_any_notebook_only_the_named_lines_go(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    cells = [cell(chance) for _ in range(chance.randint(1, 6))]
    value = {"cells": cells, "metadata": {"x": "\u00e9\u2028"}, "nbformat": 4}
    separators = chance.choice([None, (",", ":"), (" , ", " : ")])
    text = json.dumps(
        value, indent=chance.choice([None, 1, 4]), ensure_ascii=chance.random() < 0.5, separators=separators
    )
    found = sheet(text)
    edits: list[Edit] = []
    meant = ["".join(one["source"]) for one in cells]
    for number, one in enumerate(cells, 1):
        if one["cell_type"] == "code":
            new, meant[number - 1] = cut(chance, found, number, meant[number - 1])
            edits.extend(new)
    left = json.loads(found.after(edits))
    assert ["".join(one.pop("source")) for one in left["cells"]] == meant
    assert left == {**value, "cells": [{"cell_type": one["cell_type"], "metadata": {}} for one in cells]}
    hunks = found.hunks(edits)
    assert (applied_by_git(tmp_path / "n.ipynb", text, hunks) if hunks else text) == found.after(edits)


def cell(chance: random.Random) -> dict[str, Any]:
    words = ["x = 1", "é = '\\u00e9'", "y = '\U0001f600'", "", '# a "b" \\ \t', "%cd /", "print(x)", "z = '\u2028'"]
    rows = [chance.choice(words) for _ in range(chance.randint(1, 8))]
    end = chance.choice(["\n", "\n", "\r\n"])
    text = end.join(rows)
    source = text if chance.random() < 0.3 else [part for part in text.splitlines(keepends=True)]
    if isinstance(source, list) and chance.random() < 0.3:
        at = sorted(chance.randint(0, len(text)) for _ in range(3))
        source = [text[: at[0]], text[at[0] : at[1]], text[at[1] : at[2]], text[at[2] :]]
    return {"cell_type": chance.choice(["code", "code", "markdown"]), "metadata": {}, "source": source}


def cut(chance: random.Random, found: Sheet, number: int, text: str) -> tuple[list[Edit], str]:
    """An edit of a run of lines without magics, and what is left of the source."""
    rows = text.replace("\r\n", "\n").split("\n")
    first = chance.randint(0, len(rows) - 1)
    last = chance.randint(first + 1, len(rows))
    if any(line.startswith("%") for line in rows[first:last]) or not "".join(rows[first:last]):
        return [], text
    new = ["pass"] if chance.random() < 0.4 else []
    meant = ("\r\n" if "\r\n" in text else "\n").join([*rows[:first], *new, *rows[last:]])
    return [row(found, number, first, last, *new)], meant
