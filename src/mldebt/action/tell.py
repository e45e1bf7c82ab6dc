"""What a scan leaves in the job: reports in files, annotations, the summary, and lines in the log."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mldebt import __version__
from mldebt.action.inputs import Inputs
from mldebt.action.scan import Scanned
from mldebt.errors import UsageError
from mldebt.github.log import Level, Log
from mldebt.github.outputs import write_summary
from mldebt.model import Finding, Report, Severity
from mldebt.output import as_bytes
from mldebt.read.replacement import overwrite
from mldebt.report.markdown import to_markdown
from mldebt.report.markdown_occasion import Occasion
from mldebt.rules.catalogue import texts

_LEVELS: dict[Severity, Level] = {"high": "error", "medium": "warning", "low": "notice"}
_SUFFIXES = {"markdown": "md", "gitlab": "gitlab.json", "junit": "xml"}
_MOST_LINES = 1_000  # of the log
_SUMMARY = 250_000  # characters: a million bytes at most
_SUMMARY_ROWS = 1_000
_FOLDER = "mldebt-report"


def reports(scanned: Scanned, inputs: Inputs, told: Occasion, environment: Mapping[str, str]) -> dict[str, object]:
    """Write the reports asked for; the outputs that name them."""
    folder = _folder(inputs, environment)
    named: dict[str, object] = {"report-dir": folder}
    for form in inputs.formats:
        file = folder / f"mldebt.{_SUFFIXES.get(form, form)}"
        is_comment = form == "markdown"
        overwrite(file, _comment(scanned, told) if is_comment else as_bytes(scanned.report, form, scanned.root))
        named[f"report-{form}"] = file
    return {name: value for name, value in named.items() if name in ("report-dir", "report-json", "report-sarif")}


def _comment(scanned: Scanned, told: Occasion) -> bytes:
    return to_markdown(scanned.report, texts(), __version__, scanned.root, told)


def _folder(inputs: Inputs, environment: Mapping[str, str]) -> Path:
    """The folder of reports, made if it is not there; a link in the repository must not lead out of it."""
    temporary = Path(environment.get("RUNNER_TEMP") or ".").resolve()
    workspace = Path(environment.get("GITHUB_WORKSPACE") or ".").resolve()
    folder = (workspace / inputs.report_dir).resolve() if inputs.report_dir else temporary / _FOLDER
    if not (folder.is_relative_to(workspace) or folder.is_relative_to(temporary)):
        raise UsageError(f"input report-dir leads to {folder}: give a folder inside the workspace")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make {folder}: {error.strerror}") from error
    return folder


def tell_log(report: Report, log: Log) -> None:
    """The new findings, one a line; without a base all that is not paid off."""
    found = [finding for finding in report.findings if finding.standing == "new"]
    for finding in found[:_MOST_LINES]:
        cell = f"cell {finding.at.cell}:" if finding.at.cell is not None else ""
        log.line(f"{finding.at.path}:{cell}{finding.at.line}:{finding.at.column}: {finding.rule} {finding.says}")
    if len(found) > _MOST_LINES:
        log.line(f"{len(found) - _MOST_LINES:,} more: the report in report-dir lists all")


def annotate(report: Report, inputs: Inputs, log: Log) -> None:
    """Findings beside their lines, the gravest first; without a base they are called new only if all are asked for."""
    is_compared = report.base is not None or report.baseline is not None
    wanted = {"none": (), "new": ("new",) if is_compared else (), "all": ("new", "kept")}[inputs.annotations]
    found = [finding for finding in report.findings if finding.standing in wanted]
    for finding in sorted(found, key=lambda f: -f.minutes):
        level = _LEVELS[finding.severity]
        if log.room(level) > 0:
            log.annotate(level, _message(finding), **_where(finding), title=f"mldebt: {finding.rule}")


def _message(finding: Finding) -> str:
    """A cell is told in words: the lines of a notebook are those of its JSON."""
    cell = f"cell {finding.at.cell}, line {finding.at.line}: " if finding.at.cell is not None else ""
    return f"{cell}{finding.says}"


def _where(finding: Finding) -> dict[str, str | int]:
    at = finding.at
    return {"file": at.path} if at.cell is not None else {"file": at.path, "line": at.line, "endLine": at.end_line}


def summarise(scanned: Scanned, told: Occasion, environment: Mapping[str, str]) -> None:
    """The page of the run: what the comment says, with more rows."""
    text = _comment(scanned, told._replace(most=_SUMMARY_ROWS, limit=_SUMMARY, template=None)).decode()
    write_summary(environment.get("GITHUB_STEP_SUMMARY", ""), text.partition("\n")[2])
