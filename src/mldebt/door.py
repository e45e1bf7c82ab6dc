"""The last place an exception gets to: every way to end becomes a sentence and an exit code."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence

from mldebt.errors import MldebtError

OK, DEBT, USAGE, INCOMPLETE, CRASH, INTERRUPTED = 0, 1, 2, 3, 4, 130
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)


def exit_code(run: Callable[[], int], arguments: Sequence[str]) -> int:
    """What `run` returns, or the code of what it raised; a crash of ours leaves a log."""
    _open_output()
    gc.disable()  # the facts of a tree are many and in no cycle: looking for cycles is a tenth of a scan's time
    try:
        code = run()
        sys.stdout.flush()
        return code
    except MldebtError as error:
        print(f"mldebt: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return OK
    except OSError as error:
        if error.errno not in _FULL:
            return _crash(error, arguments)
        _drop_output()
        print(f"mldebt: cannot write: {error.strerror}: make room, or write elsewhere with -o", file=sys.stderr)
        return USAGE
    except Exception as error:  # noqa: BLE001 - the door: a crash of ours becomes a sentence, a log and exit code 4
        return _crash(error, arguments)


def _crash(error: Exception, arguments: Sequence[str]) -> int:
    from mldebt.report.crash import write_log

    log = write_log(error, arguments)
    print(f"mldebt: crashed ({type(error).__name__}): please report it with {log}", file=sys.stderr)
    return CRASH


def _open_output() -> None:
    """Let standard output take any character, as well as it can, and be there even if it was closed."""
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _drop_output() -> None:
    """Nobody takes what is still to be written: without this the interpreter tries again at its end, and fails."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
