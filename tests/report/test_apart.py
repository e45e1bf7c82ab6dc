"""A comment by a template that is not ours: what it may do, and what becomes of one that does more."""

from __future__ import annotations

import pytest

from mldebt.report.apart import render_apart
from mldebt.report.markdown_quote import Markdown

CONTEXT = {"title": Markdown("**Debt**"), "rows": [{"says": Markdown("`a`"), "raw": "<img> @team"}], "none": None}


def test_it_may_loop_and_print_and_what_is_not_markdown_is_quoted() -> None:
    told = render_apart("{{ title }}{% for row in rows %} {{ row.says }} {{ row.raw }}{% endfor %}", CONTEXT, 1_000)
    assert told.text == "**Debt** `a` `<img> @team`"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "unsafe"),
        ("{{ title.__class__.__mro__ }}", "unsafe"),
        ("{{ 'a' * 3_000_000_000 }}", "MemoryError"),
        ("{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}", ""),
        ("{{ 'x' * 2000 }}" * 2_000, "characters"),
        ("{% for %}", "TemplateSyntaxError"),
        ("{% include '/etc/passwd' %}", "TemplateNotFound"),
        ("{% import 'os' as os %}", "TemplateNotFound"),
        ("{{ missing }}", "UndefinedError"),
    ],
)
def test_what_does_more_is_not_used_and_says_why(template: str, why: str) -> None:
    told = render_apart(template, CONTEXT, 60_000)
    assert told.text == "" and why in told.why_not and told.why_not
