"""Facts by content, in one SQLite file that may vanish, be torn or be written by two at once.

The cache never fails: whatever goes wrong, an entry is missing or nothing is kept.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    import sqlite3

_SCHEMA = 1
_LARGEST = 512 * 1024 * 1024  # bytes of values; the oldest go first
_WAIT = 5.0  # seconds for another process to finish writing
_BATCH = 500  # keys in one query; SQLite allows 999 parameters in old versions


def cache_directory() -> Path | None:
    """Where caches lie: `MLDEBT_CACHE_DIR`, else the user's cache folder; None if there is no home."""
    named = os.environ.get("MLDEBT_CACHE_DIR")
    if named:
        return Path(named)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) / "mldebt" / "cache" if local else None
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / "mldebt"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "mldebt"


class Cache:
    """Values by key; without a connection it holds nothing. A `file` that turns out to be torn is removed."""

    def __init__(self, connection: sqlite3.Connection | None, file: Path | None = None) -> None:
        self._connection = connection
        self._file = file

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The values of those keys that are there and whole."""
        wanted = list(keys)
        found: dict[str, bytes] = {}
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            marks = ",".join("?" * len(batch))
            for key, check, value in self._ask(f"SELECT key, sum, value FROM entry WHERE key IN ({marks})", batch):
                if crc32(value) == check:
                    found[key] = value
        return found

    def put_many(self, values: dict[str, bytes]) -> None:
        """Keep these values, for the next run too if that can be done."""
        if self._connection is None or not values:
            return
        from sqlite3 import Error

        rows = [(key, crc32(value), value) for key, value in sorted(values.items())]
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO entry (key, sum, value) VALUES (?, ?, ?)", rows)
        except Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Drop the oldest entries beyond the limit and let go of the file."""
        for (size,) in self._ask("SELECT coalesce(sum(length(value)), 0) FROM entry", []):
            if size > _LARGEST:
                self._ask("DELETE FROM entry WHERE rowid <= (SELECT avg(rowid) FROM entry)", [])
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, query: str, parameters: list[str]) -> list[Any]:
        if self._connection is None:
            return []
        from sqlite3 import Error

        try:
            with self._connection:
                return self._connection.execute(query, parameters).fetchall()
        except Error as error:
            self._give_up(error)
            return []

    def _give_up(self, error: sqlite3.Error) -> None:
        from sqlite3 import OperationalError

        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._file is not None and not isinstance(error, OperationalError):
            _remove(self._file)


def open_cache(directory: Path | None, root: Path, salt: bytes) -> Cache:
    """The cache of the repository at `root`; another salt, a torn file or another schema start it anew."""
    if directory is None:
        return Cache(None)
    from sqlite3 import Error

    file = directory / f"{hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:32]}.db"
    for _ in range(2):
        try:
            directory.mkdir(parents=True, exist_ok=True)
            return Cache(_connect(file, salt), file)
        except Error as error:
            if "locked" in str(error):
                break
            _remove(file)
        except OSError:
            break
    return Cache(None)


def _connect(file: Path, salt: bytes) -> sqlite3.Connection:
    import sqlite3

    connection = sqlite3.connect(file, timeout=_WAIT, isolation_level="IMMEDIATE")
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        stamp = f"{_SCHEMA}:{hashlib.sha256(salt).hexdigest()}"
        connection.execute("CREATE TABLE IF NOT EXISTS stamp (value TEXT)")
        if connection.execute("SELECT value FROM stamp").fetchone() != (stamp,):
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("DROP TABLE IF EXISTS entry")
                connection.execute("DELETE FROM stamp")
                connection.execute("INSERT INTO stamp VALUES (?)", (stamp,))
                connection.execute("CREATE TABLE entry (key TEXT PRIMARY KEY, sum INTEGER, value BLOB)")
        connection.execute("SELECT key, sum, value FROM entry LIMIT 1").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _remove(file: Path) -> None:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm", f"{file.name}-journal"):
        try:
            (file.parent / name).unlink(missing_ok=True)
        except OSError:
            return
