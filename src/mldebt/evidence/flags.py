"""Flags that are off by default: a practice behind one is there only for who knows of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from mldebt.model import FileFacts

_DEFAULT = re.compile(r"defaults\.\d+\.(.+)")
_OFF = frozenset({"false", "null", "none", "~", "", "0", "off", "no", "disabled"})


def off_flags(files: Mapping[str, FileFacts]) -> frozenset[str]:
    """The last names of the flags that no option, setting, constant or parameter has on by default."""
    on: set[str] = set()
    off: set[str] = set()
    primary: set[str] = set()
    for facts in files.values():
        # what a list of defaults begins with is the default; what other files say is for who chooses them
        leads = any(setting.key.startswith("defaults.") for setting in facts.settings)
        for setting in facts.settings:
            name, is_off = setting.key.rpartition(".")[2], setting.value.lower() in _OFF
            (off if is_off else on).add(name)
            if leads and is_off and "." not in setting.key:
                primary.add(name)
        for module in facts.modules:
            for name, value in module.defaults:
                (on if value else off).add(name)
    return frozenset((off - on) | primary)


def unselected(files: Mapping[str, FileFacts]) -> frozenset[str]:
    """The files of Hydra's groups that no defaults list chooses, in folders where one names the group."""
    chosen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path, facts in files.items():
        for setting in facts.settings:
            match = _DEFAULT.fullmatch(setting.key)
            if match:
                group = match[1].removeprefix("override ").strip("/")
                chosen[path.rpartition("/")[0], group].add(setting.value.strip().lower())
    found: set[str] = set()
    for (folder, group), names in chosen.items():
        inside = f"{folder}/{group}/" if folder else f"{group}/"
        others = [path for path in files if path.startswith(inside) and path.endswith((".yaml", ".yml"))]
        found.update(path for path in others if path[len(inside) :].rpartition(".")[0].lower() not in names)
    return frozenset(found)
