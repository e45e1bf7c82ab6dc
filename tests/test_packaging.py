"""A built wheel holds what a checkout holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the committed and uncommitted files, built from a copy so that no build folder is left or reused."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        source, target = ROOT / name, folder / "source" / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(folder / "source"))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(built)


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)


def test_every_module_rule_hook_and_catalogue_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    wanted = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / "mldebt").rglob("*.py")}
    for data in ("*.yaml", "*.yml", "*.json", "*.jinja"):
        wanted |= {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / "mldebt").rglob(data)}
    wanted |= {f"mldebt_hooks/{path.name}" for path in (ROOT / "hooks").glob("*.py")}
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == wanted


def test_the_wheel_carries_the_licence_and_the_scripts(wheel: zipfile.ZipFile) -> None:
    info = {name.partition(".dist-info/")[2]: name for name in wheel.namelist() if ".dist-info/" in name}
    assert "Apache License" in wheel.read(info["licenses/LICENSE"]).decode()
    assert "mldebt-changed = mldebt_hooks.changed:main" in wheel.read(info["entry_points.txt"]).decode()
    assert "License-Expression: Apache-2.0" in wheel.read(info["METADATA"]).decode()


def test_an_installation_of_the_wheel_scans(built: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "v", with_pip=False)
    scripts = tmp_path / "v" / ("Scripts" if sys.platform == "win32" else "bin")
    pip("--python", str(scripts / "python"), "install", "--no-deps", "--no-index", str(built))
    packages = next((tmp_path / "v").rglob("site-packages"))
    # the dependencies are those of the environment that runs the tests; its editable mldebt is not seen through this
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    project = tmp_path / "project"
    project.mkdir()
    (project / "train.py").write_text("import os\n\nprint(1)\n", "utf-8")
    here = {**os.environ, "MLDEBT_CACHE_DIR": str(tmp_path / "cache")}
    version, report, hook = (
        subprocess.run([scripts / name, *given], cwd=project, env=here, capture_output=True, text=True, check=False)
        for name, given in (("mldebt", ["--version"]), ("mldebt", ["--format", "json"]), ("mldebt-changed", []))
    )
    assert version.stdout.split()[-1] == metadata.version("mldebt")
    assert [finding["rule"] for finding in json.loads(report.stdout)["findings"]] == ["dead-import"]
    assert (hook.returncode, hook.stdout) == (1, "train.py:1:8: dead-import `os` is imported and never used\n")
