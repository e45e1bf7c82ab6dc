"""Practices that the staged change takes away: there in HEAD, and only half there or missing in what is staged."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mldebt.judge.practices import asked_by
from mldebt.judge.run import Order, Watch, scan_tree
from mldebt.model import Outcome
from mldebt.read.cache import Cache
from mldebt.read.git import commit_tree, index_tree, resolve
from mldebt.read.staged import staged_change
from mldebt.settings import Settings


class Lapse(NamedTuple):
    """A practice as it was and as it is."""

    before: Outcome
    now: Outcome


def lapses(root: Path, settings: Settings, cache: Cache) -> list[Lapse]:
    """What falls, by name; nothing without a staged change or a commit, and nothing that the settings speak of."""
    commit = resolve(root, "HEAD")
    if commit is None or staged_change(root, commit) is None:
        return []
    order = Order((), settings.workers, asked=asked_by(settings))
    trees = commit_tree(root, commit), index_tree(root)
    try:
        before, now = (scan_tree(tree, order, cache, Watch()).practices for tree in trees)
    finally:
        for tree in trees:
            tree.close()
    had = {outcome.practice: outcome for outcome in before if outcome.status == "present"}
    return [
        Lapse(had[outcome.practice], outcome)
        for outcome in sorted(now, key=lambda o: o.practice)
        if outcome.practice in had and outcome.status in ("partial", "missing") and not outcome.said
    ]
