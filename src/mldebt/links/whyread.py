"""Why an import, a variable or an attribute counts as read or not."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.explanation import Explanation, Look, Mention, Step
from mldebt.links.repository import Repository
from mldebt.links.subjects import Subject, in_code, label, of_node, owner, span
from mldebt.links.whynot import reads_member, silenced
from mldebt.model import Hit, Import, Variable

_SHOWN = 5
_QUIET = {
    "future": "an import from `__future__` changes how the file is compiled",
    "probe": "it stands in `try`: importing it is a test for itself",
    "type checking": "it is imported for type checkers only",
    "explicit re-export": "`import x as x` hands it on on purpose",
    "class attribute": "it is an attribute of the class it stands in",
    "noqa": "`noqa` stands at it",
}


def told(repository: Repository, subject: Subject, look: Look, hits: list[Hit]) -> Explanation:
    """Why a name is alive or dead; dead is what the rules say is."""
    found = look(frozenset({subject.word}), None)
    if _is_hit(subject, hits):
        unread = "imported" if subject.kind == "import" else "stored" if subject.kind == "attribute" else "assigned"
        verdict = f"{label(subject)} is dead: it is {unread}, and nothing reads it"
        return Explanation(verdict, (), tuple(_only_mentioned(subject, found)))
    if subject.node not in repository.reach:
        around = of_node(repository, subject.node)
        step = Step(f"{label(around)} is dead: ask why", span(around.unit, around.at))
        return Explanation(f"{label(subject)} is dead: what it stands in is", (step,))
    reasons = list(_reasons(repository, subject, found))
    if not reasons and not _is_read(subject) and (quiet := list(silenced(repository, subject))):
        return Explanation(f"{label(subject)} is not reported:", tuple(quiet))
    return Explanation(f"{label(subject)} is alive:", tuple(reasons) or (Step("it may be read where nobody sees it"),))


def _is_hit(subject: Subject, hits: list[Hit]) -> bool:
    return any(hit.kind == subject.kind and hit.at == subject.at for hit in hits if _named(hit) == subject.word)


def _named(hit: Hit) -> str:
    return (hit.symbol or "").rpartition(".")[2]


def _is_read(subject: Subject) -> bool:
    return isinstance(subject.item, Import | Variable) and subject.item.used


def _reasons(repository: Repository, subject: Subject, found: list[Mention]) -> Iterator[Step]:
    """The first places that read it, or what else keeps it."""
    unit, item = subject.unit, subject.item
    if subject.kind == "attribute":
        yield from _attribute_reads(repository, subject, found)
        return
    if _is_read(subject):
        binds = {(subject.at.cell, n) for n in range(subject.at.line, subject.at.end_line + 1)}
        reads = [m for m in in_code(found, unit, {subject.word}) if m.kind == "name"]
        reads = [m for m in reads if (m.at.cell, m.at.line) not in binds and not _rebinds(subject, m)]
        for mention in reads[:_SHOWN]:
            yield Step(f"{_who(repository, unit.base, owner(unit, mention.at))} reads it", span(unit, mention.at))
        if not reads:
            yield Step("its module reads it, where a string or a comment names types")
    if isinstance(item, Import) and not item.used and item.quiet:
        yield Step(_QUIET.get(item.quiet, f"imports of this kind are left alone ({item.quiet})"), span(unit, item.at))
    if subject.word in repository.taken.get(unit.index, ()) and not (item and item.owner):
        yield from _takers(repository, subject, found)
    if isinstance(item, Import) and not item.used:
        yield from _other_uses(repository, subject, item)


def _rebinds(subject: Subject, mention: Mention) -> bool:
    """Whether a mention is another import of the name."""
    imports = (i for i in subject.unit.facts.imports if i.bound == subject.word and i.at.cell == mention.at.cell)
    return any(i.at.line <= mention.at.line <= i.at.end_line for i in imports)


def _other_uses(repository: Repository, subject: Subject, item: Import) -> Iterator[Step]:
    if subject.unit.is_package:
        yield Step("a package's `__init__` hands on what it imports")
    if repository.knowledge.has_effect(f"{item.module}.{item.name}".strip(".")):
        yield Step(f"importing {item.module} has an effect")
    elif not item.name and repository.graph.locator.find(subject.unit, item.module):
        yield Step("it runs a module of the repository, which may do something")


def _takers(repository: Repository, subject: Subject, found: list[Mention]) -> Iterator[Step]:
    """Where other modules take a name from the subject's."""
    mentioned = {m.path for m in found}
    graph, own = repository.graph, subject.unit
    takes: list[Step] = []
    for unit in repository.units:
        names = (subject.word, "*") if unit.path in mentioned and unit is not own else ()
        for item in unit.facts.imports if names else ():
            where = graph.locator.find(unit, item.module) if item.name in names else None
            if where is not None and not where[1] and graph.locator.unit_at(where[0]) == own.index:
                takes.append(Step(f"module {unit.path} takes it from here", span(unit, item.at)))
    yield from takes[:_SHOWN]
    if not takes:
        yield Step("it is read through its module, or named by configuration or by code that is not parsed")


def _attribute_reads(repository: Repository, subject: Subject, found: list[Mention]) -> Iterator[Step]:
    """The reads of an attribute: on its class, else those on receivers nobody can place."""
    classes, name = repository.classes, subject.word
    holder = classes.holder(subject.node)
    if holder is None:
        return
    family = classes.family(holder)
    nodes = [unit.base + index for unit in repository.units for index in range(len(unit.facts.definitions))]
    readers = {by: reads_member(repository, by, family, name) for by in nodes}
    sure = [by for by, how in readers.items() if how == "sure"]
    unsure = [by for by, how in readers.items() if how == "unsure"]
    doubt = "" if sure else " of what may be any class"
    for by in (sure or unsure)[:_SHOWN]:
        reader = of_node(repository, by)
        mention = next((m for m in in_code(found, reader.unit, {name}) if owner(reader.unit, m.at) == by), None)
        at = span(reader.unit, mention.at if mention else reader.at)
        yield Step(f"{_who(repository, reader.unit.base, by)} reads `.{name}`{doubt}", at)
    if not sure and not unsure:
        if classes.is_foreign_attribute(holder, name):
            yield Step(f"a class that `{of_node(repository, holder).name}` inherits from may read it")
        elif repository.published:
            yield Step(f"it may be read by who uses the library: {repository.published}")


def _who(repository: Repository, body: int, node: int) -> str:
    return "the module" if node == body else f"`{of_node(repository, node).name}`"


def _only_mentioned(subject: Subject, found: list[Mention]) -> Iterator[Step]:
    """Comments of its own file, which look like uses."""
    here = [m for m in found if m.path == subject.unit.path and m.kind == "comment"]
    for mention in here[:_SHOWN]:
        yield Step("a comment names it, which is no use", span(subject.unit, mention.at))
