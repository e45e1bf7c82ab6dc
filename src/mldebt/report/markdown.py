"""A pull request's comment, in GitHub's Markdown: the verdict, what is new, what was paid off, where the debt is.

A template gets nothing but quoted text: what a repository says is never markup there. The whole stays within what
GitHub takes; rows that have no room are counted instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mldebt.model import Finding, Report, RuleText
from mldebt.report.apart import render_apart
from mldebt.report.excerpt import Excerpts
from mldebt.report.jinja import OURS, environment
from mldebt.report.markdown_figures import areas, figures, gate, title, verdict
from mldebt.report.markdown_first import excerpt, first
from mldebt.report.markdown_occasion import LIMIT, Occasion
from mldebt.report.markdown_places import PullRequest, place, run_address
from mldebt.report.markdown_quote import Markdown, code, link, prose
from mldebt.report.terminal import duration

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

MARKER = "<!-- mldebt:comment v=1"  # how a comment begins, by which a later run knows it for its own
_RESERVE = 1_000  # characters for the heads of tables, and for what counts the rows left out
_SEVERITIES = ("high", "medium", "low")
_MARKS = {"high": "🔴&nbsp;high", "medium": "🟡&nbsp;medium", "low": "⚪&nbsp;low"}  # a colour never stands alone
_NOTES = 5
_FIRST_REPORT = 10  # rows where nothing is new and all of it waits
_HOME = "https://github.com/mldebt/mldebt"

Row = dict[str, Markdown]


class _Rows(NamedTuple):
    """Rows that are wanted, and how many more there are."""

    rows: list[Row]
    more: int

    def within(self, room: int) -> _Rows:
        """The first rows that fit into so many characters."""
        for count, row in enumerate(self.rows):
            room -= sum(len(cell.text) + 3 for cell in row.values()) + 3
            if room < 0:
                return _Rows(self.rows[:count], self.more + len(self.rows) - count)
        return self

    @property
    def length(self) -> int:
        return sum(len(cell.text) + 3 for row in self.rows for cell in row.values()) + 3 * len(self.rows)


def to_markdown(report: Report, texts: list[RuleText], version: str, root: Path, occasion: Occasion) -> bytes:
    """The comment, at most `limit` characters of UTF-8; `root` is where an excerpt is read."""
    shown = _shown(report)
    paid = [finding for finding in report.findings if finding.standing == "fixed"]
    found = _table(shown, report, occasion)
    fixed = _table(_urgent(paid), report, occasion)
    context: dict[str, Any] = {
        "marker": _marker(report, occasion),
        "title": title(report),
        "verdict": verdict(report, occasion),
        "gate": gate(occasion),
        "base": code(report.base[:7]) if report.base is not None else Markdown("-"),
        "figures": figures(report),
        "findings_heading": Markdown(_heading(report, occasion)),
        "first": _first(shown, (report, occasion), texts, root),
        "paid_off_heading": Markdown(f"Paid off: {_counted(paid)}, {duration(sum(f.minutes for f in paid))}"),
        "areas": areas(report),
        "notes": _notes(report, occasion),
        "all": _all(report, occasion),
        "line_end": Markdown("<br>"),
        "footer": _footer(report, occasion, version),
    }
    sandbox, whole = environment(), context["all"]
    bare = _rendered(sandbox, context, _rows(_Rows([], found.more), _Rows([], fixed.more), whole))
    room = occasion.limit - _RESERVE - len(bare)
    found = found.within(room)
    rows = _rows(found, fixed.within(room - found.length), whole)
    if occasion.template is not None:
        own = render_apart(occasion.template, {**context, **rows}, occasion.limit - _RESERVE)
        if not own.why_not:
            return _signed(own.text, context["marker"]).encode()
        context["notes"].append(
            Markdown(_capital(f"the comment template was not used: {prose(own.why_not, False).text}"))
        )
    return _rendered(sandbox, context, rows).encode(errors="replace")


def _signed(text: str, marker: Markdown) -> str:
    """The text of another template; whatever it begins with, a later run must know it for ours."""
    return f"{marker.text}\n{text.strip().removeprefix(marker.text).strip()}\n"


def excerpt_of_first(report: Report, root: Path) -> tuple[str, ...]:
    """The lines that a comment shows of the finding to look at first."""
    shown = _shown(report)
    return tuple(excerpt(shown[0], Excerpts(root))) if shown else ()


def _first(
    shown: list[Finding], of: tuple[Report, Occasion], texts: list[RuleText], root: Path
) -> dict[str, object] | None:
    if not shown:
        return None
    handed = of[1].code
    lines = list(handed) if handed is not None else excerpt(shown[0], Excerpts(root))
    return first(shown[0], _row(shown[0], *of), texts, lines)


def _rows(found: _Rows, fixed: _Rows, whole: Markdown) -> dict[str, object]:
    """What the rows give a template."""
    return {
        "findings": found.rows,
        "findings_left": _left(found, whole.text),
        "paid_off": fixed.rows,
        "paid_off_left": _left(fixed, whole.text),
    }


def _rendered(sandbox: ImmutableSandboxedEnvironment, context: dict[str, Any], rows: dict[str, object]) -> str:
    return sandbox.get_template(OURS).render({**context, **rows}).strip("\n") + "\n"


def _left(rows: _Rows, whole: str) -> Markdown | None:
    if not rows.more:
        return None
    return Markdown(f"Showing {len(rows.rows)} of {len(rows.rows) + rows.more:,}; {whole}.")


def _all(report: Report, occasion: Occasion) -> Markdown:
    """Where what has no room here is: in a comment also the summary of the run, which takes more."""
    command = f"`{'mldebt' if report.base is None else 'mldebt diff -v'}` lists all"
    run = run_address(occasion.pull) if occasion.pull is not None and occasion.limit == LIMIT else None
    return Markdown(command if run is None else f"[the run's summary]({run}) has more, {command}")


def _shown(report: Report) -> list[Finding]:
    """What is new, the worst first; without anything to compare with all there is."""
    return _urgent([finding for finding in report.findings if finding.standing == "new"])


def _urgent(found: list[Finding]) -> list[Finding]:
    return sorted(
        found, key=lambda f: (_SEVERITIES.index(f.severity), -f.minutes, f.at.path, f.at.cell or 0, f.at.line, f.rule)
    )


def _heading(report: Report, occasion: Occasion) -> str:
    if not _is_compared(report):
        return "What to pay first"
    return "New in this pull request" if occasion.pull is not None and occasion.pull.number is not None else "New"


def _is_compared(report: Report) -> bool:
    return report.base is not None or report.baseline is not None


def _table(found: list[Finding], report: Report, occasion: Occasion) -> _Rows:
    most = occasion.most if _is_compared(report) else min(occasion.most, _FIRST_REPORT)
    rows = [_row(finding, report, occasion) for finding in found[:most]]
    return _Rows(rows, len(found) - len(rows))


def _row(finding: Finding, report: Report, occasion: Occasion) -> Row:
    pull = occasion.pull
    gone = finding.standing == "fixed"
    if pull is not None and gone:  # it stands where the base stood
        pull = pull._replace(head=report.base or pull.head, number=None)
    return {
        "severity": Markdown(_MARKS[finding.severity]),
        "rule": link(code(finding.rule), f"{_HOME}/blob/main/docs/rules/{finding.rule}.md"),
        "where": place(finding.at, pull, report.touched or ()),
        "says": _says(finding, pull, report.touched or ()),
        "time": Markdown(duration(finding.minutes).replace(" ", "&nbsp;")),
    }


def _says(finding: Finding, pull: PullRequest | None, touched: tuple[str, ...]) -> Markdown:
    """What a finding says; of copies also where the next one is."""
    said = prose(finding.says)
    if finding.family != "clones" or not finding.see:
        return said
    more = f" and {len(finding.see) - 1} more" if len(finding.see) > 1 else ""
    return Markdown(f"{said.text}; also {place(finding.see[0], pull, touched).text}{more}")


def _counted(found: list[Finding]) -> str:
    return f"{len(found):,} finding{'' if len(found) == 1 else 's'}"


def _marker(report: Report, occasion: Occasion) -> Markdown:
    """The first line: no cut can lose it, and no quotation has it first."""
    head = occasion.pull.head if occasion.pull is not None else report.commit or ""
    run = f" run={occasion.pull.run}" if occasion.pull is not None and occasion.pull.run is not None else ""
    return Markdown(f"{MARKER} id={occasion.ident}{run} sha={head[:7] or 'none'} -->")


def _notes(report: Report, occasion: Occasion) -> list[Markdown]:
    """What held, what was not looked at, and what became of the baseline."""
    notes = [Markdown(_capital(prose(note, False).text)) for note in occasion.notes]
    notes += [
        Markdown(f"Not read: {code(problem.path or 'the repository', False).text} {prose(problem.what, False).text}")
        for problem in report.problems[:_NOTES]
    ]
    if len(report.problems) > _NOTES:
        notes.append(Markdown(f"Not read: {len(report.problems) - _NOTES:,} more."))
    if report.baseline is not None and report.baseline.gone:
        notes.append(Markdown(f"Gone from the baseline: {report.baseline.gone:,}; `mldebt baseline` shrinks it."))
    return notes


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _footer(report: Report, occasion: Occasion, version: str) -> Markdown:
    head = occasion.pull.head if occasion.pull is not None else report.commit
    commits = [f"commit {code(head[:7]).text}"] if head else []
    if report.base is not None and report.base != head and commits:
        commits = [f"{commits[0]} against {code(report.base[:7]).text}"]
    run = run_address(occasion.pull) if occasion.pull is not None else None
    full = [link(Markdown("full report"), run).text] if run is not None else []
    return Markdown(" · ".join([*commits, f"mldebt {version}", *full, f"[what is this?]({_HOME})"]))
