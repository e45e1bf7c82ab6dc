"""What is said of a clone class: the refactoring it asks for, by what its members are and where they stand."""

from __future__ import annotations

import pytest

from mldebt.links.clones import CloneClass, Fragment
from mldebt.links.repeats import asks_for
from mldebt.model import Place

CASES = [
    ("file", "type-3", ["a.py", "b.py"], "make them one, with options for what differs"),
    ("file", "type-1", ["a.py", "b.py"], "keep one"),
    ("file", "type-3", ["a.ipynb", "b.ipynb"], "move what they share to a module, with parameters for what differs"),
    ("cell", "type-2", ["a.ipynb", "b.ipynb"], "move it to a module for the notebooks to import"),
    ("cell", "type-3", ["a.ipynb", "a.ipynb"], "give what they share a function"),
    ("function", "type-1", ["a.ipynb", "b.py"], "move it to a module for the notebook to import"),
    ("class", "type-1", ["a.py", "b.py"], "keep one, and import it"),
    ("class", "type-3", ["a.py", "b.py"], "give what they share a base class"),
    ("method", "type-2", ["a.py", "b.py"], "give what they share to a base class or a function"),
    ("function", "type-1", ["a.py", "b.py"], "keep one"),
    ("function", "type-2", ["a.py", "a.py"], "make what differs a parameter"),
    ("function", "type-3", ["a.py", "b.py"], "give what they share a function"),
    ("block", "type-1", ["a.py", "a.py"], "give what they share a function"),
    ("block", "type-3", ["a.py", "b.py"], "give what they share a function in a module they can import"),
]


@pytest.mark.parametrize(("unit", "kind", "paths", "asked"), CASES)
def test_a_class_says_what_it_asks_for(unit: str, kind: str, paths: list[str], asked: str) -> None:
    places = [(path, Place(10 * n + 1, 10 * n + 9)) for n, path in enumerate(paths)]
    members = tuple(Fragment(path, (at,), unit, f"Class{at.line}.run", 9) for path, at in places)
    assert asks_for(CloneClass(unit, kind, members, 0.8, "1")) == asked
