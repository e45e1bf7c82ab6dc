"""Interest: a debt whose place changes often is paid before one in a dusty corner, and git alone knows."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

from mldebt import app
from mldebt.judge.run import Watch
from mldebt.model import Report
from mldebt.read.cache import open_cache
from mldebt.report.terminal import View, print_report
from mldebt.settings import load

DEBT = "def unused():\n    return {number}\n\n\nprint({number})\n"


def _git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def _scanned(folder: Path) -> Report:
    where = app.target([str(folder)])
    return app.scan(where, load(folder), open_cache(None, folder, b""), Watch())


def _busy(folder: Path) -> Path:
    """A repository of two like debts: `busy.py` is changed in each of twelve commits, `a_quiet.py` in the first."""
    _git(folder, "init", "-q")
    (folder / "a_quiet.py").write_text(DEBT.format(number=1))
    for number in range(12):
        (folder / "busy.py").write_text(DEBT.format(number=number + 2))
        _git(folder, "add", ".")
        _git(folder, "commit", "-q", "-m", f"change {number}")
    return folder


def test_each_finding_knows_how_many_of_the_last_commits_changed_its_file(tmp_path: Path) -> None:
    found = {finding.at.path: finding.changes for finding in _scanned(_busy(tmp_path)).findings}
    assert found == {"a_quiet.py": 1, "busy.py": 12}


def test_what_changes_often_comes_first_and_says_so(tmp_path: Path) -> None:
    report = _scanned(_busy(tmp_path))
    stream = io.StringIO()
    print_report(report, View(tmp_path), stream)
    text = stream.getvalue()
    assert text.index("busy.py:1") < text.index("a_quiet.py:1")
    assert text.count("of the last commits changed it") == 1


def test_without_git_there_is_no_interest(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(DEBT.format(number=1))
    assert [finding.changes for finding in _scanned(tmp_path).findings] == [0]
