"""What the stand-in for GitHub knows: tokens, pull requests, comments, artifacts, files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from api_description import Description, Value

REPOSITORY = "acme/ml"
BOT = "github-actions[bot]"
_COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id}"


@dataclass
class Token:
    """Whose it is, and what it may: `write` is False for what a fork's run gets."""

    login: str
    write: bool = True
    is_user: bool = False


TOKENS = {
    "ghs_write": Token(BOT),
    "ghs_fork": Token(BOT, write=False),
    "ghs_app": Token("debt-app[bot]"),
    "ghp_user": Token("alice", is_user=True),
}


@dataclass
class Pull:
    """A pull request; `repository` is None once its fork is deleted."""

    head: str
    base: str = "2" * 40
    branch: str = "feature/x"
    repository: str | None = REPOSITORY
    state: str = "open"


@dataclass
class Fault:
    """What goes wrong: with an answer to requests that match (method and path), so many times."""

    match: str
    status: int = 0
    times: int = 1
    retry_after: int | None = None
    primary: int | None = None  # seconds until the limit is over
    drop: bool = False
    after: bool = False  # the request is done, and only then the answer is lost


@dataclass
class State:
    """Everything that lasts from request to request."""

    described: Description
    pulls: dict[int, Pull] = field(default_factory=dict)
    comments: dict[int, list[Value]] = field(default_factory=dict)
    artifacts: dict[int, dict[str, dict[str, bytes]]] = field(default_factory=dict)  # run → name → file → content
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)  # (ref, path) → content
    faults: list[Fault] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    number: int = 1000

    def next_number(self) -> int:
        self.number += 1
        return self.number

    def comment(self, pull: int, login: str, body: str) -> Value:
        """Add a comment, as the API shows it."""
        number = self.next_number()
        one: Value = self.described.example("GET", _COMMENT, 200)
        kind = "Bot" if login.endswith("[bot]") else "User"
        one |= {"id": number, "body": body, "user": one["user"] | {"login": login, "type": kind}}
        one |= {"html_url": f"https://github.com/{REPOSITORY}/pull/{pull}#issuecomment-{number}"}
        self.comments.setdefault(pull, []).append(one)
        return one
