"""What is looked at, what is left out, and that the second is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.read.discover import discover, kind_of
from mldebt.read.git import index_tree
from mldebt.read.worktree import WorkTree

Git = Callable[..., str]


def plant(root: Path, *names: str, text: str = "x = 1\n") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def read(root: Path) -> list[str]:
    return [file.path for file in discover(WorkTree(root)).files]


def left_out(root: Path) -> dict[str, str]:
    return dict(discover(WorkTree(root)).left_out)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("train.py", "python"),
        ("a/b c/ü.py", "python"),
        ("eda.ipynb", "notebook"),
        ("conf/model.yaml", "config"),
        (".github/workflows/ci.yml", "config"),
        (".gitlab-ci.yml", "config"),
        ("pyproject.toml", "config"),
        ("package.json", "config"),
        ("setup.cfg", "config"),
        ("tox.ini", "config"),
        ("requirements.txt", "config"),
        ("requirements-dev.txt", "config"),
        ("requirements/base.txt", "config"),
        ("constraints.txt", "config"),
        ("Dockerfile", "config"),
        ("docker/Dockerfile.gpu", "config"),
        ("gpu.Dockerfile", "config"),
        ("Dockerfile-cpu", "config"),
        ("dockerfiles.txt", None),
        ("Containerfile", "config"),
        ("docker-compose.yml", "config"),
        ("run.sh", "config"),
        ("job.slurm", "config"),
        ("Makefile", "config"),
        ("rules.mk", "config"),
        ("Procfile", "config"),
        ("dvc.yaml", "config"),
        ("data.csv.dvc", "config"),
        ("MLproject", "config"),
        ("Jenkinsfile", "config"),
        ("README.md", "config"),
        ("docs/usage.rst", "config"),
        ("Pipfile", "config"),
        ("types.pyi", None),
        ("data.csv", None),
        ("LICENSE", None),
        ("notes.txt", None),
        ("poetry.lock", None),
        ("package-lock.json", None),
        ("conda-lock.yml", None),
        ("weights.pt", None),
        ("train.py.bak", None),
    ],
)
def test_the_name_says_what_a_file_is(path: str, kind: str | None) -> None:
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    ("folder", "inside", "reason"),
    [
        ("my_env", ("pyvenv.cfg", "lib/python3.11/site-packages/six.py"), "is a virtual environment"),
        ("tools/py", ("lib/python3.9/site-packages/six.py",), "is a virtual environment"),
        ("win", ("Lib/site-packages/six.py",), "is a virtual environment"),
        ("conda", ("conda-meta/history", "bin/x.py"), "is a virtual environment"),
        ("web/node_modules", ("x/gyp.py",), "is made by a tool"),
        ("nb/.ipynb_checkpoints", ("eda-checkpoint.ipynb",), "is made by a tool"),
        ("mlruns", ("0/meta.yaml",), "is made by a tool"),
        ("wandb", ("run-20240101_1-abc/files/config.yaml",), "is made by a tool"),
        (".vscode", ("settings.json",), "is a tool's own folder"),
        ("build", ("lib/pkg/a.py", "bdist.linux-x86_64/x.py"), "is made by a build"),
        ("dist", ("pkg-1.0.whl", "setup.py"), "is made by a build"),
        ("src/_vendor", ("six.py",), "is vendored code"),
        ("third_party", ("detr/a.py",), "is vendored code"),
        ("external", ("detr/LICENSE", "detr/a.py"), "is vendored code"),
        ("vendor", ("LICENSE.txt", "a.py"), "is vendored code"),
        ("extern", ("pkg/pyproject.toml", "pkg/a.py"), "is vendored code"),
    ],
)
def test_folders_of_others_are_left_out_in_one_line(
    repo: Path, folder: str, inside: tuple[str, ...], reason: str
) -> None:
    plant(repo, "mine.py", *(f"{folder}/{name}" for name in inside))
    plant(repo, *(f"{folder}/many{number}.py" for number in range(30)))
    assert read(repo) == ["mine.py"]
    assert left_out(repo) == {f"{folder}/": reason}


@pytest.mark.parametrize(
    "path",
    [
        "env/a.py",  # a reinforcement learner's environment
        "venv/a.py",
        "environment/lib/a.py",
        "build/a.py",
        "build/lib/a.py",
        "dist/a.py",
        "vendor/models.py",
        "external/prices.py",
        "extern/a.py",
        "wandb/callback.py",
        "lib/python/a.py",
        ".github/scripts/a.py",
        ".circleci/config.yml",
        ".pre-commit-config.yaml",
        "vendored.py",
        "sites/packages/a.py",
    ],
)
def test_a_name_alone_proves_nothing(repo: Path, path: str) -> None:
    plant(repo, path)
    plant(repo, "LICENSE", "external_licence.py", "README")
    assert path in read(repo)
    assert left_out(repo) == {}


def test_a_folder_with_nothing_to_read_is_not_worth_a_line(repo: Path) -> None:
    plant(repo, "a.py", "__pycache__/a.cpython-311.pyc", ".idea/workspace.xml", "third_party/lib.so")
    assert read(repo) == ["a.py"]
    assert left_out(repo) == {}


def test_inside_a_folder_left_out_nothing_is_said_again(repo: Path) -> None:
    plant(
        repo,
        "third_party/a.py",
        "third_party/venv/pyvenv.cfg",
        "third_party/venv/b.py",
        "third_party/node_modules/c.py",
    )
    assert left_out(repo) == {"third_party/": "is vendored code"}


def test_code_too_large_is_a_problem_and_large_data_is_not(tmp_path: Path) -> None:
    sizes = {
        "huge.py": 1_000_001,
        "huge.ipynb": 100_000_000,
        "huge.yaml": 1_000_001,
        "boxes.json": 256_001,
        "train_config.json": 256_001,
        "table.csv": 200_000_000,
        "edge.py": 1_000_000,
        "edge.json": 256_000,
    }
    for name, size in sizes.items():
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(size)  # sparse: takes no space
    found = discover(WorkTree(tmp_path))
    assert [file.path for file in found.files] == ["edge.json", "edge.py", "train_config.json"]
    assert [(problem.path, problem.kind) for problem in found.problems] == [
        ("huge.py", "too-large"),
        ("huge.ipynb", "too-large"),
    ] or [(problem.path, problem.kind) for problem in found.problems] == [
        ("huge.ipynb", "too-large"),
        ("huge.py", "too-large"),
    ]
    said = {problem.path: problem.what for problem in found.problems}
    assert said["huge.ipynb"] == "has 100,000,000 bytes, more than the 20,000,000 that are read: clear its outputs"
    assert dict(found.left_out) == {
        "boxes.json": "holds data",
        "huge.yaml": "has 1,000,001 bytes, more than the 1,000,000 that are read: exclude or split it",
    }


def test_the_index_knows_sizes_too(repo: Path, git: Git) -> None:
    plant(repo, "huge.py", text="#" * 1_000_001)
    plant(repo, "a.py")
    git(repo, "add", "-A")
    found = discover(index_tree(repo))
    assert [file.path for file in found.files] == ["a.py"]
    assert [problem.path for problem in found.problems] == ["huge.py"]


def test_a_folder_of_annotations_is_one_line(repo: Path) -> None:
    plant(repo, *(f"labels/{number}.json" for number in range(51)), "labels/config.json", text="{}")
    plant(repo, *(f"few/{number}.json" for number in range(50)), text="{}")
    assert read(repo) == ["few/0.json", *sorted(f"few/{n}.json" for n in range(1, 50)), "labels/config.json"]
    assert left_out(repo) == {"labels/*.json": "51 files hold data"}


def test_a_template_of_a_project_is_no_code(repo: Path) -> None:
    plant(repo, "{{cookiecutter.name}}/train.py", "hooks/post_gen.py")
    assert read(repo) == ["hooks/post_gen.py"]
    assert left_out(repo) == {"{{cookiecutter.name}}/train.py": "is a template"}


@pytest.mark.parametrize(
    ("path", "first", "kind"),
    [
        ("bin/train", "#!/usr/bin/env python3", "python"),
        ("scripts/serve", "#! /usr/bin/python", "python"),
        ("run", "#!/usr/bin/env bash", "config"),
        (".ci/run", "#!/bin/sh", "config"),
        ("bin/tool", "#!/usr/bin/perl", None),
        ("bin/notes", "python is nice", None),
        ("data/0001", "#!/usr/bin/env python3", None),
    ],
)
def test_a_script_without_suffix_is_known_by_its_first_line(
    repo: Path, path: str, first: str, kind: str | None
) -> None:
    plant(repo, path, text=f"{first}\nx = 1\n")
    assert {file.path: file.kind for file in discover(WorkTree(repo)).files} == ({path: kind} if kind else {})


def test_the_same_tree_gives_the_same_answer(repo: Path, git: Git) -> None:
    plant(repo, "b.py", "a.py", "third_party/x.py", "external/LICENSE", "external/y.py", "a/b.yaml")
    git(repo, "add", "-A")
    first, second = discover(WorkTree(repo)), discover(index_tree(repo))
    assert read(repo) == ["a.py", "a/b.yaml", "b.py"] == [file.path for file in second.files]
    assert first.left_out == second.left_out == sorted(first.left_out)
