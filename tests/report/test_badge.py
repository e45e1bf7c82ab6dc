"""The badge: what it says, to whom, and that it is as wide as shields.io would draw it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from mldebt.model import FileCounts, Finding, Report, Score, Span
from mldebt.report.badge import to_endpoint, to_svg

# grade, minutes, what the badge says
CASES = [
    ("A", 0, "A · 0 min"),
    ("B", 200, "B · 3 h 20 min"),
    ("C", 60, "C · 1 h"),
    ("D", 599, "D · 9 h 59 min"),
    ("E", 600, "E · 10 h"),
    ("E", 6_789_012, "E · 113150 h"),
    (None, 45, "45 min"),
]
SVG = "{http://www.w3.org/2000/svg}"


def report(grade: str | None, minutes: int) -> Report:
    at = Span("a.py", 1, 1, 1, None)
    finding = Finding("dead-import", "dead-code", "code", "", "low", 1.0, minutes, at, None, "is debt", (), "f")
    paid = msgspec.structs.replace(finding, standing="fixed", minutes=1000)
    return Report(None, None, FileCounts(1, 0, 0, 9), (finding, paid), (), score=Score(grade, None, minutes, {}))


def drawn(grade: str | None, minutes: int) -> ElementTree.Element:
    return ElementTree.fromstring(to_svg(report(grade, minutes)))


@pytest.mark.parametrize(("grade", "minutes", "says"), CASES)
def test_it_says_the_same_to_the_eye_the_ear_and_to_shields(grade: str | None, minutes: int, says: str) -> None:
    svg = drawn(grade, minutes)
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == svg.findtext(f"{SVG}title") == f"ml debt: {says}"
    assert [text.text for text in svg.iter(f"{SVG}text")] == ["ml debt", says]
    endpoint = json.loads(to_endpoint(report(grade, minutes)))
    assert endpoint.pop("color") == str(next(svg.iter(f"{SVG}rect")).get("fill")).removeprefix("#")
    assert endpoint == {"schemaVersion": 1, "label": "ml debt", "message": says}  # an unknown key would be refused


@pytest.mark.parametrize("grade", ["A", "B", "C", "D", "E", None])
def test_white_text_can_be_read_on_each_colour(grade: str | None) -> None:
    svg = drawn(grade, 1)
    grounds = [str(shape.get("fill")) for shape in (*svg.iter(f"{SVG}rect"), *svg.iter(f"{SVG}path"))]
    assert len(grounds) == 2
    assert all(_contrast_with_white(colour) >= 4.5 for colour in grounds), "WCAG 2.1, level AA"


def test_several_can_stand_in_one_page() -> None:
    assert b" id=" not in to_svg(report("A", 1))


def _contrast_with_white(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


SCRIPT = """
const { makeBadge } = await import(process.argv[1] + '/badge-maker/lib/index.js')
const messages = JSON.parse(process.argv[2])
console.log(JSON.stringify(messages.map(message => makeBadge({ label: 'ml debt', message }))))
"""


def test_it_is_as_wide_as_shields_draws_it(npm: Path) -> None:
    messages = json.dumps([says for _, _, says in CASES])
    done = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT, str(npm), messages], check=True, capture_output=True, text=True
    )
    for (grade, minutes, _), theirs in zip(CASES, json.loads(done.stdout), strict=True):
        assert _measures(drawn(grade, minutes), 1) == _measures(ElementTree.fromstring(theirs), 10)


def _measures(svg: ElementTree.Element, scale: int) -> tuple[object, ...]:
    """The whole width, and where each text stands and how wide it is."""
    texts = {
        str(text.text): (float(text.attrib["x"]) / scale, float(text.attrib["textLength"]) / scale)
        for text in svg.iter(f"{SVG}text")
    }
    return svg.get("width"), texts
