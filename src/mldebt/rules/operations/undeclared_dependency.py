"""A package that the code imports and no manifest declares.

## Why it is debt
The code runs only where somebody has installed the package by hand. A fresh machine, the image and the colleague's
laptop stop at the import, and which version it was written against is nowhere.

## Flagged
```python title="train.py"
import pandas
import seaborn  # debt

print(seaborn.heatmap(pandas.read_csv("rows.csv")))
```
```text title="requirements.txt"
pandas==2.2.3
```

## Fine
```python title="train.py"
import pandas
import seaborn

try:
    import wandb
except ImportError:
    wandb = None

print(seaborn.heatmap(pandas.read_csv("rows.csv")), wandb)
```
```text title="requirements.txt"
pandas==2.2.3
seaborn==0.13.2
```

## Limits
Only packages of which it is known what installs them, imported at the top of a module that is no test, example or
notebook, not on trial, and in a folder with a manifest or below one. What is declared anywhere in the repository
counts, and what a declared package brings along, though it may stop doing so. Where manifests leave out most of what is
imported, the practice `dependency-declaration` says so, once.

## Source
Sculley et al., Hidden Technical Debt in Machine Learning Systems, NeurIPS 2015; PEP 621.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.checks.dependency_declaration import MANIFEST, imported
from mldebt.evidence.distributions import bringers, installers, is_known
from mldebt.evidence.scene import Scene, Use, scene_of
from mldebt.links.repository import Repository
from mldebt.model import Hit, Place, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(5, source="our estimate: find out which version runs, and write it down"),
    since="0.1.0",
)
_MOST = 0.5  # of the known packages may be missing: with more of them, what is declared is declared elsewhere
_SHOWN = 10  # other imports


def find(repository: Repository) -> Iterator[Hit]:
    if not any(MANIFEST.search(path) for path in repository.files):
        return
    scene = scene_of(repository)
    folders = {_governed(one.path) for one in scene.manifests if MANIFEST.search(one.path)}
    known = [package for package in imported(scene) if is_known(package)]
    missing = [package for package in known if not _is_declared(package, scene)]
    if len(missing) <= _MOST * len(known):
        for package in missing:
            uses = [use for use in _uses(scene, package) if repository.wants(use.path)]
            uses = [use for use in uses if any(use.path.startswith(folder) for folder in folders)]
            if uses:
                yield _hit(package, uses)


def _governed(manifest: str) -> str:
    """The folder whose code a manifest is for, with its slash; that of `requirements/dev.txt` is the one above."""
    folder = manifest.rpartition("/")[0]
    if "requirements" in folder.rpartition("/")[2]:
        folder = folder.rpartition("/")[0]
    return f"{folder}/" if folder else ""


def _is_declared(package: str, scene: Scene) -> bool:
    return not scene.declared.keys().isdisjoint({*installers(package), *bringers(package)})


def _uses(scene: Scene, package: str) -> list[Use]:
    found = {(use.path, use.line) for _, use in scene.imports[package] if use.path.endswith(".py")}
    return [Use(path, line) for path, line in sorted(found) if not scene.is_aside(path)]


def _hit(package: str, uses: list[Use]) -> Hit:
    first, *others = uses
    name = installers(package)[0]
    called = "" if name == package.lower() else f" (from {name})"
    return Hit(
        Place(first.line, first.line),
        f"`{package}`{called} is imported and no manifest declares it: add it with its version",
        path=first.path,
        kind="package",
        symbol=package,
        see=tuple(Related(Place(use.line, use.line), "imported here too", use.path) for use in others[:_SHOWN]),
        confidence=0.9,
        identity=package,
    )
