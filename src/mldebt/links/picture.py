"""The artifact graph of a repository as a picture to be shown."""

from __future__ import annotations

from mldebt.links.artifacts import Artifact, Edge
from mldebt.links.repository import Repository
from mldebt.links.roles import role
from mldebt.model import Line, Mark, Picture, Station, Stored


def picture(repository: Repository, paths: tuple[str, ...] = ("",)) -> Picture:
    """What components with a place in these files or folders read and write; the root is everything."""
    artifacts = repository.artifacts
    closed = {
        key
        for loop in repository.loops.all
        for hop in loop.hops
        for key in ((hop.component, "writes", hop.artifact), (hop.reader, "reads", hop.artifact))
    }
    edges = [edge for edge in artifacts.edges if any(_within(spot.path, paths) for spot in edge.spots)]
    used = {edge.component for edge in edges}
    stations = (
        Station(c.name, c.path, c.line, c.kind, role(c, artifacts.graph.units))
        for c in artifacts.components
        if c.name in used
    )
    lines = tuple(_line(edge, (edge.component, edge.verb, edge.artifact) in closed) for edge in edges)
    return Picture(tuple(sorted(set(stations))), tuple(sorted({line.artifact for line in lines})), lines)


def _line(edge: Edge, loops: bool) -> Line:
    marks = sorted({Mark(spot.path, spot.at.line, spot.at.cell) for spot in edge.spots}, key=_order)
    return Line(edge.component, edge.verb, _stored(edge.artifact), tuple(marks), loops)


def _stored(artifact: Artifact) -> Stored:
    return Stored(artifact.kind, artifact.name)


def _order(mark: Mark) -> tuple[str, int, int]:
    return mark.path, mark.cell or 0, mark.line


def _within(path: str, folders: tuple[str, ...]) -> bool:
    return any(not f or path == f or path.startswith(f"{f}/") for f in folders)
