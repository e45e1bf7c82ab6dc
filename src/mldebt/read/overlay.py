"""A tree with some files changed or gone, as it would be if they were written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mldebt.errors import Unreadable
from mldebt.read.tree import Entry, Listing, Tree, blob_digest


class Overlay:
    """A tree seen through changes: the new bytes by path, None for a file that is deleted."""

    def __init__(self, tree: Tree, changed: Mapping[str, bytes | None] = MappingProxyType({})) -> None:
        self._tree = tree
        self._changed = dict(changed)

    def commit(self) -> str | None:
        """The commit of the tree below."""
        return self._tree.commit()

    def entries(self) -> Listing:
        """The files of the tree below without the deleted ones; changed ones have their own size and digest."""
        below, left_out = self._tree.entries()
        return [self._entry(entry) for entry in below if self._changed.get(entry.path, b"") is not None], left_out

    def _entry(self, entry: Entry) -> Entry:
        data = self._changed.get(entry.path)
        return entry if data is None else Entry(entry.path, len(data), blob_digest(data))

    def read(self, entry: Entry) -> bytes:
        """The bytes of a file. Raises Unreadable if it is deleted, or as the tree below does."""
        if entry.path not in self._changed:
            return self._tree.read(entry)
        data = self._changed[entry.path]
        if data is None:
            raise Unreadable("is deleted", "unreadable")
        return data
