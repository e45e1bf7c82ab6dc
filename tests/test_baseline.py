"""The baseline: what a project starts with is accepted, and the file of it shrinks but never grows by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mldebt.cli import main

FILE = ".mldebt-baseline.json"
USED = "def main():\n    print(1)\n\n\nif __name__ == '__main__':\n    main()\n"
OLD = "\n\ndef old():\n    return 2\n"
ADDED = "\n\ndef added():\n    return 3\n"
STEP = """import torch

from data import batches, model

optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
total = 0.0
for images, labels in batches:
    optimizer.zero_grad()
    outputs = model(images)
    loss = model.loss(outputs, labels)
    loss.backward()
    optimizer.step()
    total += loss.item() * images.size(0)
print(total)
"""


@pytest.fixture
def project(repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A repository with two dead functions and a clone class of two scripts, and a baseline of them."""
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(repo)
    (repo / "train.py").write_text(USED + OLD, encoding="utf-8")
    (repo / "other.py").write_text(USED + OLD.replace("old", "older"), encoding="utf-8")
    for name in ("b.py", "c.py"):
        (repo / name).write_text(STEP, encoding="utf-8")
    assert run("baseline") == 0
    return repo


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    assert isinstance(done.value.code, int)
    return done.value.code


def edit(file: Path, before: str, after: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def rows(project: Path) -> dict[tuple[str, str], int]:
    """How many findings the file accepts, by path and rule."""
    found = json.loads((project / FILE).read_bytes())
    assert found["schema"] == 1
    return {(row["path"], row["rule"]): row["count"] for row in found["findings"]}


def test_the_file_counts_by_path_and_rule_a_line_each_and_is_sorted(project: Path) -> None:
    script = "cloned-script-block" if ("b.py", "cloned-script-block") in rows(project) else "cloned-file"
    assert rows(project) == {
        ("b.py", script): 1,
        ("other.py", "dead-definition"): 1,
        ("train.py", "dead-definition"): 1,
    }
    lines = (project / FILE).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3 + 2
    assert lines[1:-1] == sorted(lines[1:-1])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--fail-on", "new"), 1),
        (("--baseline", FILE, "--fail-on", "new"), 0),
        (("--baseline", FILE, "--fail-on", "any"), 1),
        (("train.py", "--baseline", FILE, "--fail-on", "new"), 0),
    ],
)
@pytest.mark.usefixtures("project")
def test_what_is_accepted_is_not_new(arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments) == code


def test_what_comes_after_it_is_new(project: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (project / "train.py").write_text("# moved\n" + USED + ADDED + OLD, encoding="utf-8")
    capsysbinary.readouterr()
    assert run("--baseline", FILE, "--fail-on", "new", "--format", "json") == 1
    report = json.loads(capsysbinary.readouterr().out)
    standings = {f["symbol"].rpartition(".")[2]: f["standing"] for f in report["findings"] if f["symbol"]}
    assert standings == {"added": "new", "old": "kept", "older": "kept"}
    assert report["baseline"] == {"entries": 3, "gone": 0}


def test_it_refuses_to_grow_and_says_how_many(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / FILE).read_bytes()
    edit(project / "train.py", OLD, OLD + ADDED)
    capsys.readouterr()
    assert run("baseline") == 1
    assert "1 finding is new and was not added" in capsys.readouterr().out
    assert (project / FILE).read_bytes() == before
    assert run("baseline", "--grow") == 0
    assert rows(project)["train.py", "dead-definition"] == 2


def test_what_is_gone_is_said_and_leaves_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(project / "train.py", OLD, ADDED)
    capsys.readouterr()
    run("--baseline", FILE)
    assert "1 entry of the baseline is gone: `mldebt baseline` shrinks it" in capsys.readouterr().err
    assert run("baseline") == 1, "it shrinks even while something is new"
    assert ("train.py", "dead-definition") not in rows(project)
    assert ("other.py", "dead-definition") in rows(project)


NOT_LOOKED_AT = {
    "another path": ("other.py",),
    "another family": ("--select", "clones"),
    "an ignored rule": ("--ignore", "dead-definition"),
}


@pytest.mark.parametrize("arguments", NOT_LOOKED_AT.values(), ids=NOT_LOOKED_AT)
def test_what_was_not_looked_at_is_not_gone(
    project: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    edit(project / "train.py", OLD, "")
    capsys.readouterr()
    run("--baseline", FILE, *arguments)
    assert "gone" not in capsys.readouterr().err


def test_a_file_that_cannot_be_parsed_keeps_its_entries(project: Path) -> None:
    before = (project / FILE).read_bytes()
    (project / "train.py").write_text("def (:\n", encoding="utf-8")
    assert run("baseline") == 0
    assert (project / FILE).read_bytes() == before


def test_settings_that_switch_a_rule_off_take_nothing_out(project: Path) -> None:
    before = (project / FILE).read_bytes()
    (project / "mldebt.toml").write_text('ignore = ["dead-code"]\n', encoding="utf-8")
    assert run("baseline") == 0
    assert (project / FILE).read_bytes() == before


CLASSES = {
    "an edited number in one copy": ({"b.py": STEP.replace("0.1", "0.01")}, 0),
    "a statement more in one copy": ({"b.py": STEP.replace("print(total)", "print(total)\nprint(loss)")}, 0),
    "a further copy": ({"d.py": STEP}, 1),
    "a further copy that comes first": ({"a.py": STEP}, 1),
}


@pytest.mark.parametrize(("files", "code"), CLASSES.values(), ids=CLASSES)
def test_a_clone_class_is_known_by_its_members(files: dict[str, str], code: int, project: Path) -> None:
    for name, text in files.items():
        (project / name).write_text(text, encoding="utf-8")
    assert run("--baseline", FILE, "--fail-on", "new") == code
    entries = len(rows(project))
    assert run("baseline") == code
    assert run("baseline", "--grow") == 0
    assert len(rows(project)) == entries, "the class is renewed, not added"
    assert run("--baseline", FILE, "--fail-on", "new") == 0


def test_a_comparison_takes_what_the_baseline_knows_for_old(project: Path, git: Any) -> None:
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    edit(project / "train.py", OLD, OLD + ADDED)
    against = ("diff", "--base", "HEAD", "--fail-on", "new")
    assert run(*against) == 1
    assert run("baseline", "--grow") == 0
    assert run(*against) == 1
    assert run(*against, "--baseline", FILE) == 0


def test_the_file_keeps_nothing_alive(project: Path) -> None:
    (project / "lonely.py").write_text("def f():\n    return 1\n", encoding="utf-8")
    assert run("baseline", "--grow") == 0
    assert run("--baseline", FILE, "--fail-on", "new") == 0
    assert ("lonely.py", "dead-module") in rows(project)
    assert run("baseline") == 0
    assert ("lonely.py", "dead-module") in rows(project)


BROKEN = {
    "no file": (None, "no baseline"),
    "no JSON": (b"not json", "is no baseline"),
    "no object": (b"[]", "is no baseline"),
    "a later schema": (b'{"schema": 2, "findings": [], "more": 1}', "has schema 2 and this mldebt knows 1"),
    "an unknown key": (b'{"schema": 1, "findings": [], "more": 1}', "is no baseline"),
    "a wrong type": (b'{"schema": 1, "findings": [{"path": 1}]}', "is no baseline"),
    "no UTF-8": (b'{"schema": 1, "findings": ["\xff"]}', "is no baseline"),
    "too deep": (b'{"x":' + b"[" * 200_000, "is no baseline"),
    "a wrong count": (
        b'{"schema": 1, "findings": [{"path": "a", "rule": "b", "count": 2, "fingerprints": ["c"]}]}',
        "counts 2 b in a and names others",
    ),
}


@pytest.mark.parametrize(("data", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_a_sentence_and_stays_as_it_is(
    project: Path, data: bytes | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / FILE
    if data is None:
        file.unlink()
    else:
        file.write_bytes(data)
        assert run("baseline") == 2
        assert file.read_bytes() == data
    capsys.readouterr()
    assert run("--baseline", FILE) == 2
    err = capsys.readouterr().err
    assert said in err and err.startswith("mldebt: ") and err.count("\n") == 1


def test_no_link_is_followed(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "elsewhere.json"
    (project / FILE).replace(target)
    (project / FILE).symlink_to(target)
    before = target.read_bytes()
    edit(project / "train.py", OLD, "")
    assert run("baseline") == 2
    assert "is a symbolic link" in capsys.readouterr().err
    assert target.read_bytes() == before
