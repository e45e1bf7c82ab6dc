"""Git, asked in a way that runs nothing of the repository: no hooks, no filters, no monitors, no pager."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from mldebt.errors import GitError, Unreadable
from mldebt.read.tree import Entry

_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")
_KEPT_VARIABLE = "GIT_INDEX_FILE"  # a partial commit stages into an index of its own, which its hooks must see
_MODES = {"120000": "is a symbolic link", "160000": "is a submodule"}


def run(root: Path, *arguments: str) -> bytes:
    """What a git command prints. Raises GitError with what git said if it fails or git is missing."""
    try:
        done = subprocess.run(["git", *_SAFE, "-C", str(root), *arguments], capture_output=True, env=_environment(), check=False)
    except FileNotFoundError as error:
        raise GitError("git was not found: install it, or scan a plain folder") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise GitError(f"git {arguments[0]} failed: {said[-1] if said else 'it gave no reason'}")
    return done.stdout


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key == _KEPT_VARIABLE}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def find_root(path: Path) -> tuple[Path, bool]:
    """The root of the repository that holds a path, and whether git knows it; the folder itself without git."""
    folder = path if path.is_dir() else path.parent
    try:
        top = run(folder, "rev-parse", "--show-toplevel").decode(errors="surrogateescape").rstrip("\n")
    except GitError:
        return folder.resolve(), False
    return Path(top), True


def resolve(root: Path, ref: str) -> str | None:
    """The commit that a ref names; None if it names none."""
    try:
        return run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").decode().strip()
    except GitError:
        return None


def merge_base(root: Path, one: str, other: str) -> str:
    """The best common ancestor of two commits. Raises GitError if there is none, as in a clone that is too shallow."""
    try:
        return run(root, "merge-base", one, other).decode().strip()
    except GitError as error:
        raise GitError(f"{one} and {other} have no common ancestor here: fetch more history, or name a base") from error


def default_branch(root: Path) -> str | None:
    """A ref for the branch others start from; None if none of the usual ones exists."""
    usual = ("refs/remotes/origin/HEAD", "origin/main", "origin/master", "main", "master")
    return next((ref for ref in usual if resolve(root, ref) is not None), None)


class Blobs:
    """One `git cat-file --batch` process that stays open while blobs are read."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, digest: str, path: str) -> bytes:
        """The content of a blob. Raises Unreadable if the repository lacks it, as a partial clone may."""
        pipe_in, pipe_out = self._pipes()
        pipe_in.write(f"{digest}\n".encode())
        pipe_in.flush()
        header = pipe_out.readline().split()
        if len(header) != 3 or header[1] != b"blob":
            raise Unreadable(f"git has no content for {path}: fetch the missing objects", "unreadable")
        data = pipe_out.read(int(header[2]))
        pipe_out.read(1)
        return data

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(
                ["git", *_SAFE, "-C", str(self._root), "cat-file", "--batch"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment() | {"GIT_NO_LAZY_FETCH": "1"},
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None, "both are pipes"
        return process.stdin, process.stdout

    def close(self) -> None:
        """End the process; reading again starts another one."""
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process.wait()
            self._process = None


class IndexTree:
    """The files as they are staged."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._blobs = Blobs(root)

    def commit(self) -> str | None:
        return resolve(self._root, "HEAD")

    def entries(self) -> tuple[list[Entry], list[tuple[str, str]]]:
        rows = (row.split("\t", 1) for row in records(run(self._root, "ls-files", "-s", "-z")))
        return sort_out((meta.split()[0], meta.split()[1], 0, path) for meta, path in rows)

    def read(self, entry: Entry) -> bytes:
        return self._blobs.read(str(entry.digest), entry.path)

    def close(self) -> None:
        """Let go of git."""
        self._blobs.close()


class CommitTree:
    """The files of a commit. Raises GitError if the ref names none."""

    def __init__(self, root: Path, ref: str) -> None:
        commit = resolve(root, ref)
        if commit is None:
            raise GitError(f"{ref} names no commit here: fetch it, or name another base")
        self._root = root
        self._commit = commit
        self._blobs = Blobs(root)

    def commit(self) -> str | None:
        return self._commit

    def entries(self) -> tuple[list[Entry], list[tuple[str, str]]]:
        rows = (row.split("\t", 1) for row in records(run(self._root, "ls-tree", "-r", "-z", "-l", self._commit)))
        return sort_out((m[0], m[2], int(m[3]) if m[3] != "-" else 0, path) for meta, path in rows if (m := meta.split()))

    def read(self, entry: Entry) -> bytes:
        return self._blobs.read(str(entry.digest), entry.path)

    def close(self) -> None:
        """Let go of git."""
        self._blobs.close()


def records(output: bytes) -> Iterator[str]:
    """The NUL-terminated records of a git command; bytes that are no UTF-8 are kept as surrogates."""
    for record in output.decode(errors="surrogateescape").split("\0"):
        if record:
            yield record


def sort_out(rows: Iterator[tuple[str, str, int, str]]) -> tuple[list[Entry], list[tuple[str, str]]]:
    """Split (mode, digest, size, path) rows into files and what is none."""
    files: dict[str, Entry] = {}
    left_out: list[tuple[str, str]] = []
    for mode, digest, size, path in rows:
        if mode in _MODES:
            left_out.append((path, _MODES[mode]))
        else:
            files.setdefault(path, Entry(path, size, digest))
    return sorted(files.values()), sorted(left_out)
