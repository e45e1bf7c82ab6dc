"""The artifact graphs of seven repositories against the edges that reading them gave (artifact_edges.yaml).

usage: python benchmarks/quality/graph.py FOLDER [-v]

FOLDER holds a checkout OWNER+NAME of each repository, itself or in one of its folders. An edge is right if the labels
have it for the same component, a `*` on either side standing for anything; an edge with `*` may find several. Prints
precision and recall, with -v each edge that is wrong or missing; exits 1 below a floor.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

LABELS = Path(__file__).with_name("artifact_edges.yaml")
Edge = tuple[str, str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--precision", type=float, default=0.92)
    parser.add_argument("--recall", type=float, default=0.85)
    arguments = parser.parse_args()
    sums = [0, 0, 0, 0]
    for entry in yaml.safe_load(LABELS.read_text(encoding="utf-8")):
        true = {(one, verb, name) for one, verbs in entry["edges"].items() for verb in verbs for name in verbs[verb]}
        checkout = _checkout(arguments.folder, entry["repository"])
        with tempfile.TemporaryDirectory() as temporary:
            tree = _filled_in(checkout, Path(temporary)) if entry.get("template") else checkout
            found = _found(tree, entry["parts"])
        right = {edge for edge in found if any(_same(edge, other) for other in true)}
        met = {edge for edge in true if any(_same(edge, other) for other in found)}
        counts = [len(right), len(found), len(met), len(true)]
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        print(_line(entry["repository"], counts))
        if arguments.verbose:
            for mark, edges in (("wrong", found - right), ("missing", true - met)):
                for edge in sorted(edges):
                    print(f"  {mark:8s}{' '.join(edge)}")
    print(_line("all", sums))
    return int(sums[0] < arguments.precision * sums[1] or sums[2] < arguments.recall * sums[3])


def _line(name: str, counts: list[int]) -> str:
    right, found, met, true = counts
    shares = right / max(found, 1), met / max(true, 1)
    return f"{name:34s} precision {right}/{found} {shares[0]:.3f}  recall {met}/{true} {shares[1]:.3f}"


def _checkout(folder: Path, repository: str) -> Path:
    name = repository.replace("/", "+")
    for candidate in (folder / name, *sorted(folder.glob(f"*/{name}"))):
        if candidate.is_dir():
            return candidate
    sys.exit(f"{folder / name} is missing: clone the repository there")


def _filled_in(checkout: Path, folder: Path) -> Path:
    """A copy of a tree of templates, in which each `{{ cookiecutter.name }}` is `name`."""
    hole = re.compile(r"\{\{\s*cookiecutter\.(\w+)\s*\}\}")
    for file in sorted(checkout.rglob("*")):
        if file.suffix in (".py", ".yml", ".toml") and file.is_file():
            target = folder / hole.sub(r"\1", file.relative_to(checkout).as_posix())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(hole.sub(r"\1", file.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def _found(checkout: Path, parts: list[str]) -> set[Edge]:
    command = [sys.executable, "-m", "mldebt", "graph", str(checkout), "--format", "json"]
    graph = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    names = {c["name"]: (_named(c), c["path"]) for c in graph["components"]}
    edges = ((*names[e["component"]], e["verb"], e["artifact"]["name"]) for e in graph["edges"])
    return {(name, verb, artifact) for name, path, verb, artifact in edges if path.startswith(tuple(parts))}


def _named(component: dict[str, str]) -> str:
    """A component as the labels call it."""
    if component["kind"] != "step":
        return component["name"]
    return f"{component['path'].partition('/')[0]} {component['name'].partition(' (')[0]}"


def _same(edge: Edge, other: Edge) -> bool:
    if edge[:2] != other[:2]:
        return False
    return fnmatchcase(edge[2], _pattern(other[2])) or fnmatchcase(other[2], _pattern(edge[2]))


def _pattern(name: str) -> str:
    return name.replace("[", "[[]")


if __name__ == "__main__":
    sys.exit(main())
