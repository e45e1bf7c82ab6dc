"""`mldebt diff` and the hooks say which copies did not follow a change, and call new only what is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mldebt.hook import run

Git = Callable[..., str]

SCALE = """def scale(image, mean, std):
    image = image.astype("float32")
    image = image / 255
    image = image - mean
    image = image / std
    return image.transpose(2, 0, 1)


print(scale(1, 2, 3))
"""
MENDED = SCALE.replace("/ std", "/ max(std, 1e-6)")


def notebook(source: str) -> str:
    """A notebook with a heading and a cell."""
    heading = {"cell_type": "markdown", "metadata": {}, "source": "# Scaling"}
    code: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "execution_count": None,
        "outputs": [],
    }
    return json.dumps({"cells": [heading, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def commit(repo: Path, git: Git, files: dict[str, str]) -> None:
    """Commit these files."""
    for path, text in files.items():
        (repo / path).write_text(text)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "as it was")


def told(repo: Path) -> list[dict[str, Any]]:
    """The findings of `mldebt diff`."""
    command = [sys.executable, "-m", "mldebt", "diff", "--base", "HEAD", "--format", "json"]
    done = subprocess.run(command, cwd=repo, check=True, capture_output=True)
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return findings


def unfollowed(repo: Path) -> list[tuple[str, int | None, int, list[str]]]:
    """Path, cell, line and the copies left behind, of each change that was not followed."""
    return [
        (f["at"]["path"], f["at"]["cell"], f["at"]["line"], [span["path"] for span in f["see"]])
        for f in told(repo)
        if f["rule"] == "unfollowed-change" and f["standing"] == "new"
    ]


def test_one_of_four_copies_was_changed(repo: Path, git: Git) -> None:
    commit(repo, git, {name: SCALE for name in ("a.py", "b.py", "c.py", "d.py")})
    (repo / "b.py").write_text(MENDED)
    assert unfollowed(repo) == [("b.py", None, 5, ["a.py", "c.py", "d.py"])]
    (repo / "a.py").write_text(MENDED)
    assert unfollowed(repo) == [("a.py", None, 5, ["c.py", "d.py", "b.py"])]


@pytest.mark.parametrize(("changed", "place", "other"), [("a.py", (None, 5), "n.ipynb"), ("n.ipynb", (2, 5), "a.py")])
def test_a_script_and_a_notebook_are_held_against_each_other(
    repo: Path, git: Git, changed: str, place: tuple[int | None, int], other: str
) -> None:
    commit(repo, git, {"a.py": SCALE, "n.ipynb": notebook(SCALE)})
    (repo / changed).write_text(MENDED if changed == "a.py" else notebook(MENDED))
    assert unfollowed(repo) == [(changed, *place, [other])]


def test_a_file_that_is_renamed_as_well_is_known(repo: Path, git: Git) -> None:
    commit(repo, git, {"a.py": SCALE, "b.py": SCALE})
    git(repo, "mv", "a.py", "z.py")
    assert unfollowed(repo) == []
    (repo / "z.py").write_text(MENDED)
    git(repo, "add", "-A")
    assert unfollowed(repo) == [("z.py", None, 5, ["b.py"])]


def test_the_clone_hook_says_it_before_the_commit(
    repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repo, git, {"a.py": SCALE, "b.py": SCALE})
    (repo / "a.py").write_text(MENDED)
    git(repo, "add", "-A")
    monkeypatch.chdir(repo)
    assert run(("clones",), ["a.py"]) == 1
    assert capsys.readouterr().out.startswith(
        "a.py:5:1: unfollowed-change `scale` was changed here and its copy was not"
    )


def test_a_change_that_is_excused_is_silent_and_its_excuse_is_needed(repo: Path, git: Git) -> None:
    commit(repo, git, {"a.py": SCALE, "b.py": SCALE})
    excused = MENDED.replace("1e-6)", "1e-6)  # mldebt: ignore[unfollowed-change] b.py has no zeros")
    (repo / "a.py").write_text(excused)
    assert [f["rule"] for f in told(repo) if f["standing"] == "new"] == []


LONG = SCALE.replace(
    "    return",
    """    low, high = image.min(), image.max()
    image = (image - low) / (high - low)
    for channel in range(3):
        image[channel] = image[channel].clip(low, high)
        image[channel] *= 2
    return""",
)


def test_what_is_left_of_a_larger_copy_is_not_new(repo: Path, git: Git) -> None:
    commit(repo, git, {"a.py": LONG, "b.py": LONG})
    head, _, tail = LONG.partition("    for channel")
    anew = "".join(f"    {name} = open(f'{name}.txt').readlines()[{at}:]\n" for at, name in enumerate("tuvwxyz"))
    (repo / "a.py").write_text(f"{head}{anew}    return t + u + v + w + x + y + z{tail[tail.index(chr(10) * 2) :]}")
    clones = [(f["standing"], f["at"]["end_line"]) for f in told(repo) if f["family"] == "clones"]
    assert clones == [("kept", 7)]
