"""The proof of the hits that claim something can go: carried out, or dropped."""

from __future__ import annotations

from collections import defaultdict

from mldebt.errors import Unreadable
from mldebt.judge.stamped import Stamped
from mldebt.model import Fix, Removal
from mldebt.read.discover import kind_of
from mldebt.read.notebook import read_notebook
from mldebt.read.python import decode
from mldebt.read.tree import Entry, Tree

Proved = list[Fix | None]


def prove_all(hits: list[Stamped], tree: Tree, workers: int) -> list[Stamped | None]:
    """For each hit itself, a removal with its patch, or None if it does not hold; `workers` share the files."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for index, stamped in enumerate(hits):
        if stamped.hit.removes is not None:
            wanted[stamped.path].append(index)
    if not wanted:
        return list(hits)
    entries = {entry.path: entry for entry in tree.entries()[0]}
    jobs = [
        (path, _read(tree, entries.get(path)), [hits[i].hit.removes for i in indices])
        for path, indices in sorted(wanted.items())
    ]
    dropped: set[int] = set()
    fixes: dict[int, Fix] = {}
    for (path, _, _), outcome in zip(jobs, _carry_out(jobs, workers), strict=True):
        for index, fix in zip(wanted[path], outcome, strict=True):
            if fix is None:
                dropped.add(index)
            elif fix.diff:
                fixes[index] = fix
    return [None if i in dropped else s._replace(fix=fixes.get(i)) for i, s in enumerate(hits)]


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

    from mldebt.judge.pool import fork_or_spawn, start_worker

    with ProcessPoolExecutor(workers, mp_context=fork_or_spawn(), initializer=start_worker) as executor:
        return list(executor.map(_of_file, jobs, chunksize=max(1, len(jobs) // (workers * 8))))


def _of_file(job: tuple[str, bytes, list[Removal | None]]) -> Proved:
    """For each removal its patch, or None if it does not hold."""
    from mldebt.proof.removal import Patched, prove, prove_code

    path, data, removals = job
    given = [removal for removal in removals if removal is not None]
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
