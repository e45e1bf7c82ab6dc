"""What a finished run of another workflow left, and the pull request that it was for."""

from __future__ import annotations

import io
from typing import Any

from mldebt.errors import Unreadable
from mldebt.github.client import Client
from mldebt.github.event import Finished
from mldebt.github.handover import ARTIFACT, FILE, LARGEST, HandOver, decode


def handed_over(client: Client, repository: str, finished: Finished) -> HandOver | None:
    """What the run handed over; None if it did not. Raises ApiError, and Unreadable for what we never wrote."""
    path = f"/repos/{repository}/actions/runs/{finished.run}/artifacts"
    found = [one for one in client.pages(path, "artifacts", name=ARTIFACT) if one.get("name") == ARTIFACT]
    live = [one for one in found if not one.get("expired")]
    if not live:
        return None
    newest = max(live, key=lambda one: int(one["id"]))  # a run that was started again leaves one more
    return decode(_entry(client.download(f"/repos/{repository}/actions/artifacts/{int(newest['id'])}/zip")))


def _entry(packed: bytes) -> bytes:
    """The one file we know, read in memory; nothing is unpacked to disk."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(io.BytesIO(packed)) as archive, archive.open(FILE) as stream:
            data = stream.read(LARGEST + 1)
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise Unreadable(f"the artifact has no {FILE} that can be read: {error}", "unreadable") from error
    if len(data) > LARGEST:
        raise Unreadable(f"what was handed over has more than {LARGEST:,} bytes", "too-large")
    return data


def pull_request_of(client: Client, repository: str, finished: Finished, base: str | None) -> int | None:
    """The number of the open pull request at the commit of the run; None if there is none any more.

    The event and the API say which: of several the one whose base is the report's, else the first.
    """
    numbers = [one for one in finished.numbers if _is_at(client.get(f"/repos/{repository}/pulls/{one}"), finished)]
    if numbers:
        return numbers[0]
    asked = {"head": f"{finished.owner}:{finished.branch}"} if finished.owner is not None else {}
    pulls = [one for one in client.pages(f"/repos/{repository}/pulls", state="open", **asked) if _is_at(one, finished)]
    best = next((one for one in pulls if one["base"]["sha"] == base), pulls[0] if pulls else None)
    return int(best["number"]) if best is not None else None


def _is_at(pull: Any, finished: Finished) -> bool:
    return bool(pull["head"]["sha"] == finished.head and pull["state"] == "open")
