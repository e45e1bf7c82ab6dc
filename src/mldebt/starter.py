"""`mldebt init`: the hooks and the badge for a repository, fitted to what it has; nothing that is there is changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from mldebt.app import Target
from mldebt.errors import Unreadable, UsageError
from mldebt.judge.baseline import FILE
from mldebt.read.discover import kind_of
from mldebt.read.tree import Entry
from mldebt.read.worktree import WorkTree

HOOKS = ".pre-commit-config.yaml"
HOME = "https://github.com/mldebt/mldebt"
BADGE = "mldebt.svg"
_LARGEST = 1_000_000  # bytes of a configuration that is read
_ITEM = re.compile(r"^( *)- +repo:", re.MULTILINE)
_OURS = re.compile(r"\bid: *['\"]?mldebt")


class Start(NamedTuple):
    """What to do: the text of the hooks' new file (None if there is one), the block to add to it, and what to say."""

    file: str | None
    block: str | None
    advice: list[str]


def start(where: Target, version: str) -> Start:
    """What fits a repository. Raises UsageError outside git, where no hook can run."""
    if not where.in_git:
        raise UsageError(f"{where.root} is in no git repository, and hooks need one: run `git init` first")
    tree = WorkTree(where.root)
    names = {entry.path for entry in tree.entries()[0]}
    config = where.root / HOOKS
    if not (config.exists() or config.is_symlink()):
        text = f"repos:\n{_block(names, version, 2)}"
        return Start(text, None, [*_advice(names, True), *_badge(names)])
    written = _text(tree, config)
    if _OURS.search(written):
        return Start(None, None, [f"{HOOKS} has hooks of mldebt already", *_advice(names, False), *_badge(names)])
    item = _ITEM.search(written)
    block = _block(names, version, len(item[1]) if item is not None else 2)
    return Start(None, block, [*_advice(names, True), *_badge(names)])


def write(where: Target, text: str) -> None:
    """Write the hooks' file. Raises UsageError if it is there meanwhile, or cannot be written."""
    try:
        with (where.root / HOOKS).open("xb") as stream:
            stream.write(text.encode())
    except OSError as error:
        raise UsageError(f"cannot write {HOOKS}: {error.strerror}") from error


def _text(tree: WorkTree, config: Path) -> str:
    """The hooks' file; nothing of one that is a link, or cannot be read."""
    try:
        return tree.read(Entry(HOOKS, min(config.lstat().st_size, _LARGEST))).decode(errors="replace")
    except (Unreadable, OSError):
        return ""


def _block(names: set[str], version: str, indent: int) -> str:
    """The list item of the hooks' file."""
    count = sum(kind_of(name) == "notebook" for name in names)
    notebooks = f" # reads the {count} notebook{'' if count == 1 else 's'} too" if count else ""
    lines = [
        f"- repo: {HOME}",
        f"  rev: v{version}",
        "  hooks:",
        f"    - id: mldebt-changed{notebooks}",
        "    - id: mldebt-practices",
        *(["    - id: mldebt-baseline"] if FILE in names else []),
    ]
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def _advice(names: set[str], hooks: bool) -> list[str]:
    """What to do next, each with the reason."""
    advice = ["`pre-commit install` runs the hooks on each commit: they report only what it adds"] if hooks else []
    if FILE not in names:
        advice.append("`mldebt baseline` accepts the debt there is, so that --fail-on new counts what comes after it")
    advice.append("`mldebt diff --base REF --format markdown` writes a pull request's comment; its Action is to come")
    return advice


def _badge(names: set[str]) -> list[str]:
    """How to show the grade, in the markup of the README."""
    readme = next((name for name in sorted(names) if name.lower() in ("readme.md", "readme.rst")), "README.md")
    line = f"[![ML debt]({BADGE})]({HOME})"
    if readme.lower().endswith(".rst"):
        line = f".. image:: {BADGE}"
    return [f"`mldebt badge -o {BADGE}` draws the grade; this line in {readme} shows it: {line}"]
