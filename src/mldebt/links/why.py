"""Why something counts as alive or dead: the way from an entry point, or who refers to it and does not count."""

from __future__ import annotations

import re
from itertools import pairwise

from mldebt.explanation import Explanation, Look, Mention, Step
from mldebt.links.repository import Repository
from mldebt.links.subjects import Subject, in_code, label, of_node, owner, span, subjects
from mldebt.links.ways import way
from mldebt.links.whynot import dead
from mldebt.links.whyread import told
from mldebt.model import Hit, Span

_PLACED = re.compile(r"(?:in|:) (\S.*?):(\d+)\b")
_MOST = 8  # things of one name that are explained
_GUARD = "__name__"
_EXPORTS = "__all__"


def explain(repository: Repository, path: str, name: str, look: Look, hits: list[Hit]) -> list[Explanation]:
    """An explanation for each thing that `name` means in `path`; an empty name is the module itself.

    `hits` is what the rules on dead code say of the file. Raises UsageError, naming the nearest, for a name it has not.
    """
    found = subjects(repository, path, name)
    told_of = [_of_one(repository, subject, look, hits) for subject in found[:_MOST]]
    if len(found) > _MOST:
        told_of.append(Explanation(f"{len(found) - _MOST} more have this name: give more of it"))
    return told_of


def _of_one(repository: Repository, subject: Subject, look: Look, hits: list[Hit]) -> Explanation:
    if subject.item is not None or subject.kind == "attribute":
        return told(repository, subject, look, hits)
    if subject.node in repository.reach:
        return _alive(repository, subject, look)
    return dead(repository, subject, look)


def _alive(repository: Repository, subject: Subject, look: Look) -> Explanation:
    chain = [(of_node(repository, node), why) for node, why in way(repository, subject.node)]
    words = {word for by, target in _pairs(chain) for word in _words(by, target)}
    first, why = chain[0]
    placed = _PLACED.search(why)
    paths = {*(step.unit.path for step, _ in chain), *([placed[1]] if placed else [])}
    found = look(frozenset({*words, first.word or _stem(first), _GUARD, _EXPORTS}), frozenset(paths))
    steps = [Step(_beginning(first, why), _start(first, why, found))]
    steps.extend(
        _step(repository, by, target, why, found)
        for (by, target), (_, why) in zip(_pairs(chain), chain[1:], strict=True)
    )
    return Explanation(f"{label(subject)} is alive:", tuple(steps))


def _pairs(chain: list[tuple[Subject, str]]) -> list[tuple[Subject, Subject]]:
    return [(by, target) for (by, _), (target, _) in pairwise(chain)]


def _words(by: Subject, target: Subject) -> set[str]:
    """How the code of one may name the other: by its name, or by the one it is imported under."""
    word = target.word or _stem(target)
    return {word, *(item.bound for item in by.unit.facts.imports if item.name == word)}


def _stem(module: Subject) -> str:
    """What an import calls a module: its last part."""
    return module.unit.path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]


def _beginning(first: Subject, why: str) -> str:
    placed = _PLACED.search(why)
    if placed and why.startswith("run in"):
        return f"runs {_short(first)}"
    if placed and why.startswith("is named in"):
        return f"names {_short(first)}"
    return f"{_short(first)} {why}"


def _short(subject: Subject) -> str:
    return f"module {subject.unit.path}" if subject.kind == "module" else f"{subject.kind} `{subject.name}`"


def _start(first: Subject, why: str, found: list[Mention]) -> Span:
    """Where it is seen that something is a starting point."""
    placed = _PLACED.search(why)
    if placed:
        line = int(placed[2])
        return _literal(placed[1], first, found) or Span(placed[1], line, line, 1, None)
    guards = in_code(found, first.unit, {_GUARD}) if _GUARD in why else []
    return span(first.unit, guards[0].at if guards else first.at)


def _literal(path: str, first: Subject, found: list[Mention]) -> Span | None:
    """The first string of a Python file that names something; facts do not have its line."""
    words = {part for part in (first.word, _stem(first)) if part}
    at = next((m.at for m in found if m.path == path and m.kind == "string" and m.word in words), None)
    return Span(path, at.line, at.line, at.column, at.cell) if at is not None else None


def _step(repository: Repository, by: Subject, target: Subject, why: str, found: list[Mention]) -> Step:
    if why == "is imported":
        return Step(f"{_actor(by)} imports {_short(target)}", _import_place(repository, by, target))
    if why == "holds it":
        return Step(f"{_short(target)} holds `{by.name}`", span(target.unit, target.at))
    if why.startswith("is called by the framework"):
        return Step(f"{_caller(repository, target)} `{target.name}`", span(target.unit, target.at))
    if why.startswith(("is registered", "is called by name")):
        return Step(f"`{target.name}` {why}", span(target.unit, target.at))
    words = {_EXPORTS} if _EXPORTS in why else _words(by, target)
    mention = next((m for m in in_code(found, by.unit, words) if owner(by.unit, m.at) == by.node), None)
    at = span(by.unit, mention.at if mention else by.at)
    if why in ("is used", "is used on its class"):
        verb = "calls" if mention and mention.called else "uses"
        return Step(f"{_actor(by)} {verb} {_short(target)}", at)
    if why.endswith("is read"):
        name = why.removeprefix("`.").removesuffix("` is read")
        return Step(f"{_actor(by)} reads `.{name}` of what may be any class: `{target.name}` may be meant", at)
    return Step(f"{_short(target)} {why}", at)


def _caller(repository: Repository, method: Subject) -> str:
    """What calls a method that nothing in the repository has to call."""
    if method.word in ("__init__", "__new__", "__post_init__"):
        return "who makes one runs"
    if method.word.startswith("__"):
        return "the language calls"
    holder = repository.classes.holder(method.node)
    bases = repository.classes.outside_bases(holder) if holder is not None else ()
    return f"`{bases[0].lstrip('.')}` may call" if bases else "a framework may call"


def _actor(by: Subject) -> str:
    if by.kind == "module":
        return "the notebook" if by.unit.is_notebook else "the module"
    return f"`{by.name}`"


def _import_place(repository: Repository, by: Subject, target: Subject) -> Span:
    """The import statement of one definition that runs another one's module."""
    graph = repository.graph
    for item in by.unit.facts.imports:
        where = graph.locator.find(by.unit, item.module) if by.unit.base + item.owner == by.node else None
        if where is None:
            continue
        inner = graph.locator.within(where[0], item.name) if item.name else None
        if target.node in graph.bodies(where[0]) or (inner and target.node in graph.bodies(inner)):
            return span(by.unit, item.at)
    return span(by.unit, by.at)
