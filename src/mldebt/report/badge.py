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
_DARK = "#3a4149"  # behind the label
# what Verdana's horizontal metrics say of the characters a badge has, in 1/2048 of the font's size
_ADVANCE = {
    **dict.fromkeys("0123456789", 1302),
    **{" ": 720, "·": 744, "A": 1400, "B": 1404, "C": 1430, "D": 1578, "E": 1295, "b": 1276, "d": 1276},
    **{"e": 1220, "h": 1296, "i": 562, "l": 562, "m": 1992, "n": 1296, "t": 807},
}
_SIZE = 11  # pixels of the font
_PADDING = 5  # pixels at each side of a text
_HEIGHT = 20
_NEARER = 1  # pixels by which a text is nearer to the other one than to the edge


def to_svg(report: Report) -> bytes:
    """An SVG of 20 pixels' height; its title is what a screen reader says."""
    message, colour = _message(report), _colour(report)
    left, right = _width(_LABEL) + 2 * _PADDING, _width(message) + 2 * _PADDING
    title = escape(f"{_LABEL}: {message}", {'"': "&quot;"})
    texts = "".join(
        f'<text x="{middle:g}" y="14" textLength="{_width(text)}">{escape(text)}</text>'
        for middle, text in ((left / 2 + _NEARER, _LABEL), (left + right / 2 - _NEARER, message))
    )
    # without an id, since several badges may stand in one page; the left half is cut round by its own outline
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img" '
        f'aria-label="{title}">'
        f"<title>{title}</title>"
        f'<rect width="{left + right}" height="{_HEIGHT}" rx="3" fill="{colour}"/>'
        f'<path d="M{left} 0v{_HEIGHT}H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="{_DARK}"/>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="{_SIZE}" '
        f'text-rendering="geometricPrecision">'
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
    """Pixels of a text in Verdana, as shields.io rounds them: down, then up to an odd number.

    `textLength` makes up for the rest, and for another font.
    """
    return int(sum(_ADVANCE[character] for character in text) * _SIZE / 2048) | 1
