"""Where files come from: a work tree, the git index or a commit, all read by the same code."""

from __future__ import annotations

import hashlib
from typing import Protocol

import msgspec

LARGEST = 64 * 1024 * 1024  # bytes; nothing larger is ever taken into memory, whatever was said of its size
NOT_CLONED = "is tracked, but its content is not in this clone"  # as of large files in a partial one
Listing = tuple[list["Entry"], list[tuple[str, str]]]


class Entry(msgspec.Struct, frozen=True, order=True):
    """A file of a tree; `size` in bytes, `digest` the git blob id (hex), None if nobody knows it before reading."""

    path: str
    size: int
    digest: str | None = None


class Tree(Protocol):
    """A set of files at one moment: what is listed once is listed the same again."""

    def commit(self) -> str | None:
        """The commit the files belong to (40 hex digits, 64 with SHA-256); None if there is none."""

    def entries(self) -> Listing:
        """The regular files by path, and what was left out as (path, why)."""

    def read(self, entry: Entry) -> bytes:
        """The bytes of a file. Raises Unreadable if it is gone or may not be read."""


def blob_digest(data: bytes) -> str:
    """The id git gives a blob of this content (SHA-1; git-hash-object)."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def unfit(path: str) -> tuple[str, str] | None:
    """The path as it can be shown and why no file of this name is read; None for a name that is in order.

    A crafted tree object can hold names that lead elsewhere, and file systems hold bytes that no report can print.
    """
    try:
        path.encode()
    except UnicodeEncodeError:
        shown = path.encode(errors="surrogateescape").decode(errors="backslashreplace")
        return shown, "has a name that is no UTF-8: rename it"
    if any(part in ("", ".", "..") or part.lower() == ".git" for part in path.split("/")):
        return path, "has a name that leads elsewhere"
    return None
