"""What can go wrong, as a tree:

MldebtError
├── UsageError      the user asked for what cannot be (exit code 2)
├── GitError        git refused, or is missing
├── Unreadable      a file could not be looked at (becomes a Problem)
├── ApiError        GitHub did not do what was asked, or could not be asked
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


class ApiError(MldebtError):
    """GitHub refused, failed or was not there; `status` is HTTP's, 0 without an answer."""

    def __init__(self, what: str, status: int) -> None:
        super().__init__(what)
        self.status = status

    @property
    def may_have_worked(self) -> bool:
        """Whether what was asked may have been done all the same."""
        return self.status == 0 or self.status >= 500


class Unpatchable(MldebtError):
    """Something can go, but what then has to stand in its place nobody can tell from the code alone."""
