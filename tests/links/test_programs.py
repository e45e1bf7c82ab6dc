"""Which modules may run together, and what that says of their options."""

from __future__ import annotations

import pytest

from mldebt.facts.extract import module_facts
from mldebt.facts.syntax import Module
from mldebt.links.options import Options
from mldebt.links.programs import Programs
from mldebt.links.repository import Repository
from mldebt.model import Code, FileFacts

PARSER = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--a')\np.add_argument('--b')\n"
FILES = {
    "one/train.py": "import data\nfrom options import args\n",
    "one/data.py": "print(1)\n",
    "one/options.py": "args = None\n",
    "two/train.py": "print(2)\n",
}


def repository(files: dict[str, str]) -> Repository:
    return Repository(
        {path: FileFacts("python", modules=(module_facts(Module(Code(text))),)) for path, text in files.items()}
    )


def around(files: dict[str, str], path: str) -> list[str]:
    found = repository(files)
    index = next(unit.index for unit in found.units if unit.path == path)
    return sorted(found.units[i].path for i in Programs(found.graph).around(index))


@pytest.mark.parametrize(
    ("path", "program"),
    [
        ("one/options.py", ["one/data.py", "one/options.py", "one/train.py"]),
        ("one/data.py", ["one/data.py", "one/options.py", "one/train.py"]),
        ("two/train.py", ["two/train.py"]),
    ],
)
def test_a_module_runs_with_what_imports_it_and_all_that_imports(path: str, program: list[str]) -> None:
    assert around(FILES, path) == program


@pytest.mark.parametrize("text", ["import importlib\nimportlib.import_module(name)\n", "import lost\n"])
def test_what_imports_a_module_that_nobody_can_tell_may_run_with_all(text: str) -> None:
    files = {**FILES, "two/train.py": text, "three/lost.py": "", "four/lost.py": ""}
    assert around(files, "two/train.py") == sorted(files)


@pytest.mark.parametrize(
    ("use", "unread"),
    [
        ("args = p.parse_args()\nprint(args.a)\n", ["b"]),
        ("args = p.parse_args()\nargs.b = 3\nprint(args.a)\n", ["b"]),
        ("args = p.parse_args()\nprint(args.a, args.b)\n", []),
        ("args = p.parse_args()\nprint(args.a, vars(args)['b'])\n", []),
        ("args, _ = p.parse_known_args()\nf = open(args.a)\nf.seek(**vars(args))\n", []),
        ("from lib import run\nargs = p.parse_args()\nrun(args, args.a)\n", []),
        ("def run(args):\n    print(args.a)\nrun(p.parse_args())\n", ["b"]),
        ("from lib import Base\nclass A(Base):\n    def __init__(self, args):\n        super().__init__(args.a, args)\n"
         "A(p.parse_args())\n", []),
        ("args = p.parse_args()\nprint(args)\n", []),
        ("print(p.a)\n", []),
    ],
)  # fmt: skip
def test_an_option_is_unread_if_nothing_names_it_and_nobody_else_may(use: str, unread: list[str]) -> None:
    found = repository({"train.py": PARSER + use})
    options = Options(found.graph, found.classes)
    assert [option.name for unit in found.units for option in options.unread(unit)] == unread
