"""Practices judged: the catalogue with the project's own tools, the verdicts, and what the settings say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from mldebt.evidence.circumstances import circumstances
from mldebt.evidence.scene import Scene
from mldebt.evidence.verdict import outcomes
from mldebt.links.repository import Repository
from mldebt.model import Circumstance, Outcome
from mldebt.practices import Catalogue, Tool, catalogue
from mldebt.settings import Note, OwnTool


class Asked(NamedTuple):
    """What the settings say of practices: facts by name, notes by practice, tools of the house by their name."""

    facts: Mapping[str, bool | str]
    notes: Mapping[str, Note]
    tools: Mapping[str, OwnTool]

    def key(self) -> str:
        """A text that is the same for the same settings."""
        return msgspec.json.encode([self.facts, self.notes, self.tools], order="deterministic").decode()


class Judged(NamedTuple):
    """All practices in the catalogue's order, and the facts that decided which apply."""

    outcomes: tuple[Outcome, ...]
    circumstances: tuple[Circumstance, ...]


def judge_practices(repository: Repository, asked: Asked) -> Judged:
    """The verdict on every practice."""
    known = _with_own(catalogue(), asked.tools)
    scene = Scene(repository)
    facts = circumstances(scene, known.facts, asked.facts)
    found = (_noted(outcome, asked.notes) for outcome in outcomes(scene, known, facts))
    return Judged(tuple(found), tuple(facts.values()))


def _with_own(known: Catalogue, tools: Mapping[str, OwnTool]) -> Catalogue:
    if not tools:
        return known
    own = {
        tool.practice: [
            Tool(name, t.packages, t.imports, t.calls, t.files) for name, t in tools.items() if t.practice == tool.practice
        ]
        for tool in tools.values()
    }
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
