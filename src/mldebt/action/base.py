"""What a pull request is judged by: the commit it is merged into, with the settings and the baseline of that commit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from mldebt.action.inputs import Inputs
from mldebt.errors import GitError, UsageError
from mldebt.github.event import Event
from mldebt.judge.baseline import Entry, decode
from mldebt.ledger import read as read_baseline
from mldebt.read.git import blob, merge_base, resolve, run
from mldebt.settings import FILES, Settings, load, load_text

_LARGEST = 1_000_000  # bytes of settings or a template
_LARGEST_BASELINE = 32_000_000  # bytes
_MOST_EXCUSES = 10  # that are named
_EXCUSE = re.compile(r"mldebt: *ignore(?:-file)?\[[^\]\n]*\][^\n]{0,80}|mldebt-ignore")


class Base(NamedTuple):
    """The commit to compare with; None if there is none, and why it could not be had if it was wanted."""

    commit: str | None = None
    why_not: str = ""


class Terms(NamedTuple):
    """What holds in a comparison: settings, the entries of a baseline, and what a reader should know of them."""

    settings: Settings
    accepted: tuple[Entry, ...] | None
    notes: tuple[str, ...]


def find_base(root: Path, wanted: str, event: Event) -> Base:
    """The base as it is in this clone; nothing is fetched."""
    if wanted != "auto":
        named = resolve(root, wanted) or resolve(root, f"origin/{wanted}")
        return Base(named) if named else Base(None, f"`{wanted}` names no commit here: {_deeper(root, 0)}")
    if event.pull is None or event.pull.number is None:
        return Base()
    if resolve(root, "HEAD^2") == event.pull.head:
        return Base(resolve(root, "HEAD^1"))
    if event.base is None:
        return Base(None, "the event names none")
    try:
        return Base(merge_base(root, event.base, "HEAD"))
    except GitError:
        is_head = resolve(root, "HEAD") == event.pull.head
        return Base(None, f"this clone does not have it: {_deeper(root, 0 if is_head else 2)}")


def _deeper(root: Path, depth: int) -> str:
    shallow = run(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
    return f"give actions/checkout `fetch-depth: {depth}`" if shallow else "fetch it, or name another"


def terms(root: Path, inputs: Inputs, event: Event, base: Base) -> Terms:
    """The terms of a scan; on a pull request what the base has, unless the inputs say that the head is trusted."""
    given = {} if inputs.jobs == "auto" else {"jobs": int(inputs.jobs)}
    from_base = event.pull is not None and event.pull.number is not None and inputs.config_from == "base"
    if not from_base:
        named = root / inside("config", inputs.config) if inputs.config else None
        accepted = read_baseline(root / inside("baseline", inputs.baseline)) if inputs.baseline else None
        return Terms(load(root, named, given), accepted, ())
    if base.commit is None:
        accepted = () if inputs.baseline else None
        return Terms(load_text("", "", given), accepted, ("the settings of the base could not be read: none are used",))
    names = (inside("config", inputs.config),) if inputs.config else FILES
    notes = [*_changed(root, base.commit, names), *_excuses(root, base.commit)]
    return Terms(_settings(root, base.commit, names, given), _accepted(root, base.commit, inputs), tuple(notes))


def template(root: Path, inputs: Inputs, base: Base) -> tuple[str | None, tuple[str, ...]]:
    """The comment's template, None if there is none; if it is wanted and the base has none, a note that says so."""
    if not inputs.comment_template:
        return None, ()
    path = inside("comment-template", inputs.comment_template)
    commit = "HEAD" if inputs.config_from == "head" else base.commit
    data = blob(root, commit, path, _LARGEST) if commit is not None else None
    if data is None:
        return None, (f"the base has no template `{path}`: it is used from the next pull request on",)
    return data.decode(errors="replace"), ()


def _settings(root: Path, commit: str, names: tuple[str, ...], given: dict[str, Any]) -> Settings:
    for name in names:
        data = blob(root, commit, name, _LARGEST)
        if data is not None:
            return load_text(Path(name).name, data.decode(errors="replace"), given)
    return load_text("", "", given)


def _accepted(root: Path, commit: str, inputs: Inputs) -> tuple[Entry, ...] | None:
    if not inputs.baseline:
        return None
    path = inside("baseline", inputs.baseline)
    data = blob(root, commit, path, _LARGEST_BASELINE)
    return decode(data, path) if data is not None else ()


def _changed(root: Path, commit: str, names: tuple[str, ...]) -> list[str]:
    """That a pull request changes the settings, which hold once it is merged."""
    here = {name: blob(root, "HEAD", name, _LARGEST) for name in names}
    there = {name: blob(root, commit, name, _LARGEST) for name in names}
    changed = [name for name in names if _told(name, here[name]) != _told(name, there[name])]
    return [f"settings changed here (`{name}`): those of the base were used" for name in changed]


def _told(name: str, data: bytes | None) -> object:
    """The settings in a file; the bytes of one that is broken."""
    if data is None:
        return Settings()
    try:
        return load_text(Path(name).name, data.decode(errors="replace"))
    except UsageError:
        return data


def _excuses(root: Path, commit: str) -> list[str]:
    """The excuses that a pull request adds: who reviews it should see them."""
    words = ("--unified=0", "--no-ext-diff", "--no-textconv", "--no-color", "--no-prefix", "-Gmldebt[:-] *ignore")
    told = run(root, "diff", *words, commit, "--", "*.py", "*.ipynb").decode(errors="replace")
    found: list[str] = []
    path = ""
    for line in told.split("\n"):
        if line.startswith("+++ "):
            path = line[4:].strip()
        elif line.startswith("+"):
            found.extend(f"excused here: `{path}` with `{one[0].strip()}`" for one in _EXCUSE.finditer(line))
    more = len(found) - _MOST_EXCUSES
    return [*found[:_MOST_EXCUSES], *([f"excused here: {more:,} more"] if more > 0 else [])]


def inside(name: str, path: str) -> str:
    """A path from the root, as git has it. Raises UsageError for one that leads out of the repository."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
    if path.startswith("/") or ".." in parts or ":" in path or not parts:
        raise UsageError(f"input {name} is {path!r}: give a path inside the repository")
    return "/".join(parts)
