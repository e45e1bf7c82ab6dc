"""A clone finding carries what would take the place of its copies, in files and notebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mldebt.cli import main

HEAD = "import torch\n\nfrom data import batches, model\n\n"
LOOP = """optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
total = 0.0
for images, labels in batches:
    optimizer.zero_grad()
    outputs = model(images)
    loss = model.loss(outputs, labels)
    loss.backward()
    optimizer.step()
    total += loss.item() * images.size(0)
"""
TAIL = "print(total)\n"
SCRIPT = HEAD + LOOP + TAIL
LEAVING = """from data import rows


def first(limit):
    for row in rows:
        print(row)
        low = min(row)
        high = max(row)
        spread = high - low
        share = low / spread
        if share > limit:
            return row
        print(low, high, spread, share)
    return None
"""


def notebook(*cells: str) -> str:
    """A notebook of these cells."""
    shown: list[dict[str, Any]] = [
        {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "execution_count": None} for cell in cells
    ]
    return json.dumps({"cells": shown, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`scanned(files, *options)`: the clone findings of these files, by path and text."""
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "root"
    root.mkdir()

    def scan(files: dict[str, str], *options: str) -> list[dict[str, Any]]:
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
        out = tmp_path / "report.json"
        with pytest.raises(SystemExit) as done:
            main(["scan", str(root), "--select", "clones", "--format", "json", "-o", str(out), *options])
        assert not done.value.code
        found: list[dict[str, Any]] = json.loads(out.read_bytes())["findings"]
        return found

    return scan


def test_scripts_that_differ_in_a_rate_get_a_function_with_that_parameter(scanned: Any) -> None:
    (found,) = scanned({"a.py": SCRIPT, "b.py": SCRIPT.replace("0.1", "0.5").replace("total", "summed")})
    made = found["suggestion"]
    assert made["signature"] == "def run_step(lr)"
    assert made["calls"] == ["run_step(lr=0.1)", "run_step(lr=0.5)"]
    assert (made["kind"], made["members"], made["fits"], made["count"]) == ("parametrised function", [0, 1], 2, 2)
    assert made["saves"] == 2 * 10 - 11 - 2
    assert "no_suggestion" not in found


def test_a_cell_and_a_script_share_a_module(scanned: Any) -> None:
    (found,) = scanned({"a.ipynb": notebook(HEAD, "# train\n" + LOOP, TAIL), "b.py": SCRIPT})
    assert found["suggestion"]["kind"] == "shared module"
    assert found["suggestion"]["calls"] == ["run_step()", "run_step()"]


def test_a_command_between_the_statements_of_a_cell_is_no_code_to_share(scanned: Any) -> None:
    cell = LOOP.replace("total = 0.0\n", "total = 0.0\n!nvidia-smi\n")
    (found,) = scanned({"a.ipynb": notebook(HEAD, cell, TAIL), "b.ipynb": notebook(HEAD, cell, TAIL)})
    assert found["suggestion"] is None
    assert found["no_suggestion"].startswith("a command of the notebook stands among the statements")


def test_what_cannot_be_shared_says_why(scanned: Any) -> None:
    other = LEAVING.replace("def first(limit)", "def chosen(limit, more)").replace("    return None", "    return more")
    (found,) = scanned({"a.py": LEAVING, "b.py": other + "\n\nprint(chosen(1, 2))\n"})
    assert found["suggestion"] is None
    assert found["no_suggestion"]


def test_a_report_is_the_same_with_any_number_of_processes(scanned: Any) -> None:
    files = {f"m{n}.py": SCRIPT.replace("0.1", f"0.{n}") for n in range(1, 5)} | {"n.py": LEAVING, "o.py": LEAVING}
    one = scanned(files, "--no-cache", "--jobs", "1")
    assert one == scanned({}, "--no-cache", "--jobs", "3") == scanned({}) == scanned({})
    assert any(finding["suggestion"] for finding in one)
