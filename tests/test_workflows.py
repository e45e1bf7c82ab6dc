"""The workflows, ours and those that `mldebt init` writes, give away no more than they need."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from mldebt import __version__

ROOT = Path(__file__).parents[1]
STARTERS = sorted((ROOT / "src" / "mldebt" / "starters").glob("*.yml"))
OURS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
WRITES = {
    ("mldebt.yml", "pull-requests"),
    ("mldebt-comment.yml", "pull-requests"),
    ("mldebt-badge.yml", "contents"),
}


def parsed(path: Path) -> dict[Any, Any]:
    workflow: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return workflow


@pytest.mark.parametrize("path", [*STARTERS, *OURS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_workflow_has_the_least_permissions_and_an_end(path: Path) -> None:
    workflow = parsed(path)
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"]
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 30
        given = {(path.name, scope) for scope, access in job["permissions"].items() if access == "write"}
        assert given <= WRITES
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", [*STARTERS, *OURS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_workflow_uses_of_others_is_pinned_by_its_commit(path: Path) -> None:
    used = re.findall(r"uses: .*", path.read_text("utf-8"))
    own = "uses: ./" if path in OURS else f"uses: mldebt/mldebt@v{__version__}"
    assert [line for line in used if not PINNED.fullmatch(line) and not line.startswith(own)] == []


@pytest.mark.parametrize("starter", STARTERS, ids=lambda path: path.name)
def test_we_run_what_we_give_to_others(starter: Path) -> None:
    ours, theirs = (parsed(place) for place in (ROOT / ".github" / "workflows" / starter.name, starter))
    assert ours[True] == theirs[True], "the same events"
    assert ours["concurrency"] == theirs["concurrency"]
    for name, job in theirs["jobs"].items():
        assert job["permissions"].items() <= ours["jobs"][name]["permissions"].items()
        assert job.get("if") == ours["jobs"][name].get("if")
        assert len(job["steps"]) <= len(ours["jobs"][name]["steps"])
