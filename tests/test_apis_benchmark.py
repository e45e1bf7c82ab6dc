"""What the benchmark of the tables says of entries, for a small library in four releases."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from mldebt.apis import Entry

QUALITY = Path(__file__).parents[1] / "benchmarks" / "quality"

FIRST = {
    "toy/__init__.py": "from .core import *\nfrom .core import _inner as inner\nfrom . import old\n",
    "toy/core.py": """
__all__ = ["fit", "scale", "Model", "late"]


def _inner():
    return 1


def fit(rows, speed=1, loud=False):
    return rows


def scale(rows, by=2):
    return rows


def late():
    return 0


class Base:
    def predict(self):
        return 1


class Model(Base):
    def __init__(self, kind="fast"):
        if kind not in ("fast", "slow"):
            raise ValueError(kind)
""",
    "toy/old.py": "def helper():\n    return 1\n",
}
SECOND = {
    **FIRST,
    "toy/core.py": FIRST["toy/core.py"]
    .replace("def _inner():\n", 'def _inner():\n    """Do it.\n\n    .. deprecated:: 1.1\n    """\n')
    .replace("loud=False):\n", "loud=False):\n    if speed != 1:\n        warn('speed is deprecated', FutureWarning)\n")
    .replace("def scale", "@deprecated('use fit')\ndef scale"),
    "toy/old.py": 'import warnings\n\nwarnings.warn("toy.old is deprecated")\n\n\ndef helper():\n    return 1\n',
}
THIRD = {
    "toy/__init__.py": """
from .core import *

_expired = {"inner": "gone"}


def __getattr__(name):
    if name in _expired:
        raise AttributeError(_expired[name])
    raise AttributeError(name)
""",
    "toy/core.py": """
__all__ = ["fit", "Model", "late"]


def fit(rows, fast=1, **more):
    if more:
        raise TypeError(more)
    return rows


def late():
    raise RuntimeError("late was removed, see fit")


class Model:
    def __init__(self, kind="fast"):
        if kind != "fast":
            raise ValueError(kind)
""",
}

CASES = [
    ("toy.scale", "1.1", "2.0", "confirmed", ""),
    ("toy.inner", "1.1", "2.0", "confirmed", ""),
    ("toy.old", "1.1", "2.0", "confirmed", ""),
    ("toy.fit(speed)", "1.1", "2.0", "confirmed", ""),
    ("toy.Model.predict", "2.0", "2.0", "confirmed", ""),
    ("toy.Model(kind=slow)", "2.0", "2.0", "confirmed", ""),
    ("toy.late", "2.0", "2.0", "confirmed", ""),
    ("toy.scale", "1.0", "2.0", "contradicted", "warns only from 1.1 on"),
    ("toy.scale", "1.2", "2.0", "contradicted", "warns from 1.1 on already"),
    ("toy.scale", "1.1", "1.2", "contradicted", "there from 1.2 on: there 1.0 to 1.2, gone 2.0 to 2.0"),
    ("toy.scale", "1.1", "", "contradicted", "at 2.0: there 1.0 to 1.2, gone 2.0 to 2.0"),
    ("toy.misspelt", "1.1", "2.0", "contradicted", "gone before 2.0: gone 1.0 to 2.0"),
    ("toy.fit(loud)", "1.1", "2.0", "unseen", "no warning is seen"),
    ("toy.scale", "1.1", "3.0", "undecided", "no release after 3.0 is there"),
    ("other.name", "1.1", "2.0", "undecided", "other is not among the files"),
]


@pytest.fixture
def apis(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(QUALITY))
    return importlib.import_module("apis")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for version, files in (("1.0", FIRST), ("1.1", SECOND), ("1.2", SECOND), ("2.0", THIRD)):
        for name, text in files.items():
            path = tmp_path / "toy" / version / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return tmp_path


def _entry(name: str, since: str, removed: str, instead: str = "fit", place: int = -1) -> Entry:
    argument, _, value = name.partition("(")[2].rstrip(")").partition("=")
    return Entry(name, "toy", since, removed, "", instead, False, argument, place, value)


@pytest.mark.parametrize(("name", "since", "removed", "word", "why"), CASES)
def test_an_entry_is_judged_by_the_releases(
    apis: ModuleType, folder: Path, name: str, since: str, removed: str, word: str, why: str
) -> None:
    entry = _entry(name, since, removed)
    verdict = apis.judge([entry], apis.releases(folder, apis.Library("toy", "1.0")))[entry]
    assert (verdict.word, why in verdict.why) == (word, True), verdict


@pytest.mark.parametrize(
    ("place", "instead", "why"),
    [(0, "loud", "the argument stands at 1, not 0"), (1, "fast", "by its place it is fast, which still works")],
)
def test_the_place_of_an_argument_is_checked(
    apis: ModuleType, folder: Path, place: int, instead: str, why: str
) -> None:
    entry = _entry("toy.fit(speed)", "1.1", "2.0", instead, place)
    verdict = apis.judge([entry], apis.releases(folder, apis.Library("toy", "1.0")))[entry]
    assert (verdict.word, verdict.why) == ("contradicted", why)


def test_nothing_that_is_read_is_run(apis: ModuleType, folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "run"
    for path in folder.rglob("*.py"):
        path.write_text(f"open({str(mark)!r}, 'w')\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    entry = _entry("toy.scale", "1.1", "2.0")
    assert apis.judge([entry], apis.releases(folder, apis.Library("toy", "1.0")))[entry].word == "confirmed"
    assert not mark.exists()


def test_an_entry_that_was_confirmed_and_is_no_longer_in_a_table_is_told_of(
    apis: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "confirmed.csv"
    listed.write_text("module,name,since,removed,back\nfunctorch,functorch.lost,1.0,2.0,\n", encoding="utf-8")
    monkeypatch.setattr(apis, "CONFIRMED", listed)
    monkeypatch.setattr("sys.argv", ["apis", str(tmp_path), "--only", "functorch"])
    assert apis.main() == 1
    assert "lost functorch.lost: confirmed as 1.0 2.0 -" in capsys.readouterr().out


def test_every_table_is_of_a_library_whose_releases_are_known(apis: ModuleType) -> None:
    assert apis.modules() == apis.LIBRARIES.keys()


def test_what_was_found_true_is_still_in_the_tables(apis: ModuleType) -> None:
    listed = {tuple(row) for row in apis._listed()}
    now = {apis._row(module, entry) for module in apis.modules() for entry in apis.entries(module)}
    assert listed <= now
