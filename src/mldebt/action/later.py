"""The comment of another workflow's run, which had no right to post it: written anew from the data it left."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from mldebt import __version__
from mldebt.action.base import inside
from mldebt.action.inputs import Inputs
from mldebt.errors import ApiError, Unreadable, UsageError
from mldebt.github.artifact import handed_over, pull_request_of
from mldebt.github.client import Client
from mldebt.github.comment import Thread, Wish
from mldebt.github.event import Event
from mldebt.github.log import Log
from mldebt.github.outputs import write_outputs, write_summary
from mldebt.report.markdown import to_markdown
from mldebt.report.markdown_occasion import Occasion
from mldebt.report.markdown_places import PullRequest
from mldebt.rules.catalogue import texts

_NOWHERE = Path("/nonexistent")  # nothing is checked out where this runs


def comment_later(inputs: Inputs, event: Event, environment: Mapping[str, str], log: Log) -> None:
    """Post what the finished run handed over, if its pull request is still at that commit."""
    finished = event.finished
    if finished is None or event.pull is None:
        raise UsageError("mode comment runs in a workflow_run job only: the event is another one")
    if finished.event != "pull_request":
        log.line(f"nothing to comment on: the run was for {finished.event or 'no event'}")
        return
    if not inputs.token:
        raise UsageError("the input token is empty: mode comment needs one that may write pull requests")
    client = Client(environment.get("GITHUB_API_URL", "https://api.github.com"), inputs.token)
    outputs: dict[str, object] = {"comment": "skipped"}
    try:
        outputs = _posted(client, inputs, event, log, environment)
    except (ApiError, Unreadable) as error:  # the door: what GitHub refuses is said
        log.annotate("warning", f"no comment was posted: {error}", title="mldebt")
    write_outputs(environment.get("GITHUB_OUTPUT", ""), outputs)


def _posted(
    client: Client, inputs: Inputs, event: Event, log: Log, environment: Mapping[str, str]
) -> dict[str, object]:
    assert event.finished is not None and event.pull is not None, "the caller looked"
    repository = event.pull.repository
    handed = handed_over(client, repository, event.finished)
    if handed is None:
        log.line("nothing was handed over: that run had nothing to say, or posted its comment itself")
        return {"comment": "skipped"}
    number = pull_request_of(client, repository, event.finished, handed.report.base)
    if number is None:
        log.line("no open pull request is at the commit of that run: there is nothing to comment on")
        return {"comment": "skipped"}
    pull = PullRequest(event.pull.server, repository, number, event.finished.head, event.finished.run)
    told = Occasion(handed.gate, pull, handed.no_base, inputs.comment_max_items, inputs.comment_id, handed.notes)
    template, why_not = _template(client, repository, number, inputs)
    told = told._replace(code=handed.code, template=template, notes=(*handed.notes, *why_not))
    body = to_markdown(handed.report, texts(), __version__, _NOWHERE, told).decode()
    write_summary(environment.get("GITHUB_STEP_SUMMARY", ""), body.partition("\n")[2])
    may_create = inputs.comment == "always" or handed.may_create
    wish = Wish(body, inputs.comment_id, pull.head, pull.run, may_create)
    posted = Thread(client, repository, number).post(wish)
    if posted.why:
        log.line(f"comment {posted.state}: {posted.why}")
    return {"comment": posted.state, "comment-url": posted.url}


def _template(client: Client, repository: str, number: int, inputs: Inputs) -> tuple[str | None, tuple[str, ...]]:
    """The comment's template as the base branch has it, None without one; a note if it cannot be had."""
    if not inputs.comment_template:
        return None, ()
    path = inside("comment-template", inputs.comment_template)
    base = client.get(f"/repos/{repository}/pulls/{number}")["base"]["sha"]
    try:
        found = client.get(f"/repos/{repository}/contents/{quote(path)}", ref=base)
        return b64decode(found["content"]).decode(errors="replace"), ()
    except (ApiError, KeyError, TypeError, ValueError) as error:
        return None, (f"the template `{path}` could not be had ({error}): this job may need `contents: read`",)
