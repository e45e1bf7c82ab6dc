"""Templates in a sandbox that quotes whatever is not Markdown already."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from mldebt.report.markdown_quote import Markdown, code

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

OURS = "comment.md.jinja"  # what a template of another's can extend
_NONE: Mapping[str, str] = MappingProxyType({})


def environment(others: Mapping[str, str] = _NONE) -> ImmutableSandboxedEnvironment:
    """Our template and others, by name; nothing else can be loaded."""
    from jinja2 import DictLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    folder = resources.files("mldebt.report") / "templates"
    return ImmutableSandboxedEnvironment(
        loader=DictLoader({**others, OURS: (folder / OURS).read_text(encoding="utf-8")}),
        undefined=StrictUndefined,
        autoescape=False,  # it would write HTML; what is printed here is quoted as Markdown
        finalize=_quoted,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _quoted(value: object) -> str:
    return value.text if isinstance(value, Markdown) else "" if value == "" else code(str(value)).text
