"""Where files come from: a work tree, the git index or a commit, all read by the same code."""

from __future__ import annotations

import hashlib
from typing import Protocol

import msgspec


class Entry(msgspec.Struct, frozen=True, order=True):
    """A file of a tree; `size` in bytes, `digest` the git blob id (hex), None if nobody knows it before reading."""

    path: str
    size: int
    digest: str | None = None


class Tree(Protocol):
    """A set of files at one moment."""

    def commit(self) -> str | None:
        """The commit the files belong to (40 hex digits, 64 with SHA-256); None if there is none."""

    def entries(self) -> tuple[list[Entry], list[tuple[str, str]]]:
        """The regular files by path, and what was left out as (path, why)."""

    def read(self, entry: Entry) -> bytes:
        """The bytes of a file. Raises Unreadable if it is gone or may not be read."""


def blob_digest(data: bytes) -> str:
    """The id git gives a blob of this content (SHA-1; git-hash-object)."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
