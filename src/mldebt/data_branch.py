"""Files put on a branch of the remote that holds nothing else, while the checkout stays as it is.

No work tree, index, ref or object of the repository is written: the new objects lie in a temporary folder until they
are pushed. It is a push like one of the user's own: with the credentials and the transport that git's settings name,
but without hooks. In GitHub Actions the job's token, if it is in GITHUB_TOKEN, is what authenticates it.
"""

from __future__ import annotations

import base64
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mldebt.errors import GitError, UsageError

REMOTE = "origin"
_TRIES = 12  # pushes; of n at once, one lands in each round
_STILL = 3  # refused pushes after which a branch that nobody else moves is taken as closed to us
_BOT = {"NAME": "github-actions[bot]", "EMAIL": "41898282+github-actions[bot]@users.noreply.github.com"}
_QUIET = ("--no-pager", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "gc.auto=0")


class _Repository(NamedTuple):
    """Where git is asked, with which variables, and the addresses of the remote."""

    root: Path
    variables: dict[str, str]
    source: str
    target: str


def push(root: Path, branch: str, files: Mapping[str, bytes], variables: Mapping[str, str] = os.environ) -> str | None:
    """Put files at the top of a branch of `origin`, beside what is there; the new commit, None if nothing changed.

    A branch that is not there begins with this commit. When somebody else pushes first it is tried again on what is
    there then. `variables` are those that git and GitHub Actions set. Raises UsageError for a name that is no data
    branch's, GitError for what git refuses.
    """
    with tempfile.TemporaryDirectory(prefix="mldebt-") as scratch:
        repository = _opened(root, Path(scratch), variables)
        _check(repository, branch)
        blobs = {name: _git(repository, "hash-object", "-w", "--stdin", feed=data) for name, data in files.items()}
        refused: list[tuple[str, str]] = []
        while len(refused) < _TRIES:
            parent = _tip(repository, branch)
            if [tip for tip, _ in refused[-_STILL:]] == [parent] * _STILL:
                break
            try:
                commit = _commit(repository, branch, parent, blobs)
                if commit is None:
                    return None
                _git(repository, "push", "--quiet", repository.target, f"{commit}:refs/heads/{branch}")
            except GitError as error:
                refused.append((parent, str(error)))
                time.sleep(random.uniform(0, 0.2 * len(refused)))
                continue
            return commit
    raise GitError(
        f"{branch} could not be pushed ({refused[-1][1]}): let the job write (`contents: write`), or try again"
    )


def _opened(root: Path, scratch: Path, variables: Mapping[str, str]) -> _Repository:
    kept = {key: value for key, value in variables.items() if not key.startswith("GIT_") or _of_the_user(key)}
    ours = {
        **kept,
        **_identity(kept),
        "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",  # no address may name a program
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    plain = _Repository(root, ours, "", "")
    objects = root / _git(plain, "rev-parse", "--git-path", "objects")
    try:
        source, target = (_git(plain, "remote", "get-url", *way, REMOTE) for way in ((), ("--push",)))
    except GitError as error:
        raise UsageError(f"there is no remote {REMOTE} to push to: `git remote add {REMOTE} URL`") from error
    aside = {"GIT_OBJECT_DIRECTORY": str(scratch), "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects.resolve())}
    return _Repository(root, {**ours, **aside, **_token(kept)}, source, target)


def _of_the_user(key: str) -> bool:
    return key.startswith(("GIT_EXEC_PATH", "GIT_CONFIG", "GIT_SSH", "GIT_ASKPASS", "GIT_AUTHOR_", "GIT_COMMITTER_"))


def _identity(variables: Mapping[str, str]) -> dict[str, str]:
    """Who commits: in GitHub Actions its bot, where nobody is set up; else whom git's settings name."""
    if variables.get("GITHUB_ACTIONS") != "true":
        return {}
    return {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _BOT.items()}


def _token(variables: Mapping[str, str]) -> dict[str, str]:
    """The job's token as git's settings for GitHub's address alone; in variables, since all can read arguments.

    The empty value before it drops what the checkout may have left there: GitHub refuses two of them.
    """
    token = variables.get("GITHUB_TOKEN", "")
    if not token:
        return {}
    server = variables.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    first = int(variables.get("GIT_CONFIG_COUNT") or 0)
    found = {"GIT_CONFIG_COUNT": str(first + 2)}
    for number, value in enumerate(("", f"Authorization: basic {secret}"), first):
        found[f"GIT_CONFIG_KEY_{number}"] = f"http.{server}/.extraheader"
        found[f"GIT_CONFIG_VALUE_{number}"] = value
    return found


def _check(repository: _Repository, branch: str) -> None:
    """Refuse what is no branch's name, and a branch that holds code."""
    try:
        _git(repository, "check-ref-format", f"refs/heads/{branch}")
    except GitError as error:
        raise UsageError(f"{branch!r} is no name of a branch") from error
    default = _git(repository, "ls-remote", "--symref", repository.source, "HEAD").partition("\t")[0]
    head = (repository.root / _git(repository, "rev-parse", "--git-path", "HEAD")).read_text(encoding="utf-8").strip()
    if f"ref: refs/heads/{branch}" in (default, head):
        raise UsageError(f"{branch} holds the code: give the badge a branch of its own, like mldebt-badge")


def _tip(repository: _Repository, branch: str) -> str:
    """The commit of the remote's branch, empty if it is not there."""
    return _git(repository, "ls-remote", repository.source, f"refs/heads/{branch}").partition("\t")[0]


def _commit(repository: _Repository, branch: str, parent: str, blobs: Mapping[str, str]) -> str | None:
    """A commit of the branch's files and these; None if the branch has them as they are."""
    rows: dict[str, str] = {}
    if parent:
        # without --depth, which would make the whole checkout a shallow one; the branch is small
        quiet = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
        _git(repository, "fetch", *quiet, repository.source, f"refs/heads/{branch}")
        listed = _git(repository, "ls-tree", "-z", parent)
        rows = {row.partition("\t")[2]: row for row in listed.split("\0") if row}
    rows |= {name: f"100644 blob {blob}\t{name}" for name, blob in blobs.items()}
    tree = _git(repository, "mktree", "-z", feed="".join(f"{row}\0" for row in rows.values()).encode(errors=_ANY))
    if parent and tree == _git(repository, "rev-parse", f"{parent}^{{tree}}"):
        return None
    before = ("-p", parent) if parent else ()
    return _git(repository, "commit-tree", tree, *before, "-m", "write the badge anew")


_ANY = "surrogateescape"  # names of files are bytes


def _git(repository: _Repository, *arguments: str, feed: bytes = b"") -> str:
    """What a git command prints. Raises GitError with its last words if it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(repository.root), "--git-dir=.git", *_QUIET, *arguments],
            capture_output=True,
            env=repository.variables,
            check=False,
            input=feed,
        )
    except OSError as error:
        raise GitError(f"git cannot be run ({error.strerror}): install it") from error
    if done.returncode:
        raise GitError(f"git {arguments[0]} failed: {_reason(done.stderr.decode(errors='replace'))}")
    return done.stdout.decode(errors=_ANY).rstrip("\n")


def _reason(said: str) -> str:
    """The line that tells why: the last one, but of a refused push the one that names the branch."""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["it gave no reason"]
    return next((line for line in lines if line.startswith("!")), lines[-1])
