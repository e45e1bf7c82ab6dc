"""The pull request that a run of GitHub Actions is for, from what the runner says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from mldebt.report.markdown_places import PullRequest

_LARGEST = 8 * 1024 * 1024  # bytes of an event


def pull_request(environment: Mapping[str, str]) -> PullRequest | None:
    """The pull request, or the commit of a push; None outside Actions, and if what the runner says is not as usual."""
    server = environment.get("GITHUB_SERVER_URL", "").rstrip("/")
    repository = environment.get("GITHUB_REPOSITORY", "")
    asked = _asked(environment.get("GITHUB_EVENT_PATH", ""))
    head = str(asked.get("head", environment.get("GITHUB_SHA", "")))
    if not (
        re.fullmatch(r"https?://[\w.:-]+", server, re.ASCII)
        and re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII)
        and re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", head)
    ):
        return None
    run = environment.get("GITHUB_RUN_ID", "")
    number = asked.get("number")
    return PullRequest(
        server,
        repository,
        number if isinstance(number, int) else None,
        head,
        int(run) if re.fullmatch(r"[0-9]{1,18}", run) else None,
    )


def _asked(path: str) -> dict[str, Any]:
    """The number and the head of the pull request in an event file; nothing if it is none."""
    file = Path(path)
    try:
        if not path or not file.is_file() or file.stat().st_size > _LARGEST:
            return {}
        event = msgspec.json.decode(file.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    asked = event.get("pull_request") if isinstance(event, dict) else None
    head = asked.get("head") if isinstance(asked, dict) else None
    if not isinstance(asked, dict) or not isinstance(head, dict):
        return {}
    return {"number": asked.get("number"), "head": head.get("sha")}
