"""Excuses: which hits the source asks to leave alone, and which excuses excuse nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from mldebt.judge.stamped import Stamped
from mldebt.model import Directive, FileFacts, Hit
from mldebt.rules.catalogue import load

IDLE = "idle-suppression"


def suppress(
    hits: list[Stamped], files: Mapping[str, FileFacts], ran: Set[str], focus: Set[str] | None = None
) -> Iterator[Stamped]:
    """The hits no excuse covers, and in the paths of `focus` (None: all) a hit for each excuse that is not needed."""
    used: set[tuple[str, Directive]] = set()
    for stamped in hits:
        excuses = [d for d in files[stamped.path].directives if _covers(d, stamped)] if stamped.path in files else []
        if excuses:
            used.update((stamped.path, d) for d in excuses)
        else:
            yield stamped
    if IDLE in ran:
        yield from _idle(files, used, ran, focus)


def _covers(directive: Directive, stamped: Stamped) -> bool:
    if directive.rules and stamped.rule not in directive.rules:
        return False
    if directive.last == 0:
        return True
    at = stamped.hit.at
    return directive.at.cell == at.cell and directive.first <= at.line <= directive.last


def _idle(
    files: Mapping[str, FileFacts], used: Set[tuple[str, Directive]], ran: Set[str], focus: Set[str] | None
) -> Iterator[Stamped]:
    known = {rule.name for rule in load()}
    usual = {rule.name for rule in load() if rule.about.on and rule.scope != "change"}
    for path, facts in files.items():
        for directive in facts.directives if focus is None or path in focus else ():
            unknown = [name for name in directive.rules if name not in known]
            needs = known.intersection(directive.rules) if directive.rules else usual
            if unknown:
                yield _hit(path, directive, f"no rule is called {unknown[0]}: `mldebt rules` lists them")
            elif (path, directive) not in used and needs <= ran:
                yield _hit(path, directive, f"nothing here needs `{_written(directive)}`")


def _written(directive: Directive) -> str:
    """An excuse as it stands in the source."""
    names = f"[{', '.join(directive.rules)}]" if directive.rules else ""
    return f"mldebt: ignore{'' if directive.last else '-file'}{names}"


def _hit(path: str, directive: Directive, says: str) -> Stamped:
    identity = f"{', '.join(directive.rules)}:{directive.reason}"
    return Stamped(IDLE, path, Hit(directive.at, says, kind="suppression", identity=identity))
