"""What the runner says a job runs for: a pull request, a finished run of another workflow, a push."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from mldebt.report.markdown_places import PullRequest

_LARGEST = 8 * 1024 * 1024  # bytes of an event
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


class Finished(NamedTuple):
    """A run of another workflow; `owner` of the branch is None once its fork is deleted.

    `numbers` are the pull requests that GitHub names; of a fork's run it names none.
    """

    run: int
    event: str
    head: str
    owner: str | None
    branch: str
    numbers: tuple[int, ...]


class Event(NamedTuple):
    """What happened; `pull` is None if what the runner says is not as usual, `base` the base branch's commit."""

    name: str
    pull: PullRequest | None
    base: str | None
    finished: Finished | None
    default_branch: str = ""


def event(environment: Mapping[str, str]) -> Event:
    """The event of this run."""
    payload = _payload(environment.get("GITHUB_EVENT_PATH", ""))
    return Event(
        environment.get("GITHUB_EVENT_NAME", ""),
        _pull(environment, payload),
        _commit(_at(payload, "pull_request", "base", "sha")),
        _finished(_at(payload, "workflow_run")),
        str(_at(payload, "repository", "default_branch") or ""),
    )


def pull_request(environment: Mapping[str, str]) -> PullRequest | None:
    """The pull request, or the commit of a push; None outside Actions, and if what the runner says is not as usual."""
    return event(environment).pull


def _pull(environment: Mapping[str, str], payload: object) -> PullRequest | None:
    server = environment.get("GITHUB_SERVER_URL", "").rstrip("/")
    repository = environment.get("GITHUB_REPOSITORY", "")
    asked = isinstance(_at(payload, "pull_request", "head"), dict)
    head = str(_at(payload, "pull_request", "head", "sha") if asked else environment.get("GITHUB_SHA", ""))
    if not (
        re.fullmatch(r"https?://[\w.:-]+", server, re.ASCII)
        and re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII)
        and _COMMIT.fullmatch(head)
    ):
        return None
    run = environment.get("GITHUB_RUN_ID", "")
    number = _at(payload, "pull_request", "number") if asked else None
    return PullRequest(
        server,
        repository,
        number if isinstance(number, int) else None,
        head,
        int(run) if re.fullmatch(r"[0-9]{1,18}", run) else None,
    )


def _finished(run: object) -> Finished | None:
    number, head = _at(run, "id"), _commit(_at(run, "head_sha"))
    if not isinstance(number, int) or head is None:
        return None
    owner = _at(run, "head_repository", "owner", "login")
    named = _at(run, "pull_requests")
    numbers = [_at(one, "number") for one in named] if isinstance(named, list) else []
    return Finished(
        number,
        str(_at(run, "event") or ""),
        head,
        owner if isinstance(owner, str) else None,
        str(_at(run, "head_branch") or ""),
        tuple(one for one in numbers if isinstance(one, int)),
    )


def _commit(value: object) -> str | None:
    return value if isinstance(value, str) and _COMMIT.fullmatch(value) else None


def _at(value: object, *keys: str) -> Any:
    """What lies below these keys; None if there is nothing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _payload(path: str) -> object:
    """The event file's content; None if there is none that can be read."""
    file = Path(path)
    try:
        if not path or not file.is_file() or file.stat().st_size > _LARGEST:
            return None
        return msgspec.json.decode(file.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
