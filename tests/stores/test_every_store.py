"""Every word of the knowledge on stores decides something: without it, a call beside this file touches nothing.

The pages list calls as people write them, with what each touches beside it; a section is one module's imports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from mldebt.facts import touches
from mldebt.facts.extract import module_facts
from mldebt.facts.syntax import Module
from mldebt.model import Code
from mldebt.rules.page import parse_page
from mldebt.stores import Access, accesses

WORDS = [
    pytest.param(name, way, id=f"{name}-{way.verb}-{way.kind}-{n}")
    for name, ways in accesses().items()
    for n, way in enumerate(ways)
]


class Line(NamedTuple):
    """A call with the imports of its section, and what the page says of it."""

    source: str
    says: str


def _lines() -> Iterator[Line]:
    for page in sorted(Path(__file__).parent.glob("*.md")):
        sections = parse_page(page.read_text(encoding="utf-8")).sections
        for example in (example for section in sections for example in section.examples):
            lines = example.text.splitlines()
            imports = "\n".join(line for line in lines if re.match(r"import|from", line))
            marked = (line.split("  # ") for line in lines if "  # " in line)
            yield from (Line(f"{imports}\nx = make()\n{code}\n", says) for code, says in marked)


LINES = list(_lines())


def _touched(source: str) -> str:
    found: dict[str, list[str]] = {}
    for touch in module_facts(Module(Code(source))).traffic.touches:
        found.setdefault(f"{touch.verb} {touch.kind}", []).extend(touch.names)
    return ", ".join(f"{what} {' '.join(sorted(names))}" for what, names in sorted(found.items()))


@pytest.mark.parametrize("line", [pytest.param(line, id=line.source.splitlines()[-1]) for line in LINES])
def test_a_call_touches_what_the_page_says(line: Line) -> None:
    assert line.says in _touched(line.source)


@pytest.mark.parametrize(("name", "way"), WORDS)
def test_without_an_entry_a_call_loses_something(name: str, way: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = [line for line in LINES if re.search(rf"\b{name}\(", line.source)]
    before = [_touched(line.source) for line in mine]
    less = {**accesses(), name: tuple(other for other in accesses()[name] if other is not way)}
    monkeypatch.setattr(touches, "accesses", lambda: less)
    assert [_touched(line.source) for line in mine] != before


def test_a_library_that_is_not_imported_knows_nothing() -> None:
    assert _touched('x = make()\nx.to_csv("a/b.csv")\n') == ""
    assert _touched('import pandas\nx = make()\nx.to_csv("a/b.csv")\n') == "writes file a/b.csv"
    assert _touched('import numpy as pandas\npandas.read_csv("a/b.csv")\n') == ""
