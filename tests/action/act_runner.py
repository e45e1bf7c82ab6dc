"""A workflow, run by nektos/act on this machine: no container, no network but the stand-in for GitHub.

What act does not do as GitHub: `permissions` are not enforced (the token says what may be done), limits on annotations
and summaries are not kept (see `over_limit`). Actions of others are stubs; checkout is built into act.
"""

from __future__ import annotations

import collections
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_UPLOAD = """
name: stub
description: copies a file to where the test finds it
inputs:
  name: {description: n, default: artifact}
  path: {description: p, required: true}
  retention-days: {description: d}
runs:
  using: composite
  steps:
    - shell: bash
      env: {NAME: "${{ inputs.name }}", FROM: "${{ inputs.path }}"}
      run: mkdir -p "$RIG_ARTIFACTS/$NAME" && cp -r $FROM "$RIG_ARTIFACTS/$NAME/"
"""
_STUBS = {"actions/upload-artifact": _UPLOAD}
OURS = "mldebt/mldebt"
_USES = re.compile(r"uses:\s*([\w.-]+/[\w.-]+)@([\w./-]+)")


@dataclass
class Run:
    """What a run left."""

    ok: bool
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    annotations: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    log: str = ""
    artifacts: dict[str, dict[str, bytes]] = field(default_factory=dict)
    over_limit: list[str] = field(default_factory=list)
    steps: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """What to run: a workflow of a repository, for an event, with a token."""

    repository: Path
    workflow: str
    event: str
    payload: dict[str, Any]
    token: str = "ghs_write"
    run: int = 42


@dataclass(frozen=True)
class Runner:
    """Where things are: the Action's source, environments already installed, the API, a folder for this run."""

    action: Path
    environments: Path
    api: str
    folder: Path

    def run(self, job: Job) -> Run:
        """Run a job to its end."""
        for name in ("artifacts", "stubs"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir(parents=True)
        (self.folder / "event.json").write_text(json.dumps(job.payload), encoding="utf-8")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "ACTIONS_", "RUNNER_", "MLDEBT_"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
        done = subprocess.run(
            self._command(job),
            capture_output=True,
            text=True,
            timeout=300,
            env={**kept, "PATH": path},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        run = Run(done.returncode == 0)
        _read(done.stdout, run)
        run.log += done.stderr
        for folder in (self.folder / "artifacts").iterdir():
            run.artifacts[folder.name] = {f.name: f.read_bytes() for f in folder.rglob("*") if f.is_file()}
        return run

    def _command(self, job: Job) -> list[str]:
        act = str(Path(sys.executable).with_name("act"))
        command = [act, job.event, "--json", "-W", str(job.repository / job.workflow), "-C", str(job.repository)]
        command += ["-e", str(self.folder / "event.json"), "-s", f"GITHUB_TOKEN={job.token}", "--actor", "alice"]
        command += ["--no-cache-server", "--use-new-action-cache", "--action-cache-path", str(self.folder / "cache")]
        command += ["-P", "ubuntu-latest=-self-hosted"]
        variables = {
            "GITHUB_API_URL": self.api,
            "GITHUB_REPOSITORY": "acme/ml",
            "GITHUB_RUN_ID": str(job.run),
            "RIG_ARTIFACTS": str(self.folder / "artifacts"),
            "MLDEBT_ENVIRONMENTS": str(self.environments),
            "MLDEBT_CACHE_DIR": str(self.environments / "facts"),
        }
        for name, value in variables.items():
            command += ["--env", f"{name}={value}"]
        for name, ref in sorted(set(_USES.findall((job.repository / job.workflow).read_text(encoding="utf-8")))):
            where = self._place(name)
            command += ["--local-repository", f"{name}@{ref}={where}"] if where is not None else []
        return command

    def _place(self, name: str) -> Path | None:
        """Where an action's source is; None for what act knows itself."""
        if name == OURS:
            return self.action
        if name not in _STUBS:
            return None
        place = self.folder / "stubs" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "action.yml").write_text(_STUBS[name], encoding="utf-8")
        return place


def _read(output: str, run: Run) -> None:
    """What act tells line by line."""
    said: collections.Counter[tuple[str, str]] = collections.Counter()
    for line in output.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            run.log += f"{line}\n"
            continue
        run.log += event.get("msg", "").rstrip("\n") + "\n"
        kind = event.get("command")
        if kind == "set-output":
            run.outputs[event["name"]] = event["arg"]
        elif kind == "summary":  # of a composite step act tells it twice, for the step and for its caller
            run.summary += "" if run.summary.endswith(event["content"]) else event["content"]
            if len(event["content"].encode()) > 1024 * 1024:
                run.over_limit.append("a summary of more than 1 MiB")
        elif kind in ("error", "warning", "notice"):
            run.annotations.append((kind, event.get("kvPairs") or {}, event["arg"]))
            said[str(event.get("stepID")), kind] += 1
        elif "stepResult" in event:
            run.steps[event["step"]] = event["stepResult"]
    run.over_limit += [f"{count} annotations ({kind})" for (_, kind), count in said.items() if count > 10]
