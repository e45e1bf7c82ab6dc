"""Facts kept by content: what is put is got again, and nothing that goes wrong is ever seen."""

from __future__ import annotations

import sqlite3
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
    assert reopened(tmp_path, ["a"]) == {}, "the other version began anew"


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
