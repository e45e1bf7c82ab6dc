"""The rig: GitHub's API as a stand-in, and workflows run by act. `.ci/rig` fetches what it needs from npm."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from act_runner import Runner
from api_description import Description
from fake_github import FakeGitHub
from project import Files, project
from stage import MakeStage, Stage, copy_action


def _missing() -> str:
    if not os.environ.get("MLDEBT_RIG"):
        return "MLDEBT_RIG names no folder: `.ci/rig FOLDER` makes one"
    if sys.platform == "win32" or not Path(sys.executable).with_name("act").exists():
        return "act is not installed beside this Python"
    return "" if importlib.util.find_spec("openapi_schema_validator") else "openapi-schema-validator is not installed"


@pytest.fixture(scope="session")
def rig() -> Path:
    """The folder of `.ci/rig`; without it the tests are skipped, or fail where it is required."""
    missing = _missing()
    if missing and os.environ.get("MLDEBT_RIG_REQUIRED"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return Path(os.environ["MLDEBT_RIG"]).absolute()


@pytest.fixture(scope="session")
def described(rig: Path) -> Description:
    return Description(rig / "github-openapi-slice.json")


@pytest.fixture
def github(described: Description) -> Iterator[FakeGitHub]:
    """The API; at the end of a test nothing may have been asked that GitHub's description does not allow."""
    with FakeGitHub(described) as server:
        yield server
        assert server.state.violations == []


@pytest.fixture(scope="session")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Action as a workflow gets it: a copy of its files, or the copy that a test of the tests has broken."""
    if os.environ.get("MLDEBT_ACTION"):
        return Path(os.environ["MLDEBT_ACTION"])
    target = tmp_path_factory.mktemp("action")
    copy_action(target)
    return target


@pytest.fixture(scope="session")
def environments(rig: Path) -> Path:
    """Where the Action installs its dependencies, once for all runs; two test processes take turns."""
    folder = rig / "environments"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def stage(
    tmp_path: Path, github: FakeGitHub, action: Path, environments: Path, monkeypatch: pytest.MonkeyPatch
) -> MakeStage:
    """`stage(before, after, **inputs)`: a pull request that makes `after` of `before`."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    runner = Runner(action, environments, github.url, tmp_path / "run")

    def make(before: Files, after: Files, **inputs: str) -> Stage:
        found = project(tmp_path / "project", before, after)
        return Stage(found.with_workflow(**inputs) if inputs else found, github, runner)

    return make
