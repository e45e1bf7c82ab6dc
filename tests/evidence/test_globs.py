"""Globs find paths from the root, names without case."""

from __future__ import annotations

import pytest

from mldebt.evidence.globs import Paths

TREE = (
    "Dockerfile",
    "README.md",
    "a.dvc",
    "conf/train.yaml",
    "conf/logger/wandb.yml",
    "data/raw/train.csv.dvc",
    "docs/readme.md",
    "src/serve/Dockerfile",
    "src/serve/Dockerfile.gpu",
    ".github/workflows/ci.yml",
)


@pytest.mark.parametrize(
    ("glob", "found"),
    [
        ("readme*", ["README.md"]),
        ("**/readme*", ["README.md", "docs/readme.md"]),
        ("**/*.dvc", ["a.dvc", "data/raw/train.csv.dvc"]),
        ("*.dvc", ["a.dvc"]),
        ("conf/*.y*ml", ["conf/train.yaml"]),
        ("conf/**/*.y*ml", ["conf/logger/wandb.yml", "conf/train.yaml"]),
        ("**/dockerfile", ["Dockerfile", "src/serve/Dockerfile"]),
        ("**/dockerfile*", ["Dockerfile", "src/serve/Dockerfile", "src/serve/Dockerfile.gpu"]),
        (".github/workflows/*.y*ml", [".github/workflows/ci.yml"]),
        ("conf/tra?n.yaml", ["conf/train.yaml"]),
        ("conf/**", ["conf/logger/wandb.yml", "conf/train.yaml"]),
        ("**/train.yml", []),
        ("c.nf/train.yaml", []),
    ],
)
def test_a_glob_finds_what_it_names(glob: str, found: list[str]) -> None:
    assert Paths(TREE).matching(glob) == found


def test_a_path_is_in_the_tree_as_it_is_written() -> None:
    assert "conf/train.yaml" in Paths(TREE)
    assert "train.yaml" not in Paths(TREE)
    assert "readme.md" not in Paths(TREE)
