"""The finding a comment shows in full: where it is, why it is debt, and what takes it out."""

from __future__ import annotations

import re

from mldebt.model import Finding, RuleText
from mldebt.report.excerpt import Excerpts
from mldebt.report.markdown_quote import Markdown, block, code

_LINES = 12  # of an excerpt
_PATCH_LINES = 30  # of a patch that is shown; a longer one is printed by `mldebt fix --diff`
_WIDTH = 140  # characters of a line
_WHY = re.compile(r"^## Why it is debt\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
# what is shown here is copied into mails and logs: nothing that may be a key
_SECRET = re.compile(r"(?i)secret|token|passw|api_?-?key|private.key|credential|[A-Za-z0-9+/_=-]{40,}")


def excerpt(finding: Finding, excerpts: Excerpts) -> list[str]:
    """The lines of a finding's place that are shown."""
    return excerpts.lines(finding.at, _LINES)


def first(finding: Finding, row: dict[str, Markdown], texts: list[RuleText], lines: list[str]) -> dict[str, object]:
    """The row of the finding with its code, of which these are the lines, the reason, and the remedy."""
    return {
        **row,
        "code": _code(finding, lines[:_LINES]),
        "why": _why(finding.rule, texts),
        "remedy": _remedy(finding),
    }


def _code(finding: Finding, lines: list[str]) -> Markdown | None:
    """The patch if it is short, else the lines of the place; nothing that looks like a secret."""
    patch = finding.fix.diff.splitlines() if finding.fix is not None else []
    language = "python"
    if patch and len(patch) <= _PATCH_LINES:
        lines, language = patch, "diff"
    if not lines or any(_SECRET.search(line) for line in lines):
        return None
    return block("\n".join(line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…" for line in lines), language)


def _why(rule: str, texts: list[RuleText]) -> Markdown | None:
    """The reason that the rule's own page gives."""
    page = next((text.page for text in texts if text.name == rule), "")
    match = _WHY.search(page)
    return Markdown(match[1].strip()) if match else None


def _remedy(finding: Finding) -> Markdown:
    if finding.fix is not None and finding.fix.safe:
        return Markdown("`mldebt fix` takes it out.")
    if finding.fix is not None:
        return Markdown("`mldebt fix --unsafe` takes it out, if nothing outside the repository needs it.")
    return Markdown(f"{code(f'mldebt explain {finding.rule}', False).text} has examples and limits.")
