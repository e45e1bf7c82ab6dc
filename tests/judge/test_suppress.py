"""Which findings an excuse in the source takes away, and what is said of an excuse that takes none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mldebt.judge.run import Order, Watch, scan_tree
from mldebt.read.cache import Cache
from mldebt.read.worktree import WorkTree
from mldebt.rules.catalogue import load

DEAD = "def old():\n    return 1\n\n\nprint(2)\n"


def found(root: Path, *, only: frozenset[str] = frozenset(), focus: frozenset[str] | None = None) -> list[str]:
    """The findings of a folder as "rule line" (in a notebook "rule cell:line"), of these rules or all."""
    rules = tuple(rule for rule in load() if not only or rule.name in only)
    report = scan_tree(WorkTree(root), Order(rules, 1, focus), Cache(None), Watch())
    return [f"{f.rule} {f'{f.at.cell}:' if f.at.cell else ''}{f.at.line}" for f in report.findings]


SOURCES = {
    "none": ("import os\n" + DEAD, ["dead-import 1", "dead-definition 2"]),
    "on the line": ("import os  # mldebt: ignore[dead-import]\n" + DEAD, ["dead-definition 2"]),
    "above a definition": ("# mldebt: ignore[dead-definition]\n" + DEAD, []),
    "above the import of several lines": ("# mldebt: ignore[dead-import]\nfrom os import (\n    path,\n)\n", []),
    "whole file": ("import os\n# mldebt: ignore-file[dead-import, dead-definition]\n" + DEAD, []),
    "whole file, any rule": ("# mldebt: ignore-file\nimport os\n" + DEAD, []),
    "any rule": ("import os  # mldebt: ignore\n", []),
    "two rules, one needed": ("import os  # mldebt: ignore[dead-import, dead-definition] both\n", []),
    "of another rule": (
        "import os  # mldebt: ignore[dead-definition]\n",
        ["dead-import 1", "idle-suppression 1"],
    ),
    "not needed": ("print(1)  # mldebt: ignore[dead-import]\n", ["idle-suppression 1"]),
    "not needed, any rule": ("print(1)  # mldebt: ignore\n", ["idle-suppression 1"]),
    "not needed in the whole file": ("# mldebt: ignore-file[dead-import]\nprint(1)\n", ["idle-suppression 1"]),
    "a rule that is none": (
        "import os  # mldebt: ignore[dead-imports, dead-import]\n",
        ["idle-suppression 1"],
    ),
    "an excuse that is excused": ("# mldebt: ignore-file[idle-suppression]\nprint(1)\n", ["idle-suppression 1"]),
}


@pytest.mark.parametrize("case", SOURCES, ids=str)
def test_an_excuse_takes_away_what_it_names_where_it_stands(tmp_path: Path, case: str) -> None:
    text, findings = SOURCES[case]
    (tmp_path / "train.py").write_text(text, encoding="utf-8")
    assert found(tmp_path) == findings


def test_an_excuse_is_idle_only_if_its_rules_ran(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "print(1)  # mldebt: ignore[dead-import]\nprint(2)  # mldebt: ignore\n", encoding="utf-8"
    )
    assert found(tmp_path, only=frozenset({"idle-suppression"})) == []
    assert found(tmp_path, only=frozenset({"idle-suppression", "dead-import"})) == ["idle-suppression 1"]
    assert found(tmp_path, only=frozenset({"dead-import"})) == []


def test_excuses_of_files_that_are_not_asked_for_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import os  # mldebt: ignore[dead-import]\n", encoding="utf-8")
    (tmp_path / "other.py").write_text("import os  # mldebt: ignore[dead-import]\n", encoding="utf-8")
    assert found(tmp_path, focus=frozenset({"train.py"})) == []


def test_a_cell_is_excused_by_its_tag(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "code", "source": "import os\n", "metadata": {"tags": ["mldebt-ignore"]}},
        {"cell_type": "code", "source": "import sys\n", "metadata": {"tags": ["other"]}},
        {"cell_type": "code", "source": "print(1)\n", "metadata": {"tags": ["mldebt-ignore"]}},
    ]
    (tmp_path / "train.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    assert found(tmp_path) == ["dead-import 2:1", "idle-suppression 3:1"]
