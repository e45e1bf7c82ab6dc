"""Facts kept by content: what is put is got again, and nothing that goes wrong is ever seen."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mldebt.read import cache as caches
from mldebt.read.cache import Cache, cache_directory, open_cache

ROOT = Path("/some/repository")


def reopened(folder: Path, keys: list[str], salt: bytes = b"salt", root: Path = ROOT) -> dict[str, bytes]:
    cache = open_cache(folder, root, salt)
    found = cache.get_many(keys)
    cache.close()
    return found


def filled(folder: Path, values: dict[str, bytes]) -> Path:
    cache = open_cache(folder, ROOT, b"salt")
    cache.put_many(values)
    cache.close()
    (file,) = folder.glob("*.db")
    return file


def test_what_is_put_is_got_by_the_next_run(tmp_path: Path) -> None:
    values = {f"key {n}": bytes([n % 256]) * n for n in range(1200)}
    filled(tmp_path / "new" / "folder", values)
    assert reopened(tmp_path / "new" / "folder", [*values, "another"]) == values


def test_a_value_is_replaced(tmp_path: Path) -> None:
    filled(tmp_path, {"a": b"old"})
    filled(tmp_path, {"a": b"new"})
    assert reopened(tmp_path, ["a"]) == {"a": b"new"}


def test_repositories_and_salts_are_kept_apart(tmp_path: Path) -> None:
    filled(tmp_path, {"a": b"1"})
    assert reopened(tmp_path, ["a"], root=Path("/another/repository")) == {}
    assert reopened(tmp_path, ["a"]) == {"a": b"1"}
    assert reopened(tmp_path, ["a"], salt=b"later version") == {}
    assert reopened(tmp_path, ["a"]) == {"a": b"1"}


def test_two_at_once_do_not_hinder_each_other(tmp_path: Path) -> None:
    one, two = open_cache(tmp_path, ROOT, b"salt"), open_cache(tmp_path, ROOT, b"salt")
    one.put_many({"a": b"1"})
    two.put_many({"b": b"2"})
    assert one.get_many(["a", "b"]) == two.get_many(["a", "b"]) == {"a": b"1", "b": b"2"}
    one.close()
    two.put_many({"c": b"3"})
    two.close()
    assert reopened(tmp_path, ["a", "b", "c"]) == {"a": b"1", "b": b"2", "c": b"3"}


def test_a_writer_that_never_ends_is_not_waited_for_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "_WAIT", 0.1)
    file = filled(tmp_path, {"a": b"1"})
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    cache = open_cache(tmp_path, ROOT, b"salt")
    cache.put_many({"b": b"2"})
    assert cache.get_many(["b"]) == {}
    cache.close()
    other.execute("ROLLBACK")
    other.close()
    assert reopened(tmp_path, ["a"]) == {"a": b"1"}, "a busy cache is not a torn one"


def test_another_version_that_waits_does_not_take_the_cache_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "_WAIT", 0.1)
    file = filled(tmp_path, {"a": b"1"})
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert reopened(tmp_path, ["a"], salt=b"later version") == {}
    other.execute("ROLLBACK")
    other.close()
    assert file.exists()
    assert reopened(tmp_path, ["a"]) == {"a": b"1"}


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_torn_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    file = filled(tmp_path, {"a": b"1"})
    file.write_bytes(damage)
    assert reopened(tmp_path, ["a"]) == {}
    filled(tmp_path, {"a": b"2"})
    assert reopened(tmp_path, ["a"]) == {"a": b"2"}


def test_a_file_that_is_torn_within_is_made_anew(tmp_path: Path) -> None:
    values = {f"{n:04}": bytes([n % 256]) * 3000 for n in range(500)}
    file = filled(tmp_path, values)
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xaa" * (len(whole) - 8192))
    assert reopened(tmp_path, list(values)) == {}
    filled(tmp_path, values)
    assert reopened(tmp_path, list(values)) == values


def test_a_file_of_another_shape_is_made_anew(tmp_path: Path) -> None:
    file = filled(tmp_path, {"a": b"1"})
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE entry")
        connection.execute("CREATE TABLE entry (other TEXT)")
    connection.close()
    assert reopened(tmp_path, ["a"]) == {}
    filled(tmp_path, {"a": b"2"})
    assert reopened(tmp_path, ["a"]) == {"a": b"2"}


def test_a_file_that_vanishes_is_not_missed(tmp_path: Path) -> None:
    cache = open_cache(tmp_path, ROOT, b"salt")
    for file in tmp_path.iterdir():
        file.unlink()
    cache.put_many({"a": b"1"})
    assert cache.get_many(["b"]) == {}
    cache.close()


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "_LARGEST", 1000)
    values = {f"{n:03}": b"x" * 100 for n in range(20)}
    filled(tmp_path, values)
    left = reopened(tmp_path, list(values))
    assert 0 < len(left) < 20
    assert max(left) == "019"
    assert min(left) > "000"


def test_without_a_folder_nothing_is_kept() -> None:
    cache = Cache(None)
    cache.put_many({"a": b"1"})
    assert cache.get_many(["a"]) == {}
    cache.close()


def test_the_folder_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLDEBT_CACHE_DIR", str(tmp_path))
    assert cache_directory() == tmp_path
    monkeypatch.delenv("MLDEBT_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_directory() == tmp_path / "xdg" / "mldebt"


WRITER = """
import sys
from pathlib import Path
from mldebt.read.cache import open_cache

cache = open_cache(Path(sys.argv[1]), Path("/some/repository"), b"salt")
for round in range(int(sys.argv[3])):
    cache.put_many({f"{sys.argv[2]} {round} {n}": b"%d" % n * 5000 for n in range(20)})
    print(round, flush=True)
cache.close()
"""


def writer(folder: Path, name: str, rounds: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), name, str(rounds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def written(name: str, rounds: int) -> dict[str, bytes]:
    return {f"{name} {round} {n}": b"%d" % n * 5000 for round in range(rounds) for n in range(20)}


def test_a_writer_that_is_killed_leaves_whole_values(tmp_path: Path) -> None:
    for _ in range(3):
        process = writer(tmp_path, "a", 10_000)
        assert process.stdout is not None
        done = [int(process.stdout.readline()) for _ in range(5)][-1]
        process.kill()
        process.communicate()
        expected = written("a", 200)
        found = reopened(tmp_path, list(expected))
        assert {key: expected[key] for key in found} == found
        assert set(written("a", done)) <= set(found), "what was put is there"
        filled(tmp_path, {"b": b"1"})
        assert reopened(tmp_path, ["b"]) == {"b": b"1"}


def test_two_writing_processes_lose_nothing(tmp_path: Path) -> None:
    both = [writer(tmp_path, name, 20) for name in "ab"]
    assert [process.communicate()[1] for process in both] == ["", ""]
    expected = {**written("a", 20), **written("b", 20)}
    assert reopened(tmp_path, list(expected)) == expected


@pytest.mark.parametrize("part", range(10))
def test_a_file_cut_off_anywhere_gives_what_was_put_or_nothing(tmp_path: Path, part: int) -> None:
    values = {f"{n:04}": bytes([n % 256]) * 700 for n in range(300)}
    file = filled(tmp_path, values)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * part // 10])
    found = reopened(tmp_path, list(values))
    assert {key: values[key] for key in found} == found
    filled(tmp_path, values)
    assert reopened(tmp_path, list(values)) == values


def test_a_folder_in_the_repository_is_never_used(tmp_path: Path) -> None:
    """Else a pull request could bring a cache along that says its code is clean."""
    root = tmp_path / "repository"
    inside = root / ".cache"
    filled(inside, {"a": b"forged"})
    assert reopened(inside, ["a"]) == {"a": b"forged"}
    assert reopened(inside, ["a"], root=root) == {}
    (tmp_path / "link").symlink_to(inside)
    cache = open_cache(tmp_path / "link", root, b"salt")
    cache.put_many({"b": b"1"})
    assert cache.get_many(["a", "b"]) == {}
    cache.close()


@pytest.mark.parametrize(("days", "left"), [(29, {"a": b"1", "b": b"2"}), (31, {"a": b"1"})])
def test_what_nobody_asks_for_goes_after_thirty_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, left: dict[str, bytes]
) -> None:
    day = 86_400
    monkeypatch.setattr("mldebt.read.cache.time.time", lambda: 20_000.5 * day)
    filled(tmp_path, {"a": b"1", "b": b"2"})
    monkeypatch.setattr("mldebt.read.cache.time.time", lambda: (20_000.5 + days) * day)
    assert reopened(tmp_path, ["a"]) == {"a": b"1"}
    assert reopened(tmp_path, ["a", "b"]) == left
    monkeypatch.setattr("mldebt.read.cache.time.time", lambda: (20_000.5 + days + 31) * day)
    assert reopened(tmp_path, ["a"]) == {"a": b"1"}, "asked for, kept"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_gone_without(tmp_path: Path) -> None:
    filled(tmp_path, {"a": b"1"})
    tmp_path.chmod(0o500)
    cache = open_cache(tmp_path, ROOT, b"salt")
    cache.put_many({"b": b"2"})
    cache.close()
    tmp_path.chmod(0o700)
    assert reopened(tmp_path, ["a"]) == {"a": b"1"}


def test_five_thousand_values_are_got_in_no_time(tmp_path: Path) -> None:
    values = {f"{n:040}:python": b"x" * 2000 for n in range(5000)}
    filled(tmp_path, values)
    cache = open_cache(tmp_path, ROOT, b"salt")
    started = time.perf_counter()
    assert len(cache.get_many(list(values))) == 5000
    assert time.perf_counter() - started < 0.5  # takes 0.04 s on an idle machine
    cache.close()
