"""The inputs of the Action: one class, against which `action.yml` is tested."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mldebt.errors import UsageError
from mldebt.output import FORMATS

PREFIX = "MLDEBT_INPUT_"  # of the variables that hold them
FILE_FORMATS = tuple(form for form in FORMATS if form != "terminal")
CONDITIONS = ("none", "new", "new-high", "any", "low", "medium", "high", "any-high", "score-drop", "score-below")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}  # seconds


class Inputs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What a workflow can tell; each field has its default and, in its Meta, the description in `action.yml`."""

    mode: Annotated[
        Literal["auto", "scan", "comment"],
        Meta(description="auto: comment in a workflow_run job, compare on a pull request, else scan; scan, comment"),
    ] = "auto"
    paths: Annotated[tuple[str, ...], Meta(description="what to report on, one path a line")] = (".",)
    working_directory: Annotated[str, Meta(description="the folder that paths start from")] = "."
    config: Annotated[
        str, Meta(description="settings file in the repository; by default mldebt.toml or pyproject.toml")
    ] = ""
    config_from: Annotated[
        Literal["base", "head"],
        Meta(description="on a pull request: settings, baseline and template of the base commit, or of the head"),
    ] = "base"
    base: Annotated[
        str, Meta(description="commit, branch or tag to compare with; auto: what the pull request is merged into")
    ] = "auto"
    baseline: Annotated[str, Meta(description="committed baseline file to compare with, in place of a base")] = ""
    fail_on: Annotated[
        tuple[str, ...],
        Meta(
            description="fail on any of new, new-high, any, low, medium, high, any-high, score-drop, score-below; "
            "by default what the settings say: none"
        ),
    ] = ()
    max_new: Annotated[int, Meta(description="findings that new and new-high let pass", ge=0)] = 0
    max_score_drop: Annotated[int, Meta(description="points that score-drop lets pass", ge=0, le=100)] = 0
    min_score: Annotated[int, Meta(description="points that score-below asks for", ge=0, le=100)] = 0
    comment: Annotated[
        Literal["never", "changes", "always"],
        Meta(description="changes: a first comment only if something is new or paid off, or the gate failed"),
    ] = "changes"
    comment_id: Annotated[
        str, Meta(description="tells several comments on one pull request apart", pattern=r"^[A-Za-z0-9_.-]{1,50}\Z")
    ] = "default"
    comment_template: Annotated[str, Meta(description="Jinja2 template in the repository, as the base has it")] = ""
    comment_max_items: Annotated[int, Meta(description="rows of the table of new findings", ge=0, le=500)] = 20
    annotations: Annotated[
        Literal["none", "new", "all"], Meta(description="findings shown beside their lines, at most 10 a level")
    ] = "new"
    summary: Annotated[bool, Meta(description="write the summary of the step")] = True
    formats: Annotated[tuple[str, ...], Meta(description="reports written: json, sarif, markdown, gitlab, junit")] = (
        "json",
    )
    report_dir: Annotated[str, Meta(description="where to; by default a temporary folder")] = ""
    badge_branch: Annotated[
        str,
        Meta(description="branch that gets badge.svg and badge.json, from the default branch; needs contents: write"),
    ] = ""
    python: Annotated[str, Meta(description="interpreter, 3.10 or later")] = "python3"
    jobs: Annotated[str, Meta(description="worker processes; auto: one a processor")] = "auto"
    timeout: Annotated[str, Meta(description="how long the scan may take, as 90s, 10m or 1h")] = "10m"
    token: Annotated[str, Meta(description="for the comment; without one it is handed over or left out")] = ""

    @property
    def seconds(self) -> int:
        """The time the scan may take."""
        found = re.fullmatch(r"(\d{1,6})([smh]?)", self.timeout)
        if found is None:
            raise UsageError(f"input timeout is {self.timeout!r}: give it as 90s, 10m or 1h")
        return int(found[1]) * _UNITS[found[2]]


def inputs(environment: Mapping[str, str]) -> Inputs:
    """The inputs as the step's variables have them; an empty one is its default. Raises UsageError for a wrong one."""
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(Inputs):
        raw = environment.get(PREFIX + field.name.upper(), "").strip()
        if raw:
            values[field.encode_name] = _list(raw) if isinstance(field.default, tuple) else raw
    try:
        found = msgspec.convert(values, Inputs, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError(f"an input is wrong: {error}") from error
    _check("fail-on", found.fail_on, CONDITIONS)
    _check("formats", found.formats, FILE_FORMATS)
    if found.jobs != "auto" and not re.fullmatch(r"\d{1,3}", found.jobs):
        raise UsageError(f"input jobs is {found.jobs!r}: give a number, or auto")
    return found


def _list(raw: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in re.split(r"[\n,]", raw) if word.strip())


def _check(name: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    wrong = next((word for word in given if word not in known), None)
    if wrong is not None:
        raise UsageError(f"input {name} names {wrong!r}: use {', '.join(known)}")
