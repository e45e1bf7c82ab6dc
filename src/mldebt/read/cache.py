"""Facts by content, in one SQLite file that may vanish, be torn or be written by two at once.

The cache never fails: whatever goes wrong, an entry is missing or nothing is kept.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    import sqlite3

_SCHEMA = 2
_LARGEST = 512 * 1024 * 1024  # bytes of values; those not used for longest go first
_KEPT = 30  # days after which a value that nobody asked for goes
_DAY = 86_400  # seconds
_WAIT = 5.0  # seconds for another process to finish writing
_BATCH = 500  # keys in one query; SQLite allows 999 parameters in old versions
_TRIES = 40  # to open it: while another process makes the file, SQLite answers at once that it is locked
_PAUSE = 0.025  # seconds between two of them


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
    """Values by key; without a connection it holds nothing. A `file` that turns out to be torn is removed.

    What another `salt` kept is not seen, and not lost: two versions of mldebt may share the file.
    """

    def __init__(self, connection: sqlite3.Connection | None, file: Path | None = None, salt: str = "") -> None:
        self._connection = connection
        self._file = file
        self._salt = salt
        self._today = int(time.time() // _DAY)
        self._stale: list[str] = []

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The values of those keys that are there and whole."""
        wanted = list(keys)
        found: dict[str, bytes] = {}
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            marks = ",".join("?" * len(batch))
            query = f"SELECT key, used, sum, value FROM entry WHERE salt = ? AND key IN ({marks})"
            for key, used, check, value in self._ask(query, [self._salt, *batch]):
                if isinstance(value, bytes) and crc32(value) == check:
                    found[key] = value
                    if used != self._today:
                        self._stale.append(key)
        return found

    def put_many(self, values: dict[str, bytes]) -> None:
        """Keep these values, for the next run too if that can be done."""
        rows = [(self._salt, key, self._today, crc32(value), value) for key, value in sorted(values.items())]
        self._write("INSERT OR REPLACE INTO entry (salt, key, used, sum, value) VALUES (?, ?, ?, ?, ?)", rows)

    def close(self) -> None:
        """Drop what has not been used for long or is too much, and let go of the file."""
        used = [(self._today, self._salt, key) for key in self._stale]
        self._write("UPDATE entry SET used = ? WHERE salt = ? AND key = ?", used)
        for size, oldest in self._ask("SELECT sum(length(value)), min(used) FROM entry", []):
            if oldest is not None and oldest < self._today - _KEPT:
                self._write("DELETE FROM entry WHERE used < ?", [(self._today - _KEPT,)])
            if size is not None and size > _LARGEST:
                half = "SELECT rowid FROM entry ORDER BY used, rowid LIMIT (SELECT count(*) / 2 FROM entry)"
                self._write(f"DELETE FROM entry WHERE rowid IN ({half})", [()])
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Carry a statement out for each row, for all or for none."""
        if self._connection is None or not rows:
            return
        from sqlite3 import Error

        try:
            with self._connection:
                self._connection.executemany(statement, rows)
        except Error as error:
            self._give_up(error)

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
    """The cache of the repository at `root`; a torn file is made anew.

    In a folder inside the repository none is kept: a change could bring a forged one along.
    """
    place = root.resolve()
    if directory is None or directory.resolve().is_relative_to(place):
        return Cache(None)
    from sqlite3 import Error

    file = directory / f"{hashlib.sha256(os.fsencode(place)).hexdigest()[:32]}-{_SCHEMA}.db"
    patience = time.monotonic() + _WAIT
    for _ in range(_TRIES):
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            return Cache(_connect(file), file, hashlib.sha256(salt).hexdigest()[:16])
        except Error as error:
            if "locked" in str(error):
                if time.monotonic() > patience:
                    break
                time.sleep(_PAUSE)
            else:
                _remove(file)
        except OSError:
            break
    return Cache(None)


def _connect(file: Path) -> sqlite3.Connection:
    import sqlite3

    connection = sqlite3.connect(file, timeout=_WAIT, isolation_level="IMMEDIATE")
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        columns = "salt TEXT, key TEXT, used INTEGER, sum INTEGER, value BLOB"
        connection.execute(f"CREATE TABLE IF NOT EXISTS entry ({columns}, PRIMARY KEY (salt, key))")
        connection.execute("SELECT salt, key, used, sum, value FROM entry LIMIT 1").fetchone()
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
