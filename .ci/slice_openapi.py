"""Cuts GitHub's description of its API (npm's @octokit/openapi) to the operations that the Action calls.

usage: python slice_openapi.py api.github.com.json > slice.json

The whole takes a validator most of a minute to load, the slice a few milliseconds.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

OPERATIONS = """
get /repos/{owner}/{repo}/pulls
get /repos/{owner}/{repo}/pulls/{pull_number}
get /repos/{owner}/{repo}/issues/{issue_number}/comments
post /repos/{owner}/{repo}/issues/{issue_number}/comments
get /repos/{owner}/{repo}/issues/comments/{comment_id}
patch /repos/{owner}/{repo}/issues/comments/{comment_id}
delete /repos/{owner}/{repo}/issues/comments/{comment_id}
get /repos/{owner}/{repo}/contents/{path}
get /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts
get /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}
get /user
"""


def cut(whole: dict[str, Any]) -> dict[str, Any]:
    """The operations with everything they refer to."""
    part: dict[str, Any] = {"openapi": whole["openapi"], "info": whole["info"], "paths": {}, "components": {}}
    waiting: list[Any] = []
    for line in OPERATIONS.split("\n"):
        method, _, path = line.partition(" ")
        if path:
            part["paths"].setdefault(path, {})[method] = whole["paths"][path][method]
            waiting.append(whole["paths"][path][method])
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            ref = node.get("$ref")
            if isinstance(ref, str) and ref.startswith("#/components/"):
                kind, name = ref.split("/")[2:]
                if name not in part["components"].setdefault(kind, {}):
                    part["components"][kind][name] = whole["components"][kind][name]
                    waiting.append(whole["components"][kind][name])
        waiting.extend(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
    return part


if __name__ == "__main__":
    print(json.dumps(cut(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), indent=1, sort_keys=True))
