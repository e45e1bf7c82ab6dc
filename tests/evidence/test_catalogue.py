"""The catalogue of practices is spelled as the search reads it, and names only what there is."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from mldebt.evidence.circumstances import FACTS
from mldebt.evidence.globs import compiled
from mldebt.evidence.kinds import KINDS
from mldebt.evidence.search import key_pattern
from mldebt.model import CATEGORIES
from mldebt.practices import ORDER, STRENGTHS, Practice, Tool, catalogue
from mldebt.practices.page import page

KNOWN = catalogue()
PRACTICES = [practice for _, practice in KNOWN.practices]
TOOLS = [(practice.practice, tool) for practice in PRACTICES for tool in practice.tools]
TOOLS += [(f"fact {name}", tool) for name, tools in KNOWN.facts.items() for tool in tools]
each_practice = pytest.mark.parametrize("practice", [pytest.param(p, id=p.practice) for p in PRACTICES])
each_tool = pytest.mark.parametrize("tool", [pytest.param(tool, id=f"{where}: {tool.tool}") for where, tool in TOOLS])
_DOTTED = r"[A-Za-z_]\w*(?:\.\w+)*"
_CALL = re.compile(rf"(?:\*\.\w+|{_DOTTED})(?:\((?:0|\w+)(?:=[^()]+)?\))?")


def _globs(tool: Tool) -> list[str]:
    found = [*tool.files, *tool.needs.get("files", ())]
    places = [setting.file for setting in tool.settings] + [line.file for line in tool.lines]
    for place in places:
        found.extend([place] if isinstance(place, str) else place)
    return found


def test_practices_have_one_name_each_and_come_in_the_order_of_the_categories() -> None:
    assert [name for name, count in Counter(p.practice for p in PRACTICES).items() if count > 1] == []
    order = [CATEGORIES.index(category) for category, _ in KNOWN.practices]
    assert order == sorted(order)
    assert len(PRACTICES) >= 40


@each_practice
def test_a_practice_says_what_it_is_and_names_sources_and_facts_that_exist(practice: Practice) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", practice.practice)
    assert practice.weight in (1, 2, 3)
    assert practice.sources
    assert set(practice.sources) <= KNOWN.sources.keys()
    applies = practice.applies
    assert {*applies.all, *applies.any, *applies.unless} <= {*FACTS, *KINDS}
    assert set(applies.all) <= set(FACTS), "a kind is one of several: it stands under any or unless"
    said = (practice.title, practice.why, practice.next, practice.present, practice.partial)
    assert [text for text in said if not text.strip()] == []
    assert practice.why.endswith(".")
    assert not practice.next.endswith("."), "the next step is shown after a colon"


@each_practice
def test_a_practice_names_a_tool_once_and_says_what_is_not_taken_for_it(practice: Practice) -> None:
    assert [name for name, count in Counter(tool.tool for tool in practice.tools).items() if count > 1] == []
    assert practice.not_taken_for_it


@each_practice
def test_a_page_tells_how_the_verdict_comes_about(practice: Practice) -> None:
    category = next(c for c, p in KNOWN.practices if p is practice)
    text = page(KNOWN, category, practice)
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert heads[:4] == ["Why", "When it is asked for", "Present, partial, missing", "What proves it"]
    assert heads[-3:] == ["Next step", "If the verdict is wrong", "Sources"]
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} <= {3}, "a cell of the table breaks it"


@each_tool
def test_every_call_is_spelled_as_the_search_reads_it(tool: Tool) -> None:
    assert [call for call in tool.calls if not _CALL.fullmatch(call)] == []


@each_tool
def test_every_pattern_and_glob_compiles(tool: Tool) -> None:
    for wanted in tool.settings:
        key_pattern(wanted.key)
        re.compile(wanted.value)
    for line in tool.lines:
        re.compile(line.text)
    for kind in ("words", "path"):
        re.compile("|".join(tool.needs.get(kind, ())))
    for glob in _globs(tool):
        compiled(glob)
        assert not re.search(r"[\[\]{}]", glob), "globs know * and ? only"


@each_tool
def test_a_tool_is_told_by_something_and_weighs_kinds_that_there_are(tool: Tool) -> None:
    assert tool.packages or tool.imports or tool.calls or tool.files or tool.settings or tool.lines
    assert tool.strength.keys() <= STRENGTHS.keys()
    assert set(tool.strength.values()) <= set(ORDER)
    assert tool.needs.keys() <= {"files", "words", "path"}
    for signs in (tool.packages, tool.imports, tool.calls, tool.files):
        assert [sign for sign, count in Counter(signs).items() if count > 1] == []


@each_tool
def test_a_method_of_any_object_has_a_module_that_tells_whose_it_is(tool: Tool) -> None:
    assert not any(call.startswith("*.") for call in tool.calls) or tool.imports


def test_an_import_speaks_for_a_practice_that_exists() -> None:
    assert set(KNOWN.home.values()) <= {practice.practice for practice in PRACTICES} | {"none"}
