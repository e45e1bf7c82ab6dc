"""Why a definition is dead: what refers to it is dead too, or only looks as if it did."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.explanation import Explanation, Look, Mention, Step
from mldebt.links.repository import Repository
from mldebt.links.subjects import Subject, in_code, label, of_node, owner, span
from mldebt.links.units import Unit
from mldebt.model import Directive, Hit, Span

_SHOWN = 5  # of each: dead callers, mentions that do not count
_DEEPEST = 8  # dead callers of dead callers
_SAYS = {
    ("comment", True): "a commented-out call names it, which is no use",
    ("comment", False): "a comment names it, which is no use",
    ("string", True): "a string names it, and nothing looks names up by it",
    ("string", False): "a string names it, and nothing looks names up by it",
    ("text", False): "a text names it, which is no use",
}
_ORDER = ("comment", "string", "text", "name", "attribute")


def dead(repository: Repository, subject: Subject, look: Look) -> Explanation:
    """Why a definition that nothing reaches is dead."""
    callers = [c for c in referrers(repository, subject.node) if c not in repository.reach]
    word = subject.word or subject.unit.path.removesuffix(".py").rpartition("/")[2]
    found = look(frozenset({word, *_lineage_words(repository, callers)}), None)
    others = [c for c in callers if c != subject.node]
    steps = [_caller_step(repository, subject, caller, word, found) for caller in others[:_SHOWN]]
    if len(others) > _SHOWN:
        steps.append(Step(f"so do {len(others) - _SHOWN} more, dead too"))
    if others:
        steps.extend(_lineage(repository, others[0], {subject.node}, found))
    because = _because(repository, subject, callers, others)
    about = [*_idle_mentions(repository, subject, callers, word, found), *_standing(repository, subject)]
    return Explanation(f"{label(subject)} is dead: {because}", tuple(steps), tuple(about))


def _because(repository: Repository, subject: Subject, callers: list[int], others: list[int]) -> str:
    if len(others) == 1:
        return f"its only caller `{_name(repository, others[0])}` is dead too"
    if others:
        return f"all {len(others)} that refer to it are dead too"
    if subject.node in callers:
        return "only it refers to itself"
    holder = repository.classes.holder(subject.node) if subject.kind == "method" else None
    if holder is not None and holder not in repository.reach:
        return f"its class `{_name(repository, holder)}` is dead too"
    return "nothing imports it and nothing runs it" if subject.kind == "module" else "nothing refers to it"


def _name(repository: Repository, node: int) -> str:
    subject = of_node(repository, node)
    return subject.name or subject.unit.path


def referrers(repository: Repository, node: int) -> list[int]:
    """The definitions whose code refers to one, itself included; bodies of modules are their own."""
    return [n for unit in repository.units for n in _nodes(unit) if _refers(repository, n, node)]


def _nodes(unit: Unit) -> range:
    return range(unit.base, unit.base + len(unit.facts.definitions))


def _refers(repository: Repository, by: int, node: int) -> bool:
    graph, classes = repository.graph, repository.classes
    found = graph.targets(by)
    target = graph.resolver.definition(node)
    if node in found.nodes:
        return True
    if target.kind == "module":
        return any(node in graph.bodies(stem)[-1:] for stem in found.stems)
    holder = classes.holder(node) if target.kind == "method" else None
    if holder is None:
        return False
    return bool(reads_member(repository, by, classes.family(holder), target.name.rpartition(".")[2]))


def reads_member(repository: Repository, by: int, family: int, name: str) -> str:
    """Whether a definition reads a member of a class family: "sure", "unsure" on an unknown receiver, or not at all."""
    classes, definition = repository.classes, repository.graph.resolver.definition(by)
    found = repository.graph.targets(by)
    if any(n == name and classes.family(node) == family for node, n in found.members):
        return "sure"
    home = by if definition.kind == "class" else classes.holder(by) if definition.kind == "method" else None
    if name in definition.own and home is not None and classes.family(home) == family:
        return "sure"
    loose = name in definition.own and home is None
    return "unsure" if loose or name in definition.attributes or name in found.attributes else ""


def _lineage_words(repository: Repository, callers: list[int]) -> set[str]:
    words, node, seen = set(), callers[0] if callers else None, set[int]()
    while node is not None and node not in seen and len(seen) < _DEEPEST:
        seen.add(node)
        words.add(of_node(repository, node).word)
        node = next((c for c in referrers(repository, node) if c not in seen), None)
    return words - {""}


def _lineage(repository: Repository, node: int, seen: set[int], found: list[Mention]) -> Iterator[Step]:
    """What refers to a dead caller, and so on, up to what nothing refers to."""
    subject = of_node(repository, node)
    seen = {*seen, node}
    refer = referrers(repository, node)
    callers = [c for c in refer if c not in seen and c not in repository.reach]
    if len(seen) > _DEEPEST:
        return
    if not callers:
        what = f"module {subject.unit.path}" if subject.kind == "module" else f"`{subject.name}`"
        yield Step(f"nothing {'else ' if refer else ''}refers to {what}", span(subject.unit, subject.at))
        return
    yield _caller_step(repository, subject, callers[0], subject.word, found)
    yield from _lineage(repository, callers[0], seen, found)


def _caller_step(repository: Repository, subject: Subject, caller: int, word: str, found: list[Mention]) -> Step:
    by = of_node(repository, caller)
    mention = next((m for m in in_code(found, by.unit, {word}) if owner(by.unit, m.at) == caller), None)
    actor = f"module {by.unit.path}" if by.kind == "module" else f"`{by.name}`"
    verb = "calls" if mention and mention.called else "imports" if subject.kind == "module" else "uses"
    what = f"`{subject.name}`" if subject.name else f"module {subject.unit.path}"
    return Step(f"{actor} {verb} {what}, and is dead too", span(by.unit, mention.at if mention else by.at))


def _idle_mentions(
    repository: Repository, subject: Subject, callers: list[int], word: str, found: list[Mention]
) -> Iterator[Step]:
    """Where the name stands and is no use of it, what looks most like one first."""
    units = {(unit.path, unit.module): unit for unit in repository.units}
    known = {subject.node, *callers}
    idle: list[Mention] = []
    for mention in found:
        unit = units.get((mention.path, mention.module))
        is_code = mention.kind in ("name", "attribute") and unit is not None
        if mention.word != word or (is_code and unit is not None and owner(unit, mention.at) in known):
            continue
        if subject.kind == "module" and mention.kind != "text":
            continue
        idle.append(mention)
    idle.sort(key=lambda m: (_ORDER.index(m.kind), not m.called, m.path, m.module, m.at))
    for mention in idle[:_SHOWN]:
        unit = units.get((mention.path, mention.module))
        says = _SAYS.get((mention.kind, mention.called)) or _in_other_code(repository, subject, unit, mention)
        yield Step(says, Span(mention.path, mention.at.line, mention.at.line, mention.at.column, mention.at.cell))
    if len(idle) > _SHOWN:
        yield Step(f"{len(idle) - _SHOWN} more mentions are no use of it either")


def _in_other_code(repository: Repository, subject: Subject, unit: Unit | None, mention: Mention) -> str:
    """What code means that has the name and does not refer to what is asked for."""
    at, word = mention.at, mention.word
    for definition in unit.facts.definitions if unit is not None else ():
        if (
            definition.name.rpartition(".")[2] == word
            and definition.at.cell == at.cell
            and definition.at.line == at.line
        ):
            return f"another `{word}` is defined here"
    for item in unit.facts.imports if unit is not None else ():
        if item.name == word and item.at.cell == at.cell and item.at.line <= at.line <= item.at.end_line:
            where = repository.graph.locator.find(unit, item.module) if unit is not None else None
            if where and not where[1] and repository.graph.locator.unit_at(where[0]) == subject.unit.index:
                return "it is imported here, and nothing reads the import"
    return f"`{word}` is something else here"


def _standing(repository: Repository, subject: Subject) -> Iterator[Step]:
    """Whether the report has it: with what, or why not."""
    for group in repository.dead:
        if subject.node in group.members:
            root = of_node(repository, group.root)
            yield Step(f"it goes with {label(root)}, which is reported", span(root.unit, root.at))
    yield from silenced(repository, subject)


def silenced(repository: Repository, subject: Subject) -> Iterator[Step]:
    """What keeps a dead thing from being reported."""
    at = subject.at
    for directive in repository.files[subject.unit.path].directives:
        if _covers(directive, subject):
            yield Step("an excuse keeps it from being reported", span(subject.unit, directive.at))
    hit = Hit(at, "", kind=subject.kind, symbol=subject.name)
    if repository.whitelist.silences(subject.unit.path, hit, "dead-code", lambda: repository.classes):
        yield Step("what vulture was told keeps it from being reported")


def _covers(directive: Directive, subject: Subject) -> bool:
    rules = [rule for rule in directive.rules if rule.startswith("dead-")]
    if directive.rules and not rules:
        return False
    at = subject.at
    return directive.last == 0 or (directive.at.cell == at.cell and directive.first <= at.line <= directive.last)
