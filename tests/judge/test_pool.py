"""Worker processes: whatever becomes of one, every file is answered for."""

from __future__ import annotations

import multiprocessing
import os
import signal

import msgspec
import pytest

from mldebt.judge import pool
from mldebt.judge.pool import Job, examine_all
from mldebt.model import FileFacts

TEXT = b"def f(x):\n    return x + 1\n\n\n" + b"# a long story\n" * 1500
JOBS = [Job(f"key{i}", "python", f"m{i}.py", TEXT) for i in range(60)]


class Deadly(bytes):
    """Content that ends the process it is sent to."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (3,)


def facts(value: bytes) -> FileFacts:
    return msgspec.msgpack.decode(value, type=FileFacts)


def test_the_jobs_of_a_worker_that_was_killed_are_done_by_others() -> None:
    results = examine_all(iter(JOBS), 2)
    answered = [next(results)]
    for process in multiprocessing.active_children()[:1]:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
    answered.extend(results)
    assert sorted(job.path for job, _ in answered) == sorted(job.path for job in JOBS)
    assert all(facts(value).problems == () and len(facts(value).modules) == 1 for _, value in answered)
    assert multiprocessing.active_children() == []


def test_a_file_that_kills_its_worker_costs_only_itself() -> None:
    bad = Job("bad", "python", "bad.py", Deadly(TEXT))
    answered = {job.path: facts(value) for job, value in examine_all(iter([*JOBS[:20], bad, *JOBS[20:]]), 2)}
    assert len(answered) == len(JOBS) + 1
    assert {path for path, one in answered.items() if one.problems} == {"bad.py"}
    assert answered["bad.py"].problems[0][1] == "crashed"


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_job_is_answered_once(workers: int) -> None:
    answered = [job.path for job, _ in examine_all(iter(JOBS), workers)]
    assert sorted(answered) == sorted(job.path for job in JOBS)


def test_without_jobs_no_process_is_started() -> None:
    assert list(examine_all(iter(()), 8)) == []
    assert [job.path for job, _ in examine_all(iter(JOBS[:1]), 8)] == ["m0.py"]
    assert multiprocessing.active_children() == []


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_SECONDS_A_FILE", 0.05)
    slow = Job("slow", "python", "slow.py", b"x = y\n" * 20_000)
    answered = {job.path: facts(value) for job, value in examine_all(iter([*JOBS, slow]), 2)}
    assert answered["slow.py"].problems[0][1] == "timeout"
    assert "given up" in answered["slow.py"].problems[0][0]


def test_a_scan_that_is_stopped_leaves_no_process() -> None:
    results = examine_all(iter(JOBS), 2)
    next(results)
    results.close()  # type: ignore[attr-defined]  # a generator
    assert multiprocessing.active_children() == []
