"""Practices judged: the catalogue with the project's own tools, the verdicts, and what the settings say of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

import msgspec

from mldebt.errors import UsageError
from mldebt.evidence.circumstances import FACTS, circumstances
from mldebt.evidence.kinds import KINDS
from mldebt.evidence.scene import scene_of
from mldebt.evidence.verdict import outcomes
from mldebt.links.repository import Repository
from mldebt.model import Circumstance, Outcome
from mldebt.practices import Catalogue, Tool, catalogue
from mldebt.settings import Note, OwnTool, Settings


class Asked(NamedTuple):
    """What the settings say of practices: facts by name, notes by practice, tools of the house by their name."""

    facts: Mapping[str, bool | str]
    notes: Mapping[str, Note]
    tools: Mapping[str, OwnTool]

    def key(self) -> str:
        """A text that is the same for the same settings."""
        return msgspec.json.encode([self.facts, self.notes, self.tools], order="deterministic").decode()


def asked_by(settings: Settings) -> Asked:
    """What the settings say of practices. Raises UsageError for a practice, a fact or a kind that is not known."""
    named = (*settings.practices, *(tool.practice for tool in settings.tools.values()))
    known = [practice.practice for _, practice in catalogue().practices] if named else []
    for name in named:
        if name not in known:
            raise UsageError(f"{name} is no practice: {_nearest(name, known)}")
    for name in settings.facts:
        if name not in FACTS:
            raise UsageError(f"{name} is no fact on a repository: {_nearest(name, FACTS)}")
    kind = settings.facts.get("kind", KINDS[0])
    if kind not in KINDS:
        raise UsageError(f"facts.kind is {kind!r}: use one of {', '.join(KINDS)}")
    return Asked(settings.facts, settings.practices, settings.tools)


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    return f"did you mean {close[0]}" if close else f"known are {', '.join(sorted(known))}"


class Judged(NamedTuple):
    """All practices in the catalogue's order, and the facts that decided which apply."""

    outcomes: tuple[Outcome, ...]
    circumstances: tuple[Circumstance, ...]


def judge_practices(repository: Repository, asked: Asked) -> Judged:
    """The verdict on every practice."""
    known = _with_own(catalogue(), asked.tools)
    scene = scene_of(repository)
    facts = circumstances(scene, known.facts, asked.facts)
    found = (_noted(outcome, asked.notes) for outcome in outcomes(scene, known, facts))
    return Judged(tuple(found), tuple(facts.values()))


def _with_own(known: Catalogue, tools: Mapping[str, OwnTool]) -> Catalogue:
    if not tools:
        return known
    own: dict[str, list[Tool]] = defaultdict(list)
    for name, tool in sorted(tools.items()):
        own[tool.practice].append(Tool(name, tool.packages, tool.imports, tool.calls, tool.files))
    return msgspec.structs.replace(
        known,
        practices=tuple(
            (category, msgspec.structs.replace(p, tools=(*p.tools, *own.get(p.practice, ()))))
            for category, p in known.practices
        ),
    )


def _noted(outcome: Outcome, notes: Mapping[str, Note]) -> Outcome:
    note = notes.get(outcome.practice)
    if note is None:
        return outcome
    said = f"{note.status}: {note.reason}" + (f" ({note.link})" if note.link else "")
    return msgspec.structs.replace(outcome, said=said)
