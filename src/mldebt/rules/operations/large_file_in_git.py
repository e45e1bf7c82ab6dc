"""A file of more than 10 MB of data or weights kept in git itself.

## Why it is debt
Every clone and every CI run fetches all versions of it for ever, and taking it out later rewrites the history.

## Flagged
```csv title="data/train.csv"
age,churn (filled up to 25 MB)  # debt
```
```python title="train.py"
import pandas as pd

print(pd.read_csv("data/train.csv"))
```

## Fine
```yaml title="data/train.csv.dvc"
outs:
  - md5: a304afb96060aad90176268345e10355
    size: 25000000
    path: train.csv
```

## Limits
The size is that of the file, not of its history. Files that `.gitattributes` gives to Git LFS are left alone, and so is
what git ignores.

## Source
GitHub's documentation on large files warns from 50 MB on and advises repositories under 1 GB; git keeps every version
of a binary whole. 10 MB is the limit of the catalogues of dslinter and mllint.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch

from mldebt.links.repository import Repository
from mldebt.model import Hit, Place, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="artifacts",
    severity="medium",
    minutes=Minutes(30, 5, "file", "our estimate: set a store up, move the files there, tell all who have a clone"),
    since="0.1.0",
)

_LIMIT = 10_000_000  # bytes
_DATA = frozenset(
    """csv tsv parquet feather arrow pkl pickle p joblib pt pth ckpt h5 hdf5 keras onnx safetensors bin npz npy mat zip
    tar gz bz2 xz 7z rar db sqlite sqlite3 dat caffemodel pb tflite weights model msgpack jsonl json xlsx""".split()
)


def find(repository: Repository) -> Iterator[Hit]:
    sizes = repository.listing.sizes
    large = [path for path, size in sizes.items() if size > _LIMIT and path.rpartition(".")[2].lower() in _DATA]
    folders: dict[str, list[str]] = defaultdict(list)
    for path in large:
        if repository.wants(path) and not _is_elsewhere(repository, path):
            folders[path.rpartition("/")[0]].append(path)
    for paths in folders.values():
        first, *others = sorted(paths, key=lambda path: (-sizes[path], path))
        more = f", and {len(others)} more in its folder" if others else ""
        yield Hit(
            Place(1, 1),
            f"`{first}` has {sizes[first] / 1e6:.0f} MB{more}: give it to DVC, Git LFS or a store of artifacts",
            path=first,
            kind="file",
            symbol=first,
            see=tuple(Related(Place(1, 1), f"{sizes[path] / 1e6:.0f} MB", path) for path in others),
            units=len(paths),
            identity=first,
        )


def _is_elsewhere(repository: Repository, path: str) -> bool:
    """Whether `.gitattributes` gives a file to Git LFS, so that git itself keeps a pointer."""
    for attributes, facts in repository.files.items():
        folder, _, name = attributes.rpartition("/")
        if name != ".gitattributes" or not path.startswith(f"{folder}/" if folder else ""):
            continue
        inside = path[len(folder) + 1 :] if folder else path
        for setting in facts.settings:
            pattern, *words = setting.value.split()
            if "filter=lfs" in words and _matches(inside, pattern):
                return True
    return False


def _matches(path: str, pattern: str) -> bool:
    plain = pattern.lstrip("/")
    return fnmatch(path, plain) or fnmatch(path.rpartition("/")[2], plain) or fnmatch(path, plain.replace("**", "*"))
