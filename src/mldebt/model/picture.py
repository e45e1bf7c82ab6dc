"""The artifact graph as it is shown: components, artifacts, who reads and writes what, and where that closes a loop."""

from __future__ import annotations

import msgspec


class Station(msgspec.Struct, frozen=True, order=True):
    """A component: `kind` is script, notebook, service, stage, entry, step or module; `role` what it is for."""

    name: str
    path: str
    line: int
    kind: str
    role: str


class Stored(msgspec.Struct, frozen=True, order=True):
    """An artifact, by its kind and name."""

    kind: str
    name: str


class Mark(msgspec.Struct, frozen=True, order=True):
    """A line that reads or writes; in a notebook the line of the cell."""

    path: str
    line: int
    cell: int | None = None


class Line(msgspec.Struct, frozen=True, order=True):
    """A component reads or writes an artifact, at these lines; `loops` if that is part of a feedback loop."""

    component: str
    verb: str
    artifact: Stored
    at: tuple[Mark, ...]
    loops: bool = False


class Picture(msgspec.Struct, frozen=True):
    """The whole graph, everything sorted."""

    components: tuple[Station, ...] = ()
    artifacts: tuple[Stored, ...] = ()
    edges: tuple[Line, ...] = ()
