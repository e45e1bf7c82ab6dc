"""Names that are tables of pandas by how they are used and called, where no assignment says what they are."""

from __future__ import annotations

import ast
import re
from functools import cached_property

from mldebt.facts.kinds import LOOKALIKES, PANDAS_ONLY, Kind
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
        if (id(home), name) in self._tables:
            return frozenset({"table"})
        return frozenset({"frame"}) if _FRAME.search(name) and not _NO_FRAME.search(name) else frozenset()

    @cached_property
    def _speaks(self) -> bool:
        return "pandas" in self._module.packages and self._module.packages.isdisjoint(LOOKALIKES)

    @cached_property
    def _tables(self) -> set[tuple[int, str]]:
        """Names, as (identity of their scope or class, name), that are used as only tables of pandas can be."""
        found: set[tuple[int, str]] = set()
        for scope in self._module.scopes:
            for name, suffix, node in scope.reads:
                first, _, rest = suffix.partition(".")
                if first in PANDAS_ONLY:
                    found.add((id(scope.resolve(name)), name))
                elif rest.partition(".")[0] in PANDAS_ONLY:
                    root = node
                    while isinstance(root, ast.Attribute):
                        root = root.value
                    owner = self._local.owner(root) if isinstance(root, ast.Name) else None
                    if owner is not None:
                        found.add((id(owner), first))
        return found
