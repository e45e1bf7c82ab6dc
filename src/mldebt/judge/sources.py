"""The code of files read once more, for what is only asked of a few of them."""

from __future__ import annotations

from mldebt.errors import Unreadable
from mldebt.model import Code
from mldebt.read.notebook import read_notebook
from mldebt.read.python import decode
from mldebt.read.tree import Entry, Tree


class Sources:
    """Gives the code of a path; the tree is listed when the first one is asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._entries: dict[str, Entry] | None = None
        self._known: dict[str, Code | None] = {}

    def __call__(self, path: str) -> Code | None:
        """The code of a Python file or a notebook; None if it can no longer be read."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> Code | None:
        if self._entries is None:
            self._entries = {entry.path: entry for entry in self._tree.entries()[0]}
        if path not in self._entries:
            return None
        try:
            data = self._tree.read(self._entries[path])
            return next(iter(read_notebook(data).codes), None) if path.endswith(".ipynb") else Code(decode(data))
        except Unreadable:
            return None
