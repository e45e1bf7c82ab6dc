"""What the code imports is what a manifest declares."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from mldebt.evidence.distributions import installers
from mldebt.evidence.items import Item
from mldebt.evidence.kinds import MOST_OF_IT, package
from mldebt.evidence.packages import normal
from mldebt.evidence.scene import Scene

_COVERED = 0.7  # share of the imported packages: names of modules and of distributions differ, some are optional
MANIFEST = re.compile(
    r"(?:^|/)(?:requirements|environment|conda|pyproject|setup\.|pipfile|pixi)[^/]*$|(?:^|/)requirements/|[^/]*(?:env|depend)[^/]*\.ya?ml$",
    re.IGNORECASE,
)
_TOOL = "manifest"
# what comes with nearly anything that is declared
_COMES_ALONG = frozenset("numpy scipy joblib setuptools pkg-resources requests six packaging typing-extensions".split())


def check(scene: Scene) -> Iterator[Item]:
    manifests = [one for one in scene.manifests if MANIFEST.search(one.path)]
    if not manifests:
        yield from _elsewhere(scene)
        return
    declared = {one.name for one in manifests}
    needed = [name for name in imported(scene) if normal(name) not in _COMES_ALONG]
    missing = [name for name in needed if not _is_covered(normal(name), declared)]
    one = min(manifests, key=lambda one: (one.path.count("/"), one.path, one.line))
    if len(missing) <= (1 - _COVERED) * len(needed):
        note = f"declares {len(needed) - len(missing)} of {len(needed)} imported packages"
        yield Item("strong", one.path, one.line, _TOOL, note)
    else:
        yield Item("medium", one.path, one.line, _TOOL, f"leaves out {', '.join(missing[:5])}")


def _elsewhere(scene: Scene) -> Iterator[Item]:
    """Packages that only images, scripts or the README install."""
    for one in scene.manifests[:1]:
        yield Item("medium", one.path, one.line, _TOOL, "only images and scripts install packages")
    for path in scene.paths.matching("readme*"):
        row = next((row for row in scene.rows(path) if not row.key and re.search(r"\binstall\b", row.value)), None)
        if row is not None:
            yield Item("medium", path, row.line, _TOOL, f"only the README installs packages: `{row.value[:60]}`")


def imported(scene: Scene) -> list[str]:
    """The packages that modules import at their top, not on trial; of what is published, its package's modules."""
    found: set[str] = set()
    name, share = package(scene) if scene.repository.published else ("", 0.0)
    inside = re.compile(rf"(?:src/)?{re.escape(name)}/" if share >= MOST_OF_IT else "")
    for unit in scene.code:
        if not scene.is_aside(unit.path) and not unit.is_notebook and inside.match(unit.path):
            found.update(
                item.module.partition(".")[0]
                for item in unit.facts.imports
                if item.owner == 0 and item.quiet != "probe"
            )
    return sorted(name for name in found & scene.imports.keys() if name not in sys.stdlib_module_names)


def _is_covered(plain: str, declared: set[str]) -> bool:
    wanted = {plain, *installers(plain)}
    starts = tuple(f"{one}-" for one in wanted)
    return any(one in wanted or one.startswith(starts) or plain in one.split("-") for one in declared)
