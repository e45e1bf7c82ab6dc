"""Folders that hold none of the repository's own work, recognised by what lies in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OF_TOOLS = frozenset(
    "node_modules bower_components site-packages dist-packages __pycache__ __pypackages__ .ipynb_checkpoints "
    ".eggs .tox .nox lightning_logs mlruns".split()
)
_HIDDEN_BUT_READ = frozenset(
    ".github .gitlab .circleci .ci .azure .azure-pipelines .buildkite .woodpecker .jenkins .devcontainer .docker "
    ".binder .dvc .config .streamlit .pipelines .azuredevops .semaphore .taskcluster .tekton".split()
)
_VENDOR = frozenset("_vendor _vendored vendored third_party third-party thirdparty 3rdparty".split())
_VENDOR_IF_FOREIGN = frozenset("vendor vendors extern external externals".split())
_OWN_PROJECT = re.compile(
    r"(?:(?:un)?licen[cs]e|copying)(?:[.\-]\w+)?|setup\.py|setup\.cfg|pyproject\.toml|pkg-info", re.IGNORECASE
)
_BUILT = re.compile(r"bdist\.|temp\.|lib\.")
_PACKED = (".whl", ".tar.gz", ".egg")

HIDDEN = "is a tool's own folder"

Contents = dict[str, set[str]]


def closed_folders(paths: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Each folder that is not looked into: the outermost such folder around it, and the reason."""
    held = _contents(paths)
    closed: dict[str, tuple[str, str]] = {}
    for folder in sorted(held):
        outer = closed.get(folder.rpartition("/")[0])
        if outer is not None:
            closed[folder] = outer
        elif folder and (reason := _why_closed(folder, held)):
            closed[folder] = folder, reason
    return closed


def _contents(paths: Iterable[str]) -> Contents:
    """The names in each folder, those of folders included; the root is the empty path."""
    held: Contents = {"": set()}
    for path in paths:
        folder, _, name = path.rpartition("/")
        new = []
        while folder not in held:
            held[folder] = {name}
            new.append(folder)
            folder, _, name = folder.rpartition("/")
        held[folder].add(name)
    return held


def _why_closed(folder: str, held: Contents) -> str:
    parent, _, name = folder.rpartition("/")
    inside = held[folder]
    if "pyvenv.cfg" in inside or "conda-meta" in inside or _holds_packages(folder, held):
        return "is a virtual environment"
    if name in _OF_TOOLS or (name == "wandb" and any(run.startswith(("run-", "offline-run-")) for run in inside)):
        return "is made by a tool"
    if name.startswith(".") and name not in _HIDDEN_BUT_READ:
        return HIDDEN
    if _is_build(name, inside, held[parent]):
        return "is made by a build"
    if name.lower() in _VENDOR or (name.lower() in _VENDOR_IF_FOREIGN and _is_foreign(folder, held)):
        return "is vendored code"
    return ""


def _is_build(name: str, inside: set[str], beside: set[str]) -> bool:
    if name == "build":
        packaged = not beside.isdisjoint(("setup.py", "setup.cfg", "pyproject.toml"))
        return any(map(_BUILT.match, inside)) or ("lib" in inside and packaged)
    return name == "dist" and any(item.endswith(_PACKED) for item in inside)


def _holds_packages(folder: str, held: Contents) -> bool:
    """`lib/pythonX/site-packages` or `Lib/site-packages`, as in an environment whose `pyvenv.cfg` is not tracked."""
    pythons = (name for name in held.get(f"{folder}/lib", ()) if name.startswith("python"))
    places = [f"{folder}/Lib", *(f"{folder}/lib/{python}" for python in pythons)]
    return any("site-packages" in held.get(place, ()) for place in places)


def _is_foreign(folder: str, held: Contents) -> bool:
    """Whether a folder holds a licence or a set-up of its own at its top or one level below, or Go's hosts."""
    if any("." in name.strip(".") and f"{folder}/{name}" in held for name in held[folder]):
        return True  # github.com, golang.org, k8s.io
    places = [folder, *(f"{folder}/{name}" for name in held[folder])]
    return any(_OWN_PROJECT.fullmatch(name) for place in places for name in held.get(place, ()))
