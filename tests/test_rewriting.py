"""`mldebt fix` writes otherwise what has a successor of the same form; what may run otherwise only when asked to."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.cli import main

Git = Callable[..., str]

OLD = """\
import numpy as np
import torch
from scipy.integrate import trapz
from torch.utils.data._utils.collate import default_collate  # by batch

grades = np.array([1, 2]).astype(np.float)  # äöü
print(np.product(grades), [np.bool(1),
      np.Inf], trapz(grades), default_collate, torch.nn.init.xavier_uniform(torch.ones(2, 2)))
"""
NEW = """\
import numpy as np
import torch
from scipy.integrate import trapezoid as trapz
from torch.utils.data import default_collate  # by batch

grades = np.array([1, 2]).astype(float)  # äöü
print(np.prod(grades), [bool(1),
      np.inf], trapz(grades), default_collate, torch.nn.init.xavier_uniform_(torch.ones(2, 2)))
"""
RISKY = """\
import torch

rows = torch.ones(2)
rows.require_grad = True
net = torch.nn.Linear(2, 1)
print(net.forward(torch.log(1 + rows)), (torch.exp(torch.log(1 + rows)) - 1) * 2)
"""
MENDED = """\
import torch

rows = torch.ones(2)
rows.requires_grad = True
net = torch.nn.Linear(2, 1)
print(net(torch.log1p(rows)), (torch.expm1(torch.log1p(rows))) * 2)
"""


@pytest.fixture
def root(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, the current folder."""
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(repo)
    return repo


def run(*arguments: str) -> None:
    with pytest.raises(SystemExit) as done:
        main([*arguments])
    assert done.value.code in (0, 1)


def findings(folder: Path, *rules: str) -> list[dict[str, object]]:
    report = folder.parent / "report.json"
    selected = [word for rule in rules for word in ("--select", rule)]
    run("scan", ".", "--format", "json", "-o", str(report), *selected)
    found: list[dict[str, object]] = json.loads(report.read_bytes())["findings"]
    return found


def commit(root: Path, git: Git, name: str, text: str) -> Path:
    (root / name).write_text(text, encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "files")
    return root / name


def test_a_name_with_a_successor_of_the_same_form_is_replaced(root: Path, git: Git) -> None:
    file = commit(root, git, "old.py", OLD)
    rules = ("removed-api", "deprecated-api", "private-api")
    assert {bool(finding["fix"]) for finding in findings(root, *rules)} == {True, False}
    run("fix")
    assert file.read_text(encoding="utf-8") == NEW
    ast.parse(NEW)
    assert findings(root, *rules) == []


def test_what_may_run_otherwise_is_left_until_it_is_asked_for(
    root: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    file = commit(root, git, "risky.py", RISKY)
    run("fix")
    assert file.read_text(encoding="utf-8") == RISKY
    assert "may change what runs (--unsafe takes what may)" in capsys.readouterr().out
    run("fix", "--unsafe")
    assert file.read_text(encoding="utf-8") == MENDED
    assert "risky.py: 5 expressions rewritten" in capsys.readouterr().out
    assert findings(root, "unstable-logarithm", "forward-called-directly", "requires-grad-without-effect") == []


def test_a_notebook_keeps_everything_but_the_expression(root: Path, git: Git) -> None:
    cells = [["import numpy as np\n", "print(np.float(1))"], ["rows = 1\n", "np.product([rows])"]]
    whole = {"cells": [_cell(source) for source in cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(whole)
    file = commit(root, git, "study.ipynb", text)
    run("fix")
    assert file.read_text(encoding="utf-8") == text.replace("np.float", "float").replace("np.product", "np.prod")


def _cell(source: list[str]) -> dict[str, object]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def test_dead_code_goes_first_and_what_is_left_is_rewritten_in_the_same_run(root: Path, git: Git) -> None:
    file = commit(root, git, "both.py", "import os\nimport numpy as np\n\nprint(np.int(1), np.product([1]))\n")
    run("fix")
    assert file.read_text(encoding="utf-8") == "import numpy as np\n\nprint(int(1), np.prod([1]))\n"


def test_a_builtin_that_the_module_hides_is_not_written(root: Path, git: Git) -> None:
    text = "import numpy as np\n\n\ndef float(x):\n    return x\n\n\nprint(np.float(float(1)))\n"
    file = commit(root, git, "hidden.py", text)
    run("fix")
    assert file.read_text(encoding="utf-8") == text
