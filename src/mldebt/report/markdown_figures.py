"""The numbers of a comment: its title, its verdict, the figures before and after, and where the debt is."""

from __future__ import annotations

from mldebt.model import CATEGORIES, Finding, Report
from mldebt.report.markdown_occasion import Gate, Occasion
from mldebt.report.markdown_quote import Markdown, prose
from mldebt.report.terminal import duration

_COUNTED = ("new", "any", "low", "medium", "high")  # thresholds that a count of findings decides
_MINUS = "\N{MINUS SIGN}"


def title(report: Report) -> Markdown:
    """The grade, and what it was; without one the number of findings."""
    grade, before = _grade(report), _grade_before(report)
    if grade is None:
        return Markdown(f"ML debt: {_counted(len(_present(report)))}")
    if before is None or before == grade:
        return Markdown(f"ML debt: grade {grade}")
    return Markdown(f"ML debt: grade {grade} ({'🟢 up' if grade < before else '🔴 down'} from {before})")


def verdict(report: Report, occasion: Occasion) -> Markdown:
    """One line: what changes, or how things stand."""
    said = [_change(report, occasion)]
    if not _standing(report, "new", "fixed") or not _is_compared(report):
        said.append(_state(report))
    return Markdown(" ".join(filter(None, said)))


def gate(occasion: Occasion) -> Markdown:
    """One line: what the gate makes of it, with the very count that decided; empty if nothing is asked of it."""
    return Markdown(_gate(occasion.gate) if occasion.gate.fail_on != "none" else "")


def _change(report: Report, occasion: Occasion) -> str:
    new, fixed = _standing(report, "new"), _standing(report, "fixed")
    if occasion.no_base:
        why = prose(occasion.no_base, False).text
        return f"**Nothing to compare with:** the base could not be read ({why}), so nothing here is called new."
    if not _is_compared(report):
        return "**The first report:** there is no base to compare with."
    if new and fixed:
        return f"**Adds {_priced(new)} and pays off {_priced(fixed)}.**"
    if new:
        return f"**Adds {_priced(new)}.**"
    if fixed:
        return f"**Pays off {_priced(fixed)} and adds none.** Thank you!"
    if report.touched == ():
        return "**No Python file or notebook changed.**"
    return "**Adds no debt, and pays off none.**"


def _state(report: Report) -> str:
    present = _present(report)
    if not present:
        return "Nothing is left to pay back."
    return f"The repository has {_counted(len(present))}, {duration(_minutes(present))} to pay back."


def _gate(gate: Gate) -> str:
    verdict = "🔴 failed" if gate.over else "🟢 passed"
    said = prose(gate.says, False).text if gate.says else _over(gate) if gate.fail_on in _COUNTED else ""
    return f"Gate: {f'{verdict}, {said}' if said else verdict} (`fail-on = {gate.fail_on}`)."


def _over(gate: Gate) -> str:
    noun = f"finding{'' if gate.over == 1 else 's'}"
    count = f"{gate.over:,}" if gate.over else "no"
    if gate.fail_on == "new":
        return f"{count} new {noun}"
    if gate.fail_on == "any":
        return f"{count} {noun}"
    return f"{count} {noun} of {gate.fail_on} severity{'' if gate.fail_on == 'high' else ' or above'}"


def figures(report: Report) -> list[dict[str, Markdown]]:
    """What the base had, what there is now, and the change; none if nothing changed or there is no base."""
    new, fixed = _standing(report, "new"), _standing(report, "fixed")
    if report.base is None or not (new or fixed):
        return []
    present = _present(report)
    rows = [_figure("Findings", len(present), len(new) - len(fixed))]
    high = [finding for finding in present if finding.severity == "high"]
    change = sum(f.severity == "high" for f in new) - sum(f.severity == "high" for f in fixed)
    if high or change:
        rows.append(_figure("of them of high severity", len(high), change))
    minutes, change = _minutes(present), _minutes(new) - _minutes(fixed)
    was, now = duration(minutes - change), duration(minutes)
    rows.append(_row("Time to pay back", was, now, _signed(change, duration(abs(change)))))
    grade, before = _grade(report), _grade_before(report)
    if grade is not None and before is not None:
        word = "none" if grade == before else "🟢 better" if grade < before else "🔴 worse"
        rows.insert(0, _row("Grade (A is best)", before, grade, word))
    return rows


def _figure(name: str, now: int, change: int) -> dict[str, Markdown]:
    return _row(name, f"{now - change:,}", f"{now:,}", _signed(change, f"{abs(change):,}"))


def _row(name: str, base: str, now: str, change: str) -> dict[str, Markdown]:
    return {"name": Markdown(name), "base": Markdown(base), "now": Markdown(f"**{now}**"), "change": Markdown(change)}


def _signed(change: int, size: str) -> str:
    return "none" if not change else f"🔴 +{size}" if change > 0 else f"🟢 {_MINUS}{size}"


def areas(report: Report) -> list[dict[str, Markdown]]:
    """Grade, findings and minutes of each category; none without findings."""
    present = _present(report)
    if not present:
        return []
    rows = []
    for category in CATEGORIES:
        found = [finding for finding in present if finding.category == category]
        score = report.score.categories.get(category) if report.score is not None else None
        rows.append(
            {
                "name": Markdown(category),
                "grade": Markdown((score.grade if score is not None else None) or "-"),
                "count": Markdown(f"{len(found):,}"),
                "time": Markdown(duration(_minutes(found)) if found else "-"),
            }
        )
    return rows


def _grade(report: Report) -> str | None:
    return report.score.grade if report.score is not None else None


def _grade_before(report: Report) -> str | None:
    return report.base_score.grade if report.base_score is not None else None


def _present(report: Report) -> list[Finding]:
    return _standing(report, "new", "kept")


def _standing(report: Report, *standings: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.standing in standings]


def _is_compared(report: Report) -> bool:
    return report.base is not None or report.baseline is not None


def _priced(found: list[Finding]) -> str:
    return f"{_counted(len(found))} ({duration(_minutes(found))})"


def _counted(count: int) -> str:
    return f"{count:,} finding{'' if count == 1 else 's'}"


def _minutes(found: list[Finding]) -> int:
    return sum(finding.minutes for finding in found)
