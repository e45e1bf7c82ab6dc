"""What a module reads and writes: raw material of the artifact graph.

A *name with holes* is a text in which what is not known yet stands as `⟨kind:what⟩` (facts/ways.py). A *tag* says
where a value comes from (facts/flows.py).
"""

from __future__ import annotations

import msgspec

from mldebt.model.hits import Place


class Touch(msgspec.Struct, frozen=True, array_like=True):
    """A call in definition `owner` that reads or writes (`verb`) something stored.

    `kind` is file, object, table, topic, feature, model, registered, run, hub or dataset. `names` are the names with
    holes it may have. `tags` tell the value that is written. `pinned` says that a version is asked for,
    `guarded` that it runs only when the module itself is run.
    """

    owner: int
    verb: str
    kind: str
    names: tuple[str, ...]
    at: Place
    call: str
    tags: tuple[str, ...] = ()
    pinned: bool = False
    guarded: bool = False


class Act(msgspec.Struct, frozen=True, array_like=True):
    """What definition `owner` does with a model: it fits, prepares, predicts or serves (`what`).

    `tags` tell what it is given. A `deferred` one lies in a function that its owner only defines.
    """

    owner: int
    what: str
    name: str
    at: Place
    tags: tuple[str, ...] = ()
    deferred: bool = False


class Passed(msgspec.Struct, frozen=True, array_like=True):
    """A call of something of the repository, `callee` as in Definition.uses.

    `names` are the names with holes it is given, `tags` what the values are, each by the parameter's name or position.
    """

    owner: int
    callee: str
    names: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Step(msgspec.Struct, frozen=True, array_like=True):
    """A step of a pipeline that code declares: the function it runs, and the data sets that it reads and writes."""

    name: str
    runs: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    at: Place


class Traffic(msgspec.Struct, frozen=True, array_like=True):
    """What a module reads and writes, and what links need to tell what that is.

    `names` are the names with holes kept under names of the module's top or of its classes, or given as the default of
    an option (`--name`). `gives` are the tags of what definitions return.
    """

    touches: tuple[Touch, ...] = ()
    acts: tuple[Act, ...] = ()
    passed: tuple[Passed, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    gives: tuple[tuple[int, tuple[str, ...]], ...] = ()
    steps: tuple[Step, ...] = ()
