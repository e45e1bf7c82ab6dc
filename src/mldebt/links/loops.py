"""Loops through stored predictions: what a model says, written, read again and fitted on.

A value is followed from the call that reads it to the fit, and from the prediction to the call that writes it, through
assignments, returned values and parameters. Between them may lie steps that read one artifact and write another.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from typing import NamedTuple

from mldebt.links.artifacts import Artifact, Artifacts, Edge, Spot
from mldebt.links.units import Unit
from mldebt.model import Act

_DEEPEST = 6
_LONGEST = 6  # steps of a chain between a prediction and a fit
_MODELS = frozenset({"model", "registered", "hub"})
_WORD = re.compile(r"[A-Za-z]{2,}")
Origin = tuple[int, int]  # unit and touch that a value was read by; (-1, -1) stands for a prediction
PREDICTED: Origin = (-1, -1)


class Fit(NamedTuple):
    """A fit of a model, by a definition of a unit, on what these touches read."""

    unit: Unit
    act: Act
    origins: frozenset[Origin]


class Hop(NamedTuple):
    """A component reads an artifact (`read` says where) and writes another, or fits on it."""

    component: str
    artifact: Artifact
    write: Spot
    reader: str
    read: Spot


class Loop(NamedTuple):
    """A chain from a prediction that is written to a fit on it: one hop is direct."""

    hops: tuple[Hop, ...]
    fit: Fit

    @property
    def predicts(self) -> str:
        """The component that predicts."""
        return self.hops[0].component

    @property
    def trains(self) -> str:
        """The component that fits."""
        return self.hops[-1].reader

    @property
    def is_direct(self) -> bool:
        """Whether what is fitted on is what was predicted, with nothing between."""
        return len(self.hops) == 1


class Values:
    """Where values come from across the functions and modules of a repository."""

    def __init__(self, artifacts: Artifacts) -> None:
        self._artifacts = artifacts
        self._known: dict[tuple[int, int, str], frozenset[Origin]] = {}

    def origins(self, unit: Unit, owner: int, tags: tuple[str, ...], depth: int = 0) -> frozenset[Origin]:
        """What the tags of a definition stand for."""
        found: set[Origin] = set()
        for tag in tags:
            key = (unit.index, owner, tag)
            if key not in self._known:
                if depth > _DEEPEST:
                    continue
                self._known[key] = frozenset()
                self._known[key] = frozenset(self._of(unit, owner, tag, depth))
            found |= self._known[key]
        return frozenset(found)

    def _of(self, unit: Unit, owner: int, tag: str, depth: int) -> Iterator[Origin]:
        if tag == "predict":
            yield PREDICTED
        elif tag.startswith("r"):
            yield unit.index, int(tag[1:])
        elif tag.startswith("c:"):
            for node in self._given_by(unit, owner, tag[2:]):
                there = self._artifacts.graph.resolver.unit_of(node)
                gives = dict(there.facts.traffic.gives).get(node - there.base, ())
                inner = tuple(t for t in gives if not t.startswith("p:"))
                yield from self.origins(there, node - there.base, inner, depth + 1)
        elif tag.startswith("p:"):
            _, index, name = tag.split(":")
            for call in self._artifacts.calling.of(unit.base + owner):
                for key, given in call.passed.tags:
                    if key in (index, name):
                        yield from self.origins(call.unit, call.passed.owner, given, depth + 1)

    def _given_by(self, unit: Unit, owner: int, dotted: str) -> Iterator[int]:
        """What gives the value of a call: a function, or of a class what gives its items."""
        calling = self._artifacts.calling
        for node in calling.callees(unit, owner, dotted):
            yield node
            for holder in calling.line(node):
                for name in ("__getitem__", "__iter__", "__next__"):
                    yield from calling.inside(holder, name)


class Loops:
    """The loops of one graph."""

    def __init__(self, artifacts: Artifacts) -> None:
        self._artifacts = artifacts
        self._values = Values(artifacts)

    @cached_property
    def fits(self) -> list[Fit]:
        """The fits of models that are given something that was read or predicted."""
        found: list[Fit] = []
        for unit in self._artifacts.graph.units:
            for act in unit.facts.traffic.acts if "tests" not in unit.facts.traits else ():
                if act.what == "fits":
                    origins = self._values.origins(unit, act.owner, act.tags)
                    if origins:
                        found.append(Fit(unit, act, origins))
        return found

    def written(self, spot: Spot) -> frozenset[Origin]:
        """Where what is written at a place comes from."""
        if spot.unit < 0:
            return frozenset()
        unit = self._artifacts.graph.units[spot.unit]
        touch = unit.facts.traffic.touches[spot.touch]
        return self._values.origins(unit, touch.owner, touch.tags)

    @cached_property
    def _readers(self) -> dict[Artifact, list[tuple[str, Spot]]]:
        found: dict[Artifact, list[tuple[str, Spot]]] = defaultdict(list)
        for edge in self._artifacts.edges:
            if edge.verb == "reads":
                for spot in edge.spots:
                    found[spot.exact].append((edge.component, spot))
        return found

    def _reading(self, artifact: Artifact) -> list[tuple[str, Spot]]:
        """Who reads an artifact; of files that are named anew each time also whoever says more of the names."""
        found = list(self._readers.get(artifact, ()))
        if "*" in artifact.name:
            folder = posixpath.dirname(artifact.name)
            for other, readers in self._readers.items():
                near = "*" in other.name and other != artifact and posixpath.dirname(other.name) == folder
                if near and fnmatchcase(other.name, artifact.name):
                    found.extend(readers)
        return found

    @cached_property
    def _writers(self) -> list[tuple[Edge, Spot]]:
        return [(edge, spot) for edge in self._artifacts.edges if edge.verb == "writes" for spot in edge.spots]

    @cached_property
    def all(self) -> list[Loop]:
        """The loops, shortest first; of those that end in one read only the first."""
        found: dict[Spot, Loop] = {}
        if not self._may_be:
            return []
        for edge, spot in self._writers:
            if _is_told(spot.exact) and PREDICTED in self.written(spot):
                for loop in self._from(edge, spot):
                    last = loop.hops[-1].read
                    if last not in found or len(loop.hops) < len(found[last].hops):
                        found[last] = loop
        return sorted(found.values(), key=lambda loop: (len(loop.hops), loop.hops))

    def closes(self, loop: Loop) -> bool:
        """Whether the model that is fitted is one of those that the predicting component loads.

        What one run predicts and fits on again is a cascade of its own.
        """
        same = self._models(loop.trains, "writes") & self._models(loop.predicts, "reads")
        return loop.trains != loop.predicts and bool(same)

    def _models(self, component: str, verb: str) -> set[str]:
        """The models by name; of what is written everything: a folder may be a model to whoever loads it."""
        return {
            e.artifact.name
            for e in self._artifacts.edges
            if e.component == component and e.verb == verb and (verb == "writes" or e.artifact.kind in _MODELS)
        }

    @property
    def _may_be(self) -> bool:
        """Whether anything is predicted and anything fitted: quick, to ask before the graph is made."""
        did = {act.what for unit in self._artifacts.graph.units for act in unit.facts.traffic.acts}
        return "predicts" in did and "fits" in did

    def _from(self, edge: Edge, spot: Spot) -> Iterator[Loop]:
        """The chains that begin with one writing, breadth first."""
        waiting: list[tuple[str, Artifact, Spot, tuple[Hop, ...]]] = [(edge.component, spot.exact, spot, ())]
        seen = {spot.exact}
        while waiting:
            component, artifact, write, before = waiting.pop(0)
            for reader, read in self._reading(artifact):
                hops = (*before, Hop(component, artifact, write, reader, read))
                origin = (read.unit, read.touch)
                yield from (Loop(hops, fit) for fit in self.fits if origin in fit.origins)
                further = self._next(reader, origin) if len(hops) < _LONGEST else ()
                fresh = [(then, place) for then, place in further if then not in seen]
                seen.update(then for then, _ in fresh)
                waiting.extend((reader, then, place, hops) for then, place in fresh)

    def _next(self, component: str, origin: Origin) -> Iterator[tuple[Artifact, Spot]]:
        """What a component writes of something that it has read."""
        for edge, place in self._writers:
            if edge.component == component and _is_told(place.exact) and origin in self.written(place):
                yield place.exact, place


def _is_told(artifact: Artifact) -> bool:
    """Whether a name says which artifact it is, and that is no model: fitting on goes by data.

    The files of a folder are one if only they are named anew each time, and two words say which folder or files.
    """
    folder, _, base = artifact.name.rpartition("/")
    if artifact.kind in ("model", "registered", "hub", "url") or "*" in folder:
        return False
    return "*" not in base or len(_WORD.findall(f"{folder}/{posixpath.splitext(base)[0]}")) > 1
