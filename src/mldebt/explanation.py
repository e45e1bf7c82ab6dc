"""The values from which an answer to "why is this alive, or dead?" is made and told."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from mldebt.model import Place, Span


class Mention(msgspec.Struct, frozen=True, array_like=True):
    """A place where a word stands; `module` as in `FileFacts.modules`.

    `kind` is name or attribute (of code, `called` if a bracket follows), string, comment (`called` if it is a call
    that is commented out), or text in a file that is no code.
    """

    path: str
    module: int
    at: Place
    word: str
    kind: str
    called: bool = False


class Step(msgspec.Struct, frozen=True):
    """One line of an explanation: what happens at a place; without a place it is a remark."""

    says: str
    at: Span | None = None


class Explanation(msgspec.Struct, frozen=True):
    """Why something is alive or dead: `verdict` says which, `steps` are the way there, `remarks` what else is known."""

    verdict: str
    steps: tuple[Step, ...] = ()
    remarks: tuple[Step, ...] = ()


# finds words in the files of these paths, or in all files, sorted by place
Look = Callable[[frozenset[str], frozenset[str] | None], list[Mention]]
