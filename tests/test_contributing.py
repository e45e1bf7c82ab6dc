"""The guide's example of a rule works as it stands, put where the guide says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_example_is_a_rule_that_finds_what_its_page_says(tmp_path: Path) -> None:
    example = re.search(
        r"`src/(\S+\.py)`:\n\n````python\n(.*?)````", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.S
    )
    assert example is not None
    shutil.copytree(ROOT / "src" / "mldebt", tmp_path / "mldebt")
    (tmp_path / example[1]).write_text(example[2], "utf-8")
    source = "import pandas as pd\n\nprint(pd.DataFrame([1]))\n"
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": 1}
    project = tmp_path / "project"
    project.mkdir()
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (project / "study.ipynb").write_text(json.dumps(notebook), "utf-8")
    (project / "train.py").write_text(source, "utf-8")
    command = [sys.executable, "-m", "mldebt", "scan", str(project), "--format", "json", "--no-cache"]
    done = subprocess.run(
        [*command, "--select", Path(example[1]).stem.replace("_", "-")],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    found = [(finding["at"]["path"], finding["at"]["line"]) for finding in json.loads(done.stdout)["findings"]]
    assert found == [("study.ipynb", 3)]
