"""Writes what documents take from the code: the pages of rules and practices, the README's tables, the picture.

usage: python docs/generate.py [--check]

With --check nothing is written; exits 1 if something would change, naming it. Needs no network and no settings.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

from mldebt import app
from mldebt.judge.run import Watch
from mldebt.practices import catalogue
from mldebt.practices.page import page as practice_page
from mldebt.read.cache import Cache
from mldebt.report.picture import to_svg
from mldebt.report.terminal import View
from mldebt.rules.catalogue import load
from mldebt.rules.listing import page
from mldebt.rules.page import Example, parse_page
from mldebt.settings import Settings, options

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"


def documents() -> dict[Path, str]:
    """Every generated file with its text."""
    readme = README.read_text(encoding="utf-8")
    made = {"rules": _rules_table(), "settings": _settings_table(), "picture": _PICTURE, **_starters()}
    for name, text in made.items():
        readme = _between(readme, name, text)
    pages = {DOCS / "rules" / f"{rule.name}.md": page(rule) for rule in load()}
    known = catalogue()
    told = {DOCS / "practices" / f"{p.practice}.md": practice_page(known, c, p) for c, p in known.practices}
    return {**pages, **told, README: readme, DOCS / "picture.svg": _picture()}


def _starters() -> dict[str, str]:
    """The workflows that `mldebt init` writes, word for word."""
    files = (DOCS.parent / "src" / "mldebt" / "starters").glob("*.yml")
    return {f"starters/{file.name}": f"```yaml\n{file.read_text(encoding='utf-8')}```\n" for file in files}


_PICTURE = "![What the terminal shows for a small repository](docs/picture.svg)\n"


def _between(text: str, name: str, new: str) -> str:
    marks = f"<!-- {name} -->", f"<!-- /{name} -->"
    pattern = re.escape(marks[0]) + ".*?" + re.escape(marks[1])
    return re.sub(pattern, lambda _: f"{marks[0]}\n{new}{marks[1]}", text, flags=re.DOTALL)


def _rules_table() -> str:
    rows = ["| rule | finds | category | severity | minutes |", "|---|---|---|---|---|"]
    for rule in sorted(load(), key=lambda r: (r.about.family, r.name)):
        price = rule.about.minutes
        cost = f"{price.constant:g}" + (f" + {price.per_unit:g}/{price.unit}" if price.per_unit else "")
        off = "" if rule.about.on else " (off by default)"
        rows.append(
            f"| [{rule.name}](docs/rules/{rule.name}.md) | {rule.summary}{off} | {rule.category} "
            f"| {rule.about.severity} | {cost} |"
        )
    return "\n".join(rows) + "\n"


def _settings_table() -> str:
    rows = ["| key | default | meaning |", "|---|---|---|"]
    rows.extend(f"| `{name}` | `{_toml(default)}` | {meaning} |" for name, default, meaning in options())
    return "\n".join(rows) + "\n"


def _toml(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def _picture() -> str:
    section = parse_page((DOCS / "example.md").read_text(encoding="utf-8")).section("Files")
    assert section is not None, "docs/example.md has a section Files"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for example in section.examples:
            _write(root, example)
        where = app.Target(root, False, ("",))
        report = app.scan(where, Settings(jobs=1), Cache(None), Watch())
        return to_svg(report, View(root), "mldebt")


def _write(root: Path, example: Example) -> None:
    target = root / example.title
    target.parent.mkdir(parents=True, exist_ok=True)
    text = _notebook(example.text) if example.title.endswith(".ipynb") else example.text
    target.write_text(text, encoding="utf-8")


def _notebook(text: str) -> str:
    """A notebook from cells that begin with `# %% [count]`."""
    cells: list[dict[str, object]] = []
    for part in re.split(r"^# %% ", text, flags=re.MULTILINE)[1:]:
        head, _, source = part.partition("\n")
        count = int(head.strip("[] "))
        cells.append(
            {"cell_type": "code", "execution_count": count, "metadata": {}, "outputs": [], "source": source.strip()}
        )
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def main() -> int:
    stale = [
        path for path, text in documents().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    known = {path.name for path in documents()}
    left = [path for part in ("rules", "practices") for path in (DOCS / part).glob("*.md") if path.name not in known]
    if "--check" in sys.argv:
        for path in [*stale, *left]:
            print(f"{path.relative_to(DOCS.parent)} is stale: run python docs/generate.py")
        return int(bool(stale or left))
    for path, text in documents().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in left:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
