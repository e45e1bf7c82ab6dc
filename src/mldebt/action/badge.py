"""The badge, which a run on the default branch puts on a branch of its own."""

from __future__ import annotations

from collections.abc import Mapping

from mldebt.action.inputs import Inputs
from mldebt.action.scan import Scanned
from mldebt.data_branch import push
from mldebt.github.event import Event
from mldebt.github.log import Log
from mldebt.report.badge import to_endpoint, to_svg


def push_badge(scanned: Scanned, inputs: Inputs, event: Event, environment: Mapping[str, str], log: Log) -> None:
    """Push the badge if a branch for it is named and the default branch was scanned. Raises what `push` raises."""
    if not inputs.badge_branch:
        return
    if environment.get("GITHUB_REF") != f"refs/heads/{event.default_branch}":
        log.line(f"the badge is pushed from {event.default_branch or 'the default branch'} alone")
        return
    files = {"badge.svg": to_svg(scanned.report), "badge.json": to_endpoint(scanned.report)}
    commit = push(scanned.root, inputs.badge_branch, files, {**environment, "GITHUB_TOKEN": inputs.token})
    says = "has this badge already" if commit is None else "has a new badge"
    log.line(f"{inputs.badge_branch} {says}")
