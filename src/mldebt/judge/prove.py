"""The proof of the hits that claim something can go: carried out, or dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from mldebt.errors import Unreadable
from mldebt.judge.examine import crash
from mldebt.judge.pool import Crew, Lost
from mldebt.judge.stamped import Stamped
from mldebt.model import Code, Fix, Problem, Removal, Rewrite
from mldebt.read.discover import kind_of
from mldebt.read.notebook import read_notebook
from mldebt.read.python import decode
from mldebt.read.tree import Entry, Tree

if TYPE_CHECKING:
    from mldebt.proof.removal import Page


class Proved(NamedTuple):
    """What came of a file's removals and rewrites, in this order: the patch, or None; and what went wrong."""

    fixes: list[Fix | None]
    problem: Problem | None = None


class Job(NamedTuple):
    """A file, what has to be taken out of it, and what has to be rewritten."""

    path: str
    data: bytes
    removals: list[Removal]
    rewrites: list[tuple[Rewrite, ...]]


class Proof(NamedTuple):
    """For each hit itself, a removal with its patch, or None if it does not hold; and what could not be tried."""

    hits: list[Stamped | None]
    problems: list[Problem]


def prove_all(hits: list[Stamped], tree: Tree, workers: int) -> Proof:
    """Carry out all removals that hits claim, and what they would rewrite; `workers` processes share the files."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for wants in (_removes, _rewrites):
        for index, stamped in enumerate(hits):
            if wants(stamped):
                wanted[stamped.path].append(index)
    if not wanted:
        return Proof(list(hits), [])
    entries = {entry.path: entry for entry in tree.entries()[0]}
    jobs = [
        _job(path, read(tree, entries.get(path)), [hits[i] for i in found]) for path, found in sorted(wanted.items())
    ]
    dropped: set[int] = set()
    fixes: dict[int, Fix] = {}
    problems: list[Problem] = []
    for job, outcome in zip(jobs, _carry_out(jobs, workers), strict=True):
        if outcome.problem is not None:
            problems.append(outcome.problem)
        for index, fix in zip(wanted[job.path], outcome.fixes, strict=True):
            if fix is None:
                dropped.update([index] if _removes(hits[index]) else ())
            elif fix.diff:
                fixes[index] = fix
    return Proof([None if i in dropped else s._replace(fix=fixes.get(i)) for i, s in enumerate(hits)], problems)


def _removes(stamped: Stamped) -> bool:
    return stamped.removes is not None


def _rewrites(stamped: Stamped) -> bool:
    return stamped.removes is None and bool(stamped.hit.rewrites)


def _job(path: str, data: bytes, wanted: list[Stamped]) -> Job:
    removals = [removal for stamped in wanted if (removal := stamped.removes) is not None]
    return Job(path, data, removals, [stamped.rewrites for stamped in wanted if _rewrites(stamped)])


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
            done[job.path] = Proved(_nothing(job), Problem(job.path, value.what, value.kind))
        else:
            done[job.path] = msgspec.msgpack.decode(value, type=Proved)
    return [done[job.path] for job in jobs]


def _of_file(job: Job) -> bytes:
    """For each removal and rewrite its patch, or None. As in `examine`, this is the worker's door."""
    try:
        proved = Proved(_patches(job))
    except Exception as error:  # noqa: BLE001 - one file must not end the scan; the problem is shown and counted
        proved = Proved(_nothing(job), Problem(job.path, crash(error), "crashed"))
    return msgspec.msgpack.encode(proved)


def _nothing(job: Job) -> list[Fix | None]:
    return [None] * (len(job.removals) + len(job.rewrites))


def _patches(job: Job) -> list[Fix | None]:
    from mldebt.proof.removal import Patched, Text, prove, prove_notebook
    from mldebt.proof.rewriting import prove_each

    data, written = job.data, _as_written(job.data)
    try:
        if kind_of(job.path) == "notebook":
            code = read_notebook(data).codes[0]
            outcomes = prove_notebook(data, code, job.removals) if job.removals else []
            outcomes += prove_each(*sheet_of(data, code), job.rewrites) if job.rewrites else []
        else:
            text = written or decode(data)
            outcomes = prove(text, job.removals) if job.removals else []
            outcomes += prove_each(Text(text), {}, job.rewrites)
    except Unreadable:
        return _nothing(job)
    heads = [_head(job.path, removal) for removal in job.removals] + [_head(job.path, None)] * len(job.rewrites)
    return [
        Fix(o.safe, head + o.diff if o.diff and written is not None else "") if isinstance(o, Patched) else None
        for o, head in zip(outcomes, heads, strict=True)
    ]


def sheet_of(data: bytes, code: Code) -> tuple[Page, Mapping[int, int]]:
    """A notebook as a page, and how many lines stand before each of its cells. Raises Unreadable as Sheet does."""
    from mldebt.proof.sheet import Sheet

    sheet = Sheet(data, code)
    return sheet, sheet.firsts


def _head(path: str, removal: Removal | None) -> str:
    """The lines that name the file; git ends a name with a space in it by a tab."""
    end = "\t\n" if " " in path else "\n"
    after = "/dev/null\n" if removal is not None and removal.kind == "module" else f"b/{path}{end}"
    return f"--- a/{path}{end}+++ {after}"


def _as_written(data: bytes) -> str | None:
    """The text with its byte order mark and its newlines; None if a patch in UTF-8 would not fit the file."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
