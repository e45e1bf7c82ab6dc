"""Excuses: which hits the source asks to leave alone, and which excuses excuse nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mldebt.judge.stamped import Stamped
from mldebt.model import Directive, FileFacts, Hit

IDLE = "idle-suppression"


def suppress(hits: list[Stamped], files: Mapping[str, FileFacts], ran: set[str]) -> Iterator[Stamped]:
    """The hits no excuse covers, and a hit for each idle excuse all of whose rules ran."""
    used: set[tuple[str, Directive]] = set()
    for stamped in hits:
        excuses = [d for d in files[stamped.path].directives if _covers(d, stamped)] if stamped.path in files else []
        if excuses:
            used.update((stamped.path, d) for d in excuses)
        else:
            yield stamped
    if IDLE in ran:
        yield from _idle(files, used, ran)


def _covers(directive: Directive, stamped: Stamped) -> bool:
    if directive.rules and stamped.rule not in directive.rules:
        return False
    if directive.last == 0:
        return True
    at = stamped.hit.at
    return directive.at.cell == at.cell and directive.first <= at.line <= directive.last


def _idle(files: Mapping[str, FileFacts], used: set[tuple[str, Directive]], ran: set[str]) -> Iterator[Stamped]:
    for path, facts in files.items():
        for directive in facts.directives:
            if (path, directive) not in used and directive.rules and set(directive.rules) <= ran:
                names = ", ".join(directive.rules)
                says = f"nothing here needs `mldebt: ignore[{names}]`"
                yield Stamped(
                    IDLE, path, Hit(directive.at, says, kind="suppression", identity=f"{names}:{directive.reason}")
                )
