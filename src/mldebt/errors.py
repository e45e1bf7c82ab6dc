"""What can go wrong, as a tree:

MldebtError
├── UsageError      the user asked for what cannot be (exit code 2)
├── GitError        git refused, or is missing
├── Unreadable      a file could not be looked at (becomes a Problem)
└── Unpatchable     something can go, but no patch of ours takes it out well
"""

from __future__ import annotations

from mldebt.model import ProblemKind


class MldebtError(Exception):
    """The root of all exceptions of this package; its message is a sentence for the user."""


class UsageError(MldebtError):
    """Wrong arguments or settings."""


class GitError(MldebtError):
    """A git command failed; the message ends in what git said."""


class Unreadable(MldebtError):
    """A file could not be looked at; `kind` is the kind of the Problem it becomes."""

    def __init__(self, what: str, kind: ProblemKind) -> None:
        super().__init__(what)
        self.kind: ProblemKind = kind


class Unpatchable(MldebtError):
    """Something can go, but what then has to stand in its place nobody can tell from the code alone."""
