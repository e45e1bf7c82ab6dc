"""A practice's page, made from the catalogue: what it is, when it is asked for, what proves it and what does not."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.model import Category
from mldebt.practices import Applies, Catalogue, Line, Practice, Setting, Tool

_MOST_GLOBS = 4  # of a tool's row: longer lists of places say no more
_FACTS = {
    "trains": "trains a model",
    "serves": "serves predictions",
    "deploys": "deploys something",
    "tabular": "works on tables",
    "people": "holds data about people",
    "notebooks": "has notebooks",
    "weights": "releases weights",
    "credentials": "needs credentials",
    "loads-models": "loads model files",
    "library": "is a library",
    "notebook-tutorial": "teaches in notebooks",
    "kaggle": "is competition code",
    "template": "is a template",
    "research": "is research code",
    "mlops-demo": "is a demonstration",
    "application": "is an application",
}


def page(known: Catalogue, category: Category, practice: Practice) -> str:
    """The page in Markdown, without anything of a scanned repository."""
    parts = [
        f"# {practice.practice}\n\n{practice.title}.\n",
        f"## Why\n{practice.why}\n",
        f"## When it is asked for\n{_asked(practice.applies)}\n",
        f"## Present, partial, missing\n- **present**: {practice.present}\n- **partial**: {practice.partial}\n"
        "- **missing**: nothing of it was detected, which is not to say that you do not have it\n",
        _proof(practice.tools),
        _lookalikes(practice),
        f"## Next step\n{_sentence(practice.next)}\n",
        _contradiction(practice.practice),
        "## Sources\n" + "".join(f"- {known.sources[name]}\n" for name in practice.sources),
        f"{category} · {practice.tier} · weight {practice.weight} of 3\n",
    ]
    return "\n".join(part for part in parts if part)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _asked(applies: Applies) -> str:
    said = [_FACTS[name] for name in applies.all]
    if applies.any:
        said.append(" or ".join(_FACTS[name] for name in applies.any))
    text = f"If the repository {' and '.join(said)}" if said else "Always"
    if applies.unless:
        text += f", unless it {' or '.join(_FACTS[name] for name in applies.unless)}"
    return f"{text}. What is there counts in any case."


def _proof(tools: tuple[Tool, ...]) -> str:
    rows = [
        f"| {tool.tool} | {'; '.join(_signs(tool))} |\n" for tool in tools if not tool.against and any(_signs(tool))
    ]
    if not rows:
        return "## What proves it\nWhat the files hold themselves: no tool is needed.\n"
    return "## What proves it\n| tool | signs |\n|---|---|\n" + "".join(rows)


def _signs(tool: Tool) -> Iterator[str]:
    if tool.packages:
        yield f"declares {_listed(tool.packages)}"
    if tool.imports:
        yield f"imports {_listed(tool.imports)}"
    if tool.calls:
        yield f"calls {_listed(tool.calls)}"
    if tool.files:
        yield f"holds {_listed(tool.files)}"
    for wanted in tool.settings:
        value = f" like `{_cell(wanted.value)}`" if wanted.value else ""
        yield f"sets `{wanted.key}`{value} in {_places(wanted)}"
    for line in tool.lines:
        yield f"says `{_cell(line.text)}` in {_places(line)}"


def _places(wanted: Setting | Line) -> str:
    return _listed((wanted.file,) if isinstance(wanted.file, str) else wanted.file)


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{_cell(name)}`" for name in names[:_MOST_GLOBS])
    return shown + (f" and {len(names) - _MOST_GLOBS} more" if len(names) > _MOST_GLOBS else "")


def _cell(text: str) -> str:
    """A text for a cell of a table."""
    return text.replace("|", "\\|")


def _lookalikes(practice: Practice) -> str:
    against = [f"{tool.tool} speaks against it" for tool in practice.tools if tool.against]
    rows = "".join(f"- {text}\n" for text in (*practice.not_taken_for_it, *against))
    return f"## What is not taken for it\n{rows}" if rows else ""


def _contradiction(name: str) -> str:
    return (
        "## If the verdict is wrong\n"
        "Say so in `pyproject.toml`; the verdict stays visible beside what you say:\n\n"
        f'```toml\n[tool.mldebt.practices.{name}]\nstatus = "done-elsewhere"\nreason = "…"\n```\n'
    )
