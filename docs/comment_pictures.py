"""Draws the pull-request comment in its main states, light and dark, as a reader on GitHub sees it.

usage: python docs/comment_pictures.py FOLDER_OF_CSS [TARGET]

FOLDER_OF_CSS holds github-markdown-light.css and github-markdown-dark.css (npm's github-markdown-css). Needs git,
chromium on the PATH, and the packages cmarkgfm (GitHub's own parser) and nh3 (an allow-list like GitHub's). Each state
is two commits of a small repository, compared by `mldebt diff`; written to TARGET, by default docs/comments.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options

HEAD, RUN = "9f8e7d6c5b4a39281706f5e4d3c2b1a098f7e6d5", "42"
WIDTH = 860  # pixels of a comment on GitHub
TRAIN = """import torch
from sklearn.model_selection import train_test_split

from data import load

torch.manual_seed(0)
rows = load("rows.csv")
train, test = train_test_split(rows, random_state=0)
print(len(train), len(test))
"""
DATA = """import csv


def load(path):
    with open(path) as stream:
        return [row for row in csv.reader(stream) if row]
"""
OLD = "\n\ndef load_old(path):\n    return open(path).read().split()\n"
LEAKS = """import numpy
import torch
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from data import load

torch.manual_seed(0)
rows = load("rows.csv")
rows = StandardScaler().fit_transform(rows)
train, test = train_test_split(rows)
print(len(train), len(test))
"""
BASE = {"train.py": TRAIN, "data.py": DATA + OLD}
# name → the files of the pull request, further arguments
STATES: dict[str, tuple[dict[str, str], list[str]]] = {
    "new": ({"train.py": LEAKS, "data.py": DATA}, ["--fail-on", "high"]),
    "paid-off": ({"data.py": DATA}, ["--fail-on", "new"]),
    "nothing": ({"train.py": TRAIN.replace("rows.csv", "table.csv")}, ["--fail-on", "new"]),
    "not-read": ({"train.py": TRAIN + "import re\n", "broken.py": "def f(:\n"}, []),
}
TAGS = set(
    "h2 h3 p strong code pre br table thead tbody tr th td details summary b blockquote sub a".split(),
)
# what GitHub makes of `> [!NOTE]` after it has taken out all that is not allowed
_ALERT = r'<div class="markdown-alert markdown-alert-note"><p class="markdown-alert-title">Note</p><p>\1</div>'
PAGE = """<!doctype html><meta charset="utf-8"><style>{css}
body {{ margin: 0; padding: 24px; background: {back}; }}
.box {{ width: {width}px; border: 1px solid #8b949e66; border-radius: 6px; }}
.who {{ font: 14px "Liberation Sans", sans-serif; color: #768390; padding: 10px 16px; }}
.markdown-body {{ padding: 16px; border-top: 1px solid #8b949e66; }}</style>
<div class="box"><div class="who"><b>github-actions</b> bot commented</div>
<article class="markdown-body">{body}</article></div>
<script>document.documentElement.dataset.height = document.documentElement.scrollHeight</script>"""


def comment(files: dict[str, str], arguments: list[str]) -> str:
    """What `mldebt diff` writes for a pull request that changes these files."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _write(root, BASE)
        for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "base"]):
            who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
            subprocess.run(["git", *who, *command], cwd=root, check=True)
        _write(root, files)
        event = root.parent / f"{root.name}.json"
        event.write_text(f'{{"pull_request": {{"number": 7, "head": {{"sha": "{HEAD}"}}}}}}', encoding="utf-8")
        runner = {
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "acme/ml",
            "GITHUB_RUN_ID": RUN,
            "GITHUB_EVENT_PATH": str(event),
        }
        command = [sys.executable, "-m", "mldebt", "diff", "--base", "HEAD", "--format", "markdown", *arguments]
        done = subprocess.run(
            command, cwd=root, env={**os.environ, **runner}, capture_output=True, text=True, check=False
        )
        event.unlink()
        return done.stdout


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")


def page(markdown: str, css: str, dark: bool, unfolded: bool) -> str:
    """The comment as GitHub shows it."""
    body = cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE)
    body = nh3.clean(body, tags=TAGS, attributes={"a": {"href"}, "td": {"align"}, "th": {"align"}}, link_rel=None)
    body = re.sub(r"<blockquote>\s*<p>\[!NOTE\]\s*(.*?)</blockquote>", _ALERT, body, flags=re.DOTALL)
    if unfolded:
        body = body.replace("<details>", "<details open>", 1)
    return PAGE.format(css=css, body=body, width=WIDTH, back="#0d1117" if dark else "#ffffff")


def photograph(html: str, target: Path) -> None:
    """A picture of a whole page: its height is asked for first, as a window without a head is what is taken."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(html, encoding="utf-8")
        chromium = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        chromium += ["--disable-background-networking", "--no-first-run", f"--user-data-dir={folder}/profile"]
        size = [f"--window-size={WIDTH + 50},300", "--dump-dom", file.as_uri()]
        dom = subprocess.run([*chromium, *size], capture_output=True, text=True, check=True).stdout
        height = re.search(r'data-height="(\d+)"', dom)
        assert height is not None, "the page's own script writes it"
        size = [f"--window-size={WIDTH + 50},{height[1]}", f"--screenshot={target}", file.as_uri()]
        subprocess.run([*chromium, *size], capture_output=True, check=True)


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        return 2
    target = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parent / "comments"
    target.mkdir(parents=True, exist_ok=True)
    for name, (files, arguments) in STATES.items():
        markdown = comment(files, arguments)
        for theme in ("light", "dark"):
            css = (Path(sys.argv[1]) / f"github-markdown-{theme}.css").read_text(encoding="utf-8")
            html = page(markdown, css, theme == "dark", unfolded=name == "new")
            photograph(html, (target / f"{name}-{theme}.png").absolute())
    return 0


if __name__ == "__main__":
    sys.exit(main())
