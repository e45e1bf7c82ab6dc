"""An ignore file that fits Python and ML, and no junk tracked in spite of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_BYTECODE = re.compile(r"__pycache__|\*\.py\[c(?:od|o)?\w*\]|\*\.pyc")
_WORK = re.compile(
    r"(?:^|/)\.?v?env/?$|\.env\b|^/?data/?|models?/|\*\.(?:pt|pth|pkl|h5|ckpt|onnx|csv|parquet|bin)|mlruns|wandb"
    r"|lightning_logs|(?<!ipynb_)checkpoints/|secrets?\.(?:json|ya?ml|toml)|\*\.(?:tfvars|key|pem)|^/?(?:logs|outputs?|runs)/"
)
_JUNK = (
    "**/.env",
    "**/*.pyc",
    "**/.DS_Store",
    "**/.ipynb_checkpoints/**",
    "**/mlflow.db",
    "**/mlruns/**",
    "**/Thumbs.db",
)
_TOOL = "git ignore rules"


def check(scene: Scene) -> Iterator[Item]:
    environment = next((f for f, why in sorted(scene.closed.items()) if why == "is a virtual environment"), None)
    if environment is not None:
        yield Item("none", environment, 0, _TOOL, "is tracked", "a whole environment is in the repository")
        return
    rows = scene.rows(".gitignore")
    if not rows:
        return
    bytecode = next((row for row in rows if _BYTECODE.search(row.value)), None)
    work = next((row for row in rows if _WORK.search(row.value)), None)
    junk = [path for glob in _JUNK for path in scene.paths.matching(glob) if "{{" not in path] + [
        folder for folder, why in scene.closed.items() if why == "is made by a tool"
    ]
    if bytecode and work and not junk:
        yield Item("strong", ".gitignore", work.line, _TOOL, f"ignores `{bytecode.value}` and `{work.value}`")
        return
    what = "ignores no bytecode" if not bytecode else "ignores no data, models, runs or secrets"
    yield Item("medium", ".gitignore", 1, _TOOL, f"{sorted(junk)[0]} is tracked all the same" if junk else what)
