"""A hook reports what the staged change adds, and nothing else. Every test has a real git repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.hook import run

MAIN = 'from work import useful\n\nif __name__ == "__main__":\n    print(useful(2))\n'
WORK = "def useful(x):\n    return x + 1\n"
DEAD = "\n\ndef forgotten(x):\n    return x - 1\n"
ALSO_DEAD = "\n\ndef overlooked(x):\n    return x * 3\n"
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


def git(repository: Path, *arguments: str, **variables: str) -> str:
    who = {f"GIT_{role}_{key}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", "-c", "core.autocrlf=false", *arguments],
        cwd=repository,
        env={**os.environ, **who, **variables},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def write(repository: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def stage(repository: Path, files: dict[str, str]) -> None:
    write(repository, files)
    git(repository, "add", "--all")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, the current folder; nothing of the machine's git or cache is used."""
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path / "cache"))
    made = tmp_path / "a repository"
    made.mkdir()
    git(made, "init", "--quiet")
    monkeypatch.chdir(made)
    return made


@pytest.fixture
def committed(repository: Path) -> Path:
    """A repository whose HEAD has a script, a module, and a dead function in the module."""
    stage(repository, {"main.py": MAIN, "work.py": WORK + DEAD})
    git(repository, "commit", "--quiet", "--message=one")
    return repository


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str]]]:
    """Run a hook; its exit code and the lines it printed."""

    def hook(*arguments: str, families: tuple[str, ...] = ()) -> tuple[int, list[str]]:
        code = run(families, arguments)
        said = capsys.readouterr()
        assert code in (0, 1) or not said.out
        return code, (said.out or said.err).splitlines()

    return hook


Told = Callable[..., tuple[int, list[str]]]


def test_new_debt_is_one_line_with_its_place_and_rule(committed: Path, told: Told) -> None:
    stage(committed, {"work.py": WORK + DEAD + ALSO_DEAD})
    assert told("work.py") == (1, ["work.py:9:1: dead-definition function `overlooked` has no caller"])


def test_old_debt_is_silent(committed: Path, told: Told) -> None:
    stage(committed, {"work.py": "# moved down\n\n" + WORK.replace("+ 1", "+ 2") + DEAD})
    assert told("work.py", "main.py") == (0, [])


@pytest.mark.parametrize("family, code", [("dead-code", 1), ("clones", 0), ("ml", 0), ("complexity", 0)])
def test_a_hook_of_one_family_reports_that_family(committed: Path, told: Told, family: str, code: int) -> None:
    stage(committed, {"work.py": WORK + DEAD + ALSO_DEAD})
    assert told("work.py", families=(family,))[0] == code


def test_a_practice_behind_a_flag_that_is_off_is_seen_when_it_is_staged(committed: Path, told: Told) -> None:
    tracked = "import wandb\nimport torch\n\nwandb_log = False\nmodel = torch.nn.Linear(1, 1)\n"
    tracked += "optimizer = torch.optim.Adam(model.parameters())\nmodel(torch.ones(1)).sum().backward()\n"
    tracked += "optimizer.step()\nif wandb_log:\n    wandb.init(project='x')\n    wandb.log({'loss': 1})\n"
    stage(committed, {"train.py": tracked})
    code, lines = told("train.py", families=("ml",))
    assert code == 1
    assert any("practice-switched-off" in line for line in lines)


def test_configuration_is_looked_at_too(committed: Path, told: Told) -> None:
    stage(committed, {"Makefile": "train:\n\tpython nowhere.py\n"})
    code, lines = told("Makefile", families=("artifacts",))
    assert code == 1
    assert [line.partition(" ")[0] for line in lines] == ["Makefile:2:1:"]


def test_what_is_only_in_the_work_tree_is_not_looked_at(committed: Path, told: Told) -> None:
    stage(committed, {"main.py": MAIN + "print(3)\n"})
    write(committed, {"work.py": WORK + DEAD + ALSO_DEAD, "new.py": WORK})
    assert told("main.py", "work.py") == (0, [])


def test_what_is_staged_counts_although_the_work_tree_no_longer_has_it(committed: Path, told: Told) -> None:
    stage(committed, {"work.py": WORK + DEAD + ALSO_DEAD})
    write(committed, {"work.py": WORK})
    assert told("work.py")[0] == 1


def test_a_copy_is_reported_where_it_was_added(committed: Path, told: Told) -> None:
    stage(committed, {"a.py": 'print("x")' + COPIED.format(name="weigh")})
    git(committed, "commit", "--quiet", "--message=two")
    stage(committed, {"b.py": 'print("y")' + COPIED.format(name="measure")})
    code, lines = told("b.py")
    assert code == 1
    assert [line.split(":")[0] for line in lines] == ["b.py"]


def test_a_definition_that_the_change_leaves_without_a_use_is_new(committed: Path, told: Told) -> None:
    stage(committed, {"main.py": MAIN.replace("useful", "forgotten"), "work.py": "# changed\n" + WORK + DEAD})
    assert told("main.py", "work.py") == (1, ["work.py:2:1: dead-definition function `useful` has no caller"])


def test_files_that_are_not_staged_are_left_to_the_whole_scan(committed: Path, told: Told) -> None:
    stage(committed, {"main.py": MAIN.replace("useful", "forgotten")})
    assert told("main.py") == told() == (0, [])


def test_a_partial_commit_is_judged_by_the_index_it_is_made_from(
    committed: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(committed, {"work.py": WORK + DEAD + ALSO_DEAD})
    partial = committed / ".git" / "partial-index"
    git(committed, "read-tree", "HEAD", GIT_INDEX_FILE=str(partial))
    write(committed, {"main.py": MAIN + "print(3)\n"})
    git(committed, "add", "main.py", GIT_INDEX_FILE=str(partial))
    monkeypatch.setenv("GIT_INDEX_FILE", str(partial))
    assert told("main.py") == (0, [])
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert told("work.py")[0] == 1


def test_before_the_first_commit_everything_staged_is_new(repository: Path, told: Told) -> None:
    stage(repository, {"main.py": MAIN, "work.py": WORK + DEAD})
    assert told("main.py", "work.py") == (1, ["work.py:5:1: dead-definition function `forgotten` has no caller"])


def test_an_empty_repository_is_clean(repository: Path, told: Told) -> None:
    assert told() == (0, [])


def test_a_staged_deletion_is_no_debt(committed: Path, told: Told) -> None:
    stage(committed, {"main.py": "print(2)\n"})
    git(committed, "rm", "--quiet", "work.py")
    assert told("main.py") == (0, [])


@pytest.mark.parametrize("edit", ["", "# moved\n"], ids=["as it was", "with an edit"])
def test_a_renamed_file_takes_its_old_debt_with_it(committed: Path, told: Told, edit: str) -> None:
    git(committed, "mv", "work.py", "moved.py")
    stage(committed, {"main.py": MAIN.replace("work", "moved"), "moved.py": edit + WORK + DEAD})
    assert told("main.py", "moved.py") == (0, [])


def test_what_a_rename_adds_is_new(committed: Path, told: Told) -> None:
    git(committed, "mv", "work.py", "moved.py")
    stage(committed, {"main.py": MAIN.replace("work", "moved"), "moved.py": WORK + DEAD + ALSO_DEAD})
    assert told("main.py", "moved.py") == (1, ["moved.py:9:1: dead-definition function `overlooked` has no caller"])


def test_a_notebook_is_reported_by_cell(committed: Path, told: Told) -> None:
    cells = [["import os\n", "1 + 1\n"], ["def forgotten_too(x):\n", "    return x\n"], ["print(2)\n"]]
    notebook = {
        "cells": [
            {"cell_type": "code", "source": lines, "metadata": {}, "outputs": [], "execution_count": number}
            for number, lines in enumerate(cells, 1)
        ],
        "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    stage(committed, {"study.ipynb": json.dumps(notebook)})
    code, lines = told("study.ipynb")
    assert code == 1
    assert "study.ipynb:cell 1:1:8: dead-import `os` is imported and never used" in lines


@pytest.mark.parametrize(
    "named, code", [(["work.py"], 1), (["main.py"], 0), (["main.py", "work.py"], 1)], ids=["work", "main", "both"]
)
def test_with_nothing_staged_all_that_the_files_named_hold_is_reported(
    committed: Path, told: Told, named: list[str], code: int
) -> None:
    assert told(*named)[0] == code


@pytest.mark.parametrize("setting", ['ignore = ["dead-code"]', 'exclude = ["work.py"]', 'select = ["clones"]'])
def test_the_settings_of_the_work_tree_hold(committed: Path, told: Told, setting: str) -> None:
    write(committed, {"mldebt.toml": setting + "\n"})
    stage(committed, {"work.py": WORK + DEAD + ALSO_DEAD})
    assert told("work.py") == (0, [])


@pytest.mark.parametrize(
    "files, arguments, said",
    [
        ({"mldebt.toml": "ignored = []\n"}, [], "unknown key ignored: did you mean ignore"),
        ({"mldebt.toml": "]["}, [], "mldebt.toml: is no TOML"),
        ({}, ["../elsewhere.py"], "lies outside"),
    ],
    ids=["unknown setting", "broken settings", "file outside"],
)
def test_wrong_use_is_a_sentence_and_the_code_2(
    committed: Path, told: Told, files: dict[str, str], arguments: list[str], said: str
) -> None:
    stage(committed, {"work.py": WORK, **files})
    code, lines = told(*arguments)
    assert code == 2
    assert len(lines) == 1 and said in lines[0] and lines[0].startswith("mldebt: ")


def test_a_file_that_cannot_be_parsed_does_not_stop_the_hook(committed: Path, told: Told) -> None:
    stage(committed, {"work.py": WORK + DEAD + ALSO_DEAD, "broken.py": "def (:\n"})
    code, lines = told("work.py", "broken.py")
    assert (code, len(lines)) == (1, 1)


def test_a_hook_from_a_folder_below_the_root_takes_paths_from_there(
    committed: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(committed, {"work.py": WORK + DEAD + ALSO_DEAD, "below/x.py": "print(1)\n"})
    monkeypatch.chdir(committed / "below")
    assert told("../work.py")[0] == 1
    assert told("x.py") == (0, [])


def test_a_warm_hook_loads_nothing_it_does_not_need(committed: Path) -> None:
    stage(committed, {"main.py": MAIN + "print(3)\n"})
    code = (
        "import sys; from mldebt_hooks.changed import main; code = main();"
        "heavy = {'libcst', 'vulture', 'radon', 'yaml', 'rich', 'jinja2', 'multiprocessing', 'click'};"
        "print(code, sorted(heavy & set(sys.modules)))"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code, "main.py"], capture_output=True, text=True, check=True)
    assert done.stdout == "0 []\n"


def test_the_edit_that_makes_one_of_three_copies_differ_is_new(committed: Path, told: Told) -> None:
    copy = COPIED.format(name="weigh")
    stage(committed, {"one.py": copy, "two.py": copy, "three.py": copy})
    git(committed, "commit", "--quiet", "--message=copies")
    stage(committed, {"two.py": copy.replace("    rows.sort(key=len)\n", "")})
    code, lines = told("two.py", families=("clones",))
    assert (code, len(lines)) == (1, 1)
    assert "inconsistent-clone `rows.sort(key=len)` is missing here" in lines[0]


def test_parameters_that_begin_to_travel_together_are_new(committed: Path, told: Told) -> None:
    chain = "".join(
        f"def {one}(rate, share, depth, width):\n    return {other}(rate, share, depth, width)\n\n\n"
        for one, other in (("fit", "step"), ("step", "move"))
    )
    stage(committed, {"fit.py": f"{chain}def move(rate, share, depth, width):\n    print(rate, share, depth, width)\n"})
    code, lines = told("fit.py", families=("missing-abstractions",))
    assert (code, len(lines)) == (1, 1)
    assert "parameter-clump `rate`, `share`, `depth`, `width` travel together through 3 functions" in lines[0]
