"""The linked facts of a whole repository: what per-repository rules see."""

from __future__ import annotations

from collections.abc import Mapping

from mldebt.model import FileFacts


class Repository:
    """All files' facts by path (sorted), and what is derived from them, each derived once and only when asked for.

    `focus` are the paths that findings are wanted for; None means all of them.
    """

    def __init__(self, files: Mapping[str, FileFacts], focus: frozenset[str] | None = None) -> None:
        self.files = dict(sorted(files.items()))
        self.focus = focus
