"""Names that are tables of pandas by how they are used and called, where no assignment says what they are."""

from __future__ import annotations

import ast
import re
from functools import cached_property

from mldebt.facts.kinds import FRAMES_ONLY, LOOKALIKES, PANDAS_ONLY, Kind
from mldebt.facts.local import Local
from mldebt.facts.scopes import Scope
from mldebt.facts.syntax import Module

_FRAME = re.compile(r"^(\w+_)?(df|data_?frame)\d*$|^df_\w+$", re.IGNORECASE)
_NO_FRAME = re.compile(
    r"(dict|list|map|name|path|file|col|column|idx|index|len|size|shape|row|iter|writer|reader|type|group|key)s?$",
    re.IGNORECASE,
)


class Used:
    """Answers for one module: nothing if it does not import pandas, or something whose objects are used alike."""

    def __init__(self, module: Module, local: Local) -> None:
        self._module = module
        self._local = local

    def kinds(self, home: Scope | ast.ClassDef | None, name: str) -> frozenset[Kind]:
        """What a name of a scope, or an attribute of the instances of a class, seems to be; empty if nothing speaks."""
        if not self._speaks:
            return frozenset()
        if (_FRAME.search(name) and not _NO_FRAME.search(name)) or (id(home), name) in self._tables[1]:
            return frozenset({"frame"})
        return frozenset({"table"}) if (id(home), name) in self._tables[0] else frozenset()

    @cached_property
    def _speaks(self) -> bool:
        return "pandas" in self._module.packages and self._module.packages.isdisjoint(LOOKALIKES)

    @cached_property
    def _tables(self) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
        """What is used as only tables of pandas can be, and as only DataFrames: (identity of scope or class, name)."""
        found: tuple[set[tuple[int, str]], set[tuple[int, str]]] = set(), set()
        for scope in self._module.scopes:
            for name, suffix, node in scope.reads:
                for depth, word in enumerate(suffix.split(".", 2)[:2]):
                    if word in _TELLING:
                        holder = (id(scope.resolve(name)), name) if not depth else self._attribute(node, suffix)
                        found[word in FRAMES_ONLY].add(holder)
        return found

    def _attribute(self, node: ast.AST, suffix: str) -> tuple[int, str]:
        """The class and the name of an attribute of `self`, at which a chain of attributes begins."""
        while isinstance(node, ast.Attribute):
            node = node.value
        owner = self._local.owner(node) if isinstance(node, ast.Name) else None
        return id(owner), suffix.partition(".")[0]


_TELLING = PANDAS_ONLY | FRAMES_ONLY
