"""The one comment that mldebt keeps on a pull request: found again, updated, never doubled, never a stranger's."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from mldebt.errors import ApiError
from mldebt.github.client import Client
from mldebt.report.markdown import MARKER

_WRITES = 3  # times that a comment is created whose creation may have worked or not
_BOT = "github-actions[bot]"
_RUN = re.compile(r"[^\n]*? run=(\d{1,18}) ")


class Wish(NamedTuple):
    """The comment wanted: its text, which begins with the marker of `ident`, and the commit and run it is of.

    `may_create` is False if nothing is worth a new comment; one that is there is brought up to date all the same.
    """

    body: str
    ident: str
    head: str
    run: int | None
    may_create: bool


class Posted(NamedTuple):
    """What became of it: created, updated, unchanged, skipped (`why` says for what reason)."""

    state: str
    url: str = ""
    why: str = ""


class Thread:
    """The comments of one pull request."""

    def __init__(self, client: Client, repository: str, number: int) -> None:
        self._client = client
        self._repository = f"/repos/{repository}"
        self._number = number
        self._login = ""

    def post(self, wish: Wish) -> Posted:
        """Bring the comment about. Raises ApiError."""
        mine = self._mine(wish)
        if not mine and not wish.may_create:
            return Posted("skipped", why="there is nothing to act on")
        late = self._late(wish, mine)
        if late:
            return Posted("skipped", why=late)
        if not mine:
            return self._create(wish)
        last = mine[-1]
        if _same(str(last["body"]), wish.body):
            return Posted("unchanged", str(last["html_url"]))
        path = f"{self._repository}/issues/comments/{last['id']}"
        changed = self._client.send("PATCH", path, {"body": wish.body})
        self._remove(mine[:-1])
        return Posted("updated", str(changed["html_url"]))

    def _mine(self, wish: Wish) -> list[dict[str, Any]]:
        """Our comments with this ident, the one of the latest run last."""
        start = f"{MARKER} id={wish.ident} "
        path = f"{self._repository}/issues/{self._number}/comments"
        found = [one for one in self._client.pages(path) if str(one.get("body") or "").startswith(start)]
        mine = [one for one in found if (one.get("user") or {}).get("login") == self._me()]
        return sorted(mine, key=lambda one: (_run(one), int(one["id"])))

    def _me(self) -> str:
        """The login that comments with this token bear."""
        if not self._login:
            try:
                self._login = str(self._client.get("/user")["login"])
            except ApiError as error:
                if error.status not in (401, 403, 404):
                    raise
                self._login = self._viewer()
        return self._login

    def _viewer(self) -> str:
        """The login of an app's token, which is no user; that of Actions where GraphQL does not answer."""
        try:
            return str(self._client.graphql("query { viewer { login } }")["data"]["viewer"]["login"])
        except (ApiError, KeyError, TypeError):
            return _BOT

    def _late(self, wish: Wish, mine: list[dict[str, Any]]) -> str:
        """Why another run's comment is the better one; empty if none is."""
        if wish.run is not None and any(_run(one) > wish.run for one in mine):
            return "a later run has reported already"
        head = self._client.get(f"{self._repository}/pulls/{self._number}")["head"]["sha"]
        return "" if head == wish.head else "a newer commit was pushed meanwhile"

    def _create(self, wish: Wish) -> Posted:
        for tried in range(_WRITES):
            try:
                path = f"{self._repository}/issues/{self._number}/comments"
                made = self._client.send("POST", path, {"body": wish.body})
                self._tidy(wish)
                return Posted("created", str(made["html_url"]))
            except ApiError as error:
                if not error.may_have_worked or tried == _WRITES - 1:
                    raise
            there = self._mine(wish)  # the answer was lost, perhaps not the comment
            if there:
                return Posted("created", str(there[-1]["html_url"]))
        raise AssertionError("the last try returns or raises")

    def _tidy(self, wish: Wish) -> None:
        """Of comments that two runs created at once the later run's stays."""
        try:
            self._remove(self._mine(wish)[:-1])
        except ApiError:
            return  # ours is there, and the next run looks again

    def _remove(self, comments: list[dict[str, Any]]) -> None:
        """Take out comments of ours that another one replaces; what refuses to go is left to the next run."""
        for one in comments:
            try:
                self._client.send("DELETE", f"{self._repository}/issues/comments/{one['id']}")
            except ApiError:
                return


def _run(comment: dict[str, Any]) -> int:
    """The run that a comment's marker names; 0 if it names none."""
    found = _RUN.match(str(comment["body"]))
    return int(found[1]) if found else 0


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.strip()
