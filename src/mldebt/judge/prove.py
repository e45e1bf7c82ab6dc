"""The proof of the hits that claim something can go: carried out, or dropped."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from mldebt.errors import Unreadable
from mldebt.judge.examine import crash
from mldebt.judge.stamped import Stamped
from mldebt.model import Fix, Problem, Removal
from mldebt.read.discover import kind_of
from mldebt.read.notebook import read_notebook
from mldebt.read.python import decode
from mldebt.read.tree import Entry, Tree

_DIED = "was not proved, since a process that proves ended: please report it with the files of this scan"


class Proved(NamedTuple):
    """What came of a file's removals, in their order: the patch, or None if one does not hold; and what went wrong."""

    fixes: list[Fix | None]
    crash: str = ""


class Proof(NamedTuple):
    """For each hit itself, a removal with its patch, or None if it does not hold; and what could not be tried."""

    hits: list[Stamped | None]
    problems: list[Problem]


def prove_all(hits: list[Stamped], tree: Tree, workers: int) -> Proof:
    """Carry out all removals that hits claim; `workers` processes share the files."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for index, stamped in enumerate(hits):
        if stamped.hit.removes is not None:
            wanted[stamped.path].append(index)
    if not wanted:
        return Proof(list(hits), [])
    entries = {entry.path: entry for entry in tree.entries()[0]}
    jobs = [
        (path, _read(tree, entries.get(path)), [hits[i].hit.removes for i in indices])
        for path, indices in sorted(wanted.items())
    ]
    dropped: set[int] = set()
    fixes: dict[int, Fix] = {}
    problems: list[Problem] = []
    for (path, _, _), outcome in zip(jobs, _carry_out(jobs, workers), strict=True):
        if outcome.crash:
            problems.append(Problem(path, outcome.crash, "crashed"))
        for index, fix in zip(wanted[path], outcome.fixes, strict=True):
            if fix is None:
                dropped.add(index)
            elif fix.diff:
                fixes[index] = fix
    return Proof([None if i in dropped else s._replace(fix=fixes.get(i)) for i, s in enumerate(hits)], problems)


def _read(tree: Tree, entry: Entry | None) -> bytes:
    """A file's bytes; empty if it vanished meanwhile, which refuses all its removals."""
    try:
        return tree.read(entry) if entry is not None else b""
    except Unreadable:
        return b""


def _carry_out(jobs: list[tuple[str, bytes, list[Removal | None]]], workers: int) -> list[Proved]:
    if workers < 2 or len(jobs) < 20:
        return [_of_file(job) for job in jobs]
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from mldebt.judge.pool import fork_or_spawn, start_worker

    with ProcessPoolExecutor(workers, mp_context=fork_or_spawn(), initializer=start_worker) as executor:
        try:
            return list(executor.map(_of_file, jobs, chunksize=max(1, len(jobs) // (workers * 8))))
        except BrokenProcessPool:
            return [Proved([None] * len(removals), _DIED) for _, _, removals in jobs]


def _of_file(job: tuple[str, bytes, list[Removal | None]]) -> Proved:
    """For each removal its patch, or None if it does not hold. As in `examine`, this is the worker's door."""
    path, data, removals = job
    try:
        return Proved(_patches(path, data, [removal for removal in removals if removal is not None]))
    except Exception as error:  # noqa: BLE001 - one file must not end the scan; the problem is shown and counted
        return Proved([None] * len(removals), crash(error))


def _patches(path: str, data: bytes, given: list[Removal]) -> list[Fix | None]:
    from mldebt.proof.removal import Patched, prove, prove_code

    try:
        if kind_of(path) == "notebook":
            outcomes = prove_code(read_notebook(data).codes[0], given)
        else:
            outcomes = prove(_as_written(data) or decode(data), given)
    except Unreadable:
        return [None] * len(given)
    head = f"--- a/{path}\n+++ b/{path}\n"
    fits = _as_written(data) is not None
    return [Fix(o.safe, head + o.diff if o.diff and fits else "") if isinstance(o, Patched) else None for o in outcomes]


def _as_written(data: bytes) -> str | None:
    """The text with its byte order mark and its newlines; None if a patch in UTF-8 would not fit the file."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
