"""The last place an exception gets to: every way to end becomes a sentence and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from mldebt.errors import MldebtError

OK, DEBT, USAGE, INCOMPLETE, CRASH, INTERRUPTED = 0, 1, 2, 3, 4, 130


def exit_code(run: Callable[[], int], arguments: Sequence[str]) -> int:
    """What `run` returns, or the code of what it raised; a crash of ours leaves a log."""
    try:
        return run()
    except MldebtError as error:
        print(f"mldebt: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # or the interpreter complains at its end that it cannot flush
        return OK
    except Exception as error:  # noqa: BLE001 - the door: a crash of ours becomes a sentence, a log and exit code 4
        from mldebt.report.crash import write_log

        log = write_log(error, arguments)
        print(f"mldebt: crashed ({type(error).__name__}): please report it with {log}", file=sys.stderr)
        return CRASH
