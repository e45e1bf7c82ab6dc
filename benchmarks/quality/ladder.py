"""One project, improved from branch to branch: no practice may fall from one branch to the next.

usage: python benchmarks/quality/ladder.py REPO BRANCH...

REPO is a git repository (a bare one will do); the branches are given from the worst to the best, for
bvobart/mllint-example-projects 1-1-basic to 1-10-basic-tests. Prints the count of practices of each branch, and each
that fell; exits 1 if any did. What stops applying has not fallen.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from checkouts import scan

ORDER = ("missing", "partial", "present")


def main() -> int:
    repository, branches = Path(sys.argv[1]), sys.argv[2:]
    before: dict[str, str] = {}
    fell = 0
    with tempfile.TemporaryDirectory() as temporary:
        for branch in branches:
            now = statuses(repository, branch, Path(temporary))
            lower = [name for name, status in now.items() if rank(status) < rank(before.get(name, "not-applicable"))]
            lower = [name for name in lower if now[name] != "not-applicable"]
            counts = " ".join(f"{word} {list(now.values()).count(word)}" for word in reversed(ORDER))
            print(f"{branch:6} {counts}")
            for name in lower:
                print(f"       {name} fell from {before[name]} to {now[name]}")
            fell += len(lower)
            before = now
    return int(fell > 0)


def statuses(repository: Path, branch: str, scratch: Path) -> dict[str, str]:
    """The status of each practice on a branch."""
    ref = next(ref for ref in (branch, f"origin/{branch}") if _knows(repository, ref))
    packed = subprocess.run(["git", "-C", str(repository), "archive", ref], check=True, capture_output=True).stdout
    folder = scratch / branch
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    scan(folder, scratch / f"{branch}.json")
    report = json.loads((scratch / f"{branch}.json").read_text(encoding="utf-8"))
    return {practice["practice"]: practice["status"] for practice in report["practices"]}


def _knows(repository: Path, ref: str) -> bool:
    command = ["git", "-C", str(repository), "rev-parse", "--verify", "--quiet", ref]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def rank(status: str) -> int:
    """Where a status stands; -1 for what does not apply."""
    return ORDER.index(status) if status in ORDER else -1


if __name__ == "__main__":
    sys.exit(main())
