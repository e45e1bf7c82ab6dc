"""The facts of a whole tree: from the cache where they are known, from the workers where not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from mldebt.errors import Unreadable
from mldebt.judge.examine import examine, not_looked_at
from mldebt.judge.pool import Crew, Lost
from mldebt.model import FileFacts, Problem
from mldebt.read.cache import Cache
from mldebt.read.config import format_of
from mldebt.read.discover import Discovery, Kind, SourceFile
from mldebt.read.tree import Tree, blob_digest

_KEPT_AT_ONCE = 200  # facts written to the cache together


class Keyed(NamedTuple):
    """A tree's files with their cache keys; `digest` identifies the whole tree."""

    files: list[tuple[SourceFile, str]]
    problems: list[Problem]
    digest: str


class Job(NamedTuple):
    """A file to examine."""

    key: str
    kind: Kind
    path: str
    data: bytes


class Gathered(NamedTuple):
    """The facts by path, what could not be read, and how many came from the cache.

    `steady` is false if a file was not any more what it was when the tree got its digest.
    """

    files: dict[str, FileFacts]
    problems: list[Problem]
    cached: int
    steady: bool


def key(tree: Tree, found: Discovery) -> Keyed:
    """Give each file its key: the blob id, what it is read as and, for configuration, its format."""
    files: list[tuple[SourceFile, str]] = []
    problems: list[Problem] = []
    whole = hashlib.sha256()
    for file in found.files:
        try:
            digest = file.entry.digest or blob_digest(tree.read(file.entry))
        except Unreadable as error:
            problems.append(Problem(file.path, str(error), error.kind))
            continue
        files.append((file, _key(file, digest)))
        whole.update(f"{file.path}\0{files[-1][1]}\0".encode(errors="surrogateescape"))
    for path, why in found.left_out:
        whole.update(f"{path}\0{why}\0".encode(errors="surrogateescape"))
    return Keyed(files, problems, whole.hexdigest())


def _key(file: SourceFile, digest: str) -> str:
    return f"{digest}:{file.kind}:{format_of(file.path)}" if file.kind == "config" else f"{digest}:{file.kind}"


def gather(tree: Tree, keyed: Keyed, cache: Cache, workers: int, tick: Callable[[int], None]) -> Gathered:
    """The facts of all files; `tick` is told how many more are done."""
    decoder = msgspec.msgpack.Decoder(FileFacts)
    problems = list(keyed.problems)
    known: dict[str, FileFacts] = {}
    for name, packed in cache.get_many({k: None for _, k in keyed.files}).items():
        try:
            known[name] = decoder.decode(packed)
        except msgspec.DecodeError:
            continue  # torn in a way its checksum did not show: examined anew
    cached = sum(k in known for _, k in keyed.files)
    tick(cached)
    fresh: dict[str, bytes] = {}
    for job, value in Crew(_examine, workers).do(_jobs(tree, keyed, known, problems), lambda job: len(job.data)):
        if isinstance(value, Lost):
            known[job.key] = not_looked_at(job.kind, job.data, value.what, value.kind)
        else:
            known[job.key] = decoder.decode(value)
            if not any(kind == "crashed" for _, kind in known[job.key].problems):
                fresh[job.key] = value
        if len(fresh) >= _KEPT_AT_ONCE:
            cache.put_many(fresh)
            fresh = {}
        tick(1)
    cache.put_many(fresh)
    files = {file.path: known[k] for file, k in keyed.files if k in known}
    return Gathered(files, problems, cached, steady=len(problems) == len(keyed.problems))


def _examine(job: Job) -> bytes:
    return msgspec.msgpack.encode(examine(job.kind, job.path, job.data))


def _jobs(tree: Tree, keyed: Keyed, known: dict[str, FileFacts], problems: list[Problem]) -> Iterator[Job]:
    """What has to be examined, each content once; read again, since nothing was kept."""
    asked: set[str] = set()
    for file, name in keyed.files:
        if name in known or name in asked:
            continue
        asked.add(name)
        try:
            data = tree.read(file.entry)
        except Unreadable as error:
            problems.append(Problem(file.path, str(error), error.kind))
            continue
        if file.entry.digest is None and _key(file, blob_digest(data)) != name:
            problems.append(Problem(file.path, "changed while it was read: scan again", "unreadable"))
            continue
        yield Job(name, file.kind, file.path, data)
