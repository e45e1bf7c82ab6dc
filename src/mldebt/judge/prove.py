"""The proof of the hits that claim something can go: carried out, or dropped."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import msgspec

from mldebt.errors import Unreadable
from mldebt.judge.examine import crash
from mldebt.judge.pool import Crew, Lost
from mldebt.judge.stamped import Stamped
from mldebt.model import Fix, Problem, Removal
from mldebt.read.discover import kind_of
from mldebt.read.notebook import read_notebook
from mldebt.read.python import decode
from mldebt.read.tree import Entry, Tree


class Proved(NamedTuple):
    """What came of a file's removals, in their order: the patch, or None if one does not hold; and what went wrong."""

    fixes: list[Fix | None]
    problem: Problem | None = None


class Job(NamedTuple):
    """A file and what has to be taken out of it."""

    path: str
    data: bytes
    removals: list[Removal]


class Proof(NamedTuple):
    """For each hit itself, a removal with its patch, or None if it does not hold; and what could not be tried."""

    hits: list[Stamped | None]
    problems: list[Problem]


def prove_all(hits: list[Stamped], tree: Tree, workers: int) -> Proof:
    """Carry out all removals that hits claim; `workers` processes share the files."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for index, stamped in enumerate(hits):
        if stamped.removes is not None:
            wanted[stamped.path].append(index)
    if not wanted:
        return Proof(list(hits), [])
    entries = {entry.path: entry for entry in tree.entries()[0]}
    jobs = [
        Job(path, read(tree, entries.get(path)), [r for i in indices if (r := hits[i].removes) is not None])
        for path, indices in sorted(wanted.items())
    ]
    dropped: set[int] = set()
    fixes: dict[int, Fix] = {}
    problems: list[Problem] = []
    for job, outcome in zip(jobs, _carry_out(jobs, workers), strict=True):
        if outcome.problem is not None:
            problems.append(outcome.problem)
        for index, fix in zip(wanted[job.path], outcome.fixes, strict=True):
            if fix is None:
                dropped.add(index)
            elif fix.diff:
                fixes[index] = fix
    return Proof([None if i in dropped else s._replace(fix=fixes.get(i)) for i, s in enumerate(hits)], problems)


def read(tree: Tree, entry: Entry | None) -> bytes:
    """A file's bytes; empty if it vanished meanwhile, which refuses all its removals."""
    try:
        return tree.read(entry) if entry is not None else b""
    except Unreadable:
        return b""


def _carry_out(jobs: list[Job], workers: int) -> list[Proved]:
    """What came of each file's removals."""
    done: dict[str, Proved] = {}
    for job, value in Crew(_of_file, workers).do(jobs, lambda job: len(job.data)):
        if isinstance(value, Lost):
            done[job.path] = Proved([None] * len(job.removals), Problem(job.path, value.what, value.kind))
        else:
            done[job.path] = msgspec.msgpack.decode(value, type=Proved)
    return [done[job.path] for job in jobs]


def _of_file(job: Job) -> bytes:
    """For each removal its patch, or None if it does not hold. As in `examine`, this is the worker's door."""
    try:
        proved = Proved(_patches(job.path, job.data, job.removals))
    except Exception as error:  # noqa: BLE001 - one file must not end the scan; the problem is shown and counted
        proved = Proved([None] * len(job.removals), Problem(job.path, crash(error), "crashed"))
    return msgspec.msgpack.encode(proved)


def _patches(path: str, data: bytes, given: list[Removal]) -> list[Fix | None]:
    from mldebt.proof.removal import Patched, prove, prove_notebook

    try:
        if kind_of(path) == "notebook":
            outcomes = prove_notebook(data, read_notebook(data).codes[0], given)
        else:
            outcomes = prove(_as_written(data) or decode(data), given)
    except Unreadable:
        return [None] * len(given)
    fits = _as_written(data) is not None
    return [
        Fix(o.safe, _head(path, removal) + o.diff if o.diff and fits else "") if isinstance(o, Patched) else None
        for o, removal in zip(outcomes, given, strict=True)
    ]


def _head(path: str, removal: Removal) -> str:
    """The lines that name the file; git ends a name with a space in it by a tab."""
    end = "\t\n" if " " in path else "\n"
    after = "/dev/null\n" if removal.kind == "module" else f"b/{path}{end}"
    return f"--- a/{path}{end}+++ {after}"


def _as_written(data: bytes) -> str | None:
    """The text with its byte order mark and its newlines; None if a patch in UTF-8 would not fit the file."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
