"""The pull request's comment in each of its states, and what it is made of when a repository is hostile or huge."""

from __future__ import annotations

import hashlib
import random
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cmarkgfm
import msgspec
import pytest
from cmarkgfm.cmark import Options

from mldebt.model import BaselineUse, CategoryScore, FileCounts, Finding, Fix, Problem, Report, RuleText, Score, Span
from mldebt.report.markdown import to_markdown
from mldebt.report.markdown_occasion import LIMIT, Gate, Occasion
from mldebt.report.markdown_places import PullRequest

TEXTS = [
    RuleText(
        "dead-import",
        "An import that nothing reads",
        "An import that nothing reads.\n\n## Why it is debt\nIt costs start-up time.\n\n## Flagged\n",
        "code",
        "dead-code",
        "low",
    )
]
MINUS = "\N{MINUS SIGN}"
PULL = PullRequest("https://github.com", "acme/ml", 7, "a" * 40, 42)
PIECES = ["|", "`", "``", "\\", "<img src=x>", "@team", "#1", "\n", "\u202e", "{{ 7 * 7 }}", "{% raw %}", "é", "a", " "]


class Page(HTMLParser):
    """The rows of the tables of a comment as their numbers of cells, its links, tags and text outside code."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tables: list[list[int]] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.outside = ""
        self._inside = 0
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside += tag == "code"
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append(0)
        elif tag in ("td", "th"):
            self.tables[-1][-1] += 1
        elif tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.text += data
        if not self._inside:
            self.outside += data


def finding(name: str, standing: str = "new", **more: Any) -> Finding:
    at = Span(more.pop("path", "src/train.py"), more.pop("line", 3), 4, 1, more.pop("cell", None))
    says = more.pop("says", f"`{name}` is imported and never used")
    one = Finding("dead-import", "dead-code", "code", "import", "low", 1.0, 5, at, name, says, (), name)
    return msgspec.structs.replace(one, standing=standing, **more)


def scored(grade: str) -> Score:
    return Score(grade, (grade, grade), 0, {"code": CategoryScore(grade, 0, None, None, None, 1)})


def report(*findings: Finding, base: str | None = "b" * 40, grade: str | None = None, **more: Any) -> Report:
    score = None if grade is None else scored(grade)
    return Report("a" * 40, base, FileCounts(1, 0, 0, 9), findings, more.pop("problems", ()), score=score, **more)


def written(value: Report, occasion: Occasion = Occasion(), root: Path = Path("/nowhere")) -> str:  # noqa: B008
    return to_markdown(value, TEXTS, "0.1.0", root, occasion).decode()


NEW, FIXED, KEPT = finding("os"), finding("re", "fixed"), finding("sys", "kept")
HIGH = finding("leak", severity="high", minutes=30)
STATES = {
    "first ever": (
        report(KEPT, base=None),
        Occasion(),
        [
            "ML debt: 1 finding",
            "The first report: there is no base to compare with. The repository has 1 finding, 5 min",
        ],
        ["Gate", "Paid off", "change"],
    ),
    "first ever and clean": (
        report(base=None),
        Occasion(),
        ["Nothing is left to pay back."],
        ["|", "Where the debt is"],
    ),
    "nothing new": (
        report(KEPT, touched=("src/train.py",)),
        Occasion(Gate("new", 0)),
        ["Adds no debt, and pays off none.", "Gate: 🟢 passed, no new findings (fail-on = new)."],
        ["New", "Paid off", "change"],
    ),
    "no Python touched": (report(KEPT, touched=()), Occasion(), ["No Python file or notebook changed."], ["New"]),
    "only paid off": (
        report(FIXED, KEPT),
        Occasion(),
        [
            "Pays off 1 finding (5 min) and adds none. Thank you!",
            "Paid off: 1 finding, 5 min",
            f"🟢 {MINUS}1",
            f"🟢 {MINUS}5 min",
        ],
        ["Gate", "look at first"],
    ),
    "new and paid off": (
        report(NEW, HIGH, FIXED, KEPT),
        Occasion(),
        ["Adds 2 findings (35 min) and pays off 1 finding (5 min).", "of them of high severity", "🔴 +30 min", "🔴 +1"],
        ["Thank you"],
    ),
    "gate failed": (
        report(NEW, HIGH),
        Occasion(Gate("high", 1)),
        ["Gate: 🔴 failed, 1 finding of high severity (fail-on = high)."],
        ["or above"],
    ),
    "gate of a level": (report(NEW), Occasion(Gate("low", 1)), ["1 finding of low severity or above"], []),
    "gate of any": (report(NEW, KEPT), Occasion(Gate("any", 2)), ["failed, 2 findings (fail-on = any)"], []),
    "base unreadable": (
        report(NEW, base=None),
        Occasion(no_base="`x/y` names no commit here: fetch it, or name another"),
        [
            "Nothing to compare with: the base could not be read (x/y names no commit here:",
            "so nothing here is called new",
        ],
        ["The first report"],
    ),
    "a better grade": (
        report(FIXED, grade="B", base_score=scored("C")),
        Occasion(),
        ["grade B (🟢 up from C)", "better"],
        [],
    ),
    "a worse grade": (
        report(NEW, grade="D", base_score=scored("C")),
        Occasion(),
        ["grade D (🔴 down from C)", "worse"],
        [],
    ),
    "the same grade": (report(NEW, grade="C", base_score=scored("C")), Occasion(), ["ML debt: grade C"], ["from"]),
    "a baseline": (
        report(NEW, KEPT, base=None, baseline=BaselineUse(3, 2)),
        Occasion(),
        ["Adds 1 finding (5 min).", "Gone from the baseline: 2;"],
        ["The first report", "change"],
    ),
    "not read": (
        report(NEW, problems=(Problem("a|b.py", "is no Python: line 3", "unparsable"),)),
        Occasion(),
        ["[!NOTE]", "Not read: a|b.py is no Python: line 3\n"],
        [],
    ),
    "much not read": (
        report(NEW, problems=tuple(Problem(f"{i}.py", "is gone", "unreadable") for i in range(9))),
        Occasion(),
        ["Not read: 4.py", "Not read: 4 more."],
        ["5.py"],
    ),
    "truncated": (
        report(*(finding(f"m{i}") for i in range(143))),
        Occasion(),
        ["Adds 143 findings", "Showing 20 of 143; mldebt diff -v lists all."],
        [],
    ),
}


@pytest.mark.parametrize(("value", "occasion", "says", "not_said"), STATES.values(), ids=STATES)
def test_each_state_says_what_matters(value: Report, occasion: Occasion, says: list[str], not_said: list[str]) -> None:
    comment = written(value, occasion)
    page = Page(comment)
    assert comment.splitlines()[0] == "<!-- mldebt:comment v=1 id=default sha=aaaaaaa -->"
    assert [text for text in says if text not in page.text] == []
    assert [text for text in not_said if text in page.text] == []
    assert all(len(set(rows)) == 1 for rows in page.tables)
    assert "None" not in page.text


def test_a_run_signs_its_comment_and_links_to_its_report() -> None:
    comment = written(report(NEW), Occasion(pull=PULL))
    assert comment.startswith("<!-- mldebt:comment v=1 id=default run=42 sha=aaaaaaa -->\n## ")
    assert "https://github.com/acme/ml/actions/runs/42" in Page(comment).links


@pytest.mark.parametrize(
    ("one", "address"),
    [
        (finding("a"), f"/pull/7/files#diff-{hashlib.sha256(b'src/train.py').hexdigest()}R3"),
        (finding("a", path="other.py"), f"/blob/{'a' * 40}/other.py#L3-L4"),
        (finding("a", path="study one.ipynb", cell=4), f"/blob/{'a' * 40}/study%20one.ipynb"),
        (finding("a", "fixed", path="old.py"), f"/blob/{'b' * 40}/old.py#L3-L4"),
    ],
    ids=["in the difference", "outside it", "in a notebook", "paid off"],
)
def test_a_place_is_linked_to_where_it_can_be_seen(one: Finding, address: str) -> None:
    page = Page(written(report(one, touched=("src/train.py", "study one.ipynb")), Occasion(pull=PULL)))
    found = [link for link in page.links if "acme/ml" in link and "actions" not in link]
    assert set(found) == {f"https://github.com/acme/ml{address}"}


def test_without_a_pull_request_places_are_code() -> None:
    page = Page(written(report(NEW)))
    assert all(link.startswith("https://github.com/mldebt/mldebt") for link in page.links)
    assert "src/train.py:3" in page.text


def test_the_worst_comes_first_with_its_patch_and_reason() -> None:
    patch = "--- a/src/train.py\n+++ b/src/train.py\n@@ -1 +0,0 @@\n-import leak\n"
    page = Page(written(report(NEW, msgspec.structs.replace(HIGH, fix=Fix(True, patch)))))
    assert page.text.index("leak is imported") < page.text.index("os is imported")
    assert "-import leak" in page.text
    assert "It costs start-up time." in page.text
    assert "mldebt fix takes it out." in page.text


@pytest.mark.parametrize(
    ("line", "is_shown"),
    [("import os", True), ("API_KEY = 'x'", False), ("x = 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0'", False)],
)
def test_an_excerpt_shows_nothing_that_may_be_a_key(tmp_path: Path, line: str, is_shown: bool) -> None:
    (tmp_path / "a.py").write_text(f"\n\n{line}\n\n", encoding="utf-8")
    assert (line in Page(written(report(finding("os", path="a.py")), root=tmp_path)).text) is is_shown


@pytest.mark.parametrize("seed", range(20))
def test_what_a_repository_says_is_neither_markup_nor_a_template(seed: int) -> None:
    chance = random.Random(seed)

    def hostile() -> str:
        return "".join(chance.choices(PIECES, k=30))

    findings = [finding(hostile(), says=hostile(), path=hostile(), minutes=i + 1) for i in range(20)]
    gone = [finding(hostile(), "fixed", says=hostile(), path=hostile()) for _ in range(20)]
    problems = tuple(Problem(hostile(), hostile(), "unreadable") for _ in range(5))
    value = report(*findings, *gone, problems=problems, touched=tuple(f.at.path for f in findings))
    page = Page(written(value, Occasion(pull=PULL)))
    assert page.tags <= set("h2 h3 p strong table thead tbody tr th td code pre a details summary b br sub".split()) | {
        "blockquote"
    }
    assert [set(rows) for rows in page.tables] == [{4}, {5}, {4}, {4}]
    assert [len(rows) for rows in page.tables] == [3, 21, 21, 6]
    assert "@team" not in page.outside and "49" not in page.text
    assert all(link.startswith(("https://github.com/acme/ml/", "https://github.com/mldebt/")) for link in page.links)


@pytest.mark.parametrize("most", [20, 2_000])
def test_it_is_never_longer_than_github_takes_and_counts_what_is_left_out(most: int) -> None:
    findings = [finding(f"{i}" * 40, says="x|" * 150, path=f"{'é' * 90}/{i}.py") for i in range(2_000)]
    gone = [finding(f"g{i}", "fixed", says="x|" * 150, path=f"{'é' * 90}/{i}.py") for i in range(2_000)]
    comment = written(report(*findings, *gone), Occasion(pull=PULL, most=most))
    page = Page(comment)
    assert len(comment) <= LIMIT
    assert all(len(set(rows)) == 1 for rows in page.tables)
    assert comment.endswith("</sub>\n")
    shown = len(page.tables[1]) - 1
    assert 20 <= shown < 2_000
    assert f"Showing {shown} of 2,000" in page.text
    assert comment == written(report(*findings, *gone), Occasion(pull=PULL, most=most))
