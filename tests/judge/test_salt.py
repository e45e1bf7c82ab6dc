"""Facts are made anew when something that makes them is another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mldebt.judge.salt import tools


def test_another_version_of_a_library_is_another_salt(tmp_path: Path) -> None:
    for name in ("vulture-2.15.dist-info", "PyYAML-6.0.1.dist-info", "click-8.1.dist-info", "vulture"):
        (tmp_path / name).mkdir()
    before = tools([str(tmp_path), str(tmp_path / "nowhere")])
    (tmp_path / "vulture-2.15.dist-info").rename(tmp_path / "vulture-2.16.dist-info")
    assert before == ["PyYAML-6.0.1.dist-info", "vulture-2.15.dist-info"]
    assert tools([str(tmp_path)]) == ["PyYAML-6.0.1.dist-info", "vulture-2.16.dist-info"]


def test_every_library_that_looks_at_code_is_found_where_it_is_installed() -> None:
    assert {name.lower().partition("-")[0] for name in tools(sys.path)} == {"libcst", "pyyaml", "radon", "vulture"}


def test_the_salt_is_the_same_in_another_process() -> None:
    command = [sys.executable, "-c", "from mldebt.judge.salt import salt; print(salt())"]
    one, other = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert one == other
