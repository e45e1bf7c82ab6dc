"""A page is taken apart as it reads."""

from __future__ import annotations

from mldebt.rules.page import Example, parse_page

PAGE = """A pattern that
runs over two lines.

More words.

## Flagged
Words before.
```python title="a/train.py"
x = 1  # debt
## no heading
```
````markdown
```python
inner = 1
```
````

## Fine
```yaml title="conf.yaml"
key: 1
```
"""


def test_the_summary_is_the_first_paragraph_without_its_stop() -> None:
    assert parse_page(PAGE).summary == "A pattern that runs over two lines"


def test_a_heading_in_a_fence_is_text_and_a_longer_fence_holds_a_shorter() -> None:
    page = parse_page(PAGE)
    assert [section.title for section in page.sections] == ["Flagged", "Fine"]
    assert page.sections[0].examples == (
        Example("python", "a/train.py", "x = 1  # debt\n## no heading\n"),
        Example("markdown", "", "```python\ninner = 1\n```\n"),
    )


def test_untitled_examples_stand_alone_and_titled_ones_join() -> None:
    page = parse_page(
        "S.\n\n## Fine\n"
        + "\n".join(f"```python{title}\n{n}\n```" for n, title in enumerate(["", ' title="a.py"', "", ' title="b.py"']))
    )
    section = page.section("Fine")
    assert section is not None
    assert [list(files) for files in section.repositories()] == [["example.py"], ["example.py"], ["a.py", "b.py"]]


def test_a_page_without_sections_has_none() -> None:
    assert parse_page("Only a sentence.").sections == ()
    assert parse_page("Only a sentence.").section("Fine") is None
