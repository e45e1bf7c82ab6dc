"""We live what we sell: our own repository is clean, without any baseline."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_mldebt_finds_nothing_in_mldebt(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [
        sys.executable,
        "-m",
        "mldebt",
        "scan",
        str(ROOT),
        "--format",
        "json",
        "-o",
        str(report),
        "--fail-on",
        "any",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(report.read_bytes())
    assert [(f["rule"], f["at"]["path"], f["at"]["line"], f["says"]) for f in found["findings"]] == []
    assert found["problems"] == []
    assert done.returncode == 0
    assert found["files"]["python"] > 100, "the whole repository was read"
