"""What the stand-in for GitHub does, one function an operation, named as in GitHub's description."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from api_description import Value
from fake_state import REPOSITORY, Pull, State, Token

LONGEST = 65_536  # characters of a comment
_PULL = "/repos/{owner}/{repo}/pulls/{pull_number}"


class Refusal(Exception):
    """An answer that is none: a status of 400 or more."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


class Call(NamedTuple):
    """A request that was understood."""

    state: State
    token: Token
    parts: dict[str, str]
    query: dict[str, str]
    body: Any

    @property
    def pull(self) -> int:
        number = int(self.parts.get("issue_number") or self.parts["pull_number"])
        if number not in self.state.pulls:
            raise Refusal(404, "Not Found")
        return number


class Answer(NamedTuple):
    """Status, value and headers; a list is cut into pages by whoever sends it."""

    status: int
    value: Any
    headers: Mapping[str, str] = MappingProxyType({})


def _pull(state: State, number: int, one: Pull) -> Value:
    shown: Value = state.described.example("GET", _PULL, 200)
    shown |= {"number": number, "state": one.state, "requested_teams": []}
    owner = (one.repository or "ghost/").split("/")[0]
    shown["head"] |= {"ref": one.branch, "sha": one.head, "label": f"{owner}:{one.branch}"}
    if one.repository is not None:
        shown["head"]["repo"] |= {"full_name": one.repository, "fork": one.repository != REPOSITORY}
    shown["base"] |= {"ref": "main", "sha": one.base}
    return shown


def _get_pull(call: Call) -> Answer:
    return Answer(200, _pull(call.state, call.pull, call.state.pulls[call.pull]))


def _list_pulls(call: Call) -> Answer:
    shape: Value = call.state.described.example("GET", "/repos/{owner}/{repo}/pulls", 200)[0]
    found = []
    for number, one in call.state.pulls.items():
        head = f"{(one.repository or 'ghost/').split('/')[0]}:{one.branch}"
        if one.state == call.query.get("state", "open") and call.query.get("head") in (None, head):
            whole = _pull(call.state, number, one)
            found.append({key: whole.get(key, value) for key, value in shape.items()})
    return Answer(200, found)


def _checked(body: str) -> str:
    if not body.strip():
        raise Refusal(422, "Validation Failed")
    if len(body) > LONGEST:
        raise Refusal(422, f"body is too long (maximum is {LONGEST} characters)")
    return body


def _list_comments(call: Call) -> Answer:
    return Answer(200, call.state.comments.get(call.pull, []))


def _create_comment(call: Call) -> Answer:
    return Answer(201, call.state.comment(call.pull, call.token.login, _checked(call.body["body"])))


def _found(call: Call) -> tuple[list[Value], Value]:
    for thread in call.state.comments.values():
        for one in thread:
            if str(one["id"]) == call.parts["comment_id"]:
                return thread, one
    raise Refusal(404, "Not Found")


def _update_comment(call: Call) -> Answer:
    one = _found(call)[1]
    if one["user"]["login"] != call.token.login:
        raise Refusal(403, "Resource not accessible by integration")
    one["body"] = _checked(call.body["body"])
    return Answer(200, one)


def _delete_comment(call: Call) -> Answer:
    thread, one = _found(call)
    thread.remove(one)
    return Answer(204, None)


def _user(call: Call) -> Answer:
    if not call.token.is_user:
        raise Refusal(403, "Resource not accessible by integration")
    return Answer(200, call.state.described.example("GET", "/user", 200) | {"login": call.token.login})


def _list_artifacts(call: Call) -> Answer:
    path = "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts"
    shape: Value = call.state.described.example("GET", path, 200)["artifacts"][0]
    names = sorted(call.state.artifacts.get(int(call.parts["run_id"]), {}))
    found = [shape | {"id": int(call.parts["run_id"]) * 100 + i, "name": name} for i, name in enumerate(names)]
    wanted = [one for one in found if call.query.get("name") in (None, one["name"])]
    return Answer(200, {"total_count": len(wanted), "artifacts": wanted})


def _download(call: Call) -> Answer:
    return Answer(302, None, {"Location": f"BLOBS/{call.parts['artifact_id']}"})


def _content(call: Call) -> Answer:
    data = call.state.files.get((call.query.get("ref", "main"), call.parts["path"]))
    if data is None:
        raise Refusal(404, "Not Found")
    url = f"https://api.github.com/repos/{REPOSITORY}/contents/{call.parts['path']}"
    shown = {"type": "file", "encoding": "base64", "size": len(data), "sha": "5" * 40, "path": call.parts["path"]}
    shown |= {"name": call.parts["path"].rpartition("/")[2], "content": base64.b64encode(data).decode()}
    shown |= {key: url for key in ("url", "git_url", "html_url", "download_url")}
    return Answer(200, shown | {"_links": {"git": url, "self": url, "html": url}})


OPERATIONS: dict[str, Callable[[Call], Answer]] = {
    "pulls/get": _get_pull,
    "pulls/list": _list_pulls,
    "issues/list-comments": _list_comments,
    "issues/create-comment": _create_comment,
    "issues/update-comment": _update_comment,
    "issues/delete-comment": _delete_comment,
    "users/get-authenticated": _user,
    "actions/list-workflow-run-artifacts": _list_artifacts,
    "actions/download-artifact": _download,
    "repos/get-content": _content,
}
