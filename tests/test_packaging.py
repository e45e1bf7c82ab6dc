"""A built wheel holds what a checkout holds."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """A wheel of the committed and uncommitted files, built from a copy so that no build folder is left or reused."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        source, target = ROOT / name, folder / "source" / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, folder / "source"]
    subprocess.run(build, check=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_every_module_rule_hook_and_catalogue_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    wanted = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / "mldebt").rglob("*.py")}
    wanted |= {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / "mldebt").rglob("*.yaml")}
    wanted |= {f"mldebt_hooks/{path.name}" for path in (ROOT / "hooks").glob("*.py")}
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == wanted


def test_the_wheel_carries_the_licence_and_the_scripts(wheel: zipfile.ZipFile) -> None:
    info = {name.partition(".dist-info/")[2]: name for name in wheel.namelist() if ".dist-info/" in name}
    assert "Apache License" in wheel.read(info["licenses/LICENSE"]).decode()
    assert "mldebt-changed = mldebt_hooks.changed:main" in wheel.read(info["entry_points.txt"]).decode()
    assert "License-Expression: Apache-2.0" in wheel.read(info["METADATA"]).decode()
