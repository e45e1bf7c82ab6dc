"""What was given on the command line, as settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mldebt.settings import options

HELP: Mapping[str, str] = {name: text for name, _, text in options()}


def given(arguments: dict[str, Any]) -> dict[str, Any]:
    """The settings that were given on the command line."""
    names = ("select", "ignore", "all_rules", "fail_on", "jobs", "strict")
    found = {name: arguments[name] for name in names if arguments.get(name) not in (None, ())}
    return {name: _names(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _names(values: tuple[str, ...]) -> list[str]:
    """The names in a repeated option, each of which may be a list with commas."""
    return [name.strip() for value in values for name in value.split(",") if name.strip()]
