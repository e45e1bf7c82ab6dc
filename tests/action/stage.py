"""A pull request on the stand-in for GitHub with its checkout here, and what runs on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from act_runner import Job, Run, Runner
from fake_github import FakeGitHub
from fake_state import BOT, Pull, State
from project import NUMBER, SCAN, Project, pull_request

ROOT = Path(__file__).parents[2]


def copy_action(target: Path) -> None:
    """Put what the Action consists of into a folder."""
    for name in ("action.yml", "requirements.lock"):
        shutil.copy(ROOT / name, target / name)
    shutil.copytree(ROOT / "src", target / "src", ignore=shutil.ignore_patterns("__pycache__"))


class Stage:
    """One pull request; `state` is what GitHub knows of it."""

    def __init__(self, project: Project, github: FakeGitHub, runner: Runner) -> None:
        self.project = project
        self.github = github
        self.state: State = github.state
        self._runner = runner
        self.state.pulls[NUMBER] = Pull(project.head, project.base)

    def run(self, payload: dict[str, Any] | None = None, **more: Any) -> Run:
        """Run the scanning workflow, or the one named, for the pull request's event, or another one."""
        job = {
            "repository": self.project.root,
            "workflow": SCAN,
            "event": "pull_request",
            "payload": payload or pull_request(self.project),
            **more,
        }
        return self._runner.run(Job(**job))

    @property
    def ours(self) -> list[str]:
        """The comments of the bot."""
        found = self.state.comments.get(NUMBER, [])
        return [one["body"] for one in found if one["user"]["login"] == BOT]


MakeStage = Callable[..., Stage]
