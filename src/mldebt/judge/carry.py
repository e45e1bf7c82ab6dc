"""The removals of findings carried out in their files, all of a file together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from mldebt.errors import Unreadable
from mldebt.judge.examine import crash
from mldebt.judge.pool import Crew, Lost
from mldebt.model import Finding, Problem, Removal
from mldebt.read.discover import kind_of
from mldebt.read.notebook import read_notebook
from mldebt.read.tree import Tree


class Job(NamedTuple):
    """A file and what has to be taken out of it: only what is safe, or all."""

    path: str
    data: bytes
    removals: list[Removal]
    unsafe: bool


class Carried(NamedTuple):
    """What came of a file: its bytes before and after, None if it goes, and how many lines of code it lost.

    `refused` says for each of its findings why it stays; None if it does not.
    """

    before: bytes
    after: bytes | None
    lines: int
    refused: list[str | None]
    problem: Problem | None = None


class _Result(NamedTuple):
    """What a worker gives back."""

    after: bytes | None
    lines: int
    refused: list[str | None]
    problem: Problem | None = None


def carry_out(findings: Iterable[Finding], tree: Tree, workers: int, unsafe: bool) -> dict[str, Carried]:
    """What came of each file, by path; `refused` in the order in which its findings come."""
    wanted: dict[str, list[Removal]] = defaultdict(list)
    for finding in findings:
        if finding.removes is not None:
            wanted[finding.at.path].append(finding.removes)
    jobs = list(_jobs(wanted, tree, unsafe))
    done: dict[str, Carried] = {}
    for job, value in Crew(_of_file, workers).do(jobs, lambda job: len(job.data)) if jobs else ():
        if isinstance(value, Lost):
            result = _failed(job, Problem(job.path, value.what, value.kind))
        else:
            result = msgspec.msgpack.decode(value, type=_Result)
        done[job.path] = Carried(job.data, *result)
    return dict(sorted(done.items()))


def _jobs(wanted: dict[str, list[Removal]], tree: Tree, unsafe: bool) -> Iterator[Job]:
    entries = {entry.path: entry for entry in tree.entries()[0]}
    for path, removals in sorted(wanted.items()):
        try:
            yield Job(path, tree.read(entries[path]), removals, unsafe)
        except (Unreadable, KeyError):
            continue  # it vanished meanwhile


def _failed(job: Job, problem: Problem) -> _Result:
    return _Result(job.data, 0, [problem.what] * len(job.removals), problem)


def _of_file(job: Job) -> bytes:
    """As in `examine`, this is the worker's door."""
    try:
        result = _result(job)
    except Exception as error:  # noqa: BLE001 - one file must not end the run; the problem is shown
        result = _failed(job, Problem(job.path, crash(error), "crashed"))
    return msgspec.msgpack.encode(result)


def _result(job: Job) -> _Result:
    from mldebt.proof.removal import Text, Work, in_notebook
    from mldebt.proof.together import take_out

    try:
        text = job.data.decode()
        is_notebook = kind_of(job.path) == "notebook"
        code = read_notebook(job.data).codes[0] if is_notebook else None
        work = in_notebook(job.data, code, job.removals) if code is not None else Work(Text(text), job.removals)
    except UnicodeDecodeError:
        return _Result(job.data, 0, ["the file is not written in UTF-8"] * len(job.removals))
    except Unreadable as error:
        return _Result(job.data, 0, [str(error)] * len(job.removals))
    outcome = take_out(work, text, job.unsafe)
    after = outcome.text.encode() if outcome.text is not None else None
    return _Result(after, outcome.lines, outcome.refused)
