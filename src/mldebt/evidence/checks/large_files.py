"""No large data or model file in the repository itself."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_SOFT, _HARD = 1_000_000, 5_000_000  # bytes
_MOST_HARD = 2
_DATA = frozenset(
    "csv tsv parquet feather pkl p joblib pt pth ckpt h5 hdf5 keras onnx safetensors bin npz npy zip tar gz 7z db "
    "sqlite dat".split()
)
_ABSENT = "is tracked, but its content is not in this clone"  # how the listing says it
_TOOL = "sizes in the tree"


def check(scene: Scene) -> Iterator[Item]:
    environment = next((f for f, why in sorted(scene.closed.items()) if why == "is a virtual environment"), None)
    if environment is not None:
        yield Item("none", environment, 0, _TOOL, "is tracked", "a whole environment is in the repository")
        return
    sizes = {path: size for path, size in scene.sizes.items() if size > _SOFT and not _is_lock(path)}
    absent = sorted(path for path, why in scene.closed.items() if why == _ABSENT and not _is_lock(path))
    large = sorted((-size, path) for path, size in {**sizes, **dict.fromkeys(absent, _HARD + 1)}.items())
    if not large:
        yield Item("strong", "", 0, _TOOL, "no file is larger than 1 MB")
        return
    hard = [path for size, path in large if -size > _HARD]
    data = [path for path in hard if path.rpartition(".")[2].lower() in _DATA]
    worst, name = -large[0][0], large[0][1]
    note = f"has {worst / 1_000_000:.1f} MB, {len(large)} files are larger than 1 MB"
    if name in absent:
        note = f"is too large for this partial clone, as are {len(absent)} files in all"
    bad = bool(data) or len(hard) > _MOST_HARD
    yield Item("none" if bad else "medium", name, 0, _TOOL, note)


def _is_lock(path: str) -> bool:
    return path.endswith(".lock") or path.endswith("package-lock.json")
