"""Which practices apply, and whether each is present, partial or missing: with the evidence, and the next step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mldebt.evidence.checks import checks
from mldebt.evidence.circumstances import Circumstance, circumstances
from mldebt.evidence.items import Item, strongest
from mldebt.evidence.scene import Scene
from mldebt.evidence.search import Search
from mldebt.model import Outcome, Evidence
from mldebt.practices import Applies, Catalogue, Practice, Strength


def outcomes(scene: Scene, known: Catalogue, said: Mapping[str, object]) -> tuple[Outcome, ...]:
    """All practices, in the catalogue's order."""
    facts = circumstances(scene, known.facts, said)
    found = []
    for category, practice in known.practices:
        items = _evidence(scene, known, practice)
        status, why = _status(practice, items, facts)
        best = [item for item in strongest(items) if item.strength != "weak"]
        proof = tuple(Evidence(item.path, item.line, item.strength, _says(item)) for item in best)
        found.append(Outcome(practice.practice, category, status, why, proof))
    return tuple(found)


def _evidence(scene: Scene, known: Catalogue, practice: Practice) -> list[Item]:
    search = Search(scene, practice.practice, known.home)
    own = checks().get(practice.practice)
    items = [*(own(scene) if own is not None else ())]
    for tool in practice.tools:
        found = search.items(tool)
        items.extend(_against(tool.against, found) if tool.against else found)
    return items


def _against(means: str, found: Iterable[Item]) -> Iterator[Item]:
    """Evidence that a practice is missing, or partial at best."""
    for item in found:
        if item.strength in ("medium", "strong"):
            strength: Strength = "none" if means == "missing" else "medium"
            yield Item(strength, item.path, item.line, item.tool, item.note, "that should not be", cap=True)


def _status(practice: Practice, items: list[Item], facts: Mapping[str, Circumstance]) -> tuple[str, str]:
    verdict = _verdict(items)
    reason = _not_asked(practice.applies, facts)
    own = verdict == "present" or any(i.strength in ("medium", "strong") and not i.lesser for i in items)
    if reason and (verdict == "missing" or not own or practice.applies.all == ("notebooks",)):
        return "not-applicable", reason
    best = strongest(items, 1)
    if verdict == "missing":
        return verdict, f"not detected: {practice.next}" if not best else f"not detected, though {_says(best[0])}: {practice.next}"
    if verdict == "partial":
        return verdict, f"{_says(best[0])}: {practice.next}"
    return verdict, _says(best[0])


def _verdict(items: list[Item]) -> str:
    if any(item.strength == "none" for item in items):
        return "missing"
    if any(item.strength == "strong" and not item.doubt for item in items) and not any(item.cap for item in items):
        return "present"
    return "partial" if any(item.strength in ("medium", "strong") for item in items) else "missing"


def _not_asked(applies: Applies, facts: Mapping[str, Circumstance]) -> str:
    kind, _, reason = facts["kind"].why.partition(": ")
    for name in applies.all:
        if not facts[name].holds:
            return facts[name].why
    if applies.any and not any(facts[name].holds if name in facts else kind == name for name in applies.any):
        return "; ".join(facts[name].why for name in applies.any if name in facts)
    for name in applies.unless:
        if kind == name or (name in facts and facts[name].holds):
            return f"is taken for {kind}: {reason}" if kind == name else facts[name].why
    return ""


def _says(item: Item) -> str:
    where = f"{item.path}:{item.line} " if item.line else f"{item.path} " if item.path else ""
    return f"{where}{item.note}" + (f", but {item.doubt}" if item.doubt else "")
