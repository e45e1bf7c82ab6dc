"""What libraries took back, as data: a YAML file for each top-level module, read when a file imports it.

```yaml
distributions: torch pytorch      # what manifests call it
groups:
- source: PyTorch 1.13 release notes
  since: "1.9"                    # the first version that warns, or tells of it in its documentation
  removed: "1.13"                 # the first version that has it no more; left out while all have it
  back: "2.0"                     # the first version that has something else under the name
  same: true                      # what replaces a name takes the same arguments and gives the same
  names:
    torch.eig: torch.linalg.eig   # the name and what to write instead
    torch [rfft irfft]: torch.fft.*                        # several; the star is the name
    torch.load(pickle_module:2): nothing                   # an argument, also by its place, if nothing took it over
    sklearn.svm.SVC(kernel=auto): kernel="rbf"             # one value of an argument
  methods: {DataFrame [append]: pandas.concat}             # called on what is known to be one
  properties: {"DataFrame [ix]": loc or iloc}
```

`private: true` marks a group of names that never were public. A method of `*` is one whatever the object, because no
other library has it. The replacement is a sentence's end if it holds a space, and code if not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import msgspec

_KEY = re.compile(
    r"(?P<head>[\w.*]+)(?: \[(?P<names>[\w .]+)\])?(?:\((?P<argument>\w+)(?::(?P<at>\d+)|=(?P<value>[\w.]+))?\))?"
)


class Entry(NamedTuple):
    """One thing that was taken back; `name` is its qualified name, with the argument in brackets if it is one.

    `of` are the distributions that have it. `place` is where the argument stands without its name, -1 if nowhere;
    `value` the one value that is meant.
    """

    name: str
    of: str
    since: str
    removed: str
    back: str
    instead: str
    same: bool
    argument: str = ""
    place: int = -1
    value: str = ""


class Table(NamedTuple):
    """What the library of one top-level module took back; methods and properties by name, each with its class.

    `words` are the last parts of all names: quick, to ask first.
    """

    names: dict[str, Entry]
    arguments: dict[str, list[Entry]]
    methods: dict[str, list[tuple[str, Entry]]]
    properties: dict[str, list[tuple[str, Entry]]]
    words: frozenset[str]


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    since: str = ""
    removed: str = ""
    back: str = ""
    same: bool = False
    private: bool = False
    names: dict[str, str] = {}
    methods: dict[str, str] = {}
    properties: dict[str, str] = {}


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    distributions: str
    groups: list[_Group]


@lru_cache(maxsize=1)
def modules() -> frozenset[str]:
    """The top-level modules there is a table of."""
    return frozenset(
        f.name.removesuffix(".yaml") for f in resources.files(__name__).iterdir() if f.name[-5:] == ".yaml"
    )


@cache
def table(module: str) -> Table:
    """The table of a top-level module, which has one."""
    from msgspec import yaml

    file = yaml.decode(resources.files(__name__).joinpath(f"{module}.yaml").read_bytes(), type=_File)
    made = Table({}, {}, {}, {}, frozenset())
    for group in file.groups:
        for key, instead in group.names.items():
            for entry in _entries(key, instead, group, file.distributions):
                if entry.argument:
                    made.arguments.setdefault(entry.name.partition("(")[0], []).append(entry)
                else:
                    made.names[entry.name] = entry
        for listed, members in ((group.methods, made.methods), (group.properties, made.properties)):
            for key, instead in listed.items():
                for entry in _entries(key, instead, group, file.distributions):
                    receiver, _, name = entry.name.partition("(")[0].rpartition(".")
                    members.setdefault(name, []).append((receiver, entry))
    words = frozenset(name.rpartition(".")[2] for name in (*made.names, *made.arguments))
    return made._replace(words=words)


def _entries(key: str, instead: str, group: _Group, of: str) -> Iterator[Entry]:
    """The entries that one key stands for."""
    match = _KEY.fullmatch(key)
    if match is None:
        raise ValueError(f"not a name: {key}")
    since = "" if group.private else group.since
    for word in (match["names"] or "").split() or [""]:
        name = f"{match['head']}.{word}" if word else match["head"]
        meant = instead.replace("*", word)
        argument, value = match["argument"] or "", match["value"] or ""
        if argument:
            name = f"{name}({argument}{f'={value}' if value else ''})"
        place = int(match["at"] or -1)
        yield Entry(name, of, since, group.removed, group.back, meant, group.same, argument, place, value)
