"""The hooks, their manifest and their scripts name the same things."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_manifest

from mldebt.rules.catalogue import load

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS = {path.stem.replace("_", "-"): path for path in (ROOT / "hooks").glob("[!_]*.py")}

WHOLE = {"baseline", "practices"}  # hooks that look at the whole repository, whatever is named


def entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return entries


def project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return project


def test_pre_commit_accepts_the_manifest() -> None:
    assert {hook["id"] for hook in load_manifest(str(MANIFEST))} == {entry["id"] for entry in entries()}


def test_each_hook_file_has_one_entry_and_each_entry_a_file() -> None:
    assert sorted(entry["id"] for entry in entries()) == sorted(f"mldebt-{name}" for name in HOOKS)


def test_each_hook_file_has_one_script_and_each_script_a_file() -> None:
    scripts = project()["project"]["scripts"]
    scripts.pop("mldebt")
    assert scripts == {f"mldebt-{name}": f"mldebt_hooks.{path.stem}:main" for name, path in HOOKS.items()}


def test_an_entry_runs_the_script_of_its_own_name() -> None:
    assert {entry["id"]: entry["entry"] for entry in entries()} == {entry["id"]: entry["id"] for entry in entries()}


def test_each_family_with_rules_has_a_hook_and_no_hook_is_without_rules() -> None:
    assert set(HOOKS) - {"changed"} - WHOLE == {rule.about.family for rule in load()}


@pytest.mark.parametrize("path", HOOKS.values(), ids=HOOKS.keys())
def test_a_hook_file_is_thin(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 30


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["id"])
def test_an_entry_is_safe_to_run_beside_others_and_says_for_which_files(entry: dict[str, Any]) -> None:
    assert entry["require_serial"] is True  # the hook has worker processes of its own
    if entry["id"].removeprefix("mldebt-") in WHOLE:
        assert entry["pass_filenames"] is False
    else:
        assert "jupyter" in entry.get("types_or", entry.get("types", ()))
    assert entry["minimum_pre_commit_version"] == "2.9.2"  # types_or was mended there
    assert entry["description"].endswith(".")


def test_our_own_hooks_run_as_those_of_the_manifest_do() -> None:
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    ours = {hook["id"]: hook for hook in local["hooks"] if hook["id"].startswith("mldebt")}
    others = {entry["id"]: entry for entry in entries()}
    assert "mldebt-changed" in ours
    for name, hook in ours.items():
        for key in ("entry", "types_or", "pass_filenames", "require_serial"):
            assert hook.get(key) == others[name].get(key), f"{name}: {key}"


def test_every_package_of_the_source_tree_is_listed() -> None:
    source = ROOT / "src"
    packages = {".".join(init.parent.relative_to(source).parts) for init in source.rglob("__init__.py")}
    assert set(project()["tool"]["setuptools"]["packages"]) == {*packages, "mldebt_hooks"}
