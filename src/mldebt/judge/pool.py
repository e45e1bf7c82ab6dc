"""Worker processes that examine files in batches; a file that kills its worker costs only itself."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from mldebt.judge.examine import examine
from mldebt.model import FileFacts
from mldebt.read.discover import Kind

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.context import BaseContext

_BATCH_BYTES = 200_000  # a batch takes about a fifth of a second: short enough to balance two workers
_WORTH_A_POOL = 300_000  # bytes; below it starting processes costs more than it saves
_IN_FLIGHT = 3  # batches a worker, so that none waits for the parent
_SECONDS_A_FILE = 30


class Job(NamedTuple):
    """A file to examine."""

    key: str
    kind: Kind
    path: str
    data: bytes


Result = tuple[Job, bytes]


def examine_all(jobs: Iterable[Job], workers: int) -> Iterator[Result]:
    """The facts of each file as MessagePack, in no certain order; `workers` counts processes."""
    batches = _batches(jobs)
    first = next(batches, [])
    if workers < 2 or sum(len(job.data) for job in first) < _WORTH_A_POOL // 2:
        second = next(batches, [])
        if workers < 2 or not second:
            for batch in ([first, second], batches):
                for part in batch:
                    yield from zip(part, _examine_batch(part), strict=True)
            return
        batches = _chain([first, second], batches)
    else:
        batches = _chain([first], batches)
    yield from _pooled(batches, workers)


def _chain(head: list[list[Job]], tail: Iterator[list[Job]]) -> Iterator[list[Job]]:
    yield from head
    yield from tail


def _batches(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    batch: list[Job] = []
    size = 0
    for job in jobs:
        batch.append(job)
        size += len(job.data)
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _pooled(batches: Iterator[list[Job]], workers: int) -> Iterator[Result]:
    """Keep the workers busy; what they held when one of them died is tried again, a file at a time."""
    lost: list[Job] = []
    yield from _until_broken(batches, workers, lost)
    while lost:
        yield from _one_by_one(lost)
        lost = []
        yield from _until_broken(batches, workers, lost)


def _until_broken(batches: Iterator[list[Job]], workers: int, lost: list[Job]) -> Iterator[Result]:
    """The results of the batches up to the end or to the death of a worker; `lost` gets what then was under way."""
    from concurrent.futures import FIRST_COMPLETED, Future, wait
    from concurrent.futures.process import BrokenProcessPool

    pending: dict[Future[list[bytes]], list[Job]] = {}
    executor = _executor(workers)
    try:
        while True:
            for batch in islice(batches, workers * _IN_FLIGHT - len(pending) if not lost else 0):
                try:
                    pending[executor.submit(_examine_batch_in_time, batch)] = batch
                except BrokenProcessPool:
                    lost.extend(batch)
            if not pending:
                return
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                batch = pending.pop(future)
                try:
                    yield from zip(batch, future.result(), strict=True)
                except BrokenProcessPool:
                    lost.extend(batch)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _one_by_one(jobs: list[Job]) -> Iterator[Result]:
    """Files that one process examines in turn; one that ends it has that for its problem."""
    from concurrent.futures.process import BrokenProcessPool

    executor = _executor(1)
    try:
        for job in jobs:
            try:
                value = executor.submit(_examine_batch_in_time, [job]).result()[0]
            except BrokenProcessPool:
                executor.shutdown()
                executor = _executor(1)
                what = "ended the process that looked at it: please report it with the file"
                value = msgspec.msgpack.encode(FileFacts(job.kind, problems=((what, "crashed"),)))
            yield job, value
    finally:
        executor.shutdown()


def _executor(workers: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(workers, mp_context=fork_or_spawn(), initializer=start_worker)


def fork_or_spawn() -> BaseContext:
    """Forking is quick and safe here, before any thread exists; elsewhere it is not to be had."""
    import multiprocessing

    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def start_worker() -> None:
    """Leave interrupts to the parent, and what it hands over out of garbage collection: else each worker copies it."""
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Late(BaseException):
    """The time for one file is up."""


def _on_alarm(number: int, frame: object) -> None:
    raise _Late


def _examine_batch(batch: list[Job]) -> list[bytes]:
    encoder = msgspec.msgpack.Encoder()
    return [encoder.encode(examine(job.kind, job.path, job.data)) for job in batch]


def _examine_batch_in_time(batch: list[Job]) -> list[bytes]:
    """As above, in a worker, whose alarm is ours to set."""
    encoder = msgspec.msgpack.Encoder()
    return [encoder.encode(_timed(job)) for job in batch]


def _timed(job: Job) -> FileFacts:
    if not hasattr(signal, "SIGALRM"):
        return examine(job.kind, job.path, job.data)
    signal.signal(signal.SIGALRM, _on_alarm)
    signal.setitimer(signal.ITIMER_REAL, _SECONDS_A_FILE)
    try:
        return examine(job.kind, job.path, job.data)
    except _Late:
        return FileFacts(job.kind, problems=((f"took longer than {_SECONDS_A_FILE} s and was given up", "timeout"),))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
