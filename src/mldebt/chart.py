"""The verb `graph`: who reads and writes what in a repository."""

from __future__ import annotations

from mldebt.app import Target
from mldebt.judge.gather import gather, key
from mldebt.links.picture import picture
from mldebt.links.repository import Repository
from mldebt.model import Picture
from mldebt.read.cache import Cache
from mldebt.read.discover import discover
from mldebt.read.worktree import WorkTree


def chart(where: Target, cache: Cache, workers: int) -> Picture:
    """The artifact graph of the repository, narrowed to what touches the paths asked for."""
    tree = WorkTree(where.root)
    found = discover(tree)
    gathered = gather(tree, key(tree, found), cache, workers, lambda _: None)
    return picture(Repository(gathered.files, listing=found.listing), where.paths)
