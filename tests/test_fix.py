"""`mldebt fix` takes out what can safely go, all of it, and nothing else. Every test has a real git repository."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.cli import main
from mldebt.errors import UsageError
from mldebt.read.replacement import Replacement, replace

MAIN = "import os\nfrom work import useful\n\nif __name__ == '__main__':\n    print(useful(2))\n"
WORK = "import json\n\n\ndef useful(x):\n    return x + 1\n\n\ndef idle(x):\n    return json.dumps(x)\n"
CHAIN = {
    "a.py": "from b import one\n\n\ndef gone():\n    return one()\n\n\nprint(1)\n",
    "b.py": "from c import two\n\n\ndef one():\n    return two()\n\n\ndef kept():\n    return 1\n",
    "c.py": "def two():\n    return 2\n\n\ndef kept():\n    return 1\n",
    "main.py": "import a\nimport b\nimport c\n\nprint(a, b.kept(), c.kept())\n",
}

Fix = Callable[..., tuple[int, str]]
Git = Callable[..., str]


@pytest.fixture
def root(repo: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed repository with an idle import in one file and an idle function in another; the current folder."""
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(repo)
    commit(repo, git, {"main.py": MAIN, "work.py": WORK})
    return repo


def commit(root: Path, git: Git, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    git(root, "add", "--all")
    git(root, "-c", "core.autocrlf=false", "commit", "-q", "-m", "files")


@pytest.fixture
def fix(capfdbinary: pytest.CaptureFixture[bytes]) -> Fix:
    """`fix(*arguments)`: the exit code and what is said, on standard output first."""

    def run(*arguments: str) -> tuple[int, str]:
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as done:
            main(["fix", *arguments])
        said = capfdbinary.readouterr()
        assert isinstance(done.value.code, int)
        return done.value.code, (said.out + said.err).decode()

    return run


def test_what_is_dead_goes_with_what_only_it_reads(root: Path, fix: Fix) -> None:
    code, said = fix()
    assert code == 0
    assert (root / "main.py").read_text() == MAIN.removeprefix("import os\n")
    assert (root / "work.py").read_text() == "def useful(x):\n    return x + 1\n"
    assert said.splitlines() == [
        "main.py: 1 import removed (1 line)",
        "work.py: 1 function removed (7 lines)",
        "2 findings fixed in 2 files",
        "`git diff` shows what went; run the tests before you commit",
    ]


def test_a_second_run_has_nothing_to_do(root: Path, fix: Fix) -> None:
    fix()
    before = (root / "work.py").stat()
    assert fix() == (0, "nothing to fix\n")
    assert (root / "work.py").stat() == before


def test_diff_prints_what_git_applies_and_writes_nothing(root: Path, fix: Fix, git: Git) -> None:
    code, said = fix("--diff", "-q")
    assert code == 0
    assert git(root, "status", "--porcelain") == ""
    patch, _, summary = said.rpartition("\n2 findings")
    assert summary == " would be fixed in 2 files\n"
    subprocess.run(["git", "apply", "-"], cwd=root, input=f"{patch}\n", text=True, check=True)
    assert fix() == (0, "nothing to fix\n")


def test_what_becomes_dead_through_a_removal_goes_in_the_same_run(root: Path, fix: Fix, git: Git) -> None:
    git(root, "rm", "-q", "main.py", "work.py")
    commit(root, git, CHAIN)
    fix()
    assert (root / "a.py").read_text() == "print(1)\n"
    assert (root / "b.py").read_text() == "def kept():\n    return 1\n"
    assert (root / "c.py").read_text() == "def kept():\n    return 1\n"


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        (("--rule", "dead-import"), {"work.py"}),
        (("--select", "dead-import"), {"work.py"}),
        (("--ignore", "dead-import"), {"main.py"}),
        (("main.py",), {"work.py"}),
        (("--rule", "dead-import", "--rule", "dead-definition"), set()),
    ],
)
def test_rules_and_paths_narrow_what_goes(
    root: Path, fix: Fix, git: Git, arguments: tuple[str, ...], left: set[str]
) -> None:
    fix(*arguments)
    changed = set(git(root, "diff", "--name-only").splitlines())
    assert changed == {"main.py", "work.py"} - left


def test_a_rule_whose_findings_cannot_be_taken_out_is_an_error(root: Path, fix: Fix) -> None:
    code, said = fix("--rule", "cloned-function")
    assert (code, said) == (2, "mldebt: no finding of cloned-function can be taken out\n")
    assert fix("--rule", "dead-imprt")[0] == 2


def test_settings_and_excuses_hold(root: Path, fix: Fix, git: Git) -> None:
    excused = WORK.replace("def idle(x):", "def idle(x):  # mldebt: ignore[dead-definition] for the workshop")
    commit(root, git, {"work.py": excused, "mldebt.toml": 'exclude = ["main.py"]\n'})
    assert fix() == (0, "nothing to fix\n")


def test_what_may_change_what_runs_stays_unless_asked_for(root: Path, fix: Fix, git: Git) -> None:
    git(root, "rm", "-q", "work.py")
    text = "import somewhere\n\nprint(1)\n"
    commit(root, git, {"main.py": text})
    assert fix() == (0, "nothing to fix, 1 left for you: 1 may change what runs (--unsafe takes what may)\n")
    assert (root / "main.py").read_text() == text
    fix("--unsafe")
    assert (root / "main.py").read_text() == "print(1)\n"


def test_what_a_published_package_has_under_a_public_name_stays(root: Path, fix: Fix, git: Git) -> None:
    git(root, "rm", "-q", "work.py")
    files = {
        "pyproject.toml": '[project]\nname = "pkg"\nclassifiers = ["Programming Language :: Python"]\n',
        "pkg/__init__.py": "from .tools import used\n\n__all__ = ['used']\n",
        "pkg/tools.py": "def used():\n    return 1\n\n\ndef public():\n    return 2\n\n\ndef _own():\n    return 3\n",
        "main.py": "print(1)\n",
    }
    commit(root, git, files)
    fix()
    left = "def used():\n    return 1\n\n\ndef public():\n    return 2\n"
    assert (root / "pkg/tools.py").read_text() == left


def test_what_is_left_is_told_with_the_reason(root: Path, fix: Fix, git: Git) -> None:
    commit(root, git, {"main.py": "import somewhere\n" + MAIN})
    _, said = fix("-v")
    assert "main.py:1: `somewhere` is imported and never used, left: may change what runs\n" in said


def test_one_removal_that_cannot_be_does_not_keep_the_others(root: Path, fix: Fix, git: Git) -> None:
    text = (
        "def odd(): pass; x = 1\n\n\ndef even():\n    return 1\n\n\ndef used():\n    return 1\n\n\nprint(used(), x)\n"
    )
    commit(root, git, {"main.py": text, "work.py": ""})
    fix()
    assert "even" not in (root / "main.py").read_text()


def test_what_another_file_would_still_import_stays(root: Path, fix: Fix, git: Git) -> None:
    kept = "from .tools import helper  # noqa: F401\n\n\ndef run():\n    return 1\n"
    git(root, "rm", "-q", "work.py")
    files = {
        "pkg/__init__.py": "",
        "pkg/tools.py": "def helper():\n    return 1\n\n\ndef other():\n    return 2\n",
        "pkg/core.py": kept,
        "main.py": "from pkg.core import run\n\nprint(run())\n",
    }
    commit(root, git, files)
    fix("--unsafe")
    assert (root / "pkg/core.py").read_text() == kept
    assert "def helper" in (root / "pkg/tools.py").read_text()
    assert "def other" not in (root / "pkg/tools.py").read_text()


def test_what_tests_may_read_as_data_stays(root: Path, fix: Fix, git: Git) -> None:
    sample = "def f():\n    return 1\n    print(2)\n\n\nf()\n"
    commit(root, git, {"main.py": "print(1)\n", "work.py": "", "tests/fixtures/sample.py": sample})
    _, said = fix()
    assert said == "nothing to fix, 1 left for you: 1 data of tests, it seems\n"
    fix("--unsafe", "-q")
    assert (root / "tests/fixtures/sample.py").read_text() == "def f():\n    return 1\n\n\nf()\n"


def test_permissions_newlines_and_marks_stay(root: Path, fix: Fix, git: Git) -> None:
    commit(root, git, {"main.py": "\ufeff" + MAIN.replace("\n", "\r\n"), "work.py": WORK.replace("\n", "\r\n", 4)})
    (root / "main.py").chmod(0o751)
    fix()
    assert (root / "main.py").read_bytes().decode() == "\ufeff" + MAIN.removeprefix("import os\n").replace("\n", "\r\n")
    assert stat.S_IMODE((root / "main.py").stat().st_mode) == 0o751
    assert (root / "work.py").read_bytes() == b"def useful(x):\r\n    return x + 1\n"
    assert sorted(item.name for item in root.iterdir()) == [".git", "main.py", "work.py"]


def test_a_file_in_another_encoding_is_left_alone(root: Path, fix: Fix) -> None:
    data = b"# -*- coding: latin-1 -*-\nimport os\nprint('\xe9')\n"
    (root / "old.py").write_bytes(data)
    _, said = fix("-v")
    assert (root / "old.py").read_bytes() == data
    assert "old.py:2: `os` is imported and never used, left: the file is not written in UTF-8\n" in said


def test_a_file_behind_a_link_is_left_alone(root: Path, fix: Fix, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("import os\nprint(1)\n", encoding="utf-8")
    (root / "link.py").symlink_to(tmp_path / "outside.py")
    fix()
    assert (tmp_path / "outside.py").read_text() == "import os\nprint(1)\n"
    assert (root / "link.py").is_symlink()


def test_nothing_is_written_if_a_file_changed_meanwhile(root: Path) -> None:
    (root / "work.py").write_text("x = 1\n", encoding="utf-8")
    wanted = [Replacement("main.py", MAIN.encode(), b""), Replacement("work.py", WORK.encode(), None)]
    with pytest.raises(UsageError, match="changed since it was read"):
        replace(root, wanted)
    assert (root / "main.py").read_text() == MAIN
    assert sorted(item.name for item in root.iterdir()) == [".git", "main.py", "work.py"]


def test_nothing_is_written_through_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.py").write_text("x", encoding="utf-8")
    (root / "in").symlink_to(tmp_path / "out")
    with pytest.raises(UsageError, match="symbolic link"):
        replace(root, [Replacement("in/x.py", b"x", b"y")])
    assert (tmp_path / "out" / "x.py").read_text() == "x"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may write anything")
def test_a_file_that_may_not_be_written_is_said(root: Path) -> None:
    (root / "main.py").chmod(0o444)
    with pytest.raises(UsageError, match="may not be written"):
        replace(root, [Replacement("main.py", MAIN.encode(), b"")])


def test_without_git_files_are_fixed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fix: Fix) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.py").write_text("import os\n\nprint(1)\n", encoding="utf-8")
    assert fix() == (0, "main.py: 1 import removed (2 lines)\n1 finding fixed in 1 file\n")


def notebook(*sources: list[str]) -> str:
    cells = [
        {"cell_type": "code", "execution_count": n, "id": f"c{n}", "metadata": {}, "outputs": [], "source": source}
        for n, source in enumerate(sources, 1)
    ]
    value = {"cells": cells, "metadata": {"é": "\u2028"}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def test_a_notebook_stays_the_same_outside_the_lines_that_go(root: Path, fix: Fix, git: Git) -> None:
    before = notebook(
        ["import os\n", "import json\n", "%matplotlib inline"],
        ["def gone():\n", "    return json\n", "\n", "\n", "# é\n", "print(os)"],
        ["def lost():\n", "    return 1"],
        ["!pip install x\n", "print(2)"],
    )
    after = notebook(
        ["import os\n", "%matplotlib inline"], ["# é\n", "print(os)"], [], ["!pip install x\n", "print(2)"]
    )
    commit(root, git, {"main.py": "print(1)\n", "work.py": "", "nb.ipynb": before})
    _, said = fix()
    assert (root / "nb.ipynb").read_text(encoding="utf-8") == after
    assert "nb.ipynb: 2 functions removed" in said


def test_a_value_that_a_cell_would_show_keeps_what_hides_it(root: Path, fix: Fix, git: Git) -> None:
    before = notebook(["x = 1"], ["x\n", "import os"])
    commit(root, git, {"main.py": "print(1)\n", "work.py": "", "nb.ipynb": before})
    _, said = fix()
    assert (root / "nb.ipynb").read_text(encoding="utf-8") == before
    assert "left for you: 1 may change what a cell shows (--unsafe takes what may)" in said
