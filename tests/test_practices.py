"""Every practice's cases are run: each section of `tests/practices/<practice>.md` is a small repository and a verdict.

A section's title begins with the verdict: `## Present: …`, `## Partial: …`, `## Missing: …`, `## Not applicable: …`.
Its titled blocks are the files. A block in the language `bytes` stands for a file of that many bytes; one that ends in
`.ipynb` has its cells after `# %%`, `# %% [3] shown` begins one that was run third and shows an output. A line
`says: …` outside the blocks is a part of the reason that the verdict gives. Facts are set in a file `mldebt.toml`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from mldebt.judge.practices import asked_by
from mldebt.judge.run import Order, Watch, scan_tree
from mldebt.model import Outcome
from mldebt.practices import catalogue
from mldebt.read.cache import open_cache
from mldebt.read.worktree import WorkTree
from mldebt.rules.page import Example, Section, parse_page
from mldebt.settings import load

CASES = Path(__file__).parent / "practices"
PRACTICES = [practice.practice for _, practice in catalogue().practices]
VERDICTS = {"Present": "present", "Partial": "partial", "Missing": "missing", "Not applicable": "not-applicable"}
_CELL = re.compile(r"^# %%\s*(?:\[(\d+)\])?[ ]*(shown|markdown)?[ ]*$", re.MULTILINE)
_SAYS = re.compile(r"^says: (.+)$", re.MULTILINE)


class Case(NamedTuple):
    """A small repository, and what is said of one practice there."""

    practice: str
    status: str
    says: tuple[str, ...]
    files: tuple[Example, ...]


def _sections(practice: str) -> tuple[Section, ...]:
    file = CASES / f"{practice}.md"
    return parse_page(file.read_text(encoding="utf-8")).sections if file.exists() else ()


def _cases() -> list[object]:
    found: list[object] = []
    for practice in PRACTICES:
        for section in _sections(practice):
            status = VERDICTS.get(section.title.partition(":")[0].strip(), "")
            prose = re.sub(r"^(`{3,}).*?^\1", "", section.text, flags=re.MULTILINE | re.DOTALL)
            case = Case(practice, status, tuple(_SAYS.findall(prose)), section.examples)
            found.append(pytest.param(case, id=f"{practice}-{section.title}".replace(" ", "-")))
    return found


def _notebook(text: str) -> str:
    """The `.ipynb` that a block stands for."""
    cells: list[dict[str, object]] = []
    _, *parts = _CELL.split(text)
    for run, mark, source in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        cell: dict[str, object] = {"metadata": {}, "source": source.strip("\n"), "cell_type": mark or "code"}
        if mark != "markdown":
            shows = [{"output_type": "stream", "name": "stdout", "text": "0.93\n"}] if mark == "shown" else []
            cell |= {"cell_type": "code", "execution_count": int(run) if run else None, "outputs": shows}
        cells.append(cell)
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _write(files: tuple[Example, ...], folder: Path) -> None:
    for example in files:
        target = folder / example.title
        target.parent.mkdir(parents=True, exist_ok=True)
        if example.language == "bytes":
            with target.open("wb") as stream:
                stream.truncate(int(example.text))
        else:
            target.write_text(_notebook(example.text) if target.suffix == ".ipynb" else example.text, encoding="utf-8")


def judged(case: Case, folder: Path) -> Outcome:
    """What a scan of a case's files says of its practice."""
    _write(case.files, folder)
    order = Order((), 1, asked=asked_by(load(folder)))
    report = scan_tree(WorkTree(folder), order, open_cache(None, folder, b""), Watch())
    assert report.problems == (), "a file of the case cannot be read"
    return next(outcome for outcome in report.practices if outcome.practice == case.practice)


@pytest.mark.parametrize("case", _cases())
def test_a_small_repository_gets_the_verdict_its_section_names(case: Case, tmp_path: Path) -> None:
    outcome = judged(case, tmp_path)
    assert (outcome.status, outcome.why) == (case.status, outcome.why), outcome.evidence
    assert [part for part in case.says if part not in outcome.why] == [], outcome.why
    assert bool(outcome.next) == (outcome.status in ("partial", "missing"))


@pytest.mark.parametrize("practice", PRACTICES)
def test_a_practice_has_a_positive_a_partial_and_a_lookalike(practice: str) -> None:
    titles = [section.title for section in _sections(practice)]
    kinds = Counter(title.partition(":")[0].strip() for title in titles)
    assert set(kinds) <= set(VERDICTS), "a title begins with a verdict"
    assert {"Present", "Partial", "Missing"} <= set(kinds)
    assert [title for title, count in Counter(titles).items() if count > 1] == []
    for section in _sections(practice):
        named = [example.title for example in section.examples]
        assert all(named), f"a block has no title in {section.title}"
        assert len(set(named)) == len(named), f"two blocks have one title in {section.title}"


def test_every_file_of_cases_belongs_to_a_practice() -> None:
    assert {file.stem for file in CASES.glob("*.md")} <= set(PRACTICES)
