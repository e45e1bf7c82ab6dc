"""What reads and what writes something stored, as data: a YAML file a field, read once.

```yaml
- packages: pandas dask             # top-level packages; "*" stands for any, also for none
  reads:
    file:                           # the kind of what is named
      read_csv read_table: 0 path   # functions of the packages: where their name is given
      .to_csv: 0 path_or_buf        # methods of anything, in a module that imports one of the packages
      .write.csv: 0 path            # the same if `write` stands before it in the chain
      .read_text: self              # the name is the object itself
  writes: …
```

Where a name is given is a position and keywords, in any order. Parts are joined: `0 schema? . 1 name` with a dot,
`0 bucket / 1 key` with a slash; one with a question mark may be missing. The kind `query` is SQL that names tables.
`pins` are keywords that say which version is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import msgspec

Named = dict[str, dict[str, str]]


class Store(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a YAML file."""

    packages: str
    reads: Named = {}
    writes: Named = {}
    pins: str = ""


class Part(NamedTuple):
    """A part of a name: the position and the keywords it may be given by; without either it is the object itself."""

    position: int | None
    keywords: tuple[str, ...]
    optional: bool


class Access(NamedTuple):
    """One way of reading or writing; `holder` must stand before a method in its chain, if it is not empty."""

    verb: str
    kind: str
    packages: frozenset[str]
    method: bool
    holder: str
    joint: str
    parts: tuple[Part, ...]
    pins: frozenset[str]


@lru_cache(maxsize=1)
def accesses() -> dict[str, tuple[Access, ...]]:
    """All ways of reading and writing, by the last part of what is called."""
    from msgspec import yaml

    found: dict[str, list[Access]] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            for store in yaml.decode(file.read_bytes(), type=list[Store]):
                for name, access in of_store(store):
                    found.setdefault(name, []).append(access)
    return {name: tuple(ways) for name, ways in found.items()}


def of_store(store: Store) -> Iterator[tuple[str, Access]]:
    """The ways that one entry tells of, each with the last part of what is called."""
    packages = frozenset(store.packages.split())
    for verb, kinds in (("reads", store.reads), ("writes", store.writes)):
        for kind, named in kinds.items():
            for words, given in named.items():
                joint = next((sign for sign in "./" if f" {sign} " in given), "")
                parts = tuple(_part(text) for text in (given.split(f" {joint} ") if joint else [given]))
                for word in words.split():
                    holder, _, name = word.removeprefix(".").rpartition(".")
                    yield (
                        name,
                        Access(
                            verb, kind, packages, word[0] == ".", holder, joint, parts, frozenset(store.pins.split())
                        ),
                    )


def _part(text: str) -> Part:
    words = text.removesuffix("?").split()
    position = next((int(word) for word in words if word.isdigit()), None)
    return Part(position, tuple(w for w in words if not w.isdigit() and w != "self"), text.endswith("?"))
