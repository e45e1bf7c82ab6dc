"""The control panel of practices in the terminal: by category what is there, half there, missing, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from mldebt.model import CATEGORIES, Category, Circumstance, Outcome, Report, Status
from mldebt.report.excerpt import plain
from mldebt.report.terminal import draw_on, duration

if TYPE_CHECKING:
    from rich.console import Console

_MARKS: dict[Status, tuple[str, str]] = {
    "present": ("●", "green"),
    "partial": ("◐", "yellow"),
    "missing": ("○", "red"),
    "not-applicable": ("·", "dim"),
}
_WORTH = {"missing": 2, "partial": 1}  # halves of a practice that are to be had
_TIERS = ("core", "recommended", "advanced")
_FIRST = 3  # steps
_BAR = 10  # cells of a category's bar


def print_practices(report: Report, stream: TextIO, verbose: bool = False) -> None:
    """Write the panel to a stream; `verbose` with every piece of evidence and what does not apply."""
    draw_on(stream, lambda console: show(report, console, verbose))


def show(report: Report, console: Console, verbose: bool = False) -> None:
    """Print the panel to a console of rich."""
    _circumstances(console, report)
    for category in CATEGORIES:
        found = [outcome for outcome in report.practices if outcome.category == category]
        _heading(console, report, category, found)
        for outcome in found:
            if outcome.status != "not-applicable" or verbose:
                _outcome(console, outcome, verbose)
        skipped = [o.practice for o in found if o.status == "not-applicable"]
        if skipped and not verbose:
            console.print(f"  · not asked of this repository: {', '.join(skipped)}", style="dim")
        console.print()
    _first(console, report)
    _sum(console, report)


def _circumstances(console: Console, report: Report) -> None:
    """What the repository is taken for: each can be set in [tool.mldebt.facts]."""
    kind = next((c for c in report.circumstances if c.name == "kind"), None)
    if kind is not None:
        console.print(f"taken for: {kind.value}, {plain(_said(kind))}", style="bold")
    for fact in report.circumstances:
        if fact.name != "kind" and fact.holds is not False:
            word = fact.name if fact.holds else f"{fact.name}?"
            console.print(f"  {word:12} {plain(_said(fact))}", style="" if fact.holds else "dim")
    wrong = [fact.name for fact in report.circumstances if fact.holds is False]
    console.print(f"  not: {', '.join(wrong)} (set [tool.mldebt.facts] where this is wrong)", style="dim")
    console.print()


def _said(fact: Circumstance) -> str:
    where = f" ({fact.path}{f':{fact.line}' if fact.line else ''})" if fact.path else ""
    return f"{fact.why}{where}"


def _heading(console: Console, report: Report, category: Category, found: list[Outcome]) -> None:
    from rich.text import Text

    score = report.score.categories.get(category) if report.score is not None else None
    asked = [outcome for outcome in found if outcome.status != "not-applicable"]
    there = sum(outcome.status == "present" for outcome in asked)
    text = Text.assemble((f"{category:12}", "bold"), f"{there} of {len(asked)} present")
    if score is not None and score.coverage is not None:
        full = round(score.coverage * _BAR)
        text.append(f"  {'█' * full}{'░' * (_BAR - full)}")
        text.append(f"  {score.grade or '-'}", style="bold")
        text.append(f"  {duration(score.minutes)} of debt in findings", style="dim")
    console.print(text)


def _outcome(console: Console, outcome: Outcome, verbose: bool) -> None:
    from rich.text import Text

    mark, colour = _MARKS[outcome.status]
    console.print(Text.assemble(("  " + mark + " ", colour), (f"{outcome.practice:24}", "bold"), plain(outcome.why)))
    if outcome.said:
        console.print(f"      said in the settings: {plain(outcome.said)}", style="cyan")
    if outcome.next:
        console.print(f"      next: {outcome.next} · mldebt explain {outcome.practice}", style="dim")
    for item in outcome.evidence[1:] if verbose else ():
        where = f"{item.path}:{item.line} " if item.line else f"{item.path} "
        console.print(f"      {item.strength:6} {plain(where)}{plain(item.note)} ({item.tool})", style="dim")


def _first(console: Console, report: Report) -> None:
    """What would change most: the weightiest that want, of equals the core ones and those that are half there."""
    wanting = [outcome for outcome in report.practices if outcome.status in _WORTH and not outcome.said]
    wanting.sort(key=lambda o: (-o.weight * _WORTH[o.status], _TIERS.index(o.tier), o.status != "partial"))
    if wanting:
        console.print("what to do first", style="bold")
    for outcome in wanting[:_FIRST]:
        console.print(f"  {outcome.practice:24}{outcome.next}")
    if wanting:
        console.print()


def _sum(console: Console, report: Report) -> None:
    counts = {status: sum(o.status == status for o in report.practices) for status in _MARKS}
    text = f"{counts['present']} present, {counts['partial']} partial, {counts['missing']} missing"
    if report.score is not None and report.score.grade is not None:
        low, high = report.score.between or (report.score.grade, report.score.grade)
        spread = "" if low == high else f" (between {high} and {low})"
        text += f" · grade {report.score.grade}{spread} · {duration(report.score.minutes)} to pay back"
    console.print(text, style="bold")
