"""What a project says of its practices: facts, notes and tools of the house in the settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mldebt.cli import main

SERVED = "from acme.models import publish\n\npublish('m')\n"
OURS = '[tools.our-registry]\npractice = "model-registry"\ncalls = ["acme.models.publish"]\n'
SERVES = "[facts]\nserves = true\n"


def run(folder: Path, settings: str, *arguments: str) -> int:
    """The exit code of a scan of a module that calls a registry of the house, under these settings."""
    (folder / "train.py").write_text(SERVED, encoding="utf-8")
    (folder / "mldebt.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        main(["scan", str(folder), "--no-cache", *arguments])
    assert isinstance(done.value.code, int)
    return done.value.code


def practice(tmp_path: Path, settings: str, name: str) -> dict[str, Any]:
    """What the JSON report says of a practice."""
    assert run(tmp_path, settings, "--format", "json", "-o", str(tmp_path / "report.json")) == 0
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(p for p in report["practices"] if p["practice"] == name)
    return found


def test_a_fact_in_the_settings_decides_what_is_asked(tmp_path: Path) -> None:
    assert practice(tmp_path, "", "model-registry")["status"] == "not-applicable"
    assert practice(tmp_path, SERVES, "model-registry")["status"] == "missing"


def test_a_tool_of_the_house_proves_its_practice(tmp_path: Path) -> None:
    found = practice(tmp_path, SERVES + OURS, "model-registry")
    assert found["status"] == "present"
    assert [(item["path"], item["line"], item["tool"]) for item in found["evidence"]] == [
        ("train.py", 3, "our-registry")
    ]


def test_a_note_stands_beside_the_verdict_and_not_instead_of_it(tmp_path: Path) -> None:
    note = '[practices.model-registry]\nstatus = "done-elsewhere"\nreason = "the platform keeps it"\n'
    found = practice(tmp_path, SERVES + note, "model-registry")
    assert (found["status"], found["said"]) == ("missing", "done-elsewhere: the platform keeps it")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("[facts]\nserve = true\n", "did you mean serves"),
        ('[facts]\nkind = "app"\n', "use one of"),
        (OURS.replace('registry"\n', 'registri"\n'), "did you mean model-registry"),
        ('[practices.model-registry]\nstatus = "fine"\nreason = "x"\n', "fine"),
    ],
)
def test_a_wrong_setting_is_a_sentence(
    tmp_path: Path, settings: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, settings) == 2
    assert says in capsys.readouterr().err
