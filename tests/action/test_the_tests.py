"""The tests see: each of these bugs, put into a copy of the Action, is caught by the test named beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from stage import ROOT, copy_action


class Bug(NamedTuple):
    """A change of one place in one file, and the test that must fail by it."""

    file: str
    before: str
    after: str
    test: str


CLIENT, COMMENT = "github/client.py", "github/comment.py"
BUGS = {
    "no pagination": Bug(CLIENT, "if following is None:", "if True:", "the_130th_comment"),
    "no author check": Bug(COMMENT, "== self._me()]", "is not None]", "a_strangers_comment"),
    "marker anywhere": Bug(COMMENT, ".startswith(start)", ".find(start) >= 0", "a_strangers_comment"),
    "no retry on 5xx": Bug(CLIENT, "or reply.status >= 500:", "or reply.status >= 600:", "never_doubled and GET-502"),
    "no rate-limit wait": Bug(CLIENT, "    return _limit(reply)", "    return None", "never_doubled and POST-429"),
    "403 raises": Bug("action/post.py", "except ApiError as", "except ZeroDivisionError as", "may_not_comment and 403"),
    "token follows redirect": Bug(CLIENT, "if _origin(url) == _origin(self._api):", "if url:", "the_other_job_writes"),
    "sha not compared": Bug(COMMENT, "if head == wish.head else", "if True else", "no_longer_the_head"),
    "run not compared": Bug(COMMENT, "wish.run is not None and any", "False and any", "an_older_run"),
    "no escaping": Bug(
        "report/markdown_quote.py", "    fence = _fence(shown, 1)", "    fence = ''", "names_and_contents"
    ),
    "too long": Bug("report/markdown_occasion.py", "LIMIT = 65_000", "LIMIT = 650_000", "as_many_rows_as_fit"),
    "wrong field": Bug(COMMENT, '"POST", path, {"body"', '"POST", path, {"text"', "told_once"),
}


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_a_bug_is_caught(rig: Path, tmp_path: Path, bug: Bug) -> None:
    copy_action(tmp_path)
    file = tmp_path / "src" / "mldebt" / bug.file
    text = file.read_text(encoding="utf-8")
    assert text.count(bug.before) == 1, "the bug can be put in"
    file.write_text(text.replace(bug.before, bug.after), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", "-k", bug.test]
    command += [str(ROOT / "tests" / "action"), "--ignore", __file__]
    variables = {**os.environ, "MLDEBT_ACTION": str(tmp_path), "MLDEBT_RIG": str(rig), "MLDEBT_RIG_REQUIRED": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables, cwd=ROOT)
    assert done.returncode == 1, done.stdout[-2000:]
    assert " failed" in done.stdout or "FAILED" in done.stdout
