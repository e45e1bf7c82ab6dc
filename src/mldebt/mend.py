"""`mldebt fix`: what can safely go is taken out, and what is dead without it, until nothing more is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from mldebt.app import Target, chosen, narrow
from mldebt.errors import UsageError
from mldebt.judge.carry import carry_out
from mldebt.judge.gather import gather, key
from mldebt.judge.run import Order, Watch, scan_tree
from mldebt.links.graph import Graph
from mldebt.links.repository import Repository
from mldebt.links.severed import Tie, severed
from mldebt.model import Finding
from mldebt.read.cache import Cache
from mldebt.read.discover import discover
from mldebt.read.overlay import Overlay
from mldebt.read.replacement import Replacement, replace
from mldebt.read.tree import Tree
from mldebt.read.worktree import WorkTree
from mldebt.report.fixes import of_file, of_finding, summary
from mldebt.rules.catalogue import Rule
from mldebt.settings import Settings

_ROUNDS = 20  # what is dead only without what is dead is seldom more than three files away
_FAMILY = "dead-code"  # the one whose findings say what to take out
_NOTHING_TO_TAKE = "without a patch"
_IMPORTED = "imported elsewhere"
_DATA = "data of tests, it seems"
_DATA_FOLDERS = frozenset("fixture fixtures testdata test_data test-data snapshots golden goldens".split())


class Fixed(NamedTuple):
    """What a file was and what it becomes, None if it goes; how many findings of each kind, how many lines went."""

    before: bytes
    after: bytes | None
    kinds: dict[str, int]
    lines: int


class Mended(NamedTuple):
    """The files by path, the findings that are left with the reason, and whether nothing more would go."""

    files: dict[str, Fixed]
    left: list[tuple[Finding, str]]
    complete: bool


class Task(NamedTuple):
    """Where and with which rules; `unsafe` also takes out what may change what runs."""

    where: Target
    settings: Settings
    unsafe: bool


def mend(task: Task, cache: Cache, watch: Watch) -> Mended:
    """Find out what every file becomes; nothing is written. What another file would still import stays."""
    base = WorkTree(task.where.root)
    rules = fixable(task.settings)
    held: set[Tie] = set()
    while True:
        mended = _mended(task, Order(rules, task.settings.workers), base, (cache, watch), held)
        known = frozenset(held)
        after = Overlay(base, {path: fixed.after for path, fixed in mended.files.items()})
        lost = severed(_graph(base, task, cache), _graph(after, task, cache)) if mended.files else []
        held.update(Tie(one.tie.path, "") if one.tie in known else one.tie for one in lost)
        if held == known:
            return mended


def write(root: Path, mended: Mended) -> None:
    """Write all files. Raises UsageError, with nothing changed, if one is not any more what was read."""
    replace(root, (Replacement(path, fixed.before, fixed.after) for path, fixed in mended.files.items()))


def fixable(settings: Settings) -> tuple[Rule, ...]:
    """The chosen rules whose findings can be taken out. Raises UsageError if there are none."""
    rules = chosen(settings)
    found = tuple(rule for rule in rules if rule.about.family == _FAMILY or rule.about.mends)
    if not found:
        raise UsageError(f"no finding of {', '.join(rule.name for rule in rules) or 'no rule'} can be taken out")
    return found


def _graph(tree: Tree, task: Task, cache: Cache) -> Graph:
    files = gather(tree, key(tree, discover(tree)), cache, task.settings.workers, lambda _: None).files
    return Repository(files).graph


def _mended(task: Task, order: Order, base: Tree, aids: tuple[Cache, Watch], held: set[Tie]) -> Mended:
    """What becomes of the files if the `held` names stay."""
    files: dict[str, Fixed] = {}
    left: list[tuple[Finding, str]] = []
    for _ in range(_ROUNDS):
        tree = Overlay(base, {path: fixed.after for path, fixed in files.items()})
        report = narrow(scan_tree(tree, order, *aids), task.where.paths, task.settings.exclude)
        kept = {id(f): why for f in report.findings if (why := _why_kept(f, held, task.unsafe)) is not None}
        free = [finding for finding in report.findings if id(finding) not in kept]
        carried = carry_out(free, tree, order.workers, task.unsafe)
        whys = {path: iter(outcome.refused) for path, outcome in carried.items()}
        told = [(finding, next(whys.get(finding.at.path, iter(())), "vanished")) for finding in free]
        left = [(finding, kept[id(finding)]) for finding in report.findings if id(finding) in kept]
        left.extend((finding, why) for finding, why in told if why is not None)
        changed = {path for path, outcome in carried.items() if outcome.after != outcome.before}
        if not changed:
            return Mended(dict(sorted(files.items())), left, complete=True)
        for path in sorted(changed):
            kinds = Counter(_kind(finding) for finding, why in told if finding.at.path == path and why is None)
            earlier = files.get(path, Fixed(carried[path].before, None, {}, 0))
            files[path] = Fixed(
                earlier.before, carried[path].after, Counter(earlier.kinds) + kinds, earlier.lines + carried[path].lines
            )
    return Mended(dict(sorted(files.items())), left, complete=False)


def _why_kept(finding: Finding, held: set[Tie], unsafe: bool) -> str | None:
    """Why nothing of a finding is tried; None if it is."""
    removal = finding.removes
    if removal is None and not finding.rewrites:
        return _NOTHING_TO_TAKE
    if not unsafe and not _DATA_FOLDERS.isdisjoint(finding.at.path.split("/")[:-1]):
        return _DATA
    if removal is None:
        return None
    names = ("", removal.name, *(other.name for other in removal.also))
    whole = removal.kind == "module" and any(tie.path == finding.at.path for tie in held)
    return _IMPORTED if whole or any(Tie(finding.at.path, name) in held for name in names) else None


def _kind(finding: Finding) -> str:
    """What was changed, as the summary counts it."""
    return finding.kind if finding.removes is not None else "rewritten"


def told(mended: Mended, in_git: bool, options: Mapping[str, bool]) -> Iterator[str]:
    """What is said of it, by the options `quiet`, `verbose` and `only_diff`."""
    for path, fixed in mended.files.items() if not options["quiet"] else ():
        yield of_file(path, fixed.kinds, fixed.lines, fixed.after is None)
    for finding, why in mended.left if options["verbose"] else ():
        yield of_finding(finding, why)
    count = sum(sum(fixed.kinds.values()) for fixed in mended.files.values())
    yield summary(count, len(mended.files), [why for _, why in mended.left], written=not options["only_diff"])
    if not mended.complete:
        yield f"stopped after {_ROUNDS} rounds: run it again for what is dead now"
    if in_git and mended.files and not options["quiet"] and not options["only_diff"]:
        yield "`git diff` shows what went; run the tests before you commit"


def patch(mended: Mended) -> Iterator[str]:
    """A unified diff of each file, as git takes it."""
    from difflib import unified_diff

    for path, fixed in mended.files.items():
        name = f"{path}\t" if " " in path else path
        before, after = _rows(fixed.before), _rows(fixed.after or b"")
        if not before:
            yield f"diff --git a/{path} b/{path}\ndeleted file mode 100644\n"
        new = "/dev/null" if fixed.after is None else f"b/{name}"
        for row in unified_diff(before, after, f"a/{name}", new):
            yield row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n"


def _rows(data: bytes) -> list[str]:
    """The lines as git counts them, carriage returns being characters."""
    rows = data.decode(errors="surrogateescape").split("\n")
    return [f"{row}\n" for row in rows[:-1]] + ([rows[-1]] if rows[-1] else [])
