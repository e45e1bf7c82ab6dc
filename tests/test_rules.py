"""Every rule's page is run: what it says is flagged is flagged by that rule, what it says is fine is fine for all."""

from __future__ import annotations

import ast
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from mldebt.judge.follow import Difference, Side, held_against
from mldebt.judge.run import Order, Watch, scan_tree
from mldebt.model import CATEGORIES, Finding
from mldebt.read.cache import open_cache
from mldebt.read.worktree import WorkTree
from mldebt.rules import page as pages
from mldebt.rules.catalogue import Rule, load

RULES = load()
EDGE_CASES = Path(__file__).parent / "rules"
ALLOWED_IMPORTS = tuple(
    f"mldebt.{part}" for part in ("model", "links", "facts", "evidence", "rules.about", "rules.confidence")
)
BEFORE = "before/"
_MARK = re.compile(r"#\s*(debt|see)(?:\s+x(\d+))?\s*$")
_SIZE = re.compile(r"\(filled up to (\d+) MB\)")  # a page cannot hold such a file
_CELL = re.compile(r"# %%\s*(?:\[(?P<inside>\w+)\])?\s*(?:tags=(?P<tags>[\w,-]+))?\s*")

Where = tuple[str, int | None, int]


class Case(NamedTuple):
    """One small repository of a page."""

    rule: str
    files: dict[str, pages.Example]


def _cases(verdict: str) -> list[object]:
    found: list[object] = []
    for rule in RULES:
        edge = EDGE_CASES / f"{rule.name}.md"
        sources = {"page": rule.page, "edge": edge.read_text(encoding="utf-8") if edge.exists() else ""}
        for source, markdown in sources.items():
            for section in pages.parse_page(markdown).sections:
                if section.title.partition(":")[0].strip() != verdict:
                    continue
                for i, files in enumerate(section.repositories()):
                    name = f"{rule.name}-{source}-{section.title}-{i}".replace(" ", "-")
                    found.append(pytest.param(Case(rule.name, files), id=name))
    return found


# -- writing an example as a repository, reading its marks -------------------------------------------------------------


def _cells(text: str) -> list[tuple[str, re.Match[str] | None]]:
    """The cells of a notebook example: text without the `# %%` line, and that line taken apart."""
    cells: list[tuple[list[str], re.Match[str] | None]] = []
    for line in text.splitlines():
        head = _CELL.fullmatch(line)
        if head or not cells:
            cells.append(([], head))
        if not head:
            cells[-1][0].append(line)
    return [("\n".join(lines).strip("\n"), head) for lines, head in cells]


def _notebook(text: str) -> str:
    """The `.ipynb` that a notebook example stands for."""
    cells = []
    for source, head in _cells(text):
        inside = (head and head["inside"]) or ""
        tags = (head and head["tags"]) or ""
        kind = inside if inside in ("markdown", "raw") else "code"
        cell: dict[str, object] = {"cell_type": kind, "metadata": {}, "source": source}
        if tags:
            cell["metadata"] = {"tags": tags.split(",")}
        if cell["cell_type"] == "code":
            failed = {"output_type": "error", "ename": "ValueError", "evalue": "", "traceback": []}
            outputs = [failed] if inside == "failed" else []
            cell |= {"execution_count": int(inside) if inside.isdigit() else None, "outputs": outputs}
        cells.append(cell)
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def _write(files: dict[str, pages.Example], folder: Path) -> None:
    for path, example in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_notebook(example.text) if path.endswith(".ipynb") else example.text, encoding="utf-8")
        size = _SIZE.search(example.text)
        if size:
            os.truncate(target, int(size[1]) * 1_000_000)


def _marks(files: dict[str, pages.Example], word: str) -> Counter[Where]:
    found: Counter[Where] = Counter()
    for path, example in files.items():
        parts = [(None, example.text)]
        if path.endswith(".ipynb"):
            parts = [(number, text) for number, (text, _) in enumerate(_cells(example.text), 1)]  # type: ignore[misc]
        for cell, text in parts:
            for line, content in enumerate(text.splitlines(), 1):
                mark = _MARK.search(content)
                if mark and mark[1] == word:
                    found[path, cell, line] += int(mark[2] or 1)
    return found


# -- the pages ---------------------------------------------------------------------------------------------------------


def _scan(case: Case, folder: Path) -> tuple[Finding, ...]:
    """The findings in a case's files, by the real pipeline: all rules that are on, and the case's own.

    Files in a folder `before` are those of the commit that the others are compared with.
    """
    rules = tuple(rule for rule in RULES if rule.about.on or rule.name == case.rule)
    was = {path.removeprefix(BEFORE): example for path, example in case.files.items() if path.startswith(BEFORE)}
    files = _now(case)
    now = _side(files, folder / "now", rules)
    if not was:
        return now.report.findings
    before = _side(was, folder / "before", rules)
    touched = frozenset(path for path, example in files.items() if path not in was or was[path].text != example.text)
    kept = open_cache(None, folder, b"")
    report = held_against(now, before, Difference(touched, {}), Order(rules, 1), kept)
    return tuple(finding for finding in report.findings if finding.standing == "new")


def _now(case: Case) -> dict[str, pages.Example]:
    return {path: example for path, example in case.files.items() if not path.startswith(BEFORE)}


def _side(files: dict[str, pages.Example], folder: Path, rules: tuple[Rule, ...]) -> Side:
    folder.mkdir()
    _write(files, folder)
    tree = WorkTree(folder)
    report = scan_tree(tree, Order(rules, 1), open_cache(None, folder, b""), Watch())
    assert report.problems == (), "the example cannot be read"
    return Side(tree, report)


@pytest.mark.parametrize("case", _cases("Flagged"))
def test_what_the_page_marks_is_exactly_what_the_rule_finds(case: Case, tmp_path: Path) -> None:
    mine = [finding for finding in _scan(case, tmp_path) if finding.rule == case.rule]
    found = Counter((finding.at.path, finding.at.cell, finding.at.line) for finding in mine)
    assert found == _marks(_now(case), "debt"), [finding.says for finding in mine]
    assert found, "a flagged example marks no line"
    related = _marks(_now(case), "see")
    if related:
        assert Counter((at.path, at.cell, at.line) for finding in mine for at in finding.see) == related


@pytest.mark.parametrize("case", _cases("Fine"))
def test_what_the_page_calls_fine_is_fine_for_every_rule(case: Case, tmp_path: Path) -> None:
    assert [(f.rule, f.at.path, f.at.cell, f.at.line, f.says) for f in _scan(case, tmp_path)] == []
    assert not _marks(case.files, "debt"), "a fine example marks a line"


# -- the rules themselves ----------------------------------------------------------------------------------------------

each_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in RULES])


@each_rule
def test_a_page_has_its_sections_in_order_and_examples_of_both_kinds(rule: Rule) -> None:
    page = pages.parse_page(rule.page)
    assert tuple(section.title for section in page.sections) == pages.SECTIONS
    assert all(section.text.strip() for section in page.sections)
    for title in ("Flagged", "Fine"):
        section = page.section(title)
        assert section is not None
        assert section.examples, f"no example under {title}"


@each_rule
def test_a_page_begins_with_one_sentence_that_names_the_pattern(rule: Rule) -> None:
    first = rule.page.split("\n", 1)[0]
    assert first[0].isupper()
    assert first.endswith(".")
    assert len(first) <= 120
    assert rule.page.split("\n")[1].strip() == "", "the first sentence stands alone"
    assert " rule" not in first.lower(), "say the pattern, not that it is a rule"


def test_no_two_rules_begin_alike() -> None:
    twice = [first for first, n in Counter(rule.page.split("\n", 1)[0] for rule in RULES).items() if n > 1]
    assert twice == []


@each_rule
def test_a_rule_is_named_after_its_file_and_belongs_to_its_folder(rule: Rule) -> None:
    file = Path(pages.__file__).parent / rule.category / f"{rule.name.replace('-', '_')}.py"
    assert file.is_file()
    assert rule.category in CATEGORIES
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.name)


@each_rule
def test_a_rule_declares_a_price_with_its_source(rule: Rule) -> None:
    minutes = rule.about.minutes
    assert minutes.constant > 0 or minutes.per_unit > 0
    assert minutes.source.strip()
    assert bool(minutes.per_unit) == bool(minutes.unit), "a price per unit names the unit"
    assert re.fullmatch(r"\d+\.\d+\.\d+", rule.about.since)


@each_rule
def test_a_rule_has_edge_cases_beside_its_page(rule: Rule) -> None:
    file = EDGE_CASES / f"{rule.name}.md"
    assert file.is_file(), f"write {file.name}"
    sections = pages.parse_page(file.read_text(encoding="utf-8")).sections
    kinds = {section.title.partition(":")[0].strip() for section in sections}
    assert kinds <= {"Flagged", "Fine"}
    assert any(section.examples for section in sections)


def test_every_file_of_edge_cases_belongs_to_a_rule() -> None:
    assert {file.stem for file in EDGE_CASES.glob("*.md")} <= {rule.name for rule in RULES}


@each_rule
def test_a_rule_sees_facts_and_links_and_nothing_else_of_ours(rule: Rule) -> None:
    file = Path(pages.__file__).parent / rule.category / f"{rule.name.replace('-', '_')}.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    ours = [
        name
        for node in ast.walk(tree)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
        + ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
        if name.startswith("mldebt")
    ]
    assert [name for name in ours if not name.startswith(ALLOWED_IMPORTS)] == []
