"""One staged change that every hook of the manifest has something to say on, run as users run them."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mldebt.hook import run

ROOT = Path(__file__).parents[1]
HOOKS = [entry["id"] for entry in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))]
PASSED_NAMES = [name for name in HOOKS if name not in ("mldebt-baseline", "mldebt-practices")]

USED = "from rates import rate\n\n\ndef main():\n    print(rate())\n\n\nif __name__ == '__main__':\n    main()\n"
OLD = "def rate():\n    return 2\n\n\ndef old():\n    return 2\n"
COPIED = """

def {name}(rows):
    total = 0
    for row in rows:
        if row.weight > 2:
            total += row.weight * row.size
        else:
            total -= row.size.bit_length()
    rows.sort(key=len)
    print(total, rows[0].label())
    return total / max(1, len(rows))


print({name}([]))
"""
BRANCHES = "".join(f"    if x == {number}:\n        print({number})\n" for number in range(30))
CLUMP = "".join(
    f"def {one}(rate, share, depth, width):\n    return {other}(rate, share, depth, width)\n\n\n"
    for one, other in (("fit", "step"), ("step", "move"))
)
WORKFLOW = """on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: pytest
"""
COMMITTED = {
    "train.py": USED,
    "rates.py": OLD,
    "weigh it.py": 'print("x")' + COPIED.format(name="weigh"),
    "tests/test_rates.py": "from rates import rate\n\n\ndef test_rate():\n    assert rate() == 2\n",
    ".github/workflows/test.yml": WORKFLOW,
    "requirements.txt": "torch==2.3.0\npytest==8.2.0\n",
}
CELLS = [(3, "print(total)\n"), (2, "total = 4\n")]
NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "source": [text], "metadata": {}, "outputs": [], "execution_count": number}
        for number, text in CELLS
    ],
    "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
# the file of each hook's complaint, with what it holds
STAGED = {
    "mldebt-artifacts": ("Makefile", "train:\n\tpython nowhere.py\n"),
    "mldebt-baseline": ("rates.py", OLD.partition("\n\n\ndef old")[0] + "\n"),
    "mldebt-clones": ("-measure.py", 'print("y")' + COPIED.format(name="measure")),
    "mldebt-complexity": ("choose.py", f"def choose(x):\n{BRANCHES}\n\nchoose(1)\n"),
    "mldebt-dead-code": ("dead.py", "import os\n\nprint(1)\n"),
    "mldebt-missing-abstractions": (
        "fit/fit it.py",
        f"{CLUMP}def move(rate, share, depth, width):\n    print(rate, share, depth, width)\n\n\nfit(1, 2, 3, 4)\n",
    ),
    "mldebt-ml": ("ml.py", "import numpy as np\n\nx = float(input())\nif x == np.nan:\n    print(x)\n"),
    "mldebt-notebooks": ("study.ipynb", json.dumps(NOTEBOOK)),
}
ALSO_STAGED = {"third/copy.py": 'print("z")' + COPIED.format(name="third")}  # which is one more place of the same debt
LOST = ".github/workflows/test.yml"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


@pytest.fixture
def project(made: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The committed files with a baseline of their debt, the current folder; nothing of a hook that runs the tests."""
    monkeypatch.delenv("GIT_INDEX_FILE", raising=False)
    return made(COMMITTED, baseline=True)


@pytest.fixture
def staged(project: Path, git: Any) -> Path:
    """The same with a change staged that every hook has something to say on."""
    git(project, "rm", "-q", LOST)
    write(project, {**dict(STAGED.values()), **ALSO_STAGED})
    git(project, "add", "--all")
    return project


def lines_of(capsys: pytest.CaptureFixture[str], hook: str, names: list[str]) -> list[str]:
    """What a hook prints for these files."""
    family = hook.removeprefix("mldebt-")
    code = run(() if family == "changed" else (family,), names)
    lines = capsys.readouterr().out.splitlines()
    assert code == (1 if lines else 0)
    return lines


@pytest.mark.parametrize("hook", PASSED_NAMES)
def test_the_verdict_is_the_same_for_any_partition_of_the_files(
    staged: Path, hook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [*(name for name, _ in STAGED.values()), *ALSO_STAGED, "train.py"]
    whole = lines_of(capsys, hook, names)
    assert whole, "it has something to say"
    chance = random.Random(hook)
    for _ in range(6):
        chance.shuffle(names)
        count = chance.randint(1, len(names))
        parts = [names[first::count] for first in range(count)]
        said = [line for part in parts for line in lines_of(capsys, hook, part)]
        assert sorted(said) == sorted(whole), parts


@pytest.mark.parametrize(
    "name", ["a b.py", "-q.py", "--config.py", "tab\there.py", "'quoted\".py", "ümlaut.py", "*.py"]
)
def test_a_name_is_a_name_however_odd(project: Path, git: Any, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (project / name).write_text("import os\n\nprint(1)\n", "utf-8")
    git(project, "add", "--all")
    (line,) = lines_of(capsys, "mldebt-dead-code", [name])
    assert line.endswith("dead-import `os` is imported and never used")


def test_a_name_that_is_no_text_keeps_nobody_else_from_being_judged(
    staged: Path, git: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    before = lines_of(capsys, "mldebt-dead-code", ["dead.py"])
    name = os.fsdecode(b"caf\xe9.py")
    (staged / name).write_text("import os\n\nprint(1)\n", "utf-8")
    git(staged, "add", "--all")
    assert lines_of(capsys, "mldebt-dead-code", [name, "dead.py"]) == before
    assert lines_of(capsys, "mldebt-dead-code", [name]) == []


def test_what_is_deleted_after_it_was_listed_is_no_trouble(staged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = lines_of(capsys, "mldebt-changed", ["dead.py", "ml.py"])
    (staged / "dead.py").unlink()
    assert lines_of(capsys, "mldebt-changed", ["dead.py", "ml.py", "never/was.py"]) == before, "the index still has it"


@pytest.fixture
def source(tmp_path: Path, git: Any) -> Path:
    """The committed and uncommitted files of this checkout, committed, as pre-commit needs them."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    names = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "--all")
    git(folder, "commit", "-qm", "a copy")
    git(folder, "tag", "v1.2.3")
    return folder


@pytest.fixture(params=["pre-commit", "prek"])
def runner(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How to start a program that runs hooks; it keeps its environments here."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("PREK_HOME", str(tmp_path / "prek"))
    if request.param == "pre-commit":
        return [sys.executable, "-m", "pre_commit"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    prek = shutil.which("prek", path=path)
    if prek is None:
        pytest.skip("prek is not installed")
    return [prek]


def outcome(command: list[str], **variables: str) -> dict[str, tuple[str, str]]:
    """Of each hook that a command runs, by its name without "mldebt": how it ended, and what it printed."""
    here = {**os.environ, "PREK_COLOR": "never", "PRE_COMMIT_COLOR": "never", **variables}
    done = subprocess.run(command, env=here, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    parts = re.split(r"^mldebt, (.+?)\.+(?:\(.*\))?(Passed|Failed|Skipped)$", done.stdout, flags=re.MULTILINE)[1:]
    found = {parts[at].replace(" ", "-"): (parts[at + 1], parts[at + 2]) for at in range(0, len(parts), 3)}
    assert len(found) == len(HOOKS), done.stdout + done.stderr
    return found


def test_each_hook_says_no_and_yes_under_pre_commit_and_prek_and_needs_no_network(
    staged: Path, git: Any, source: Path, runner: list[str]
) -> None:
    said = outcome([*runner, "try-repo", str(source)])
    assert {word for word, _ in said.values()} == {"Failed"}, said
    for hook, (name, _) in STAGED.items():
        found = said[{"ml": "machine-learning"}.get(hook.removeprefix("mldebt-"), hook.removeprefix("mldebt-"))]
        assert ".mldebt-baseline.json" if hook == "mldebt-baseline" else name in found[1]
    assert LOST in said["practices"][1]
    hooks = [{"id": hook} for hook in HOOKS]
    config = {"repos": [{"repo": str(source), "rev": "v1.2.3", "hooks": hooks}]}
    git(staged, "reset", "-q", "--hard")
    write(staged, {".pre-commit-config.yaml": yaml.safe_dump(config), "train.py": f"# the trainer\n{USED}"})
    write(staged, {"more.ipynb": json.dumps({**NOTEBOOK, "cells": []})})
    git(staged, "add", "--all")
    subprocess.run([*runner, "install-hooks"], check=True, capture_output=True)
    nowhere = "http://127.0.0.1:9"
    offline = {name: nowhere for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    good = outcome([*runner, "run"], **offline, PIP_INDEX_URL=nowhere, UV_INDEX_URL=nowhere)
    assert {word for word, _ in good.values()} == {"Passed"}, good
