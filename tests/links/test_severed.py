"""Which imports no longer find what they name."""

from __future__ import annotations

import pytest

from mldebt.facts.extract import module_facts
from mldebt.facts.syntax import Module
from mldebt.links.repository import Repository
from mldebt.links.severed import Severed, Tie, severed
from mldebt.model import Code, FileFacts

BEFORE = {
    "pkg/__init__.py": "from .tools import helper\n",
    "pkg/tools.py": "import os\n\nlimit = 1\n\n\ndef helper():\n    return 1\n",
    "main.py": "import numpy\nimport pkg.tools\nfrom pkg import helper, tools, unknown\nfrom pkg.tools import *\n"
    "from pkg.tools import limit, os\nfrom nowhere import x\n",
}


def repository(files: dict[str, str]) -> Repository:
    return Repository({p: FileFacts("python", modules=(module_facts(Module(Code(t))),)) for p, t in files.items()})


CASES: dict[str, tuple[dict[str, str | None], list[Severed]]] = {
    "nothing, if nothing changes": ({}, []),
    "one that is taken out itself": ({"main.py": "import numpy\n"}, []),
    "one of a function that is gone": (
        {"pkg/tools.py": "import os\n\nlimit = 1\n"},
        [Severed("pkg/__init__.py", Tie("pkg/tools.py", "helper"))],
    ),
    "one of a variable, and one of what a module imports itself": (
        {"pkg/tools.py": "def helper():\n    return 1\n"},
        [Severed("main.py", Tie("pkg/tools.py", "limit")), Severed("main.py", Tie("pkg/tools.py", "os"))],
    ),
    "one of a name that is handed on": (
        {"pkg/__init__.py": ""},
        [Severed("main.py", Tie("pkg/__init__.py", "helper"))],
    ),
    "each of a module that is gone": (
        {"pkg/tools.py": None},
        [
            Severed("main.py", Tie("pkg/tools.py", "")),
            Severed("main.py", Tie("pkg/tools.py", "limit")),
            Severed("main.py", Tie("pkg/tools.py", "os")),
            Severed("pkg/__init__.py", Tie("pkg/tools.py", "helper")),
        ],
    ),
}


@pytest.mark.parametrize(("changes", "lost"), CASES.values(), ids=CASES.keys())
def test_an_import_is_severed_that_found_what_is_gone(changes: dict[str, str | None], lost: list[Severed]) -> None:
    after = {path: text for path, text in {**BEFORE, **changes}.items() if text is not None}
    assert severed(repository(BEFORE).graph, repository(after).graph) == lost
