"""The command line, to the letter of its contract: verbs, options, exit codes, JSON."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mldebt.cli import main

DEAD = """import os


def main():
    print(1)


def old():
    return 2


if __name__ == '__main__':
    main()
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plain folder with a dead function and a dead import in one file, and a clean file in a subfolder."""
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "tree"
    (root / "sub").mkdir(parents=True)
    (root / "train.py").write_text(DEAD, encoding="utf-8")
    (root / "sub" / "tool.py").write_text("print(3)\n", encoding="utf-8")
    monkeypatch.chdir(root)
    return root


def run(*arguments: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    assert isinstance(done.value.code, int)
    return done.value.code


def report(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> dict[str, Any]:
    capsysbinary.readouterr()
    run(*arguments, "--format", "json")
    found: dict[str, Any] = json.loads(capsysbinary.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 0),
        (("scan", "."), 0),
        (("sub",), 0),
        (("--fail-on", "none"), 0),
        (("--fail-on", "any"), 1),
        (("--fail-on", "new"), 1),
        (("--fail-on", "medium"), 1),
        (("--fail-on", "high"), 0),
        (("--fail-on", "any", "--format", "json"), 1),
        (("--fail-on", "any", "sub"), 0),
        (("--fail-on", "any", "--select", "ml"), 0),
        (("--fail-on", "any", "--ignore", "dead-code"), 0),
        (("--fail-on", "any", "--ignore", "dead-definition,dead-import"), 0),
        (("--fail-on", "any", "--select", "ml, clones", "--select", "dead-code"), 1),
        (("--strict",), 0),
        (("nowhere",), 2),
        (("--nonsense",), 2),
        (("--select", "dead-codes"), 2),
        (("--fail-on", "sometimes"), 2),
        (("--config", "nowhere.toml"), 2),
        (("--format", "json", "-o", "/nowhere/x.json"), 2),
        (("diff",), 2),
        (("explain", "dead-definition"), 0),
        (("explain", "model-registry"), 0),
        (("explain", "dead-definitions"), 2),
        (("rules",), 0),
        (("why", "train.py:main"), 0),
        (("why", "train.py:mian"), 2),
        (("--version",), 0),
        (("--help",), 0),
    ],
    ids=str,
)
@pytest.mark.usefixtures("tree")
def test_exit_codes(arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments) == code


def test_strict_says_that_something_was_not_looked_at(tree: Path) -> None:
    (tree / "broken.py").write_text("def f(:\n", encoding="utf-8")
    assert run("--strict") == 3
    assert run() == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--select", "dead-codes"), "did you mean dead-code"),
        (("explain", "dead-definitions"), "did you mean dead-definition"),
        (("why", "train.py:mian"), "did you mean main"),
        (("why", "trian.py:main"), "no such file"),
        (("nowhere",), "no such file or folder: nowhere"),
        (("diff",), "is in no git repository"),
    ],
    ids=str,
)
@pytest.mark.usefixtures("tree")
def test_wrong_usage_says_what_was_wanted(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


@pytest.mark.usefixtures("tree")
def test_the_json_report_has_the_keys_of_the_contract(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    found = report(capsysbinary)
    assert found["schema"] == 1
    assert found["tool"] == {"name": "mldebt", "version": "0.1.0"}
    assert (found["commit"], found["base"], found["problems"]) == (None, None, [])
    assert {frozenset(practice) for practice in found["practices"]} == {
        frozenset({"practice", "category", "status", "why", "next", "page", "said", "evidence"})
    }
    assert found["files"] == {"python": 2, "notebook": 0, "config": 0, "lines": 14}
    assert set(found["score"]) == {"grade", "between", "minutes", "categories"}
    assert found["score"]["minutes"] == sum(finding["minutes"] for finding in found["findings"])
    assert {f["rule"]: f["at"]["line"] for f in found["findings"]} == {"dead-import": 1, "dead-definition": 8}
    dead = found["findings"][1]
    assert set(dead) == set(
        """rule family category kind severity confidence minutes changes at symbol says see fingerprint standing
        fix""".split()
    )
    assert dead["at"] == {"path": "train.py", "line": 8, "end_line": 9, "column": 1, "cell": None}
    assert (dead["family"], dead["kind"], dead["symbol"], dead["standing"]) == ("dead-code", "function", "old", "new")
    assert dead["fix"]["diff"].startswith("--- a/train.py\n+++ b/train.py\n@@ ")
    assert "-def old():\n" in dead["fix"]["diff"]


def test_findings_are_sorted_by_path_cell_line_and_rule(tree: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (tree / "b.py").write_text("import os\nimport sys\n", encoding="utf-8")
    (tree / "a.py").write_text("import json\n", encoding="utf-8")
    keys = [(f["at"]["path"], f["at"]["line"], f["rule"]) for f in report(capsysbinary)["findings"]]
    assert keys == sorted(keys)
    assert len({path for path, _, _ in keys}) == 3


def test_a_path_narrows_what_is_reported_not_what_is_read(
    tree: Path, git: Any, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    git(tree, "init", "-q")
    (tree / "sub" / "user.py").write_text("import json\nfrom train import old\nprint(old())\n", encoding="utf-8")
    found = report(capsysbinary, "sub")
    assert [(f["rule"], f["at"]["path"]) for f in found["findings"]] == [("dead-import", "sub/user.py")]
    assert found["files"]["python"] == 3
    assert "old" not in {f["symbol"] for f in report(capsysbinary)["findings"]}


def test_a_clone_class_is_reported_for_each_path_it_has_a_copy_in(
    tree: Path, git: Any, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    git(tree, "init", "-q")
    body = "".join(f"    total = total * {n} + values[{n}] - scale\n" for n in range(12))
    for path in ("train.py", "sub/tool.py"):
        (tree / path).write_text(f"def f(values, scale, total):\n{body}    return total\n\n\nprint(f([], 1, 2))\n")
    (tree / "other").mkdir()
    (tree / "other" / "tool.py").write_text("print(1)\n", encoding="utf-8")
    whole = report(capsysbinary, "--select", "clones")["findings"]
    assert {path["path"] for f in whole for path in (f["at"], *f["see"])} == {"train.py", "sub/tool.py"}
    assert report(capsysbinary, "--select", "clones", "sub")["findings"] == whole
    assert report(capsysbinary, "--select", "clones", "train.py")["findings"] == whole
    assert report(capsysbinary, "--select", "clones", "other")["findings"] == []


def test_settings_come_from_the_repository_and_give_way_to_the_command_line(
    tree: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tree / "pyproject.toml").write_text('[tool.mldebt]\nignore = ["dead-import"]\nfail-on = "any"\n', encoding="utf-8")
    assert [f["rule"] for f in report(capsysbinary)["findings"]] == ["dead-definition"]
    assert run() == 1
    assert run("--fail-on", "none") == 0
    (tree / "mldebt.toml").write_text('exclude = ["train.py"]\n', encoding="utf-8")
    assert report(capsysbinary)["findings"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.mldebt]\nfail_on = 'any'\n", "unknown key fail_on: did you mean fail-on"),
        ("[tool.mldebt]\njobs = 'two'\n", "jobs"),
        ("[tool.mldebt]\nfail-on = 'often'\n", "use one of none, new, any"),
        ("[tool.mldebt\n", "is no TOML"),
        ("[tool]\nmldebt = 3\n", "it takes a table"),
    ],
)
def test_wrong_settings_are_named(tree: Path, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    (tree / "pyproject.toml").write_text(text, encoding="utf-8")
    assert run() == 2
    assert said in capsys.readouterr().err


def test_formats_and_files_are_pairs(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--format", "json", "-o", "r.json", "--format", "terminal", "-o", "r.txt") == 0
    assert json.loads((tree / "r.json").read_bytes())["schema"] == 1
    assert "dead-definition" in (tree / "r.txt").read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""
    assert run("-o", "a", "-o", "b", "--format", "json") == 2


@pytest.mark.usefixtures("tree")
def test_the_terminal_is_plain_when_piped_and_sums_up(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    lines = capsys.readouterr().out.splitlines()
    assert not any("\x1b" in line for line in lines)
    assert lines[-1] == (
        "2 findings · 5 min to pay back · 2 Python files, 0 notebooks, 14 lines"
        " · grade C · 1 of 12 practices (mldebt practices)"
    )
    assert any(line.startswith("  train.py:8") and "function `old` has no caller" in line for line in lines)
    run("-q")
    assert capsys.readouterr().out.splitlines() == lines[-1:]


def test_what_a_file_says_cannot_steer_the_terminal(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "evil\x1b[31m.py").write_text("import os  # \x1b[2J\u202e\n", encoding="utf-8")
    run("-v")
    out = capsys.readouterr().out
    assert "evil" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_long_lists_are_cut_and_say_so(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "many.py").write_text("".join(f"import m{i}\n" for i in range(9)), encoding="utf-8")
    run()
    assert "… and 7 more: -v shows all" in capsys.readouterr().out
    run("-v")
    assert "more" not in capsys.readouterr().out


@pytest.mark.usefixtures("tree")
def test_stats_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    run("--stats")
    captured = capsys.readouterr()
    assert "files 2, from the cache 0" in captured.err
    assert "peak memory" in captured.err
    assert "peak" not in captured.out
    run("--stats")
    assert "files 2, from the cache 2" in capsys.readouterr().err


def test_rules_are_listed_for_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    run("rules", "--format", "json")
    rows = json.loads(capsys.readouterr().out)
    assert [row["rule"] for row in rows] == sorted(row["rule"] for row in rows)
    assert all({"rule", "category", "severity", "minutes", "since"} <= set(row) for row in rows)


@pytest.mark.usefixtures("tree")
def test_why_tells_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    run("why", "train.py:main")
    assert capsys.readouterr().out.splitlines()[0] == "function `main` (train.py:4) is alive:"
    run("why", "train.py:old")
    assert capsys.readouterr().out.splitlines() == ["function `old` (train.py:8) is dead: nothing refers to it"]


def test_diff_tells_new_from_kept_and_paid_off(
    repo: Path, git: Any, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(repo)
    (repo / "train.py").write_text(DEAD, encoding="utf-8")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "first")
    (repo / "train.py").write_text("import sys\n\n\n" + DEAD.replace("import os\n", ""), encoding="utf-8")
    run("diff", "--base", "HEAD", "--format", "json")
    found = json.loads(capsysbinary.readouterr().out)
    standings = {f["symbol"]: f["standing"] for f in found["findings"]}
    assert standings == {"sys": "new", "os": "fixed", "old": "kept"}
    assert found["base"] == git(repo, "rev-parse", "HEAD")
    assert run("diff", "--base", "HEAD", "--fail-on", "new") == 1
    git(repo, "commit", "-qam", "second")
    assert run("diff", "--base", "HEAD", "--fail-on", "new") == 0
    assert run("diff", "--base", "nowhere") == 2
    git(repo, "mv", "train.py", "learn.py")
    assert run("diff", "--base", "HEAD", "--fail-on", "new") == 0
    (repo / "learn.py").write_text("import re\n" + (repo / "learn.py").read_text(encoding="utf-8"), encoding="utf-8")
    capsysbinary.readouterr()
    assert run("diff", "--base", "HEAD", "--fail-on", "new", "--format", "json") == 1
    found = json.loads(capsysbinary.readouterr().out)
    assert {f["symbol"]: f["standing"] for f in found["findings"]} == {"re": "new", "sys": "kept", "old": "kept"}


def test_a_repository_may_be_named_through_a_link(
    tree: Path, tmp_path: Path, git: Any, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    git(tree, "init", "-q")
    (tmp_path / "link").symlink_to(tree, target_is_directory=True)
    whole = {f["symbol"] for f in report(capsysbinary, str(tmp_path / "link"))["findings"]}
    assert whole == {"os", "old"}
    one = report(capsysbinary, str(tmp_path / "link" / "sub" / "tool.py"))
    assert (one["findings"], one["files"]["python"]) == ([], 2)


def piped(command: str, **environment: str) -> tuple[list[str], str]:
    """The exit codes of a pipeline of the shell, and what it said on standard error."""
    line = f"{command.replace('mldebt', f'{sys.executable} -m mldebt', 1)}; echo ${{PIPESTATUS[*]}} >&2"
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, env={**os.environ, **environment}, check=True
    )
    *said, codes = done.stderr.splitlines()
    return codes.split(), "\n".join(said)


@pytest.mark.parametrize("verb", ["scan -v", "scan --format json", "explain dead-import", "rules", "--help"])
def test_nobody_has_to_read_all_of_it(tree: Path, verb: str) -> None:
    (tree / "many.py").write_text("".join(f"import module_{i}\n" for i in range(400)), encoding="utf-8")
    assert piped(f"mldebt {verb} | head -c 0") == (["0", "0"], "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no file that is always full")
@pytest.mark.parametrize("verb", ["scan", "scan --format json", "explain dead-import"])
@pytest.mark.usefixtures("tree")
def test_a_full_disk_is_said(verb: str) -> None:
    codes, said = piped(f"mldebt {verb} > /dev/full")
    assert codes == ["2"]
    assert said == "mldebt: cannot write: No space left on device: make room, or write elsewhere with -o"


@pytest.mark.usefixtures("tree")
def test_standard_output_may_be_closed_or_poor_in_characters() -> None:
    assert piped("mldebt --fail-on any >&-") == (["1"], "")
    assert piped("mldebt --fail-on any | cat", PYTHONIOENCODING="ascii") == (["1", "0"], "")


@pytest.mark.parametrize("after", [0.1, 0.5])
def test_an_interrupt_ends_the_scan_quietly(tree: Path, after: float) -> None:
    body = "".join(f"def f{i}(x):\n    return x + {i}\n\n\n" for i in range(100))
    for number in range(100):
        # equal files would be examined once, and the scan be over before it is interrupted
        (tree / f"module_{number}.py").write_text(f"{body}print({number})\n" * 2, encoding="utf-8")
    command = [sys.executable, "-m", "mldebt", "--jobs", "2", "--format", "json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)
    out, said = process.communicate()
    assert process.returncode in (130, -signal.SIGINT), "the latter if Python itself was still starting"
    assert out == b""
    assert process.returncode < 0 or said == b""
