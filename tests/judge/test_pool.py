"""Worker processes: whatever becomes of one, every task is answered for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from mldebt.judge.pool import Crew, Lost

TASKS = [f"task {i}" for i in range(60)]
LEFT: list[weakref.ref[Knot]] = []  # in a worker, what its tasks before made
HEAVY = 50_000  # bytes that a task is said to weigh, so that several workers are worth their start


def work(task: str) -> bytes:
    """What a task asks for: to take long, to end the process it is in, to do so the first time only, or its name."""
    verb, _, argument = task.partition(" ")
    if verb == "knot":
        return _tie_a_knot()
    if verb == "sleep":
        time.sleep(float(argument))
    elif verb == "die" or (verb == "falter" and _first_time(argument)):
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "raise":
        raise ValueError(argument)
    return task.encode() * (100_000 if verb == "long" else 1)


class Knot(list["Knot"]):
    """A list that may hold itself, as the answers about a module do that hold the module."""


def _tie_a_knot() -> bytes:
    """How many of the knots of tasks before are still there."""
    alive = sum(ref() is not None for ref in LEFT)
    knot = Knot()
    knot.append(knot)
    LEFT.append(weakref.ref(knot))
    return str(alive).encode()


def _first_time(file: str) -> bool:
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def answers(tasks: list[str], workers: int = 2, seconds: float = 30) -> dict[str, bytes | Lost]:
    found = list(Crew(work, workers, seconds).do(iter(tasks), lambda task: HEAVY))
    assert len(found) == len(tasks)
    assert multiprocessing.active_children() == []
    return dict(found)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_every_task_is_answered_once(workers: int) -> None:
    assert answers(TASKS, workers) == {task: task.encode() for task in TASKS}


def test_nothing_of_a_task_is_left_in_the_worker_for_the_next() -> None:
    assert set(answers([f"knot {i}" for i in range(8)], workers=1).values()) == {b"0"}


def test_without_tasks_no_process_is_left() -> None:
    assert answers([]) == {}


def test_answers_too_long_for_a_pipe_come_through() -> None:
    tasks = [f"long {i}" for i in range(12)]
    assert all(value == task.encode() * 100_000 for task, value in answers(tasks).items())


@pytest.mark.parametrize(
    ("bad", "kind"),
    [("die", "crashed"), ("raise x", "crashed"), ("sleep 60", "timeout")],
)
@pytest.mark.parametrize("at", [0, 7, 59])
def test_a_bad_task_costs_only_itself(bad: str, kind: str, at: int) -> None:
    found = answers([*TASKS[:at], bad, *TASKS[at:]], seconds=1)
    lost = found.pop(bad)
    assert isinstance(lost, Lost)
    assert lost.kind == kind
    assert found == {task: task.encode() for task in TASKS}


def test_a_task_whose_worker_was_killed_by_another_is_tried_again(tmp_path: Path) -> None:
    task = f"falter {tmp_path}/flag"
    assert answers([*TASKS, task])[task] == task.encode()


def test_slow_tasks_in_a_row_are_not_one_slow_task() -> None:
    tasks = ["sleep 0.4", "sleep 0.41", "sleep 0.42", "sleep 0.43"]
    assert answers(tasks, 1, seconds=1) == {task: task.encode() for task in tasks}


def test_what_is_stopped_leaves_no_process() -> None:
    results: Iterator[object] = Crew(work, 2).do(iter(TASKS), lambda task: HEAVY)
    next(results)
    assert multiprocessing.active_children() != []
    results.close()  # type: ignore[attr-defined]  # a generator
    assert multiprocessing.active_children() == []


PARENT = """
import multiprocessing, sys, time
from mldebt.judge.pool import Crew
def nap(task):
    time.sleep(60)
    return b""
if __name__ == "__main__":
    def tasks():
        for i in range(3):
            yield i
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        time.sleep(60)
    list(Crew(nap, 2).do(tasks(), lambda task: 70_000))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_workers_do_not_outlive_a_parent_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(workers) == 2
    deadline = time.monotonic() + 10
    while any(_runs(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(_runs(pid) for pid in workers)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
