"""What a repository is and does is told by its files, each fact both ways, each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from mldebt.judge.practices import Asked
from mldebt.judge.run import Order, Watch, scan_tree
from mldebt.model import Circumstance
from mldebt.read.cache import open_cache
from mldebt.read.worktree import WorkTree

Files = dict[str, str]
TRAINS = "from sklearn.linear_model import LinearRegression\n\nLinearRegression().fit([[1]], [1])\n"
SERVES = "from fastapi import FastAPI\n\napp = FastAPI()\n"
PUBLISHED = '[project]\nname = "wise"\nclassifiers = ["Programming Language :: Python :: 3"]\n'
MANIFEST = (
    "kind: Deployment\nmetadata:\n  name: {{ .Values.name }}\n{{- if .Values.more }}\n  labels: {a: b}\n{{- end }}\n"
)
CELL = '{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": "%s"}'
LESSON = '{"cells": [%s], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}' % (
    CELL % "import torch\\nloss = torch.tensor(1.0)\\nloss.backward()"
)
NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def told(files: Files, folder: Path, said: dict[str, bool | str] | None = None) -> dict[str, Circumstance]:
    """The circumstances of a small repository, by name."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    order = Order((), 1, asked=Asked(said or {}, {}, {}))
    report = scan_tree(WorkTree(folder), order, open_cache(None, folder, b""), Watch())
    assert report.problems == ()
    return {fact.name: fact for fact in report.circumstances}


YES: list[tuple[str, Files, str]] = [
    ("trains", {"train.py": TRAINS}, "train.py"),
    ("trains", {"train.ipynb": LESSON}, "train.ipynb"),
    ("trains", {"train.sh": "fairseq-train data --arch transformer\n"}, "train.sh"),
    ("trains", {"tutorials/train.py": TRAINS}, "tutorials/train.py"),
    ("serves", {"app.py": SERVES, "requirements.txt": "fastapi\n"}, "app.py"),
    ("deploys", {"infra/main.tf": 'resource "aws_instance" "x" {}\n'}, "infra/main.tf"),
    ("deploys", {"chart/templates/app.yaml": MANIFEST}, "chart/templates/app.yaml"),
    ("tabular", {"train.py": f"import pandas as pd\n{TRAINS}print(pd)\n"}, "train.py"),
    ("notebooks", {"show.ipynb": NOTEBOOK}, "show.ipynb"),
    ("weights", {"hubconf.py": "dependencies = ['torch']\n"}, "hubconf.py"),
    ("credentials", {"a.py": 'import os\n\nprint(os.getenv("API_TOKEN"))\n'}, "a.py"),
    ("credentials", {"conf.yaml": "bucket: s3://wise/data\n"}, "conf.yaml"),
    ("library", {"pyproject.toml": PUBLISHED, "wise/__init__.py": "", "wise/train.py": TRAINS}, "pyproject.toml"),
]  # fmt: skip

NO: list[tuple[str, Files]] = [
    ("trains", {"tests/test_train.py": TRAINS, "a.py": "x = 1\n"}),
    ("trains", {"a.py": "def fit(x):\n    return x\n\n\nfit(1)\n"}),
    ("serves", {"examples/app.py": SERVES, "a.py": "x = 1\n", "b.py": "x = 1\n", "requirements.txt": "fastapi\n"}),
    ("serves", {"app.py": SERVES}),
    ("deploys", {"examples/main.tf": 'resource "aws_instance" "x" {}\n', "a.py": "x = 1\n"}),
    ("tabular", {"train.py": "import pandas as pd\n\nprint(pd)\n"}),
    ("notebooks", {"a.py": "x = 1\n"}),
    ("weights", {"a.py": "def push_to_hub(x):\n    return x\n"}),
    ("credentials", {"a.py": 'import os\n\nprint(os.getenv("HOME"))\n'}),
    ("credentials", {".github/workflows/ci.yml": "jobs:\n  a:\n    env:\n      T: ${{ secrets.GITHUB_TOKEN }}\n"}),
    ("library", {"pyproject.toml": PUBLISHED, "utils/__init__.py": "", "train.py": TRAINS}),
    ("library", {"wise/__init__.py": "", "wise/train.py": TRAINS}),
    ("library", {
        "pyproject.toml": PUBLISHED, "wise/__init__.py": "", "wise/app.py": SERVES, "requirements.txt": "fastapi\n",
        "compose.yaml": "services:\n  web:\n    ports: ['80:80']\n",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("name", "files", "path"), [pytest.param(*c, id=f"{c[0]}-{c[2]}") for c in YES])
def test_a_fact_holds_and_says_where_that_shows(name: str, files: Files, path: str, tmp_path: Path) -> None:
    fact = told(files, tmp_path)[name]
    assert (fact.holds, fact.path) == (True, path), fact


@pytest.mark.parametrize(("name", "files"), [pytest.param(*c, id=f"{c[0]}-{min(c[1])}") for c in NO])
def test_a_fact_does_not_hold_and_says_why(name: str, files: Files, tmp_path: Path) -> None:
    fact = told(files, tmp_path)[name]
    assert fact.holds is False, fact
    assert fact.why


KINDS: list[tuple[str, Files]] = [
    (
        "library",
        {
            "pyproject.toml": PUBLISHED,
            "wise/__init__.py": "",
            "scripts/a.py": "x = 1\n",
            "scripts/b.py": "x = 1\n",
            "scripts/c.py": TRAINS,
        },
    ),
    ("library", {"pyproject.toml": PUBLISHED, "wise/__init__.py": "", "wise/fit.py": TRAINS}),
    ("template", {"cookiecutter.json": "{}", "{{ cookiecutter.name }}/a.py": ""}),
    ("template", {"a/{{ cookiecutter.name }}/a.py": "", "b/{{ cookiecutter.name }}/b.py": "", "c.py": "x = 1\n"}),
    ("template", {"README.md": "# PyTorch project template\n", "train.py": TRAINS}),
    ("kaggle", {"README.md": "# 3rd place of the iMet Kaggle competition\n", "train.py": TRAINS}),
    ("kaggle", {"train.py": TRAINS, "make_submission.py": "x = 1\n"}),
    ("notebook-tutorial", {"1.ipynb": NOTEBOOK, "2.ipynb": NOTEBOOK, "3.ipynb": NOTEBOOK}),
    ("application", {"app.py": SERVES, "requirements.txt": "fastapi\n"}),
    ("application", {".cruft.json": "{}", "app.py": SERVES, "requirements.txt": "fastapi\n"}),
    ("mlops-demo", {"train.py": TRAINS, "dvc.yaml": "stages:\n  a:\n    cmd: python train.py\n"}),
    ("research", {"train.py": TRAINS}),
]


@pytest.mark.parametrize(("kind", "files"), [pytest.param(*c, id=f"{c[0]}-{min(c[1])}") for c in KINDS])
def test_the_kind_is_told_with_what_it_is_taken_from(kind: str, files: Files, tmp_path: Path) -> None:
    fact = told(files, tmp_path)["kind"]
    assert fact.value == kind, fact
    assert fact.why


def test_whether_data_is_about_people_is_not_known(tmp_path: Path) -> None:
    fact = told({"a.py": "x = 1\n"}, tmp_path)["people"]
    assert fact.holds is None
    assert "only you can tell" in fact.why


def test_what_the_settings_say_goes_before_what_the_files_show(tmp_path: Path) -> None:
    facts = told({"train.py": TRAINS}, tmp_path, {"trains": False, "people": True, "kind": "kaggle"})
    assert (facts["trains"].holds, facts["people"].holds, facts["kind"].value) == (False, True, "kaggle")
    assert "settings" in facts["trains"].why
