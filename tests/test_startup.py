"""What a run imports: heavy packages only when they are needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HEAVY = {"libcst", "vulture", "radon", "rich", "jinja2", "yaml", "multiprocessing.pool"}
_REPORT = """
import json, sys
from mldebt.cli import main
try:
    main(sys.argv[1:])
except SystemExit as done:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
    raise
"""


def _modules(folder: Path, *arguments: str) -> set[str]:
    """The modules loaded at the end of a command, run in a folder with a cache of its own."""
    environment = {**os.environ, "MLDEBT_CACHE_DIR": str(folder.parent / "cache")}
    command = [sys.executable, "-c", _REPORT, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def _repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "train.py").write_text("import os\n\n\ndef f():\n    return 1\n\n\nprint(2)\n", encoding="utf-8")
    (folder / "conf.yaml").write_text("rate: 0.1\n", encoding="utf-8")
    return folder


def test_the_version_needs_no_heavy_package(tmp_path: Path) -> None:
    assert not _modules(_repository(tmp_path), "--version") & HEAVY


def test_a_scan_that_the_cache_knows_needs_no_heavy_package(tmp_path: Path) -> None:
    folder = _repository(tmp_path)
    arguments = ("scan", ".", "--format", "json", "-o", str(tmp_path / "report.json"))
    first = _modules(folder, *arguments)
    report = (tmp_path / "report.json").read_bytes()
    assert any(finding["fix"] for finding in json.loads(report)["findings"]), "the first scan proves that `f` can go"
    assert "yaml" in first, "the first scan reads what frameworks are known"
    assert not first & {"libcst", "vulture", "radon"}, "what is scanned is parsed in workers only"
    assert not _modules(folder, *arguments) & HEAVY
    assert (tmp_path / "report.json").read_bytes() == report
