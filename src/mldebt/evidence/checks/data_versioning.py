"""A small snapshot of the data in the repository itself."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.context import is_test
from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_FORMATS = ("csv", "tsv", "parquet", "jsonl", "feather")
_MOST = 20_000_000  # bytes in all: more of it is a large file's matter
_TOOL = "small snapshot in git"


def check(scene: Scene) -> Iterator[Item]:
    found = [
        path
        for suffix in _FORMATS
        for path in scene.paths.matching(f"**/*.{suffix}")
        if not is_test(path) and "submission" not in path.lower()
    ]
    total = sum(scene.sizes[path] for path in found)
    if found and 0 < total <= _MOST:
        note = f"{len(found)} data files of {total:,} bytes in all are versioned with the code"
        shipped = all(_is_shipped(scene, path) for path in found)
        yield Item("medium", max(found, key=lambda path: (scene.sizes[path], path)), 0, _TOOL, note, lesser=shipped)


def _is_shipped(scene: Scene, path: str) -> bool:
    """Whether a file lies in a package: then it is part of what the package does, not what a model is trained on."""
    folders = path.split("/")[:-1]
    return any("/".join([*folders[:depth], "__init__.py"]) in scene.paths for depth in range(1, len(folders) + 1))
