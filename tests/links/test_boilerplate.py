"""The filters of the clone search: each has a page, takes what it names for less, and can be switched off."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from mldebt.app import order_of
from mldebt.errors import UsageError
from mldebt.facts.statements import items
from mldebt.facts.syntax import Module
from mldebt.links.boilerplate import FILTERS
from mldebt.links.clones import clone_classes
from mldebt.model import Code, Definition, FileFacts, ModuleFacts, Place
from mldebt.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "clone-filters.md").read_text(encoding="utf-8")

CODE = {
    "imports": "".join(f"from module_{n} import name_{n}, other_{n}\n" for n in range(8)),
    "arguments": "".join(f"parser.add_argument('--o{n}', type=int, default={n})\n" for n in range(5)),
    "settings": "".join(f"self.row_{n} = (a, b.field, {n}, d, e)\n\n" for n in range(4)),
    "layer-lists": "".join(f"self.conv_{n} = nn.Conv2d({n}, {n}, k={n})\n\n" for n in range(3, 6)),
    "forward-chains": "".join(f"x = self.layer_{n}(x, other.field, key={n})\n\n" for n in range(4)),
    "plot-calls": "".join(f"plt.{call}('x', size=3)\n" for call in ("title", "xlabel", "ylabel", "figure", "grid")),
    "log-runs": "".join(f"print('x', value[{n}], row.field_{n})\n" for n in range(5)),
    "assertions": "".join(f"assert found.field_{n} == [1, {n}]\n" for n in range(5)),
    "set-up": "".join(f"{name}.seed(value[1].field_{n})\n" for n, name in enumerate("abcde")),
    "constants": "NAME = re.compile(r'a(b|c)', re.MULTILINE)\n"
    "KINDS = frozenset({'a', 'x', 'y', 'z', 'u', 'v', 'w'})\n"
    "SIZES = {'small': (1, 2, 3), 'large': (8, 16, 24)}\nWORDS = frozenset('a c d'.split())\n"
    "ROWS = [(1, 2), (3, 4), (5, 6), (7, 8)]\nBOTH = dict.fromkeys(('a', 'x', 'y'), 'a')\n",
    "presets": "def small(**kwargs):\n    arguments = dict(width=64, depth=3, heads=(1, 2, 4), rate=0.1)\n"
    "    found = build('a', some.field, **dict(arguments, **kwargs))\n"
    "    found.scale(arguments['width'], by=kwargs['by'])\n\n    return found\n",
    "test-cases": "def test_one():\n    found = load('a', size=2).table.rows(1)\n    keys = sorted(found, key=len)\n"
    "    first, *rest = found.items()\n    total = sum(rest, first)\n    assert total == [*keys, 3]\n",
}


def facts(text: str) -> FileFacts:
    definitions = [Definition("", "module", Place(1, 1))]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            definitions.append(Definition(node.name, "function", Place(node.lineno, node.end_lineno or 0)))
    return FileFacts("python", modules=(ModuleFacts(definitions=tuple(definitions), items=items(Module(Code(text)))),))


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_is_on_until_it_is_switched_off(name: str) -> None:
    text = CODE[name]
    files = {"tests/test_a.py": facts(text), "tests/test_b.py": facts(text.replace("'a'", "'b'"))}
    assert clone_classes(files) == []
    assert clone_classes(files, off=frozenset(FILTERS) - {name}) == []
    assert clone_classes(files, off=frozenset({name})) != []


def test_a_long_table_and_one_equal_word_for_word_are_clones_all_the_same() -> None:
    table = CODE["constants"]
    assert len(clone_classes({"a.py": facts(table), "b.py": facts(table)})) == 1
    long = table + "".join(f"ROW_{n} = {{'{n}': (a.b, {n}), 'x': [c, d]}}\n" for n in range(8))
    assert len(clone_classes({"a.py": facts(long), "b.py": facts(long.replace("'a'", "'b'"))})) == 1


def test_every_filter_has_its_page() -> None:
    assert re.findall(r"(?m)^## (.+)$", PAGE) == list(FILTERS)


def test_a_filter_is_named_right() -> None:
    assert order_of(Settings(clone_filters_off=("plot-calls",))).unfiltered == {"plot-calls"}
    with pytest.raises(UsageError, match="names plots: known are imports, arguments"):
        order_of(Settings(clone_filters_off=("plots",)))
