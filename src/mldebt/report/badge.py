"""The badge: grade and time to pay back, as an SVG of our own and as what shields.io's endpoint reads."""

from __future__ import annotations

from xml.sax.saxutils import escape

import msgspec

from mldebt.model import Report
from mldebt.report.terminal import duration

_LABEL = "ml debt"
# on each of them white text has a contrast of 4.5 or more (WCAG 2.1, level AA)
_COLOURS = {"A": "#1b7f3b", "B": "#4a7a12", "C": "#8a6500", "D": "#b5500b", "E": "#b3261e"}
_UNKNOWN = "#555f69"
_NARROW = frozenset("fijlrt .,:;|!'()[]1")
_WIDE = frozenset("mwMWABCDEGHNOQ")
_PADDING = 6  # pixels at each side of a text
_HEIGHT = 20


def to_svg(report: Report) -> bytes:
    """An SVG of 20 pixels' height; its title is what a screen reader says."""
    message, colour = _message(report), _colour(report)
    left, right = _width(_LABEL) + 2 * _PADDING, _width(message) + 2 * _PADDING
    title = escape(f"{_LABEL}: {message}", {'"': "&quot;"})
    texts = "".join(
        f'<text x="{start + width / 2:g}" y="14" textLength="{width - 2 * _PADDING}">{escape(text)}</text>'
        for start, width, text in ((0, left, _LABEL), (left, right, message))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img" '
        f'aria-label="{title}">'
        f"<title>{title}</title>"
        f'<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="{_HEIGHT}" fill="#3a4149"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{colour}"/></g>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">'
        f"{texts}</g></svg>\n"
    ).encode()


def to_endpoint(report: Report) -> bytes:
    """The JSON that a shields.io endpoint badge is drawn from."""
    value = {
        "schemaVersion": 1,
        "label": _LABEL,
        "message": _message(report),
        "color": _colour(report).removeprefix("#"),
    }
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _message(report: Report) -> str:
    minutes = sum(finding.minutes for finding in report.findings if finding.standing != "fixed")
    grade = report.score.grade if report.score is not None else None
    hours = f"{round(minutes / 60)} h" if minutes >= 600 else duration(minutes)
    return f"{grade} · {hours}" if grade is not None else hours


def _colour(report: Report) -> str:
    return _COLOURS.get(report.score.grade or "", _UNKNOWN) if report.score is not None else _UNKNOWN


def _width(text: str) -> int:
    """Pixels of a text in Verdana 11; `textLength` makes up for what is wrong in another font."""
    return round(sum(4.2 if c in _NARROW else 9 if c in _WIDE else 6.8 for c in text))
