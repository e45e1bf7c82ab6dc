"""Worker processes that do tasks one by one; a task that kills its worker, or takes too long, costs only itself.

Parsers in C have been seen to overflow their stack on what strangers write, so nothing scanned is parsed in the parent.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from mldebt.model import ProblemKind

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext, SpawnContext
    from multiprocessing.process import BaseProcess
    from queue import SimpleQueue

Task = TypeVar("Task")

_HELD = 200_000  # bytes a worker has before it: about a fifth of a second, so that none waits for the parent
_WORTH_A_PROCESS = 60_000  # bytes; for less than that before the others, starting one more costs more than it saves
_SECONDS = 30.0
_SINCE_THE_LAST = 0  # the generation of what was made since garbage was collected
_TRIES = 2  # a worker may also die of what is no fault of its task, as when memory runs short


class Lost(NamedTuple):
    """Why a task has no result."""

    what: str
    kind: ProblemKind


@dataclass(frozen=True)
class _Held(Generic[Task]):
    """A task in a worker's hands or on its way there."""

    task: Task
    size: int
    deaths: int = 0


class _Worker(Generic[Task]):
    """One process, what it holds, and since when it has been at the first of it."""

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self.process = process
        self.connection = connection
        self.held: deque[_Held[Task]] = deque()
        self.since = time.monotonic()

    @property
    def load(self) -> int:
        return sum(held.size for held in self.held)

    def take(self, held: _Held[Task]) -> None:
        if not self.held:
            self.since = time.monotonic()
        self.held.append(held)
        try:
            self.connection.send(held.task)
        except OSError:
            return  # it died: its end of the connection says so when it is read

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class Crew(Generic[Task]):
    """Up to `most` workers that do `work`; a task that takes more than `seconds` is given up. Close it after use."""

    def __init__(self, work: Callable[[Task], bytes], most: int, seconds: float = _SECONDS) -> None:
        self._work = work
        self._most = max(1, most)
        self._seconds = seconds
        self._workers: list[_Worker[Task]] = []
        self._again: deque[_Held[Task]] = deque()

    def do(self, tasks: Iterable[Task], size: Callable[[Task], int]) -> Iterator[tuple[Task, bytes | Lost]]:
        """Each task with its result, in no certain order. `size` is a task's weight in bytes of source."""
        waiting = (_Held(task, size(task)) for task in tasks)
        try:
            while self._feed(waiting):
                yield from self._answers()
        finally:
            for worker in self._workers:
                worker.end()
            self._workers = []

    def _feed(self, waiting: Iterator[_Held[Task]]) -> bool:
        """Hand out tasks until every worker has enough; False if there is nothing more to do."""
        while (worker := self._free()) is not None:
            held = self._again.popleft() if self._again else next(waiting, None)
            if held is None:
                break
            worker.take(held)
        return any(worker.held for worker in self._workers)

    def _free(self) -> _Worker[Task] | None:
        """The worker to get the next task: a new one if the others have their hands full and it is worth its start."""
        least = min(self._workers, key=lambda worker: worker.load, default=None)
        if least is None or (least.load >= _WORTH_A_PROCESS and len(self._workers) < self._most):
            self._workers.append(self._start())
            return self._workers[-1]
        return least if least.load < _HELD else None

    def _start(self) -> _Worker[Task]:
        context = _fork_or_spawn()
        ours, theirs = context.Pipe()
        # a fork inherits the parent's ends too: left open they would hide the parent's death from the other workers
        inherited = [ours, *(worker.connection for worker in self._workers)] if sys.platform == "linux" else []
        process = context.Process(target=_serve, args=(theirs, inherited, self._work), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _answers(self) -> Iterator[tuple[Task, bytes | Lost]]:
        """What has come in, after waiting for something to come in or for the first worker's time to be up."""
        from multiprocessing.connection import wait

        now = time.monotonic()
        busy = [worker for worker in self._workers if worker.held]
        patience = min(worker.since for worker in busy) + self._seconds - now
        ready = wait([worker.connection for worker in busy], max(0.0, patience))
        for worker in busy:
            if worker.connection in ready:
                yield from self._answer(worker)
            elif time.monotonic() - worker.since > self._seconds and not worker.connection.poll():
                held = self._bury(worker)
                yield held.task, Lost(f"took longer than {self._seconds:g} s and was given up", "timeout")

    def _answer(self, worker: _Worker[Task]) -> Iterator[tuple[Task, bytes | Lost]]:
        try:
            value = worker.connection.recv_bytes()
        except (EOFError, OSError):
            held = self._bury(worker)
            if held.deaths + 1 < _TRIES:
                self._again.append(replace(held, deaths=held.deaths + 1))
            else:
                what = "ended the process that looked at it: please report it with the file"
                yield held.task, Lost(what, "crashed")
            return
        held = worker.held.popleft()
        worker.since = time.monotonic()
        yield held.task, value

    def _bury(self, worker: _Worker[Task]) -> _Held[Task]:
        """Let a worker go; what it was at is returned, what it had not begun goes to the others."""
        self._workers.remove(worker)
        worker.end()
        first, *rest = worker.held
        self._again.extend(rest)
        return first


def _fork_or_spawn() -> ForkContext | SpawnContext:
    """Forking is quick and safe here, where no thread exists; elsewhere it is not to be had."""
    import multiprocessing

    return multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")


def _serve(connection: Connection, inherited: list[Connection], work: Callable[[Task], bytes]) -> None:
    """A worker's life: it ends when the parent closes the connection or dies, in the middle of a task too."""
    from queue import SimpleQueue
    from threading import Thread

    gc.freeze()  # else collecting garbage copies all that the parent handed over
    gc.disable()  # to look for cycles in living trees takes a sixth of the time; between two tasks there are none
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    for other in inherited:
        other.close()
    tasks: SimpleQueue[Task] = SimpleQueue()
    Thread(target=_receive, args=(connection, tasks), daemon=True).start()
    while True:
        connection.send_bytes(work(tasks.get()))
        gc.collect(_SINCE_THE_LAST)


def _receive(connection: Connection, tasks: SimpleQueue[Task]) -> None:
    """Take tasks off the connection at once, so that the parent never waits to hand one over."""
    try:
        while True:
            tasks.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)
