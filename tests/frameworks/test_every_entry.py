"""Every word of the framework knowledge decides a verdict: without it, one of the examples beside this file changes.

The examples are small repositories, a section each, written as people write them. `# debt` marks the lines on which
something is dead; everything else in them is alive because of what a framework calls.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from mldebt.frameworks import Base, Framework, frameworks
from mldebt.judge.examine import examine
from mldebt.links.repository import Repository
from mldebt.model import FileFacts
from mldebt.rules.catalogue import load
from mldebt.rules.page import parse_page

RULES = [rule for rule in load() if rule.about.family == "dead-code" and rule.about.on and rule.scope == "repository"]
_WORDS = ("packages", "inert", "effects", "protocols", "names", "handlers")
_MARK = re.compile(r"#\s*debt(?:\s+x(\d+))?\s*$")

Findings = Counter[tuple[str, int]]


class Example(NamedTuple):
    """One repository: its facts, what its marks say, and its text."""

    name: str
    facts: dict[str, FileFacts]
    marked: Findings
    text: str


@cache
def _examples() -> tuple[Example, ...]:
    found: list[Example] = []
    for page in sorted(Path(__file__).parent.glob("*.md")):
        for section in parse_page(page.read_text(encoding="utf-8")).sections:
            for files in section.repositories():
                kinds = {path: "python" if path.endswith(".py") else "config" for path in files}
                facts = {path: examine(kinds[path], path, file.text.encode()) for path, file in files.items()}  # type: ignore[arg-type]
                marked = Counter({place: n for path, file in files.items() for place, n in _marks(path, file.text)})
                text = "\n".join(f"{path}\n{file.text}" for path, file in files.items())
                found.append(Example(f"{page.stem}: {section.title}", facts, marked, text))
    return tuple(found)


def _marks(path: str, text: str) -> Iterator[tuple[tuple[str, int], int]]:
    for line, content in enumerate(text.splitlines(), 1):
        mark = _MARK.search(content)
        if mark:
            yield (path, line), int(mark[1] or 1)


def _scan(example: Example, known: tuple[Framework, ...]) -> Findings:
    repository = Repository(example.facts, known=known)
    return Counter((hit.path, hit.at.line) for rule in RULES for hit in rule.find(repository))


@pytest.mark.parametrize("example", [pytest.param(example, id=example.name) for example in _examples()])
def test_an_example_is_judged_as_it_is_marked(example: Example) -> None:
    assert not any(facts.problems for facts in example.facts.values()), "the example cannot be read"
    assert _scan(example, frameworks()) == example.marked


# -- the knowledge with one word less ----------------------------------------------------------------------------------


class Leaf(NamedTuple):
    """One word of one entry: `key` is the base, file or call it stands under; an empty `word` is the key itself."""

    framework: int
    field: str
    key: str
    word: str


def _leaves() -> Iterator[Leaf]:
    for number, framework in enumerate(frameworks()):
        for field in _WORDS:
            yield from (Leaf(number, field, "", word) for word in getattr(framework, field).split())
        for field in ("files", "calls", "decorators"):
            for key, words in getattr(framework, field).items():
                yield from (Leaf(number, field, key, word) for word in ["", *words.split()])
        for name, base in framework.bases.items():
            yield Leaf(number, "bases", name, "")
            for part in ("like", "hooks", "attributes", "found"):
                yield from (Leaf(number, f"bases.{part}", name, word) for word in getattr(base, part).split())


def _without(leaf: Leaf) -> tuple[Framework, ...]:
    known = list(frameworks())
    framework = known[leaf.framework]
    if leaf.field.startswith("bases."):
        part = leaf.field.removeprefix("bases.")
        base = framework.bases[leaf.key]
        fields = {part: _less(getattr(base, part), leaf.word)}
        changed: object = framework.bases | {leaf.key: msgspec.structs.replace(base, **fields)}
    elif leaf.field in _WORDS:
        changed = _less(getattr(framework, leaf.field), leaf.word)
    else:
        table: dict[str, str | Base] = dict(getattr(framework, leaf.field))
        words = table.pop(leaf.key)
        changed = table | ({leaf.key: _less(words, leaf.word)} if leaf.word and isinstance(words, str) else {})
    known[leaf.framework] = msgspec.structs.replace(framework, **{leaf.field.partition(".")[0]: changed})
    return tuple(known)


def _less(words: str, word: str) -> str:
    return " ".join(w for w in words.split() if w != word)


def _matters(leaf: Leaf) -> bool:
    """Whether some example is judged otherwise without a word; those that mention it are asked first."""
    known = _without(leaf)
    word = max(re.split(r"[^\w]+", leaf.word or leaf.key), key=len)
    asked = sorted(_examples(), key=lambda e: not (word in e.text and leaf.key.strip("*") in e.text))
    return any(_scan(example, known) != example.marked for example in asked)


def test_no_word_is_listed_twice_where_once_is_enough() -> None:
    twice = [leaf for leaf, n in Counter(_leaves()).items() if n > 1]
    assert not twice


@pytest.mark.parametrize("number", range(len(frameworks())), ids=lambda n: frameworks()[n].packages.split()[0])
def test_without_any_one_word_of_an_entry_an_example_changes(number: int) -> None:
    assert [leaf for leaf in _leaves() if leaf.framework == number and not _matters(leaf)] == []
