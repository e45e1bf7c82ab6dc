"""A project that comes from vulture: its table and its whitelist files say what must not be called dead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mldebt import app
from mldebt.facts.extract import module_facts
from mldebt.facts.syntax import Module
from mldebt.judge.run import Watch
from mldebt.links.units import units
from mldebt.links.whitelist import Whitelist, standard
from mldebt.model import Code, FileFacts, ModuleFacts, Report, Setting
from mldebt.read.cache import Cache
from mldebt.settings import Settings

SOURCES = {
    "train.py": """\
import json
from net import Net, used

OLD_RATE = 1

print(used(), Net())
""",
    "net.py": """\
import registry


def used():
    return 1


def visit_loss():
    return 2


@registry.hook("x")
def hooked():
    return 3


class Net:
    def __init__(self):
        self.depth = 3

    def plot(self):
        return 4
""",
    "old/plots.py": """\
def curve():
    return 5
""",
}
ALL = {"json", "OLD_RATE", "visit_loss", "Net.depth", "Net.plot", "old.plots"}


def scan(root: Path, files: dict[str, str]) -> Report:
    for path, text in {**SOURCES, **files}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    settings = Settings(jobs=1, select=("dead-code",))
    return app.scan(app.Target(root, False, ("",)), settings, Cache(None), Watch())


def dead(root: Path, files: dict[str, str]) -> set[str | None]:
    return {finding.symbol for finding in scan(root, files).findings}


def table(*lines: str) -> dict[str, str]:
    return {"pyproject.toml": "[tool.vulture]\n" + "".join(f"{line}\n" for line in lines)}


def test_without_settings_for_vulture_all_of_it_is_dead(tmp_path: Path) -> None:
    assert dead(tmp_path, {}) == ALL


@pytest.mark.parametrize(
    ("line", "silent"),
    [
        ('ignore_names = ["visit_*"]', {"visit_loss"}),
        ('ignore_names = ["visit_los", "VISIT_*"]', set()),
        ('ignore_names = ["depth", "OLD_*", "json"]', {"Net.depth", "OLD_RATE", "json"}),
        ('ignore_names = ["plots"]', set()),
        ('ignore_names = ["curve"]', {"old.plots"}),
        ('ignore_names = ["?lot", "[jx]son"]', {"Net.plot", "json"}),
        ('exclude = ["net.py"]', {"visit_loss", "Net.depth", "Net.plot"}),
        ('exclude = ["*/old/*"]', {"old.plots"}),
        ('exclude = ["old/"]', {"old.plots"}),
        ('exclude = ["old/*.py"]', set()),
        ('paths = ["net.py", "train.py"]', {"old.plots"}),
        ('paths = ["old"]', ALL - {"old.plots"}),
        ('paths = ["."]', set()),
        ('paths = ["../elsewhere"]', set()),
        ("min_confidence = 60", set()),
        ("min_confidence = 100", ALL),
        ("exclude = []", set()),
        ("verbose = true", set()),
    ],
)
def test_the_table_silences(tmp_path: Path, line: str, silent: set[str]) -> None:
    assert dead(tmp_path, table(line)) == ALL - silent


@pytest.mark.parametrize(
    ("imported", "decorator", "pattern", "is_kept"),
    [
        ("import hooks", "@hooks.on", "@hooks.on", True),
        ("import hooks", "@hooks.on('x')", "@hooks.*", True),
        ("import hooks as h", "@h.on", "@h.on", True),
        ("from hooks import on", "@on", "@on", True),
        ("from hooks import on as when", "@when", "@wh*", True),
        ("from hooks import on", "@on", "@off", False),
        ("from hooks import on", "@on", "on", False),
    ],
)
def test_a_decorator_is_matched_as_it_is_written(imported: str, decorator: str, pattern: str, is_kept: bool) -> None:
    jobs = FileFacts("python", modules=(facts(f"{imported}\n\n\n{decorator}\ndef inner():\n    return 2\n"),))
    setting = Setting("tool.vulture.ignore_decorators.0", pattern, 2)
    files = {"jobs.py": jobs, "pyproject.toml": FileFacts("config", settings=(setting,))}
    reasons = [why for _, why in Whitelist(files, units(files)).roots()]
    assert ("is in `ignore_decorators` of pyproject.toml" in reasons) == is_kept


def facts(text: str) -> ModuleFacts:
    return module_facts(Module(Code(text)))


WHITELIST = """\
# made by vulture --make-whitelist
from net import Net

_.depth  # unused attribute (net.py:19)
visit_loss  # unused function (net.py:8)
json  # unused import (train.py:1)
Net.plot
"""


@pytest.mark.parametrize(
    ("files", "is_followed"),
    [
        ({"whitelist.py": WHITELIST}, True),
        ({"tools/vulture-whitelist.py": WHITELIST}, True),
        ({"my_allowlist.py": WHITELIST}, True),
        ({"spared.py": WHITELIST, **table('paths = [".", "spared.py"]')}, True),
        ({"spared.py": WHITELIST, **table('paths = [".", "./spared.py"]')}, True),
        ({"spared.py": WHITELIST}, False),
        ({"whitelist.py": f"{WHITELIST}\n\ndef more():\n    pass\n"}, False),
    ],
)
def test_a_file_that_only_mentions_names_keeps_them(tmp_path: Path, files: dict[str, str], is_followed: bool) -> None:
    found = dead(tmp_path, files)
    named = {"Net.depth", "visit_loss", "json", "Net.plot"}
    assert (found & named == set()) == is_followed
    assert {"OLD_RATE", "old.plots"} <= found
    assert "whitelist" not in found or not is_followed


def test_a_whitelist_is_told_by_name_and_never_flagged(tmp_path: Path) -> None:
    report = scan(tmp_path, {"whitelist.py": "import os\nimport sys\n\nvisit_loss\nsys\n"})
    assert not [finding for finding in report.findings if finding.at.path == "whitelist.py"]
    assert ("whitelist.py", "is a whitelist for vulture: nothing that it names is called dead") in report.left_out


def test_the_underscore_of_a_whitelist_stands_for_anything_and_is_no_name(tmp_path: Path) -> None:
    found = dead(
        tmp_path, {"net.py": "def used(): ...\n\n\nclass Net: ...\n\n\ndef _(): ...\n", "whitelist.py": "_.x\n"}
    )
    assert "_" in found


def test_a_table_that_is_followed_is_said(tmp_path: Path) -> None:
    assert [path for path, _ in scan(tmp_path, table("min_confidence = 60")).left_out] == ["pyproject.toml"]
    assert not scan(tmp_path, {"pyproject.toml": "[tool.other]\nexclude = ['x']\n"}).left_out


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('ignore_names = "visit_*"', "line 2: tool.vulture.ignore_names is 'visit_*': it takes a list of texts"),
        ("exclude = {a = 1}", "line 2: tool.vulture.exclude is a table or a list of lists (tool.vulture.exclude.a): "),
        ('paths = [["a"]]', "a list of lists (tool.vulture.paths.0.0): it takes a list of texts"),
        ('min_confidence = "high"', "tool.vulture.min_confidence is 'high': it takes a whole number from 0 to 100"),
        ("min_confidence = 101", "is '101': it takes a whole number from 0 to 100"),
        ("min_confidence = -1", "is '-1': it takes a whole number from 0 to 100"),
        ("min_confidence = true", "is 'true': it takes a whole number from 0 to 100"),
        ("min_confidence = [80]", "is '80' in a list or table: it takes a whole number from 0 to 100"),
        ("ignore_name = []", "tool.vulture has an unknown key ignore_name: did you mean ignore_names"),
        ("zebra = 1", "tool.vulture has an unknown key zebra: vulture knows config, exclude, "),
        (f"exclude = {['x'] * 501}", "tool.vulture.exclude has 501 patterns: only the first 500 count"),
    ],
)
def test_a_wrong_type_is_a_problem_that_names_what_is_wanted(tmp_path: Path, lines: str, problem: str) -> None:
    report = scan(tmp_path, table(lines))
    assert [p.path for p in report.problems] == ["pyproject.toml"]
    assert problem in report.problems[0].what
    assert report.findings or "501" in problem


def test_a_table_that_is_none_is_a_problem(tmp_path: Path) -> None:
    report = scan(tmp_path, {"pyproject.toml": "tool.vulture = 'strict'\n"})
    assert [p.what for p in report.problems] == ["line 1: tool.vulture is 'strict': it takes a table"]
    assert {finding.symbol for finding in report.findings} == ALL


def test_only_dead_code_is_silenced(tmp_path: Path) -> None:
    for path, text in {"train.py": "import torch\n\nprint(torch.load('x.pt'))\n", **table('exclude = ["*"]')}.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    report = app.scan(app.Target(tmp_path, False, ("",)), Settings(jobs=1), Cache(None), Watch())
    assert {finding.family for finding in report.findings} == {"ml"}


@pytest.mark.parametrize(
    ("module", "name", "is_known"),
    [
        ("threading", "daemon", True),
        ("unittest", "setUpClass", True),
        ("ast", "visit_Assign", True),
        ("threading", "plot", False),
        ("torch", "forward", False),
        ("../threading", "daemon", False),
        ("", "daemon", False),
    ],
)
def test_the_whitelists_that_come_with_vulture_are_read(module: str, name: str, is_known: bool) -> None:
    assert (name in standard(module)) == is_known


def test_vulture_is_not_loaded_where_no_member_of_a_foreign_class_is_in_question(tmp_path: Path) -> None:
    scan(tmp_path, {"whitelist.py": WHITELIST, **table('ignore_names = ["x"]')})
    code = (
        "import sys; from mldebt import app; from mldebt.settings import Settings; from pathlib import Path\n"
        "from mldebt.judge.run import Watch; from mldebt.read.cache import Cache\n"
        f"app.scan(app.Target(Path({str(tmp_path)!r}), False, ('',)), Settings(jobs=1), Cache(None), Watch())\n"
        "print('vulture' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
