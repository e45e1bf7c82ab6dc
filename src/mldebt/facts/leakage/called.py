"""A call, with what is known of it before it is followed."""

from __future__ import annotations

import ast
from typing import NamedTuple

from mldebt.facts.leakage.lineage import NOTHING, Value


class Called(NamedTuple):
    """A call: the qualified name of a function (a method has none), its last part, and the values given."""

    node: ast.Call
    name: str
    word: str
    given: list[Value]

    @property
    def first(self) -> Value:
        """The first value given; nothing if there is none."""
        return self.given[0] if self.given else NOTHING

    @property
    def receiver(self) -> ast.expr:
        """What a method is called on; the called itself if it is no method."""
        return self.node.func.value if isinstance(self.node.func, ast.Attribute) else self.node.func

    def says(self, option: str, *values: object) -> bool:
        """Whether a named argument is one of some constants."""
        given = [k.value for k in self.node.keywords if k.arg == option]
        return any(isinstance(v, ast.Constant) and v.value in values for v in given)
