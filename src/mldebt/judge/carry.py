"""What findings want removed or rewritten, carried out in their files, all of a file together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from mldebt.errors import Unreadable
from mldebt.judge.examine import crash
from mldebt.judge.pool import Crew, Lost
from mldebt.judge.prove import sheet_of
from mldebt.model import Finding, Problem, Removal, Rewrite
from mldebt.read.discover import kind_of
from mldebt.read.notebook import read_notebook
from mldebt.read.tree import Tree

if TYPE_CHECKING:
    from mldebt.proof.removal import Page

_LATER = "is written otherwise once the rest is gone"


class Want(NamedTuple):
    """What a finding wants of its file: that something goes, or is written otherwise."""

    removal: Removal | None
    rewrites: tuple[Rewrite, ...]


class Job(NamedTuple):
    """A file and what findings want of it: only what is safe, or all."""

    path: str
    data: bytes
    wants: list[Want]
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
    wanted: dict[str, list[Want]] = defaultdict(list)
    for finding in findings:
        if finding.removes is not None or finding.rewrites:
            wanted[finding.at.path].append(Want(finding.removes, finding.rewrites))
    jobs = list(_jobs(wanted, tree, unsafe))
    done: dict[str, Carried] = {}
    for job, value in Crew(_of_file, workers).do(jobs, lambda job: len(job.data)) if jobs else ():
        if isinstance(value, Lost):
            result = _failed(job, Problem(job.path, value.what, value.kind))
        else:
            result = msgspec.msgpack.decode(value, type=_Result)
        done[job.path] = Carried(job.data, *result)
    return dict(sorted(done.items()))


def _jobs(wanted: dict[str, list[Want]], tree: Tree, unsafe: bool) -> Iterator[Job]:
    entries = {entry.path: entry for entry in tree.entries()[0]}
    for path, wants in sorted(wanted.items()):
        try:
            yield Job(path, tree.read(entries[path]), wants, unsafe)
        except (Unreadable, KeyError):
            continue  # it vanished meanwhile


def _failed(job: Job, problem: Problem) -> _Result:
    return _Result(job.data, 0, [problem.what] * len(job.wants), problem)


def _of_file(job: Job) -> bytes:
    """As in `examine`, this is the worker's door."""
    try:
        result = _result(job)
    except Exception as error:  # noqa: BLE001 - one file must not end the run; the problem is shown
        result = _failed(job, Problem(job.path, crash(error), "crashed"))
    return msgspec.msgpack.encode(result)


def _result(job: Job) -> _Result:
    """What goes, goes first; where nothing does, what is to be written otherwise is."""
    from mldebt.proof.removal import Text, Work, in_notebook
    from mldebt.proof.together import take_out

    removals = [want.removal for want in job.wants if want.removal is not None]
    try:
        text = job.data.decode()
        is_notebook = kind_of(job.path) == "notebook"
        code = read_notebook(job.data).codes[0] if is_notebook else None
        work = in_notebook(job.data, code, removals) if code is not None else Work(Text(text), removals)
        outcome = take_out(work, text, job.unsafe)
        if outcome.text == text:
            firsts = sheet_of(job.data, code)[1] if code is not None else {}
            return _rewritten(job, work.page, firsts, iter(outcome.refused))
    except UnicodeDecodeError:
        return _Result(job.data, 0, ["the file is not written in UTF-8"] * len(job.wants))
    except Unreadable as error:
        return _Result(job.data, 0, [str(error)] * len(job.wants))
    after = outcome.text.encode() if outcome.text is not None else None
    whys = iter(outcome.refused)
    return _Result(after, outcome.lines, [next(whys) if want.removal is not None else _LATER for want in job.wants])


def _rewritten(job: Job, page: Page, firsts: Mapping[int, int], whys: Iterator[str | None]) -> _Result:
    from mldebt.proof.rewriting import Desk

    text = job.data.decode()
    wanted = [want.rewrites for want in job.wants if want.removal is None]
    done = Desk(page, firsts).carry_out(text, wanted, job.unsafe) if wanted else None
    others = iter(done.refused if done is not None else ())
    refused = [next(whys) if want.removal is not None else next(others) for want in job.wants]
    return _Result(done.text.encode() if done is not None else job.data, 0, refused)
