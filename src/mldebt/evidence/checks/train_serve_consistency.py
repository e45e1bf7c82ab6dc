"""One module of the project's own that training and serving both import, and that does something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mldebt.evidence.circumstances import scorers
from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene
from mldebt.evidence.search import Search
from mldebt.practices import catalogue

_HOPS = 2  # imports between an entry point and what it shares: further off lies what anything imports
_TOOL = "shared module"


def check(scene: Scene) -> Iterator[Item]:
    training = sorted(path for path in scene.training if not scene.is_aside(path) and path.endswith(".py"))
    serving = _serving(scene)
    imports = {path: sorted({edge.target for edge in edges}) for path, edges in scene.repository.graph.imports.items()}
    shared = _within(training, imports).keys() & _within(serving, imports).keys()
    for path in sorted(shared - (set(training) & set(serving))):
        line = _first_definition(scene, path)
        if line and not scene.is_aside(path) and not path.endswith("__init__.py"):
            yield Item("strong", path, line, _TOOL, "is imported where models are trained and where they serve")


def _serving(scene: Scene) -> list[str]:
    """The modules that answer requests, or score what is new in batches."""
    search = Search(scene, "serves", {})
    found = [item for tool in catalogue().facts["serves"] for item in search.items(tool) if item.strength == "strong"]
    paths = {item.path for item in found} | {path for path, _ in scorers(scene)}
    return sorted(path for path in paths if path.endswith(".py") and not scene.is_aside(path))


def _within(starts: Iterable[str], imports: Mapping[str, list[str]]) -> dict[str, int]:
    """The files that the starts import over a few steps, with the steps; the starts themselves with 0."""
    found = dict.fromkeys(starts, 0)
    edge = list(found)
    for hop in range(1, _HOPS + 1):
        edge = sorted({path for start in edge for path in imports.get(start, ())} - found.keys())
        found.update(dict.fromkeys(edge, hop))
    return found


def _first_definition(scene: Scene, path: str) -> int:
    """The line of the first function or class of a file; 0 if it holds settings only."""
    definitions = (d for module in scene.files[path].modules for d in module.definitions)
    return next((d.at.line for d in definitions if d.kind in ("function", "method", "class")), 0)
