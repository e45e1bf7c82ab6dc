"""The comment of a scan's own job: posted, or handed over to the job that may."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from mldebt import __version__
from mldebt.action.inputs import Inputs
from mldebt.action.scan import Scanned
from mldebt.errors import ApiError
from mldebt.github.client import Client
from mldebt.github.comment import Posted, Thread, Wish
from mldebt.github.handover import FILE, HandOver, encode
from mldebt.github.log import Level, Log
from mldebt.report.markdown import excerpt_of_first, to_markdown
from mldebt.report.markdown_occasion import Occasion
from mldebt.rules.catalogue import texts

_FOLDER = "mldebt-hand-over"


def post(
    scanned: Scanned, inputs: Inputs, told: Occasion, environment: Mapping[str, str], log: Log
) -> dict[str, object]:
    """Comment on the pull request if there is one and it is wanted; the outputs that tell of it."""
    if inputs.comment == "never" or told.pull is None or told.pull.number is None:
        return {"comment": "skipped"}
    posted = _posted(scanned, inputs, told, environment, log)
    if posted.why:
        log.line(f"comment {posted.state}: {posted.why}")
    file = _hand_over(scanned, inputs, told, environment) if posted.state == "handed-over" else ""
    return {"comment": posted.state, "comment-url": posted.url, "hand-over-file": file}


def is_worth_it(scanned: Scanned, wanted: str) -> bool:
    """Whether a first comment says something to act on."""
    moved = any(finding.standing in ("new", "fixed") for finding in scanned.report.findings)
    return wanted == "always" or moved or bool(scanned.verdict.reasons or scanned.base.why_not)


def _posted(scanned: Scanned, inputs: Inputs, told: Occasion, environment: Mapping[str, str], log: Log) -> Posted:
    """What became of the comment; a refusal of GitHub's never fails the job."""
    may_create = is_worth_it(scanned, inputs.comment)
    if not inputs.token:
        return Posted("handed-over" if may_create else "skipped", why="there is no token")
    assert told.pull is not None and told.pull.number is not None, "the caller looked"
    body = to_markdown(scanned.report, texts(), __version__, scanned.root, told).decode()
    client = Client(environment.get("GITHUB_API_URL", "https://api.github.com"), inputs.token)
    wish = Wish(body, inputs.comment_id, told.pull.head, told.pull.run, may_create)
    try:
        return Thread(client, told.pull.repository, told.pull.number).post(wish)
    except ApiError as error:  # the door: what GitHub refuses is said, and handed over
        level: Level = "notice" if error.status == 403 else "warning"
        says = f"the comment could not be posted ({error}): the summary of this run has it"
        log.annotate(level, says, title="mldebt")
        return Posted("handed-over", why=str(error))


def _hand_over(scanned: Scanned, inputs: Inputs, told: Occasion, environment: Mapping[str, str]) -> Path:
    """Write what the other job needs to write the comment itself."""
    folder = Path(environment.get("RUNNER_TEMP") or os.curdir, _FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    code = excerpt_of_first(scanned.report, scanned.root)
    handed = HandOver(scanned.report, told.gate, told.no_base, told.notes, code, is_worth_it(scanned, inputs.comment))
    (folder / FILE).write_bytes(encode(handed))
    return folder / FILE
