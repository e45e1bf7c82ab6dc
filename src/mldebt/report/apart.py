"""A template that is not ours, rendered in a process of its own: with an end to its time, its memory and its length.

The sandbox keeps a template from the interpreter; it does not keep it from making a text of a gigabyte.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from mldebt.report.excerpt import plain
from mldebt.report.jinja import environment
from mldebt.report.markdown_quote import Markdown

_SECONDS = 10
_BYTES = 512 * 1024 * 1024  # of memory
_MAIN = "import sys; sys.path.insert(0, sys.argv[1]); from mldebt.report.apart import render; render(int(sys.argv[2]))"


class Rendered(NamedTuple):
    """The text; empty if the template made none, and why."""

    text: str
    why_not: str = ""


def render_apart(template: str, context: Mapping[str, Any], longest: int) -> Rendered:
    """What a template makes of a context, of at most so many characters."""
    home = Path(__file__).parents[2]
    command = [sys.executable, "-I", "-c", _MAIN, str(home), str(longest)]
    try:
        done = subprocess.run(
            command, input=msgspec.json.encode([template, context]), capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Rendered("", f"it took more than {_SECONDS} seconds")
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        return Rendered("", plain(said[-1])[:200] if said else "it needed too much memory or time")
    return Rendered(done.stdout.decode(errors="replace"))


def render(longest: int) -> None:
    """Read a template and its context from standard input, write what comes of them; for `render_apart`."""
    template, context = msgspec.json.decode(sys.stdin.buffer.read())
    _limit()
    text = environment({"own": template}).get_template("own").render(_restored(context))
    if len(text) > longest:
        sys.exit(f"it makes {len(text):,} characters and GitHub takes {longest:,}")
    sys.stdout.buffer.write(text.encode(errors="replace"))


def _restored(value: Any) -> Any:
    """A context as it was before it became JSON, where Markdown is a list of its one text."""
    if isinstance(value, dict):
        return {key: _restored(inner) for key, inner in value.items()}
    if not isinstance(value, list):
        return value
    is_markdown = len(value) == 1 and isinstance(value[0], str)
    return Markdown(value[0]) if is_markdown else [_restored(inner) for inner in value]


def _limit() -> None:
    """Take less than the machine has; Windows has no such limits, there only the time is one."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
