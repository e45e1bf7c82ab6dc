"""Names followed over files: what an import statement means, and what a name ends at."""

from __future__ import annotations

import pytest

from mldebt.errors import UsageError
from mldebt.facts.bindings import exports, imports, reads, variables
from mldebt.facts.definitions import Owners, definitions
from mldebt.facts.receivers import Receivers
from mldebt.facts.syntax import Module
from mldebt.facts.traits import traits
from mldebt.links.repository import Repository
from mldebt.links.why import explain
from mldebt.model import Code, Command, FileFacts, ModuleFacts, Setting


def repository(files: dict[str, str], config: dict[str, FileFacts] | None = None) -> Repository:
    """The linked facts of these sources; clone items and draws play no part here."""
    return Repository(
        {path: FileFacts("python", modules=(facts(text),)) for path, text in files.items()} | (config or {})
    )


def facts(text: str) -> ModuleFacts:
    module = Module(Code(text))
    owners, receivers, read = Owners(module), Receivers(module), reads(module)
    return ModuleFacts(
        definitions=definitions(module, owners, receivers),
        imports=imports(module, owners, read),
        variables=variables(module, owners, read, receivers),
        exports=exports(module),
        traits=traits(module),
    )


def why(found: Repository, path: str, name: str) -> list[str]:
    """What is said of a definition, where nothing can be looked up in files."""
    [told] = explain(found, path, name, lambda _words, _paths: [], [])
    places = [f"{step.at.path}:{step.at.line} " if step.at else "" for step in told.steps]
    return [told.verdict, *(f"{place}{step.says}" for place, step in zip(places, told.steps, strict=True))]


def targets(found: Repository, path: str) -> list[str]:
    return [edge.target for edge in found.graph.imports[path]]


@pytest.mark.parametrize(
    ("importer", "statement", "target"),
    [
        ("train.py", "import model", "model.py"),
        ("train.py", "import pkg.net", "pkg/net.py"),
        ("train.py", "from pkg import net", "pkg/net.py"),
        ("train.py", "from pkg import Net", "pkg/__init__.py"),
        ("train.py", "from pkg.net import Net", "pkg/net.py"),
        ("pkg/loss.py", "from . import net", "pkg/net.py"),
        ("pkg/loss.py", "from .net import Net", "pkg/net.py"),
        ("pkg/sub/deep.py", "from ..net import Net", "pkg/net.py"),
        ("pkg/sub/deep.py", "from pkg.net import Net", "pkg/net.py"),
        ("tools/run.py", "from pkg.net import Net", "pkg/net.py"),
        ("tools/run.py", "import core.fit", "src/core/fit.py"),
        ("tools/pkg.py", "from pkg import Net", "pkg/__init__.py"),
        ("tools/model.py", "import model", "model.py"),
        ("tests/test_fit.py", "from core.fit import fit", "src/core/fit.py"),
        ("gan/train.py", "from models import *", "gan/models.py"),
        ("gan/train.py", "from datasets import load", "gan/datasets.py"),
        ("nets/loss.py", "import lone", "deep/down/lone.py"),
        ("nets/loss.py", "from namespace.part import x", "namespace/part.py"),
    ],
)
def test_an_import_finds_the_file_it_means(importer: str, statement: str, target: str) -> None:
    paths = """model.py pkg/__init__.py pkg/net.py pkg/sub/__init__.py src/core/__init__.py src/core/fit.py
    gan/models.py gan/datasets.py vae/models.py deep/down/lone.py namespace/part.py""".split()
    found = repository(dict.fromkeys(paths, "x = 1\n") | {importer: statement + "\n"})
    assert target in targets(found, importer)


@pytest.mark.parametrize(
    "statement", ["import torch", "from torch import nn", "import os.path", "from models import Net"]
)
def test_a_foreign_or_ambiguous_name_is_no_file(statement: str) -> None:
    found = repository({"run.py": statement, "deep/torch/x.py": "", "a/models.py": "", "b/models.py": ""})
    assert targets(found, "run.py") == []


def test_an_import_in_a_function_or_for_type_checkers_is_deferred() -> None:
    text = "import a\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import b\ndef f():\n    import c\n"
    found = repository({"run.py": text, "a.py": "", "b.py": "", "c.py": ""})
    assert [(edge.target, edge.deferred) for edge in found.graph.imports["run.py"]] == [
        ("a.py", False),
        ("b.py", True),
        ("c.py", True),
    ]


MAIN = 'if __name__ == "__main__":\n    '


@pytest.mark.parametrize(
    "files",
    [
        {"run.py": "from lib import f\n" + MAIN + "f()", "lib.py": "def f(): ..."},
        {"run.py": "import lib as l\n" + MAIN + "l.f()", "lib.py": "def f(): ..."},
        {"run.py": "from lib import *\n" + MAIN + "f()", "lib.py": "def f(): ..."},
        {
            "run.py": "from pkg import f\n" + MAIN + "f()",
            "pkg/__init__.py": "from .lib import f",
            "pkg/lib.py": "def f(): ...",
        },
        {"run.py": "import pkg.lib\n" + MAIN + "pkg.lib.f()", "pkg/__init__.py": "", "pkg/lib.py": "def f(): ..."},
        {"run.py": "from mid import g\n" + MAIN + "g()", "mid.py": "from lib import f as g", "lib.py": "def f(): ..."},
        {"run.py": "from mid import f\n" + MAIN + "f()", "mid.py": "from lib import *", "lib.py": "def f(): ..."},
        {"run.py": "import lib\n" + MAIN + "g = lib.f\n    g()", "lib.py": "def f(): ..."},
        {"run.py": "def main():\n    from lib import f\n    f()\n" + MAIN + "main()", "lib.py": "def f(): ..."},
        {"run.py": "import lib\n" + MAIN + "lib.A().g()", "lib.py": "class A:\n    def g(self): f()\ndef f(): ..."},
        {
            "run.py": "import lib\n" + MAIN + "x = lib.make()\n    x.g()",
            "lib.py": "def make(): return A()\nclass A:\n    def g(self): f()\ndef f(): ...",
        },
        {
            "run.py": "import lib\n" + MAIN + "lib.one.g()",
            "lib.py": "class A:\n    def g(self): f()\none = A()\ndef f(): ...",
        },
        {"run.py": "import lib\n" + MAIN + "lib.TABLE['f']()", "lib.py": "def f(): ...\nTABLE = {'f': f}"},
        {"run.py": "import lib\n" + MAIN + "print(lib)", "lib.py": "__all__ = ['f']\ndef f(): ..."},
    ],
    ids=str,
)
def test_what_is_used_by_any_of_these_ways_is_alive(files: dict[str, str]) -> None:
    found = repository(files)
    path = "pkg/lib.py" if "pkg/lib.py" in files else "lib.py"
    assert "is alive" in why(found, path, "f")[0]


@pytest.mark.parametrize(
    "files",
    [
        {"run.py": "import lib\n" + MAIN + "print(lib)", "lib.py": "def f(): ..."},
        {"run.py": "from lib import f\n" + MAIN + "print(1)", "lib.py": "def f(): ..."},
        {"run.py": "import lib\nimport torch\n" + MAIN + "torch.f()\n    print(lib)", "lib.py": "def f(): ..."},
        {"run.py": "import lib\ndef old():\n    lib.f()\n" + MAIN + "print(1)", "lib.py": "def f(): ..."},
        {"run.py": "import lib\n" + MAIN + "print(lib.A)", "lib.py": "class A:\n    def f(self): ..."},
        {"run.py": "import lib\ndef f(): ...\n" + MAIN + "f()\n    print(lib)", "lib.py": "def f(): ..."},
    ],
    ids=str,
)
def test_what_only_looks_used_is_dead(files: dict[str, str]) -> None:
    assert "is dead" in why(repository(files), "lib.py", "f")[0]


def test_a_command_a_setting_and_a_console_script_start_something() -> None:
    config = {
        "run.sh": FileFacts("config", commands=(Command("python tools/export.py --all", 3),)),
        "conf/model.yaml": FileFacts("config", settings=(Setting("model._target_", "src.net.Net", 2),)),
        "pyproject.toml": FileFacts("config", settings=(Setting("project.scripts.go", "src.cli:main", 9),)),
    }
    files = {
        "tools/export.py": "def f(): ...\nf()",
        "src/net.py": "class Net: ...",
        "src/cli.py": "def main(): ...",
        "main.py": MAIN + "print(1)",
    }
    found = repository(files, config)
    assert why(found, "src/net.py", "Net")[1] == "conf/model.yaml:2 names class `Net`"
    assert "pyproject.toml:9" in why(found, "src/cli.py", "main")[1]
    assert "is alive" in why(found, "tools/export.py", "f")[0]


@pytest.mark.parametrize(
    ("path", "name", "said"), [("rum.py", "f", "did you mean run.py"), ("run.py", "mian", "did you mean main")]
)
def test_asking_for_what_is_not_there_names_the_nearest(path: str, name: str, said: str) -> None:
    found = repository({"run.py": "def main(): ...\n" + MAIN + "main()"})
    with pytest.raises(UsageError, match=said):
        why(found, path, name)


def test_without_any_entry_point_nothing_is_called_dead() -> None:
    assert repository({"lib.py": "def f(): ...", "other.py": "def g(): ..."}).dead == []


@pytest.mark.parametrize(
    ("command", "is_published"),
    [
        ("pip install tinyml", True),
        ("pip install -U 'tinyml[gpu]>=1.0'", False),  # quoted: what is installed is not read out of a shell's words
        ("pip3 install tiny_ml tinyml==1.2", True),
        ("pip install acme-tinyml", True),
        ("pip install tinymlx", False),
        ("pip install torch", False),
        ("pip install -e .", False),
        ("twine upload dist/*", True),
        ("poetry publish", True),
    ],
)
def test_a_project_is_published_if_somebody_installs_or_uploads_it(command: str, is_published: bool) -> None:
    config = {"README.md": FileFacts("config", commands=(Command(command, 1),))}
    found = repository({"setup.py": "", "tinyml/__init__.py": "", "tests/__init__.py": ""}, config)
    assert (found.published is not None) == is_published
