"""What a repository says stays what it is in GitHub's Markdown, read by GitHub's own parser."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from mldebt.report.excerpt import plain
from mldebt.report.markdown_quote import Markdown, block, code, link, prose

TRIALS = 20_000
PIECES = [
    *"|`\\<>&*_[]()!#@:/.-~\"' \n\r\t\u2028\u202e\u200b$%{}^=+",
    *"abz019é漢\ud800\x00\x1b",
    *"`` ``` \\| \\` http:// https://e.example www.e.example a@b.example @team #1 GH-1 acme/ml#1 0123abc".split(),
    *"<b> --> </code> <!-- ]( ![x](y) [x](javascript:y) | --- | :-- &commat; &#64; mailto:a@b.example".split(),
    *":tada: ~~~ 1. - > # <img src=x> the word's of".split(),
]
# GitHub looks for these in the text of a page after the Markdown is read, but not inside code
ACTS = re.compile(r"@\w|#\d|\bGH-\d|www\.|://|\b[0-9a-f]{7,40}\b|:\w+:|\w@\w|\b[A-Z]+-\d", re.IGNORECASE)

PLAIN = set(string.ascii_letters + string.digits + " \n()'/-,;:.!?…%")


class Page(HTMLParser):
    """The tags of a page, the text of its table cells, and the text that lies outside code."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.links: list[str] = []
        self.outside = ""
        self._inside = 0
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside += tag == "code"
        if tag == "td":
            self.cells.append("")
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self.cells and data != "\n":
            self.cells[-1] += data
        if not self._inside:
            self.outside += data


def texts(seed: int) -> list[str]:
    """Hostile texts, the same in each run."""
    chance = random.Random(seed)
    return ["".join(chance.choices(PIECES, k=chance.randrange(14))) for _ in range(TRIALS)]


def letters(text: str) -> str:
    """What a sentence must still show: its backticks are what quotes the names."""
    return re.sub(r"[\s`]", "", text)


def table(cell: Markdown) -> Page:
    return Page(f"| a | b |\n|:--|:--|\n| {cell.text} | END |\n")


@pytest.mark.parametrize("quote", [code, prose], ids=["code", "prose"])
def test_a_cell_stays_a_cell_and_shows_what_it_was_given(quote: Callable[[str], Markdown]) -> None:
    for text in texts(1):
        page = table(quote(text))
        assert set(page.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}, (text, page.tags)
        assert len(page.cells) == 2 and page.cells[1] == "END", text
        assert not ACTS.search(page.outside), text
        if quote is code:
            assert page.cells[0].split() == (plain(text).split() or ["-"]), text
        else:
            assert letters(page.cells[0]) == letters(plain(text)) or page.cells[0] == "-", text
            assert set(page.outside.replace("END", "")) <= PLAIN, text


@pytest.mark.parametrize("quote", [code, prose], ids=["code", "prose"])
def test_a_line_outside_a_table_shows_no_more_than_words_and_code(quote: Callable[[str, bool], Markdown]) -> None:
    for text in texts(2):
        page = Page(f"Not read: {quote(text, False).text}, END\n")
        assert set(page.tags) <= {"p", "code"}, (text, page.tags)
        assert not ACTS.search(page.outside), text
        assert "\\|" not in page.outside


def test_a_block_of_code_ends_where_it_should() -> None:
    for text in texts(3):
        page = Page(f"{block(text, 'python').text}\n\nEND\n")
        assert page.tags == ["pre", "code", "p"], text
        assert page.outside.strip() == "END"


@pytest.mark.parametrize(
    ("says", "written"),
    [
        ("function `f` has no caller", "function `f` has no caller"),
        ("`sys` is imported and never used", "`sys` is imported and never used"),
        ("5 options are alike (`--a`, `--b`, …): share", "5 options are alike (`--a`, `--b`, …): share"),
        ("under torch before 2.6: pass weights_only=True", "under torch before 2.6: pass `weights_only=True`"),
        ("at least 64% alike, though it isn't", "at least 64% alike, though it isn't"),
        ("an odd ` one", "``an odd ` one``"),
        ("ask @team about GH-1", "ask `@team` about `GH-1`"),
        ("of 1234567, deadbee or 12", "of `1234567,` `deadbee` or 12"),
        ("a_b`c`", "`a_b` `c`"),
        ("", "-"),
    ],
)
def test_a_sentence_stays_readable(says: str, written: str) -> None:
    assert prose(says).text == written


def test_long_texts_are_cut_and_say_so() -> None:
    assert code("x" * 1000).text == f"`{'x' * 199}…`"
    assert prose("word " * 1000).text.endswith("…")
    assert len(prose(f"`{'y' * 1000}`").text) < 310


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://github.com/acme/ml/blob/0a/src/a.py#L1", True),
        ("https://e.example/a%20b%29", True),
        ("javascript:alert(1)", False),
        ("https://e.example/a b", False),
        ("https://e.example/)", False),
        ("https://e.example/" + "x" * 1000, False),
    ],
)
def test_only_an_address_that_is_safe_to_write_becomes_a_link(url: str, is_link: bool) -> None:
    page = table(link(code("a | `b]("), url))
    assert page.links == ([url] if is_link else [])
    assert page.cells[0] == "a | `b]("
