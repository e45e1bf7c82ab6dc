"""What the quality benchmarks share: checkouts at a commit, scans of them, and the bench's own scripts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path


def check(checkout: Path, commit: str) -> None:
    """Exit unless a checkout stands at a commit; `commit` may be shortened."""
    command = ["git", "-C", str(checkout), "rev-parse", "HEAD"]
    head = subprocess.run(command, check=False, capture_output=True, text=True)
    if not head.stdout.startswith(commit):
        sys.exit(f"{checkout} is not at {commit}: clone the repository there and check that commit out")


def scan(checkout: Path, report: Path) -> None:
    """Write the JSON report of a tree."""
    mldebt = [sys.executable, "-m", "mldebt", "scan", str(checkout), "--format", "json", "-o", str(report)]
    subprocess.run(mldebt, check=True)


def script(bench: Path, name: str, *arguments: str | Path) -> str:
    """What a script of the bench prints."""
    command = [sys.executable, str(bench / name), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def unbound(folder: Path) -> Counter[str]:
    """Names unbound and names redefined, each with its file; lines move and are none of it."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "F821,F811"]
    command += ["--output-format", "json", "--quiet", "."]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    found: Counter[str] = Counter()
    for item in json.loads(done.stdout or "[]"):
        path = Path(item["filename"]).relative_to(folder.resolve())
        found[f"{path} {item['code']} {re.sub(r'line [0-9]+', 'line', item['message'])}"] += 1
    return found
