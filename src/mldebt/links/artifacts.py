"""The artifact graph: which component of a system reads and writes which file, table, topic, model or feature."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from mldebt.links.calling import Calling
from mldebt.links.classes import Classes
from mldebt.links.components import Component, Components
from mldebt.links.configured import Configured
from mldebt.links.declared import CODE, DataSet, data_sets, declared
from mldebt.links.entry import Entry
from mldebt.links.filling import Filling, Program, settled
from mldebt.links.graph import Graph
from mldebt.links.reach import Reach
from mldebt.links.units import Unit
from mldebt.model import FileFacts, Listing, Place, Touch

_FILES = frozenset({"file", "model"})
_MODEL = re.compile(
    r"\.(?:pt|pth|ckpt|h5|hdf5|keras|onnx|joblib|safetensors|pb|tflite|pickle|pkl|bst|model|bin)$", re.IGNORECASE
)
_SURELY_MODEL = re.compile(r"\.(?:pt|pth|ckpt|keras|onnx|safetensors|tflite|bst)$", re.IGNORECASE)
_SAYS_MODEL = re.compile(
    r"model|weight|checkpoint|ckpt|classif|regress|pipeline|estimator|clf|encoder|vectorizer|scaler", re.I
)
_SETTINGS = re.compile(
    r"\.(?:ya?ml|toml|ini|cfg|md|py|txt\.in|env)$|(?:^|/)(?:params|config|settings|requirements)[^/]*\.\w+$", re.I
)
_TESTS = re.compile(r"(?:^|/)tests?/")
_BUILDERS = frozenset("csv json parquet text arrow pandas imagefolder audiofolder webdataset generator sql".split())
_NOWHERE = re.compile(
    r"^\w+://(?:localhost|127\.|0\.0\.0\.0)|^(?:/dev/|/proc/|/tmp/?\*|-$)|^\W*$|^\*\.\w+$|^(?:\*/)+\*(?:\.\w+)?$"
)


class Artifact(msgspec.Struct, frozen=True, order=True):
    """Something stored: `kind` is file, model, object, table, topic, feature, registered, run, hub, url or dataset."""

    kind: str
    name: str


class Spot(msgspec.Struct, frozen=True, order=True):
    """A place that reads or writes: `unit` and `touch` number the call, -1 where configuration declares it.

    `exact` is what it touches, which may lie in the folder that a pipeline declares.
    """

    path: str
    at: Place
    call: str
    exact: Artifact
    unit: int = -1
    touch: int = -1


class Edge(msgspec.Struct, frozen=True, order=True):
    """A component reads or writes an artifact, at these places."""

    component: str
    verb: str
    artifact: Artifact
    spots: tuple[Spot, ...]


class Artifacts:
    """The graph of one repository; everything is derived once, when it is asked for."""

    def __init__(
        self, files: Mapping[str, FileFacts], graph: Graph, classes: Classes, entries: list[Entry], listing: Listing
    ) -> None:
        self._files = files
        self._classes = classes
        self._entries = entries
        self._listing = listing
        self.graph = graph
        self.calling = Calling(graph)
        self.configured = Configured(files)

    @cached_property
    def components(self) -> list[Component]:
        """What is run by itself and touches something, by path; of a pipeline in code each step."""
        steps = declared(self._files, self.configured)
        known = Components(self._files, self.graph, self._classes, self._entries, steps)
        staged = {component.unit for component in self._steps}
        return [*(c for c in known.all() if c.unit not in staged), *self._steps, *self._runs]

    @cached_property
    def _steps(self) -> list[Component]:
        """The steps of pipelines that code declares."""
        found: list[Component] = []
        for unit in self.graph.units:
            for step in unit.facts.traffic.steps if "tests" not in unit.facts.traits else ():
                called = self.calling.callees(unit, 0, step.runs) if step.runs else []
                roots = [(node, "is a step") for node in called]
                nodes = frozenset(Reach(self.graph, self._classes, roots).reasons)
                name = f"step {step.name} ({unit.path})"
                found.append(Component(name, "step", unit.path, step.at.line, unit.index, nodes, ""))
        return found

    @property
    def _runs(self) -> list[Component]:
        """The configuration files that name what to run with which data, but for those of tests."""
        paths = (path for path in self.configured.naming() if not _TESTS.search(path))
        return [Component(path, "run", path, 1, -1, frozenset(), "") for path in paths]

    @cached_property
    def edges(self) -> list[Edge]:
        """Who reads and writes what, sorted."""
        found: dict[tuple[str, str, Artifact], set[Spot]] = defaultdict(set)
        for component in self.components:
            for verb, artifact, spot in self._of(component):
                found[component.name, verb, artifact].add(spot)
        return sorted(Edge(*key, tuple(sorted(spots))) for key, spots in found.items())

    def _of(self, component: Component) -> Iterator[tuple[str, Artifact, Spot]]:
        if component.kind == "step":
            yield from self._declared_in_code(component)
        elif component.kind == "run":
            yield from self._made(component)
        step = component.declared
        folders = {name for name, _ in (*step.reads, *step.writes)} if step is not None else set[str]()
        for unit in self.graph.units if component.nodes else ():
            for index, touch in enumerate(unit.facts.traffic.touches):
                own = unit.index == component.unit or not touch.guarded
                mine = own and unit.base + touch.owner in component.nodes
                for artifact in self.named(component, unit, touch) if mine else ():
                    spot = Spot(unit.path, touch.at, touch.call, artifact, unit.index, index)
                    yield touch.verb, _inside(artifact, folders), spot
        if step is not None:
            yield from self._declared(component)

    def named(self, component: Component, unit: Unit, touch: Touch) -> list[Artifact]:
        """What a touch of a component is of."""
        program = Program(component.nodes, component.words)
        names = Filling(self.graph, self.calling, self.configured, program).fill(unit, touch.names)
        found = (self._artifact(touch, name, component) for name in names)
        return list(dict.fromkeys(a for a in found if a is not None))

    def _artifact(self, touch: Touch, name: str, component: Component) -> Artifact | None:
        kind = touch.kind
        if kind == "hub" and (name.startswith(("./", "../", "/", "⟨root⟩")) or self.holds(component.folder, name)):
            kind = "model"
        if kind in _FILES or (kind == "registered" and "/" in name):
            return self._file("file" if kind == "file" else "model", name, component)
        if kind == "hub" and name in _BUILDERS:
            return None
        text = settled(name, "") if kind != "table" else re.sub(r"⟨\?[kef]:([^⟨⟩]*)⟩", r"{\1}", name)
        text = re.sub(r"⟨[^⟨⟩]*⟩", "*", text)
        return Artifact(kind, text) if re.search(r"\w\w|\{", text) and not _NOWHERE.match(text) else None

    def _file(self, kind: str, name: str, component: Component) -> Artifact | None:
        if name.startswith("models:/"):
            return Artifact("registered", re.sub(r"^models:/+([^/@]+).*", r"\1", name))
        if name.startswith("runs:/"):
            return Artifact("run", settled(name, ""))
        text = settled(name, component.folder)
        if re.match(r"\w+://", text):
            if _NOWHERE.match(text):
                return None
            return Artifact("object" if re.match(r"s3a?:|gs:|abfss?:|wasbs?:|hdfs:|dbfs:", text) else "url", text)
        if text not in self._tree and component.kind != "notebook":
            others = (settled(name, folder) for folder in (posixpath.dirname(component.path), ""))
            text = next((other for other in others if other in self._tree), text)
        if _NOWHERE.match(text) or _SETTINGS.search(text) or text.endswith(CODE):
            return None
        return Artifact(_kind(kind, text), text)

    def holds(self, folder: str, name: str) -> bool:
        """Whether a file or folder of this name lies in the tree, seen from a folder."""
        return posixpath.normpath(posixpath.join(folder, name)) in self._tree

    @cached_property
    def _tree(self) -> frozenset[str]:
        """All files and folders."""
        found: set[str] = set()
        for path in {*self._listing.sizes, *self._files}:
            while path and path not in found:
                found.add(path)
                path = posixpath.dirname(path)
        return frozenset(found)

    # -- what is declared ----------------------------------------------------------------------------------------

    def _declared(self, component: Component) -> Iterator[tuple[str, Artifact, Spot]]:
        step = component.declared
        for verb, pairs in (("reads", step.reads), ("writes", step.writes)) if step else ():
            for name, line in pairs:
                if not _SETTINGS.search(name) and not name.endswith(CODE) and not self._is_code(name):
                    artifact = Artifact(_kind("file", name), name)
                    yield verb, artifact, Spot(component.path, Place(line, line), "dvc.yaml", artifact)

    def _is_code(self, name: str) -> bool:
        return any(unit.path.startswith(f"{name}/") for unit in self.graph.units)

    def _declared_in_code(self, component: Component) -> Iterator[tuple[str, Artifact, Spot]]:
        unit = self.graph.units[component.unit]
        for step in unit.facts.traffic.steps if component.kind == "step" else ():
            if f"step {step.name} ({unit.path})" != component.name or step.at.line != component.line:
                continue
            pairs = [*(("reads", name) for name in step.reads), *(("writes", name) for name in step.writes)]
            for verb, name in pairs:
                if not name.startswith("params:") and name != "parameters":
                    artifact = self._data_set(name, unit.path)
                    yield verb, artifact, Spot(unit.path, step.at, "kedro", artifact)

    @cached_property
    def _catalogue(self) -> dict[str, list[DataSet]]:
        return data_sets(self._files)

    def _data_set(self, name: str, path: str) -> Artifact:
        """A data set of the nearest catalogue is what it lies in; one that is in no catalogue is in memory."""
        plain = name.partition("@")[0]
        near = self._catalogue.get(name) or self._catalogue.get(plain) or []
        shared = [(len(posixpath.commonpath([path, one.path])), one) for one in near]
        if not shared:
            return Artifact("dataset", plain)
        where = max(shared, key=lambda pair: pair[0])[1]
        if where.is_table:
            return Artifact("table", where.named)
        return Artifact(_kind("file", where.named), self.configured.filled(where.path, where.named))

    def _made(self, component: Component) -> Iterator[tuple[str, Artifact, Spot]]:
        """What a configuration file makes of the classes that read or write one of their fields."""
        for unit in self.graph.units:
            for index, touch in enumerate(unit.facts.traffic.touches):
                fields = (re.fullmatch(r"⟨f:(\w+):(\w+)⟩", name) for name in touch.names)
                given = (pair for field in fields if field for pair in self.configured.made(*field.groups()))
                for value, path, line in given:
                    artifact = self._file("file", value, component) if path == component.path else None
                    if artifact is not None:
                        spot = Spot(path, Place(line, line), touch.call, artifact, unit.index, index)
                        yield touch.verb, artifact, spot


def _kind(kind: str, name: str) -> str:
    """Whether a file is a model, by how it is read or written, or else by what it is called."""
    base = posixpath.basename(name)
    if _SURELY_MODEL.search(base) or (_MODEL.search(base) and (kind == "model" or _SAYS_MODEL.search(base))):
        return "model"
    return "file"


def _inside(artifact: Artifact, folders: set[str]) -> Artifact:
    """An artifact, or the declared folder that it lies in."""
    if artifact.kind in _FILES:
        for folder in sorted(folders, key=len, reverse=True):
            if artifact.name.startswith(f"{folder}/"):
                return Artifact(_kind("file", folder), folder)
    return artifact
