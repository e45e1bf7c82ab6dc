"""All options: one class, from which the command line, the settings file and the documents are made."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mldebt.errors import Unreadable, UsageError
from mldebt.toml import loads

FILES = ("mldebt.toml", "pyproject.toml")  # at the root; the first that is there holds
FAIL_ON = ("none", "new", "any", "low", "medium", "high")


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a project says of a practice, shown beside the verdict and never instead of it."""

    status: Literal["done-elsewhere", "accepted", "not-applicable", "test-data"]
    reason: str
    link: str = ""


class OwnTool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tool of the house that serves a practice, told by its package, modules, calls or files."""

    practice: str
    packages: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What a scan can be told. Each field has a default, a type and, in its Meta, a line of help and its unit."""

    select: Annotated[
        tuple[str, ...], Meta(description="only these rules, families or categories, whether on by default or not")
    ] = ()
    ignore: Annotated[tuple[str, ...], Meta(description="not these rules, families or categories")] = ()
    all_rules: Annotated[bool, Meta(description="also the rules that are off by default")] = False
    exclude: Annotated[
        tuple[str, ...], Meta(description="no findings in these folders or files (paths from the root)")
    ] = ()
    clone_filters_off: Annotated[
        tuple[str, ...], Meta(description="filters of the clone search that are off (docs/clone-filters.md names them)")
    ] = ()
    fail_on: Annotated[str, Meta(description="exit with 1 on: none, new, any, or a severity and above")] = "none"
    jobs: Annotated[int, Meta(description="worker processes; 0 for one a processor", ge=0, le=256)] = 0
    strict: Annotated[bool, Meta(description="exit with 3 if something could not be looked at")] = False

    facts: Annotated[
        dict[str, bool | str],
        Meta(description="what the repository is and does where the guess is wrong: serves, people, kind, …"),
    ] = {}
    practices: Annotated[
        dict[str, Note],
        Meta(description="notes on practices: status (done-elsewhere, accepted, …), reason, link"),
    ] = {}
    tools: Annotated[
        dict[str, OwnTool], Meta(description="tools of the house: the practice each serves, and how it is told")
    ] = {}

    def __post_init__(self) -> None:
        if self.fail_on not in FAIL_ON:
            raise ValueError(f"fail-on is {self.fail_on!r}: use one of {', '.join(FAIL_ON)}")

    @property
    def workers(self) -> int:
        """The number of worker processes."""
        return self.jobs or _processors()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def options() -> list[tuple[str, object, str]]:
    """Name, default and help of every option, for documents and the command line."""
    found = []
    for field in msgspec.structs.fields(Settings):
        metadata = getattr(field.type, "__metadata__", ())
        help_text = next((m.description for m in metadata if isinstance(m, Meta) and m.description), "")
        default = {} if field.default is msgspec.NODEFAULT else field.default
        found.append((field.encode_name, default, help_text))
    return found


def load(root: Path, named: Path | None = None, given: dict[str, Any] | None = None) -> Settings:
    """The settings of a repository: its file, overridden by what was given on the command line.

    Raises UsageError for a file that cannot be read, an unknown key (naming the nearest), or a wrong value.
    """
    return _settled(*_from_file(root, named), given)


def load_text(name: str, text: str, given: dict[str, Any] | None = None) -> Settings:
    """The settings that the text of a file says, overridden by what was given; raises as `load` does."""
    return _settled(name, _table(name, text), given)


def _settled(source: str, values: dict[str, Any], given: dict[str, Any] | None) -> Settings:
    for key in values:
        _check(key, source)
    merged = {**values, **{key.replace("_", "-"): value for key, value in (given or {}).items()}}
    try:
        return msgspec.convert(merged, Settings, strict=True)
    except (msgspec.ValidationError, ValueError) as error:
        raise UsageError(f"{source or 'command line'}: {error}") from error


def _check(key: str, source: str) -> None:
    known = [name for name, _, _ in options()]
    if key not in known:
        close = get_close_matches(key, known, n=1)
        hint = f"did you mean {close[0]}" if close else f"known are {', '.join(known)}"
        raise UsageError(f"{source}: unknown key {key}: {hint}")


def _from_file(root: Path, named: Path | None) -> tuple[str, dict[str, Any]]:
    if named is not None:
        if not named.is_file():
            raise UsageError(f"no settings file {named}: give the path of a mldebt.toml or pyproject.toml")
        return str(named), _table(named.name, _text(named))
    for name in FILES:
        file = root / name
        if file.is_file() and not file.is_symlink():
            return name, _table(name, _text(file))
    return "", {}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{file.name}: {error}") from error


def _table(name: str, text: str) -> dict[str, Any]:
    try:
        values = loads(text)
    except Unreadable as error:
        raise UsageError(f"{name}: {error}") from error
    table = values.get("tool", {}).get("mldebt", {}) if name == "pyproject.toml" else values
    if not isinstance(table, dict):
        raise UsageError(f"{name}: tool.mldebt is {table!r}: it takes a table")
    return table
