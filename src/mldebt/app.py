"""The verbs, wired: paths and settings in, a report out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from mldebt.errors import UsageError
from mldebt.explanation import Explanation, Mention
from mldebt.judge.baseline import Entry, accept
from mldebt.judge.follow import Difference, Side, held_against
from mldebt.judge.gather import gather, key
from mldebt.judge.interest import with_interest
from mldebt.judge.mentions import mentions
from mldebt.judge.practices import asked_by
from mldebt.judge.run import Order, Watch, scan_tree
from mldebt.judge.salt import salt
from mldebt.links.boilerplate import FILTERS
from mldebt.links.repository import Repository
from mldebt.links.why import explain
from mldebt.model import Finding, Report
from mldebt.read.cache import Cache, cache_directory, open_cache
from mldebt.read.discover import discover, kind_of
from mldebt.read.git import commit_of, commit_tree, default_branch, find_root, index_tree, merge_base, resolve
from mldebt.read.staged import changed_paths, staged_change
from mldebt.read.worktree import WorkTree
from mldebt.rules.catalogue import Rule, load
from mldebt.settings import Settings


class Target(NamedTuple):
    """The repository that holds the paths asked for, and those paths from its root ("" for the root itself)."""

    root: Path
    in_git: bool
    paths: tuple[str, ...]


def target(paths: Iterable[str]) -> Target:
    """Find the repository. Raises UsageError for a path that is not there, and for paths of two repositories."""
    given = list(paths) or [os.curdir]
    for path in given:
        if not Path(path).exists():
            raise UsageError(f"no such file or folder: {path}")
    root, in_git = find_root(Path(given[0]).absolute())
    return Target(root, in_git, tuple(inside(root, given)))


def inside(root: Path, paths: Iterable[str]) -> list[str]:
    """Paths as seen from the root, "" for the root itself. Raises UsageError for one that lies outside."""
    top = root.resolve()
    found: list[str] = []
    for path in paths:
        place = Path(path).absolute()
        absolute = place.resolve() if place.is_dir() else place.parent.resolve() / place.name
        if not absolute.is_relative_to(top):
            raise UsageError(f"{path} lies outside {root}: scan one repository at a time")
        relative = absolute.relative_to(top).as_posix()
        found.append("" if relative == "." else relative)
    return found


def chosen(settings: Settings) -> tuple[Rule, ...]:
    """The rules that run. Raises UsageError for a name that is no rule, family or category."""
    rules = load()
    known = {name for rule in rules for name in _names(rule)}
    for name in (*settings.select, *settings.ignore):
        if name not in known:
            raise UsageError(f"{name} is no rule, family or category{_nearest(name, known)}")
    picked = []
    for rule in rules:
        wanted = (
            not _names(rule).isdisjoint(settings.select) if settings.select else rule.about.on or settings.all_rules
        )
        if wanted and _names(rule).isdisjoint(settings.ignore):
            picked.append(rule)
    return tuple(picked)


def unfiltered(settings: Settings) -> frozenset[str]:
    """The filters of the clone search that are off. Raises UsageError for a name that is no filter."""
    for name in settings.clone_filters_off:
        if name not in FILTERS:
            raise UsageError(f"clone-filters-off names {name}: known are {', '.join(FILTERS)}")
    return frozenset(settings.clone_filters_off)


def _names(rule: Rule) -> set[str]:
    return {rule.name, rule.about.family, rule.category}


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(known), n=1)
    return f": did you mean {close[0]}" if close else ": `mldebt rules` lists them"


def cache_for(root: Path, wanted: bool = True) -> Cache:
    """The cache of a repository; one that holds nothing if it is not wanted."""
    return open_cache(cache_directory() if wanted else None, root, salt())


class Against(NamedTuple):
    """What a report is held against: a commit (None: where the branch left the default one), a baseline's entries."""

    base: str | None = None
    accepted: tuple[Entry, ...] | None = None


_NOTHING = Against()


def scan(where: Target, settings: Settings, cache: Cache, watch: Watch, against: Against = _NOTHING) -> Report:
    """The report of the work tree, narrowed to the paths asked for."""
    report = scan_tree(WorkTree(where.root), order_of(settings), cache, watch)
    return _told(with_interest(report, where.root, cache), where, settings, against)


def diff(where: Target, settings: Settings, cache: Cache, watch: Watch, against: Against) -> Report:
    """The report of the work tree against a base."""
    if not where.in_git:
        raise UsageError(f"{where.root} is in no git repository: there is nothing to compare with")
    order = order_of(settings)
    commit = commit_of(where.root, _base(where.root, against.base))
    base, tree = commit_tree(where.root, commit), WorkTree(where.root)
    try:
        before = Side(base, scan_tree(base, order, cache, watch))
        # what the base has was proved there: only what is new pays for its proof
        known = frozenset(finding.fingerprint for finding in before.report.findings)
        now = Side(tree, scan_tree(tree, order._replace(known=known), cache, watch))
        change = staged_change(where.root, commit)
        touched = changed_paths(where.root, commit)
        difference = Difference(touched, change.renamed if change is not None else {})
        report = held_against(now, before, difference, order, cache)
    finally:
        base.close()
    report = msgspec.structs.replace(
        report, touched=tuple(sorted(path for path in touched if kind_of(path) in ("python", "notebook")))
    )
    return _told(report, where, settings, against)


def _told(report: Report, where: Target, settings: Settings, against: Against) -> Report:
    """What of a report is told: neither what is excluded, nor what lies outside the paths asked for."""
    report = narrow(report, ("",), settings.exclude)
    if against.accepted is not None:
        report = accept(report, against.accepted, looked_at(report, where, settings))
    return narrow(report, where.paths, ())


def looked_at(report: Report, where: Target, settings: Settings) -> Callable[[Entry], bool]:
    """Whether a scan with this outcome would have found what an entry of a baseline stands for."""
    picked = {rule.name for rule in chosen(settings)}
    others = {rule.name for rule in load()} - picked
    unseen = {problem.path for problem in report.problems}
    whole = "" not in unseen  # a rule that failed says so without a path
    return lambda entry: (
        whole and entry.rule not in others and entry.path not in unseen and _within(entry.path, where.paths)
    )


def _base(root: Path, named: str | None) -> str:
    if named is not None:
        return named
    branch = default_branch(root)
    if branch is None:
        raise UsageError("no default branch was found: name the base with --base")
    return merge_base(root, branch, "HEAD")


def narrow(report: Report, paths: tuple[str, ...], exclude: tuple[str, ...], once: bool = False) -> Report:
    """Only what lies in these paths and in none of the excluded ones; the root is everything.

    A clone class lies wherever one of its fragments does; `once` only where its first does, so that of several lists
    of paths one gets it.
    """
    if "" in paths and not exclude:
        return report
    kept = tuple(
        f for f in report.findings if _touches(f, paths, once) and not (exclude and _within(f.at.path, exclude))
    )
    problems = tuple(p for p in report.problems if not p.path or _within(p.path, paths))
    return msgspec.structs.replace(report, findings=kept, problems=problems)


def _touches(finding: Finding, paths: tuple[str, ...], once: bool) -> bool:
    places = (finding.at, *finding.see) if finding.family == "clones" and not once else (finding.at,)
    return any(_within(place.path, paths) for place in places)


def _within(path: str, folders: tuple[str, ...]) -> bool:
    return any(not f or path == f.rstrip("/") or path.startswith(f.rstrip("/") + "/") for f in folders)


def why(where: Target, name: str, cache: Cache, workers: int) -> list[Explanation]:
    """Why what is called `name` in the one path asked for is alive or dead."""
    tree = WorkTree(where.root)
    found = discover(tree)
    gathered = gather(tree, key(tree, found), cache, workers, lambda _: None)
    path = where.paths[0]
    repository = Repository(gathered.files, frozenset({path}))

    def look(words: frozenset[str], paths: frozenset[str] | None) -> list[Mention]:
        files = [file for file in found.files if paths is None or file.path in paths]
        return mentions(tree, files, words, workers)

    dead = [rule for rule in load() if rule.about.family == "dead-code" and rule.scope == "repository"]
    hits = [hit for rule in dead for hit in rule.find(repository) if hit.path == path]
    return explain(repository, path, name, look, hits)


def order_of(settings: Settings, families: tuple[str, ...] = ()) -> Order:
    """What the settings ask for: with practices, or of these families only. Raises UsageError for an unknown name."""
    order = Order(of_families(chosen(settings), families), settings.workers, unfiltered=unfiltered(settings))
    return order if families else order._replace(asked=asked_by(settings))


def of_families(rules: tuple[Rule, ...], families: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of these families; all of them if none is named."""
    return tuple(rule for rule in rules if not families or rule.about.family in families)


def staged(root: Path, order: Order, cache: Cache) -> Report | None:
    """What the staged change adds against HEAD, in the files it changes; None if nothing is staged."""
    commit = resolve(root, "HEAD")
    change = staged_change(root, commit)
    if change is None:
        return None
    index = index_tree(root)
    head = commit_tree(root, "HEAD") if commit else None
    try:
        order = order._replace(focus=change.paths)
        if head is None:
            return scan_tree(index, order, cache, Watch())
        # what HEAD had is silent, proved or not: only what is new pays for its proof
        old = order._replace(focus=change.paths.union(change.renamed.values()), proves=False)
        before = Side(head, scan_tree(head, old, cache, Watch()))
        known = frozenset(finding.fingerprint for finding in before.report.findings)
        now = Side(index, scan_tree(index, order._replace(known=known), cache, Watch()))
        return held_against(now, before, Difference(change.paths, change.renamed), order, cache)
    finally:
        index.close()
        if head is not None:
            head.close()


def in_files(where: Target, order: Order, cache: Cache, named: frozenset[str]) -> Report:
    """What these files of the work tree hold; all files if none is named."""
    return scan_tree(WorkTree(where.root), order._replace(focus=named or None), cache, Watch())


def over(report: Report, fail_on: str) -> int:
    """How many findings are over the threshold."""
    present = [finding for finding in report.findings if finding.standing != "fixed"]
    if fail_on == "none":
        return 0
    if fail_on in ("any", "new"):
        return sum(fail_on == "any" or finding.standing == "new" for finding in present)
    levels = ("low", "medium", "high")
    return sum(levels.index(finding.severity) >= levels.index(fail_on) for finding in present)
