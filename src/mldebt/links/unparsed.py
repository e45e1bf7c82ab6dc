"""What code that was not parsed names: it may use all of that."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence

from mldebt.links.units import Unit
from mldebt.model import FileFacts


def unparsed_words(files: Mapping[str, FileFacts]) -> dict[str, str]:
    """Each word of such code with the first file that has it."""
    found: dict[str, str] = {}
    for path, facts in files.items():
        found.update((word, path) for word in facts.words if word not in found)
    return found


def is_named(unit: Unit, words: Collection[str]) -> bool:
    """Whether words name a module or a package it is in, without which nobody can use it."""
    parts = [*unit.folder.split("/"), posixpath.basename(unit.path).partition(".")[0]]
    return any(part in words for part in parts)


def named_roots(units: Sequence[Unit], words: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The definitions that are named, each with the reason."""
    for unit in units if words else ():
        names = [definition.name.rpartition(".")[2] for definition in unit.facts.definitions]
        names[0] = posixpath.basename(unit.folder if unit.is_package else unit.path).partition(".")[0]
        for index, name in enumerate(names):
            word = f".{name}" if unit.facts.definitions[index].kind == "method" else name
            if word in words and (index == 0 or word != name or is_named(unit, words)):
                yield unit.base + index, f"is named in {words[word]}, which is not parsed"
