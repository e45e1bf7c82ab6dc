"""Git, asked in a way that runs nothing of the repository: no hooks, no filters, no monitors, no pager, no fetch."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple, NoReturn

from mldebt.errors import GitError, Unreadable
from mldebt.read.tree import LARGEST, Entry, Listing, unfit

# The git folder is named outright: git does not search upward, and does not refuse a checkout that belongs to another
# user, as is usual in containers. That refusal guards against settings that name programs, and these are off here.
_HERE = ("--git-dir=.git", "--work-tree=.", "--no-pager", "--no-replace-objects")
_SETTINGS = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "submodule.recurse=false", "protocol.allow=never")
_KEPT = ("GIT_EXEC_PATH", "GIT_CONFIG")  # where git's own programs are, and the user's own settings
_OURS = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
_LEFT_OUT = {"120000": "is a symbolic link", "160000": "is a submodule"}


def run(root: Path, *arguments: str, feed: bytes = b"") -> bytes:
    """What a git command prints. Raises GitError with what git said if it fails or git is missing."""
    try:
        done = subprocess.run(
            _command(root, *arguments), capture_output=True, env=_environment(root), check=False, input=feed
        )
    except OSError as error:
        raise GitError(f"git cannot be run ({error.strerror}): install it, or scan a plain folder") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise GitError(f"git {arguments[0]} failed: {said[-1] if said else 'it gave no reason'}")
    return done.stdout


def _command(root: Path, *arguments: str) -> list[str]:
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", "-C", str(root), *_HERE, *settings, *arguments]


def _environment(root: Path) -> dict[str, str]:
    """The caller's variables without those that would point git elsewhere.

    A partial commit (`git commit FILE`, `git commit -a`) stages into an index of its own, which its hooks must see; it
    lies in the git folder. Any other index belongs to another repository, whose hook may have started us.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key.startswith(_KEPT)}
    index = os.environ.get("GIT_INDEX_FILE")
    if index and (root / index).resolve().is_relative_to(_git_folder(root)):
        kept["GIT_INDEX_FILE"] = index
    return {**kept, **_OURS}


def _git_folder(root: Path) -> Path:
    """Where git keeps the repository: `.git`, or where that file says, as in linked work trees and submodules."""
    place = root / ".git"
    if place.is_file():
        place = root / place.read_text(encoding="utf-8", errors="surrogateescape").partition("gitdir:")[2].strip()
    return place.resolve()


def find_root(path: Path) -> tuple[Path, bool]:
    """The root of the repository that holds a path, and whether git can be asked; the folder itself without one."""
    folder = (path if path.is_dir() else path.parent).resolve()
    for candidate in (folder, *folder.parents):
        if is_repository(candidate):
            return candidate, shutil.which("git") is not None
    return folder, False


def is_repository(root: Path) -> bool:
    """Whether a folder says that it is the root of a repository; git may still refuse it."""
    return (root / ".git").is_file() or (root / ".git" / "HEAD").is_file()


def resolve(root: Path, ref: str) -> str | None:
    """The commit that a ref names; None if it names none."""
    try:
        return run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").decode().strip()
    except GitError:
        return None


def commit_of(root: Path, ref: str) -> str:
    """The commit that a ref names. Raises GitError if it names none."""
    commit = resolve(root, ref)
    if commit is None:
        raise GitError(f"{ref} names no commit here: fetch it, or name another")
    return commit


def blob(root: Path, commit: str, path: str, most: int) -> bytes | None:
    """A file as a commit has it, of at most so many bytes; None if it has none there, or one that is longer."""
    name = f"{commit}:{path}"
    try:
        kind = run(root, "cat-file", "-t", name).strip()
        return run(root, "cat-file", "blob", name) if kind == b"blob" and _size(root, name) <= most else None
    except GitError:
        return None


def _size(root: Path, name: str) -> int:
    return int(run(root, "cat-file", "-s", name))


def merge_base(root: Path, one: str, other: str) -> str:
    """The best common ancestor of two commits. Raises GitError if there is none, as in a clone that is too shallow."""
    ours, theirs = commit_of(root, one), commit_of(root, other)
    try:
        return run(root, "merge-base", ours, theirs).decode().strip()
    except GitError as error:
        shallow = run(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
        remedy = "fetch more history, this clone is shallow" if shallow else "name another base"
        raise GitError(f"{one} and {other} have no common ancestor: {remedy}") from error


def default_branch(root: Path) -> str | None:
    """A ref for the branch others start from; None if none of the usual ones exists."""
    usual = ("refs/remotes/origin/HEAD", "origin/main", "origin/master", "main", "master")
    return next((ref for ref in usual if resolve(root, ref) is not None), None)


LAST = 500  # commits that are looked at


def changed_lately(root: Path, commit: str) -> Iterator[str]:
    """The paths that each of the last commits before and with one changed; merges count by what they merge."""
    words = ("--no-merges", "--no-renames", "--name-only", "--format=", "-z")
    for path in records(run(root, "log", f"--max-count={LAST}", *words, commit, "--")):
        yield path.lstrip("\n")


class Row(NamedTuple):
    """A path of the index or of a commit, as git lists it."""

    mode: str
    digest: str
    path: str


def staged(root: Path) -> list[Row]:
    """The rows of the index; of a path in conflict our side, if it has one."""
    rows: dict[str, Row] = {}
    for record in records(run(root, "ls-files", "-s", "-z")):
        meta, _, path = record.partition("\t")
        mode, digest, stage = meta.split(" ")
        if stage in ("0", "2"):
            rows[path] = Row(mode, digest, path)
    return list(rows.values())


def committed(root: Path, commit: str) -> list[Row]:
    """The rows of a commit's whole tree."""
    rows = (record.partition("\t") for record in records(run(root, "ls-tree", "-r", "-z", commit)))
    return [Row(meta[:6], meta.rpartition(" ")[2], path) for meta, _, path in rows]


def records(output: bytes) -> Iterator[str]:
    """The NUL-terminated records of a git command; bytes that are no UTF-8 are kept as surrogates."""
    for record in output.decode(errors="surrogateescape").split("\0"):
        if record:
            yield record


class Blobs:
    """The content of files by digest, from one `git cat-file --batch` process that stays open."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None

    def sizes(self, digests: list[str]) -> dict[str, int]:
        """The bytes of each blob; one that the repository lacks, as a partial clone may, has none."""
        asked = "".join(f"{digest}\n" for digest in dict.fromkeys(digests)).encode()
        check = ("cat-file", "--batch-check", "--buffer")
        try:
            answer = run(self._root, *check, feed=asked)
        except GitError:  # git gives up at the first one it would have to fetch; what is here can be listed
            answer = run(self._root, *check, "--batch-all-objects", "--unordered")
        rows = (line.split() for line in answer.decode().splitlines())
        return {words[0]: int(words[2]) for words in rows if len(words) == 3}

    def read(self, digest: str) -> bytes:
        """The content of a blob that is there. Raises Unreadable if it is damaged."""
        pipe_in, pipe_out = self._pipes()
        try:
            pipe_in.write(f"{digest}\n".encode())
            pipe_in.flush()
        except BrokenPipeError:
            self._damaged()
        header = pipe_out.readline().split()
        if len(header) != 3:
            self._damaged()
        data = pipe_out.read(int(header[2]) + 1)
        if len(data) != int(header[2]) + 1:
            self._damaged()
        return data[:-1]

    def _damaged(self) -> NoReturn:
        self.close()
        raise Unreadable("git cannot read its content: run git fsck", "unreadable")

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(
                _command(self._root, "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(self._root),
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None, "both are pipes"
        return process.stdin, process.stdout

    def close(self) -> None:
        """End the process; reading again starts another one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


class StoredTree:
    """Files that git keeps, listed once and read without checking anything out."""

    def __init__(self, root: Path, commit: str | None, rows: list[Row]) -> None:
        self._blobs = Blobs(root)
        self._commit = commit
        self._rows = rows
        self._sizes: dict[str, int] = {}
        self._listing: Listing | None = None

    def commit(self) -> str | None:
        """The commit, for the index the one it is based on; None before the first."""
        return self._commit

    def entries(self) -> Listing:
        """The files with their digests, and links, submodules and unfit names as left out."""
        if self._listing is None:
            self._listing = self._listed()
        return self._listing

    def _listed(self) -> Listing:
        left_out: list[tuple[str, str]] = []
        files: list[Row] = []
        for row in self._rows:
            reason = (row.path, _LEFT_OUT[row.mode]) if row.mode in _LEFT_OUT else unfit(row.path)
            if reason is None:
                files.append(row)
            else:
                left_out.append(reason)
        self._sizes = self._blobs.sizes([row.digest for row in files])
        return sorted(Entry(row.path, self._sizes.get(row.digest, 0), row.digest) for row in files), sorted(left_out)

    def read(self, entry: Entry) -> bytes:
        """The bytes of a file. Raises Unreadable if git does not have them."""
        self.entries()
        if entry.digest not in self._sizes:
            raise Unreadable("git has no content for it: fetch the missing objects", "unreadable")
        if self._sizes[entry.digest] > LARGEST:
            raise Unreadable(f"has more than {LARGEST:,} bytes", "too-large")
        return self._blobs.read(entry.digest)

    def close(self) -> None:
        """Let go of git."""
        self._blobs.close()


def index_tree(root: Path) -> StoredTree:
    """The files as they are staged. Raises GitError if git cannot be asked."""
    return StoredTree(root, resolve(root, "HEAD"), staged(root))


def commit_tree(root: Path, ref: str) -> StoredTree:
    """The files of a commit. Raises GitError if the ref names none."""
    commit = commit_of(root, ref)
    return StoredTree(root, commit, committed(root, commit))
