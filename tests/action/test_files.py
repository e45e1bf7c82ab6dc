"""`action.yml`, the lock and the workflows say what the code says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from packaging.requirements import Requirement

from mldebt.action.figures import figures
from mldebt.action.gate import Verdict
from mldebt.action.inputs import CONDITIONS, PREFIX, Inputs
from mldebt.model import FileCounts, Report
from mldebt.settings import FAIL_ON, options

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
STARTERS = sorted((ROOT / "src" / "mldebt" / "starters").glob("*.yml"))


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _described(field: Any) -> str:
    return next(str(one.description) for one in field.type.__metadata__ if isinstance(one, msgspec.Meta))


def test_the_inputs_are_those_of_the_class() -> None:
    fields = {field.encode_name: field for field in msgspec.structs.fields(Inputs)}
    assert {n: one["description"] for n, one in ACTION["inputs"].items()} == {n: _described(fields[n]) for n in fields}
    defaults = {name: one["default"] for name, one in ACTION["inputs"].items()}
    assert defaults.pop("token") == "${{ github.token }}"
    assert defaults == {name: _text(field.default) for name, field in fields.items() if name != "token"}
    given = {key: value for key, value in STEPS[1]["env"].items() if key.startswith(PREFIX)}
    assert given == {PREFIX + f.name.upper(): f"${{{{ inputs.{name} }}}}" for name, f in fields.items()}


def test_what_inputs_and_settings_share_they_understand_alike() -> None:
    shared = {name for name, _, _ in options()} & set(ACTION["inputs"])
    assert shared == {"fail-on", "jobs"}
    assert set(FAIL_ON) <= set(CONDITIONS)


def test_every_output_is_written_and_every_number_is_an_output() -> None:
    report = Report(None, None, FileCounts(0, 0, 0, 0), (), ())
    written = {*figures(report, Verdict((), ())), "exit-code", "comment", "comment-url", "hand-over-file"}
    written |= {"report-dir", "report-json", "report-sarif"}
    assert set(ACTION["outputs"]) == written
    expected = {name: f"${{{{ steps.mldebt.outputs.{name} }}}}" for name in written}
    assert {name: one["value"] for name, one in ACTION["outputs"].items()} == expected


def test_no_step_uses_another_action_or_takes_an_expression_into_a_script() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all("uses" not in step and "${{" not in step["run"] for step in STEPS)
    assert not any("GITHUB_ENV" in step["run"] or "GITHUB_PATH" in step["run"] for step in STEPS)
    assert [step["name"] for step in STEPS] == ["Install", "Scan", "Gate"], "the gate comes last"


def test_the_lock_has_a_hash_for_each_version_and_satisfies_what_the_project_needs() -> None:
    import sys

    if sys.version_info < (3, 11):
        pytest.skip("reads pyproject.toml with the parser of Python 3.11")
    import tomllib

    rows = re.findall(r"^([\w-]+)==(\S+)[^\n]*((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)", _lock(), re.MULTILINE)
    locked = {name: version for name, version, _ in rows}
    assert len(locked) == len(re.findall(r"^[\w-]+==", _lock(), re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in map(Requirement, project["dependencies"]):
        assert requirement.name in locked, requirement
        assert requirement.specifier.contains(locked[requirement.name]), requirement


def _lock() -> str:
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", STARTERS, ids=lambda p: p.name)
def test_a_workflow_grants_nothing_at_its_top_and_pins_what_is_not_ours(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    jobs = workflow["jobs"].values()
    assert all(job["permissions"] and job["timeout-minutes"] for job in jobs) and workflow["concurrency"]
    for name, ref in re.findall(r"uses: ([\w./-]+)@(\S+)", text):
        assert name == "mldebt/mldebt" or re.fullmatch(r"[0-9a-f]{40}", ref), name
    checkouts = [step for job in jobs for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("name", ["mldebt.yml", "mldebt-comment.yml"])
def test_the_readme_shows_the_workflows_as_they_are(name: str) -> None:
    text = (ROOT / "src" / "mldebt" / "starters" / name).read_text(encoding="utf-8")
    assert f"```yaml\n{text}```" in (ROOT / "README.md").read_text(encoding="utf-8")
