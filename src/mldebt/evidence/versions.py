"""Which versions of a library the manifests of a repository allow."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from mldebt.evidence.packages import declared, installed, normal
from mldebt.model import FileFacts

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

_NOTEBOOK = ".ipynb"
_NEWEST = "99999"
_PLAIN = re.compile(r"\d[\w.+]*(?:\.\*)?")
_CONDA = re.compile(r"=\s*(\d[\w.]*?)(\.?\*)?(?:=.*)?")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


class Versions:
    """The versions that each manifest asks for, by distribution."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self._asked: dict[str, dict[str, list[SpecifierSet]]] = defaultdict(lambda: defaultdict(list))
        notebooks = (found for path in files if path.endswith(_NOTEBOOK) for found in installed(path, files[path]))
        for one in (*declared(files), *notebooks):
            found = specifiers(one.asked)
            if found is not None:
                self._asked[one.name][one.path].append(found)

    def allowing(self, distributions: str, path: str, first: str, before: str = "") -> str | None:
        """The manifest that lets a file use some version from `first` on and before `before`; None if one forbids it.

        Manifests in the folders around a file speak for it. If there is none it is empty, and any other may forbid it.
        """
        asked: dict[str, list[SpecifierSet]] = defaultdict(list)
        for name in distributions.split():
            for manifest, found in self._asked.get(normal(name), {}).items():
                if manifest == path or not manifest.endswith(_NOTEBOOK):
                    asked[manifest].extend(found)
        around = {m: found for m, found in asked.items() if _speaks_for(m, path)}
        for found in (around or asked).values():
            if not any(_overlaps(one, first, before) for one in found):
                return None
        return min(around, default="")


def _speaks_for(manifest: str, path: str) -> bool:
    folder = manifest.rpartition("/")[0]
    return manifest == path or not folder or path.startswith(f"{folder}/")


def specifiers(asked: str) -> SpecifierSet | None:
    """What a manifest's words on a version allow, as pip reads it; None if they say nothing or are not understood."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    words = asked.partition(";")[0].partition("#")[0].strip()
    words = re.sub(r"^\[[^\]]*\]", "", words).strip().strip("()").replace("'", "").replace('"', "")
    conda = _CONDA.fullmatch(words)
    if conda and not words.startswith("=="):
        words = f"=={conda[1]}.*"
    elif _PLAIN.fullmatch(words):
        words = f"=={words}"
    try:
        return SpecifierSet(",".join(_plain(part.strip()) for part in words.split(",")))
    except InvalidSpecifier:
        return None


def _plain(part: str) -> str:
    """A part of a specifier, Poetry's carets and tildes written out."""
    sign, number = part[:1], part[1:].strip()
    if sign not in ("^", "~") or not _NUMBERS.fullmatch(number):
        return part if part != "*" else ""
    digits = [int(word) for word in number.split(".")]
    place = (
        next((i for i, digit in enumerate(digits) if digit), len(digits) - 1)
        if sign == "^"
        else min(1, len(digits) - 1)
    )
    above = [*digits[:place], digits[place] + 1]
    return f">={number},<{'.'.join(map(str, above))}"


def _overlaps(asked: SpecifierSet, first: str, before: str) -> bool:
    """Whether a specifier allows a version from `first` on and before `before`, or any later one if that is empty."""
    from packaging.version import Version

    low, high = Version(first), Version(before or _NEWEST)
    tried = (v for v in _probes(asked, low, high) if low <= v and (v < high or not before))
    return any(asked.contains(v, prereleases=True) for v in tried)


def _probes(asked: Iterable[object], low: Version, high: Version) -> Iterator[Version]:
    """Versions one of which is allowed if any in the range is: its ends, those a specifier names, and just above."""
    from packaging.version import Version

    yield low
    yield high
    for one in asked:
        for number in _NUMBERS.findall(str(one)):
            yield Version(number)
            yield Version(f"{number}.1")
