"""Paths found by globs: `**` crosses folders, `*` stays in one, names are compared without case."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=4096)
def compiled(glob: str) -> re.Pattern[str]:
    """A glob as a pattern for whole paths in small letters."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.lower())
    known = {"**/": r"(?:[^/]+/)*", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    return re.compile("".join(known.get(part, re.escape(part)) for part in parts) + r"\Z")


class Paths:
    """The paths of a tree, ready to be asked for by glob: most globs name a file or end in a suffix."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._all = sorted(paths)
        self._named: dict[str, list[str]] = defaultdict(list)
        self._ending: dict[str, list[str]] = defaultdict(list)
        for path in self._all:
            name = path.rpartition("/")[2].lower()
            self._named[name].append(path)
            if "." in name:
                self._ending[name.rpartition(".")[2]].append(path)
        self._known: dict[str, list[str]] = {}

    def matching(self, glob: str) -> list[str]:
        """The paths of a glob, sorted."""
        if glob not in self._known:
            found = self._candidates(glob.lower())
            self._known[glob] = [path for path in found if compiled(glob).match(path.lower())]
        return self._known[glob]

    def _candidates(self, glob: str) -> list[str]:
        name = glob.rpartition("/")[2]
        if not re.search(r"[*?]", name):
            return self._named.get(name, [])
        suffix = name.rpartition(".")[2]
        if "." in name and re.fullmatch(r"\w+", suffix):
            return self._ending.get(suffix, [])
        if "." in name and suffix == "y*ml":
            return sorted([*self._ending.get("yaml", []), *self._ending.get("yml", [])])
        return self._all

    def __contains__(self, path: str) -> bool:
        return path in self._named.get(path.rpartition("/")[2].lower(), ())
