"""Where a comment's links lead: into the difference of a pull request, or to a file at its commit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from mldebt.model import Span
from mldebt.report.markdown_quote import Markdown, code, link


class PullRequest(NamedTuple):
    """A pull request on a server; `head` is the commit its author pushed, `run` the number of the run that reports."""

    server: str
    repository: str
    number: int | None
    head: str
    run: int | None = None

    @property
    def address(self) -> str:
        """The address of the repository."""
        return f"{self.server}/{self.repository}"


def place(span: Span, pull: PullRequest | None, touched: Iterable[str] = ()) -> Markdown:
    """A place as code, linked if there is somewhere to lead; `touched` are the paths that the pull request shows."""
    shown = code(f"{span.path}:{span.line}" if span.cell is None else span.path)
    if pull is not None:
        shown = link(shown, _address(span, pull, touched))
    return shown if span.cell is None else Markdown(f"{shown.text} cell {span.cell}, line {span.line}")


def _address(span: Span, pull: PullRequest, touched: Iterable[str]) -> str:
    if pull.number is not None and span.cell is None and span.path in touched:
        digest = hashlib.sha256(span.path.encode(errors="surrogateescape")).hexdigest()
        return f"{pull.address}/pull/{pull.number}/files#diff-{digest}R{span.line}"
    path = quote(span.path, safe="/", errors="surrogateescape")
    lines = f"#L{span.line}-L{span.end_line}" if span.end_line > span.line else f"#L{span.line}"
    return f"{pull.address}/blob/{pull.head}/{path}{lines if span.cell is None else ''}"


def run_address(pull: PullRequest) -> str | None:
    """The page of the run that made the report."""
    return f"{pull.address}/actions/runs/{pull.run}" if pull.run is not None else None
