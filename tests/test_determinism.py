"""The same input gives the same bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mldebt.rules.catalogue import load
from mldebt.rules.page import parse_page

Arguments = tuple[str, ...]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All flagged examples of all rules, each rule's in a folder of its own: findings of every family."""
    root = tmp_path_factory.mktemp("repository")
    for rule in load():
        section = parse_page(rule.page).section("Flagged")
        for number, example in enumerate(section.examples if section else ()):
            title = example.title or f"example_{number}.py"
            if title.endswith(".py"):
                target = root / rule.name / title
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(example.text, encoding="utf-8")
    (root / "broken.py").write_text("def f(:\n", encoding="utf-8")
    (root / "model.yaml").write_text("layers: [1, 2]\n", encoding="utf-8")
    return root


def _report(repository: Path, folder: Path, *arguments: str, seed: str = "0") -> bytes:
    out = folder / "report.json"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "MLDEBT_CACHE_DIR": str(folder / "cache")}
    command = [sys.executable, "-m", "mldebt", "scan", str(repository), "--format", "json", "-o", str(out), *arguments]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return out.read_bytes()


def test_jobs_cache_and_hash_seed_change_nothing(repository: Path, tmp_path: Path) -> None:
    first = _report(repository, tmp_path, "--jobs", "1")
    found = json.loads(first)
    assert len({finding["family"] for finding in found["findings"]}) >= 4
    assert found["problems"]
    others: list[tuple[Arguments, str]] = [
        (("--jobs", "1"), "1"),
        (("--jobs", "2", "--no-cache"), "2"),
        (("--jobs", "4", "--no-cache"), "3"),
    ]
    for arguments, seed in others:
        assert _report(repository, tmp_path, *arguments, seed=seed) == first, arguments


def test_facts_from_the_cache_give_what_fresh_facts_give(repository: Path, tmp_path: Path) -> None:
    """A changed file makes a new report out of old facts."""
    before = (repository / "model.yaml").read_bytes()
    _report(repository, tmp_path)
    (repository / "model.yaml").write_text("layers: [1, 2, 3]\n", encoding="utf-8")
    mixed = _report(repository, tmp_path)
    fresh = _report(repository, tmp_path, "--no-cache")
    (repository / "model.yaml").write_bytes(before)
    assert mixed == fresh
