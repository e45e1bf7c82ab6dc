"""A finding's fingerprint: the same while the code is the same, another for another finding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mldebt.judge.run import Order, Watch, scan_tree
from mldebt.model import Finding
from mldebt.read.cache import Cache
from mldebt.read.worktree import WorkTree
from mldebt.rules.catalogue import load

UNSEEN = """import numpy as np


def old(x):
    if x == np.nan:
        return 1
    return x


print(np.nan == 3)
"""


def scan(root: Path, text: str, name: str = "train.py") -> tuple[Finding, ...]:
    (root / name).write_text(text, encoding="utf-8")
    return scan_tree(WorkTree(root), Order(load(), 1), Cache(None), Watch()).findings


def prints(root: Path, text: str) -> set[tuple[str, str]]:
    return {(finding.rule, finding.fingerprint) for finding in scan(root, text)}


CHANGES = {
    "moved down": ("import numpy as np\n", "import numpy as np\n\nLIMIT = 3\nprint(LIMIT)\n"),
    "with a comment above": ("def old", "# of long ago\ndef old"),
    "wrapped anew": ("x == np.nan:", "(\n        x\n        == np.nan\n    ):"),
    "spaced anew": ("x == np.nan", "x  ==  np.nan"),
    "with a comment behind": ("np.nan == 3)", "np.nan == 3)  # never"),
    "in brackets": ("print(np.nan == 3)", "print((np.nan == 3),)"),
}


@pytest.mark.parametrize("case", CHANGES, ids=str)
def test_a_finding_is_the_same_when_its_code_is(tmp_path: Path, case: str) -> None:
    before = prints(tmp_path, UNSEEN)
    assert {rule for rule, _ in before} == {"dead-definition", "nan-comparison"}
    assert prints(tmp_path, UNSEEN.replace(*CHANGES[case])) == before


def test_another_name_is_another_finding(tmp_path: Path) -> None:
    before = prints(tmp_path, UNSEEN)
    after = prints(tmp_path, UNSEEN.replace("old", "older"))
    assert {rule for rule, _ in before - after} == {"dead-definition", "nan-comparison"}
    assert len(before & after) == 1, "the comparison at the top is where it was"


def test_equal_findings_are_counted(tmp_path: Path) -> None:
    line = "print(np.nan == 3)\n"
    once, twice = (prints(tmp_path, "import numpy as np\n\n" + line * n) for n in (1, 2))
    assert len(once) == 1
    assert len(twice) == 2
    assert once < twice, "the first stays the first"


def test_a_finding_of_a_notebook_is_the_same_in_another_cell(tmp_path: Path) -> None:
    def notebook(*sources: str) -> str:
        cells = [{"cell_type": "code", "source": s, "metadata": {}} for s in ("import numpy as np", *sources)]
        return json.dumps({"cells": cells, "nbformat": 4})

    (one,) = scan(tmp_path, notebook("print(np.nan == 3)"), "a.ipynb")
    (two,) = scan(tmp_path, notebook("print(1)", "# why\nprint(np.nan == 3)"), "a.ipynb")
    assert (one.at.cell, one.at.line) == (2, 1)
    assert (two.at.cell, two.at.line) == (3, 2)
    assert one.fingerprint == two.fingerprint


def test_fingerprints_are_unlike_each_other(tmp_path: Path) -> None:
    body = "import os\nimport sys\n\n\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n\n\nprint(3)\n"
    scan(tmp_path, body, "a.py")
    found = scan(tmp_path, body, "b.py")
    assert len(found) >= 8
    assert len({finding.fingerprint for finding in found}) == len(found)


def test_no_finding_costs_nothing(tmp_path: Path) -> None:
    assert all(finding.minutes >= 1 for finding in scan(tmp_path, UNSEEN))
