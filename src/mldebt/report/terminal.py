"""A report for people: what to pay first, with excerpts, and one line that sums it up.

Rules are listed by severity, then by the minutes they would take together, more for what often changes; within a rule
the findings that weigh most come first, of those the surest. Without a terminal there is no colour and nothing depends
on its width.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from mldebt.model import Finding, Report, Span, Suggestion
from mldebt.report.excerpt import Excerpts, plain

if TYPE_CHECKING:
    from rich.console import Console

_SEVERITIES = ("high", "medium", "low")
_COLOURS = {"high": "bold red", "medium": "bold yellow", "low": "bold cyan"}
_SHOWN = 3  # findings a rule unless all are asked for
_SEE_SHOWN = 4
_BUSY = 10  # changes of a file among the last commits that are worth a word
_EXCERPT = 3  # lines of the first finding of a rule; of the others one
_WORTH_A_TABLE = 3  # rules
_UNQUOTED = frozenset({"committed-secret"})  # whose lines must not reach a log
_LEFT_OUT_SHOWN = 3


class View(NamedTuple):
    """How much to show; `root` is where excerpts are read, `compared` marks what is new."""

    root: Path
    quiet: bool = False
    verbose: bool = False
    compared: bool = False


def print_report(report: Report, view: View, stream: TextIO) -> None:
    """Write the report to a stream."""
    draw_on(stream, lambda console: show(report, view, console))


def draw_on(stream: TextIO, draw: Callable[[Console], None]) -> None:
    """Draw to a terminal as it is, to any other stream without colour and without a width."""
    from rich.console import Console

    file = stream if stream.isatty() else io.StringIO()  # rich ends the program when nobody reads its output
    width = None if file is stream else 1_000_000
    draw(Console(file=file, width=width, highlight=False, emoji=False, markup=False, soft_wrap=True))
    if isinstance(file, io.StringIO) and file is not stream:
        stream.write(file.getvalue())


def show(report: Report, view: View, console: Console) -> None:
    """Print the report to a console of rich."""
    if not view.quiet:
        _findings(console, report, view._replace(compared=_is_compared(report)))
        _unseen(console, report, view)
    console.print(_summary(report) + _graded(report), style="bold")


def _findings(console: Console, report: Report, view: View) -> None:
    groups: dict[str, list[Finding]] = defaultdict(list)
    hides = view.compared and not view.verbose  # who compares asks what is new
    for finding in report.findings:
        if finding.standing == "new" or (finding.standing == "kept" and not hides):
            groups[finding.rule].append(finding)
    excerpts = Excerpts(view.root)
    ordered = [groups[rule] for rule in sorted(groups, key=lambda name: _urgency(groups[name]))]
    if len(ordered) >= _WORTH_A_TABLE:
        _table(console, ordered)
    for found in ordered:
        _group(console, found, view, excerpts)
    if view.compared:
        _unchanged(console, report, hides)


def _is_compared(report: Report) -> bool:
    return report.base is not None or report.baseline is not None


def _unchanged(console: Console, report: Report, hides: bool) -> None:
    """What a comparison found to be gone, and what it does not show."""
    fixed = [finding for finding in report.findings if finding.standing == "fixed"]
    kept = [finding for finding in report.findings if finding.standing == "kept"] if hides else []
    for found, word, hint, style in ((fixed, "paid off", "", "green"), (kept, "kept", " (-v shows them)", "dim")):
        if found:
            count = f"{len(found)} {_plural('finding', len(found))}, {duration(_minutes(found))}"
            console.print(f"{word}: {count}{hint}", style=style)
    if fixed or kept:
        console.print()


def _urgency(found: list[Finding]) -> tuple[int, float, str]:
    return _SEVERITIES.index(found[0].severity), -sum(map(_worth, found)), found[0].rule


def _worth(finding: Finding) -> float:
    """Minutes, and as many again each time the changes of the file double: a hotspot goes before a dusty corner."""
    return finding.minutes * log2(2 + finding.changes)


def _minutes(found: list[Finding]) -> int:
    return sum(finding.minutes for finding in found)


def _table(console: Console, groups: list[list[Finding]]) -> None:
    """One line a rule, in the order of the report."""
    from rich.text import Text

    console.print("what to pay first", style="bold")
    width = max(len(found[0].rule) for found in groups)
    for found in groups:
        rule = (found[0].rule.ljust(width), _COLOURS[found[0].severity])
        console.print(
            Text.assemble(f"  {found[0].severity:6}  ", rule, f"  {len(found):>5}  {duration(_minutes(found)):>12}")
        )
    console.print()


def _group(console: Console, found: list[Finding], view: View, excerpts: Excerpts) -> None:
    from rich.text import Text

    rule, severity = found[0].rule, found[0].severity
    count = f"{len(found)} {_plural('finding', len(found))}, {duration(_minutes(found))}"
    console.print(Text.assemble((rule, _COLOURS[severity]), f"  {severity} · {count} · mldebt explain {rule}"))
    ordered = sorted(found, key=lambda f: (-_worth(f), -f.confidence, f.at.path, f.at.cell or 0, f.at.line))
    shown = ordered if view.verbose else ordered[:_SHOWN]
    for finding in shown:
        _finding(console, finding, view)
        wanted = 0 if rule in _UNQUOTED else _EXCERPT if finding is shown[0] else 1
        for number, line in enumerate(excerpts.lines(finding.at, wanted)):
            console.print(f"      {finding.at.line + number:>4} │ {line}".rstrip(), style="dim" if number else "")
        _places(console, finding, view)
        if view.verbose or finding is shown[0]:
            _suggestion(console, finding.suggestion, view)
    if len(shown) < len(found):
        console.print(f"  … and {len(found) - len(shown)} more: -v shows all", style="dim")
    console.print()


def _finding(console: Console, finding: Finding, view: View) -> None:
    from rich.text import Text

    standing = " (new)" if finding.standing == "new" and view.compared else ""
    link = f"bold link {(view.root / finding.at.path).as_uri()}" if console.is_terminal else "bold"
    busy = f" · {finding.changes} of the last commits changed it" if finding.changes >= _BUSY else ""
    console.print(Text.assemble("  ", (where(finding.at), link), f"  {plain(finding.says)}{standing}", (busy, "dim")))


def _places(console: Console, finding: Finding, view: View) -> None:
    """The other places a finding speaks of."""
    shown = finding.see if view.verbose else finding.see[:_SEE_SHOWN]
    for other in shown:
        named = f" {other.kind} `{plain(other.symbol)}`" if other.symbol else ""
        console.print(f"      └ {where(other)}{named}  {plain(other.note)}".rstrip(), style="dim")
    if len(shown) < len(finding.see):
        more = len(finding.see) - len(shown)
        console.print(f"      └ … and {more} more {_plural('place', more)}", style="dim")


def _suggestion(console: Console, suggestion: Suggestion | None, view: View) -> None:
    """What would take the place of copies, or with -v why nothing is suggested."""
    if suggestion is not None and not suggestion.why_not:
        lines = f"{suggestion.saves} {_plural('line', suggestion.saves)}"
        fits = "" if suggestion.fits == suggestion.count else f" in {suggestion.fits} of the places"
        said = f"{suggestion.kind}: `{plain(suggestion.signature)}` would save {lines}{fits}"
        console.print(f"      → {said}", style="dim")
    elif suggestion is not None and view.verbose:
        console.print(f"      → no shared code is suggested: {plain(suggestion.why_not)}", style="dim")


def where(span: Span) -> str:
    """`path:line:column`, as editors open it; a notebook's has the cell before the line."""
    cell = f"cell {span.cell}:" if span.cell is not None else ""
    return f"{plain(span.path)}:{cell}{span.line}"


def _unseen(console: Console, report: Report, view: View) -> None:
    """What was not looked at, and why."""
    shown = report.problems if view.verbose else report.problems[:_LEFT_OUT_SHOWN]
    for problem in shown:
        console.print(f"not read: {plain(problem.path) or 'the repository'}  {plain(problem.what)}", style="yellow")
    if len(shown) < len(report.problems):
        console.print(f"not read: … and {len(report.problems) - len(shown)} more: -v shows all", style="yellow")
    if view.verbose:
        for path, why in report.left_out:
            console.print(f"left out: {plain(path)}  {plain(why)}", style="dim")
    elif report.left_out:
        first = ", ".join(plain(path) for path, _ in report.left_out[:_LEFT_OUT_SHOWN])
        more = f" and {len(report.left_out) - _LEFT_OUT_SHOWN} more" if len(report.left_out) > _LEFT_OUT_SHOWN else ""
        console.print(f"left out: {first}{more} (-v tells why)", style="dim")
    if report.problems or report.left_out:
        console.print()


def _summary(report: Report) -> str:
    present = [finding for finding in report.findings if finding.standing != "fixed"]
    if _is_compared(report):
        new = [finding for finding in present if finding.standing == "new"]
        found = f"{len(new)} new {_plural('finding', len(new))} · {duration(_minutes(new))} added"
    else:
        found = f"{len(present)} {_plural('finding', len(present))} · {duration(_minutes(present))} to pay back"
    files = report.files
    read = (
        f"{files.python} Python {_plural('file', files.python)}, {files.notebook} {_plural('notebook', files.notebook)}"
    )
    return f"{found} · {read}, {files.lines:,} lines"


def _graded(report: Report) -> str:
    """The grade and how many practices there are, where they were judged; a comparison tells of neither."""
    asked = [outcome for outcome in report.practices if outcome.status != "not-applicable"]
    if report.score is None or report.score.grade is None or report.base is not None or not asked:
        return ""
    there = sum(outcome.status == "present" for outcome in asked)
    return f" · grade {report.score.grade} · {there} of {len(asked)} practices (mldebt practices)"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def duration(minutes: int) -> str:
    """Minutes as people say them: "45 min", "3 h 20 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
