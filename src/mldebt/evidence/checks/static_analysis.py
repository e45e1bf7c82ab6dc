"""Linters, formatters and type checkers that CI or a hook runs, by themselves or through a task."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Row, Scene

_CALLERS = (
    ".github/workflows/*.y*ml", ".gitlab-ci*.y*ml", ".circleci/*.y*ml", ".travis.yml", "azure-pipelines*.y*ml",
    ".azure-pipelines/**/*.y*ml", ".pipelines/**/*.y*ml", ".azure/**/*.y*ml", "jenkinsfile", "taskcluster/**/*.y*ml",
    ".taskcluster.yml", "**/.pre-commit-config.y*ml", "lefthook.y*ml", "bitbucket-pipelines.yml", ".ci/**/*.sh",
    "ci/**/*.sh", ".buildkite/*.y*ml", ".drone.yml", "appveyor.yml",
)  # fmt: skip
_TASKS = (
    "makefile",
    "justfile",
    "tox.ini",
    "noxfile.py",
    "pyproject.toml",
    "mise.toml",
    "tasks.py",
    "taskfile.y*ml",
    "scripts/*.sh",
)
_CHECKS = re.compile(
    r"^(?!\s*#)(?!.*\b(?:install|add|echo|printf)\b).*(?:^|[\s:;&|\"'(/])"
    r"(?P<tool>ruff|flake8|pylint|black|isort|mypy|pyright|bandit|yapf|autopep8|pycodestyle|pydocstyle|pylama|prospector)"
    r"(?=$|[\s\"';&|])"
)
_RUNS_TASK = re.compile(
    r"(?:^|[\s:;&|])(?:make|just|task|tox|nox|mise|hatch|poe|invoke|inv|pre-commit)(?=$|[\s\"';&|])"
)
_HARMLESS = re.compile(r"--exit-zero|\|\|\s*true\b")
_TOOL = "checks in CI"


def check(scene: Scene) -> Iterator[Item]:
    tasks = ""
    for path in _matching(scene, _CALLERS):
        rows = _run(scene, path)
        row = next((row for row in rows if _CHECKS.search(row.value)), None)
        if row is not None and _HARMLESS.search(row.value):
            yield Item("medium", path, row.line, _TOOL, f"runs `{row.value.strip()[:60]}`, which never fails")
        elif row is not None:
            yield Item("strong", path, row.line, _TOOL, f"runs `{row.value.strip()[:60]}`")
        elif not tasks and any(_RUNS_TASK.search(row.value) for row in rows):
            tasks = path
    for path in _matching(scene, _TASKS):
        row = next((row for row in _run(scene, path) if _CHECKS.search(row.value)), None)
        if row is not None:
            note = f"runs `{row.value.strip()[:60]}`" + (f", called by {tasks}" if tasks else "")
            yield Item("strong" if tasks else "medium", path, row.line, _TOOL, note)


def _matching(scene: Scene, globs: Iterable[str]) -> Iterator[str]:
    for glob in globs:
        yield from scene.paths.matching(glob)


def _run(scene: Scene, path: str) -> list[Row]:
    """The commands of a file, and the values under keys that say what is run."""
    keys = ("run", "script", "entry", "commands", "cmd", "command")
    return [row for row in scene.rows(path) if not row.key or any(part in keys for part in row.key.split("."))]
