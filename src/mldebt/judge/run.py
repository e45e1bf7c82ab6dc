"""A tree → its report: gather, link, run the rules, prove, judge."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from mldebt.judge.examine import LEFT_OUT
from mldebt.judge.findings import Numbered, findings, number
from mldebt.judge.gather import Gathered, Keyed, gather, key
from mldebt.judge.practices import Asked, Judged, judge_practices
from mldebt.judge.prove import prove_all
from mldebt.judge.score import score
from mldebt.judge.sources import Sources
from mldebt.judge.stamped import Stamped
from mldebt.judge.suggest import Sight, suggest_all
from mldebt.judge.suppress import suppress
from mldebt.links.change import Change
from mldebt.links.repository import Repository
from mldebt.model import FileCounts, FileFacts, Finding, Problem, Report
from mldebt.read.cache import Cache
from mldebt.read.discover import Discovery, discover
from mldebt.read.tree import Tree
from mldebt.rules.catalogue import Rule


class Order(NamedTuple):
    """What to run: the rules, the worker processes, the paths findings are wanted for (None: all).

    `known` are the fingerprints of findings whose proof is not asked for, as in a base where `proves` is false.
    `unfiltered` are the filters of the clone search that are off. `asked` is what settings say of practices; None if
    practices are not judged.
    """

    rules: tuple[Rule, ...]
    workers: int
    focus: frozenset[str] | None = None
    known: frozenset[str] = frozenset()
    proves: bool = True
    unfiltered: frozenset[str] = frozenset()
    asked: Asked | None = None


class Watch:
    """Seconds by stage and counts, for `--stats`; `tick` gets the stage, the files done and the files in all."""

    def __init__(self, tick: Callable[[str, int, int], None] | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self.counts: dict[str, int] = {}
        self._tick = tick
        self._stage = ""
        self._since = time.perf_counter()

    def enter(self, stage: str) -> None:
        """Begin a stage; the one before ends."""
        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now
        self.done(0)

    def done(self, files: int) -> None:
        """So many more files are examined."""
        self.counts["done"] = self.counts.get("done", 0) + files
        if self._tick is not None and self._stage:
            self._tick(self._stage, self.counts["done"], self.counts.get("files", 0))


def scan_tree(tree: Tree, order: Order, cache: Cache, watch: Watch) -> Report:
    """The report of a tree; an unchanged tree's comes from the cache."""
    watch.enter("discover")
    found = discover(tree)
    keyed = key(tree, found)
    watch.counts.update(files=len(keyed.files), done=0)
    name = _report_key(keyed, order, tree.commit(), str(sorted(found.listing.sizes.items())))
    watch.enter("cache")
    kept = cache.get_many([name]).get(name)
    if kept is not None:
        watch.counts["cached"] = len(keyed.files)
        watch.enter("")
        return msgspec.msgpack.decode(kept, type=Report)
    watch.enter("examine")
    gathered = gather(tree, keyed, cache, order.workers, watch.done)
    watch.counts["cached"] = gathered.cached
    report = _judge(tree, order, gathered, found, watch)
    watch.enter("cache")
    if gathered.steady and not any(problem.kind in ("crashed", "timeout") for problem in report.problems):
        cache.put_many({name: msgspec.msgpack.encode(report)})
    watch.enter("")
    return report


def _report_key(keyed: Keyed, order: Order, commit: str | None, listing: str) -> str:
    parts = [
        keyed.digest,
        *(rule.name for rule in order.rules),
        "focus",
        *sorted(order.focus or ()),
        str(order.focus is None),
    ]
    parts.extend(("known", *sorted(order.known), str(order.proves), str(commit), *sorted(order.unfiltered)))
    if order.asked is not None:
        parts.extend((order.asked.key(), listing))
    return "report:" + hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()


def _judge(tree: Tree, order: Order, gathered: Gathered, found: Discovery, watch: Watch) -> Report:
    files = dict(sorted(gathered.files.items()))
    unread = ((path, LEFT_OUT[facts.kind]) for path, facts in files.items() if facts.kind in LEFT_OUT)
    watch.enter("link")
    crashed: list[Problem] = []
    unfiltered, source = order.unfiltered, Sources(tree)
    repository = Repository(files, order.focus, unfiltered=unfiltered, listing=found.listing, source=source)
    hits = _told([*_module_hits(files, order), *_repository_hits(repository, order, crashed)], repository, order)
    watch.enter("judge")
    ran = {rule.name for rule in order.rules if rule.scope != "change"}
    numbered = number(suppress(hits, files, ran, order.focus))
    watch.enter("prove")
    proved = _proved(_with_keeps(numbered, repository), tree, order, crashed)
    watch.counts["refused by the proof"] = len(numbered) - len(proved)
    watch.enter("judge")
    watch.enter("practices")
    judged = _practices(repository, order, crashed)
    watch.enter("judge")
    own = [Problem(path, what, kind) for path, facts in files.items() for what, kind in facts.problems]
    own.extend(repository.whitelist.table.problems)
    counts = _counts(files)
    found_debt = findings(proved, {rule.name: rule for rule in order.rules})
    found_debt = _suggested(found_debt, Sight(tree, files), order, crashed)
    return Report(
        tree.commit(),
        None,
        counts,
        found_debt,
        tuple(sorted([*found.problems, *gathered.problems, *own, *crashed], key=lambda p: (p.path, p.what))),
        tuple(sorted({*found.left_out, *unread, *repository.whitelist.notes()})),
        judged.outcomes,
        judged.circumstances,
        score(found_debt, judged.outcomes, counts.lines),
    )


def _practices(repository: Repository, order: Order, crashed: list[Problem]) -> Judged:
    if order.asked is None:
        return Judged((), ())
    try:
        return judge_practices(repository, order.asked)
    except Exception as error:  # noqa: BLE001 - practices must not end the scan; the problem is shown and counted
        what = f"the practices could not be judged ({type(error).__name__}: {error}): please report it"
        crashed.append(Problem("", what, "crashed"))
        return Judged((), ())


def _with_keeps(numbered: list[Numbered], repository: Repository) -> list[Numbered]:
    """The removals with the imports that other modules take from the file."""
    lent = {} if all(n.stamped.hit.removes is None for n in numbered) else repository.lent
    found: list[Numbered] = []
    for one in numbered:
        hit = one.stamped.hit
        keeps = lent.get(one.stamped.path, ())
        if hit.removes is not None and keeps:
            hit = msgspec.structs.replace(hit, removes=msgspec.structs.replace(hit.removes, keeps=keeps))
        found.append(one._replace(stamped=one.stamped._replace(hit=hit)))
    return found


def _proved(numbered: list[Numbered], tree: Tree, order: Order, crashed: list[Problem]) -> list[Numbered]:
    """What stands after the proof."""
    if not order.proves:
        return numbered
    unknown = [n for n in numbered if n.fingerprint not in order.known]
    proof = prove_all([n.stamped for n in unknown], tree, order.workers)
    crashed.extend(proof.problems)
    outcomes = iter(proof.hits)
    found: list[Numbered] = []
    for one in numbered:
        stamped = one.stamped if one.fingerprint in order.known else next(outcomes)
        if stamped is not None:
            found.append(Numbered(stamped, one.fingerprint))
    return found


def _suggested(found: tuple[Finding, ...], sight: Sight, order: Order, crashed: list[Problem]) -> tuple[Finding, ...]:
    """The findings, those of copied code with what would take the copies' place."""
    if not order.proves:
        return found
    suggested = suggest_all(found, sight, order.workers, order.known)
    crashed.extend(suggested.problems)
    return suggested.findings


def _module_hits(files: Mapping[str, FileFacts], order: Order) -> Iterator[Stamped]:
    wanted = [rule.name for rule in order.rules if rule.scope == "module"]
    for path, facts in files.items():
        if order.focus is None or path in order.focus:
            for name in wanted:
                for hit in facts.hits.get(name, ()):
                    yield Stamped(name, path, hit)


def _told(hits: list[Stamped], repository: Repository, order: Order) -> list[Stamped]:
    """The hits without those that settings for vulture silence."""
    families = {rule.name: rule.about.family for rule in order.rules}
    whitelist = repository.whitelist
    return [s for s in hits if not whitelist.silences(s.path, s.hit, families[s.rule], lambda: repository.classes)]


def _repository_hits(repository: Repository, order: Order, crashed: list[Problem]) -> Iterator[Stamped]:
    for rule in order.rules:
        if rule.scope == "repository":
            yield from hits_of(rule, repository, crashed)


def hits_of(rule: Rule, seen: Repository | Change, crashed: list[Problem]) -> list[Stamped]:
    """What a rule says of all it is given to see; none if it fails, which is added to the problems."""
    try:
        return [Stamped(rule.name, hit.path, hit) for hit in rule.find(seen)]
    except Exception as error:  # noqa: BLE001 - one rule must not end the scan; the problem is shown and counted
        what = f"the rule {rule.name} failed ({type(error).__name__}: {error}): please report it"
        crashed.append(Problem("", what, "crashed"))
        return []


def _counts(files: Mapping[str, FileFacts]) -> FileCounts:
    kinds = [facts.kind for facts in files.values()]
    lines = sum(facts.lines for facts in files.values())
    return FileCounts(kinds.count("python"), kinds.count("notebook"), kinds.count("config"), lines)
