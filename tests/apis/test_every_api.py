"""Every entry of the tables is seen where it is used, and only there: the examples beside this file name each.

An example is a line of Python; after `#` stand the names of the entries that it uses, each with the version that
deprecates, the one that removes, and the one that brings something else under the name.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mldebt.apis import Entry, modules, table
from mldebt.facts.retired import retired
from mldebt.facts.syntax import Module
from mldebt.model import Code

HERE = Path(__file__).parent
every_library = pytest.mark.parametrize("library", sorted(modules()))


def _entries(library: str) -> list[Entry]:
    known = table(library)
    listed = [entry for entries in known.arguments.values() for entry in entries]
    members = [entry for names in (known.methods, known.properties) for pairs in names.values() for _, entry in pairs]
    return [*known.names.values(), *listed, *members]


@every_library
def test_an_example_uses_exactly_the_entries_it_names(library: str) -> None:
    text = (HERE / f"{library}.txt").read_text(encoding="utf-8")
    marked = {(number, line.partition("  # ")[2]) for number, line in enumerate(text.splitlines(), 1) if "  # " in line}
    found = {
        (fact.at.line, " ".join(filter(None, (fact.name, fact.since or "private", fact.removed or "-", fact.back))))
        for fact in retired(Module(Code(text)), lambda node: 0)
    }
    assert found == marked


@every_library
def test_every_entry_has_an_example_and_says_what_to_write_instead(library: str) -> None:
    text = (HERE / f"{library}.txt").read_text(encoding="utf-8")
    named = {line.partition("  # ")[2].partition(" ")[0] for line in text.splitlines()}
    entries = _entries(library)
    assert {entry.name.removeprefix("*") for entry in entries} == named - {""}
    assert [name for name, count in Counter(entry.name for entry in entries).items() if count > 1] == []
    assert [entry.name for entry in entries if not entry.instead] == []


@every_library
def test_versions_come_in_order(library: str) -> None:
    from packaging.version import Version

    for entry in _entries(library):
        versions = [Version(v) for v in (entry.since, entry.removed, entry.back) if v]
        assert versions == sorted(versions), entry.name


def test_a_key_that_is_no_name_is_an_error() -> None:
    from mldebt.apis import _entries as expand
    from mldebt.apis import _Group

    with pytest.raises(ValueError, match="not a name: numpy float"):
        list(expand("numpy float", "float", _Group(""), "numpy"))


def test_a_table_is_read_only_for_a_file_that_imports_its_library() -> None:
    table.cache_clear()
    retired(Module(Code("import os\n\nprint(os.sep)\n")), lambda node: 0)
    assert table.cache_info().currsize == 0
    retired(Module(Code("import numpy as np\n\nprint(np.float)\n")), lambda node: 0)
    assert table.cache_info().currsize == 1
