"""Runs code of which nothing is installed: everything it reads from outside is a stand-in that writes down its use.

usage: python benchmarks/quality/traces.py < JOB

A stand-in knows how it came about (`model.fit(x)[0]`), and can be called, read, iterated over and compared; whether it
holds and how many items it has follows from that and from a seed. The JOB is a list in JSON, for each member of a class
a program before and one after, which leave a `result`, and names whose storing on `self` is not looked at. Both run for
several seeds. Printed is for each member: same; reordered, if objects were built earlier; different, with the first
difference; or unfinished, if no seed led to the end.
"""

from __future__ import annotations

import builtins
import json
import resource
import sys
from collections.abc import Sequence
from typing import Any

from standins import Endless, Made, Recorder, StandIn

SEEDS = range(10)
_SECONDS = 60
_REFUSED = "open exec eval compile input breakpoint exit quit help globals locals vars memoryview".split()


def _builtins(recorder: Recorder) -> dict[str, Any]:
    """Python's own, without what reaches outside."""
    found = {name: getattr(builtins, name) for name in dir(builtins)}
    found.update((name, recorder.make(name)) for name in [*_REFUSED, "print", "display", "get_ipython"])

    def imported(name: str, _globals: Any = None, _locals: Any = None, names: Any = (), level: int = 0) -> Any:
        whole = "." * level + name
        return recorder.make(whole if names else whole.partition(".")[0])

    def is_instance(value: Any, kind: Any) -> bool:
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if any(isinstance(k, StandIn) for k in kinds) or isinstance(value, StandIn):
            return bool(recorder.make(f"isinstance({recorder.label(value)}, {recorder.label(kind)})"))
        return isinstance(value, kind)

    def attribute(value: Any, name: str, *default: Any) -> Any:
        if str(name).startswith("__"):
            raise Endless
        return getattr(value, str(name), *default)

    return {**found, "__import__": imported, "isinstance": is_instance, "getattr": attribute}


def _load(recorder: Recorder, code: str, along: Sequence[str]) -> dict[str, Any]:
    """What a module defines; `along` are names it has beside those in its code."""
    names: dict[str, Any] = {"__builtins__": _builtins(recorder), "__name__": "shared"}
    names.update((name, recorder.make(name)) for name in along)
    exec(compile(code, "shared", "exec"), names)
    return names


def trace(program: str, seed: int, ignored: Sequence[str]) -> tuple[list[str], str, bool]:
    """What a program did, what came of it, and whether it came to its end."""
    recorder = Recorder(seed)
    Made._recorder = recorder
    names = _load(recorder, "", ())
    names.update(Made=Made, make=recorder.make, load=lambda code, along: _load(recorder, code, along))
    try:
        exec(compile(program, "m", "exec"), names)
        result, ends = recorder.label(names["result"]), True
    except Exception as error:  # noqa: BLE001 - the code of others
        result, ends = f"{type(error).__name__}: {error}", False
    skipped = tuple(f"self.{name} = " for name in ignored)
    return [step for step in recorder.done if not step.startswith(skipped)], result, ends


def compared(before: str, after: str, ignored: Sequence[str]) -> str:
    """The verdict on one member."""
    found = {_verdict(trace(before, seed, ignored), trace(after, seed, ignored)) for seed in SEEDS}
    different = sorted(verdict for verdict in found if verdict.startswith("different"))
    if different:
        return different[0]
    if not found & {"same", "reordered"}:
        return f"unfinished: {trace(before, 0, ignored)[1][:200]}"
    return "reordered" if "reordered" in found else "same"


def _verdict(before: tuple[list[str], str, bool], after: tuple[list[str], str, bool]) -> str:
    (done, result, ends), (done_after, result_after, ends_after) = before, after
    if not ends and not ends_after:
        return "unfinished"
    if (result, ends) == (result_after, ends_after):
        if done == done_after:
            return "same"
        if sorted(done) == sorted(done_after):
            return "reordered"
    pairs = zip([*done, result], [*done_after, result_after], strict=False)
    left, right = next(((a, b) for a, b in pairs if a != b), (result, result_after))
    return f"different: {left[:300]} | {right[:300]}"


def main() -> None:
    """Read the job and print a verdict for each member."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    members = json.load(sys.stdin)
    print(json.dumps([compared(before, after, ignored) for before, after, ignored in members]))


if __name__ == "__main__":
    main()
