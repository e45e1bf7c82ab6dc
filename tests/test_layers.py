"""Imports run one way, and each foreign package has one door."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "mldebt"
# a part of the package → the parts it may import
ALLOWED = {
    "model": set(),
    "errors": {"model"},
    "explanation": {"model"},
    "toml": {"errors"},
    "settings": {"errors", "toml"},
    "read": {"model", "errors", "toml"},
    "apis": set(),
    "facts": {"model", "errors", "read", "apis", "stores"},
    "frameworks": set(),
    "stores": set(),
    "practices": {"model"},
    "evidence": {"model", "links", "practices"},
    "links": {"model", "errors", "explanation", "facts", "frameworks"},
    "rules": {"model", "errors", "facts", "links", "evidence"},
    "proof": {"model", "errors", "facts"},
    "report": {"model", "explanation"},
    "judge": set(
        "model errors settings read facts practices links evidence rules proof explanation".split(),
    ),
    "app": {"model", "errors", "explanation", "settings", "read", "links", "rules", "judge"},
    "chart": {"model", "read", "links", "judge", "app"},
    "mend": {"model", "errors", "settings", "read", "links", "rules", "judge", "app", "report"},
    "github": {"model", "errors", "report"},
    "output": {"model", "errors", "report", "rules", "github"},
    "action": set("model errors settings read judge rules app ledger data_branch output report github door".split()),
    "door": {"errors", "report"},
    "lapse": {"model", "settings", "read", "judge"},
    "hook": {"model", "errors", "settings", "app", "ledger", "lapse", "door", "report"},
    "data_branch": {"errors"},
    "ledger": {"model", "errors", "settings", "read", "judge", "app"},
    "starter": {"errors", "read", "judge", "app"},
    "cli": set(
        "output errors settings app chart mend ledger starter data_branch door report rules practices judge".split()
    ),
    "__main__": {"cli"},
}
DOORS = {
    "libcst": {"proof"},
    "vulture": {"facts/unreachable.py", "links/whitelist.py"},
    "radon": {"facts/size.py"},
    "yaml": {"read/yaml.py"},
    "rich": {"report"},
    "jinja2": {"report"},
    "click": {"cli"},
    "sqlite3": {"read/cache.py"},
    "http": {"github"},
}


def _imports(path: Path) -> Iterator[str]:
    """What a file imports at run time or for types, in any block."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _part(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    own = _part(path)
    ours = {name.split(".")[1] for name in _imports(path) if name.startswith("mldebt.")}
    parts = ours & set(ALLOWED) - {own}
    assert parts <= ALLOWED.get(own, set()), f"{own} must not import {sorted(parts - ALLOWED.get(own, set()))}"
    place = path.relative_to(SOURCE).as_posix()
    for package, doors in DOORS.items():
        if any(name.split(".")[0] == package for name in _imports(path)):
            assert place in doors or own in doors, f"{package} is imported only in {sorted(doors)}"


def test_every_part_has_its_place() -> None:
    assert {_part(path) for path in SOURCE.rglob("*.py")} - {"__init__"} == set(ALLOWED)


def test_no_two_test_files_have_one_name() -> None:
    """Since pytest takes them for one module, and stops."""
    names = Counter(path.name for path in Path(__file__).parent.rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
