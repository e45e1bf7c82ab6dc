"""Which practices apply, and whether each is present, partial or missing: with the evidence, and the next step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mldebt.evidence.checks import checks
from mldebt.evidence.items import Item, strongest
from mldebt.evidence.scene import Scene
from mldebt.evidence.search import Search
from mldebt.model import Category, Circumstance, Evidence, Outcome, Status
from mldebt.practices import Applies, Catalogue, Practice, Strength


def outcomes(scene: Scene, known: Catalogue, facts: Mapping[str, Circumstance]) -> tuple[Outcome, ...]:
    """All practices, in the catalogue's order."""
    return tuple(_outcome(scene, known, category, practice, facts) for category, practice in known.practices)


def _outcome(
    scene: Scene, known: Catalogue, category: Category, practice: Practice, facts: Mapping[str, Circumstance]
) -> Outcome:
    items = _evidence(scene, known, practice)
    status, why = _status(practice, items, facts)
    best = [item for item in strongest(items) if item.strength != "weak" or item.doubt]
    return Outcome(
        practice.practice,
        category,
        status,
        why,
        tuple(Evidence(item.path, item.line, item.tool, item.strength, _note(item)) for item in best),
        practice.weight,
        practice.tier,
        _next(practice, items) if status in ("partial", "missing") else "",
    )


def _next(practice: Practice, items: list[Item]) -> str:
    """The cheapest step: where all is there but switched off or lost, that; otherwise the catalogue's."""
    best = next((item for item in strongest(items, 1) if item.doubt and not item.cap), None)
    if best is None:
        return practice.next
    if "off by default" in best.doubt:
        return f"switch `{best.doubt.split('`')[1]}` on by default"
    known = {"nothing reaches": "call it on the way that is run", "no default": "select it in the list of defaults"}
    known["is not in the tree"] = "add the file that is named, or correct the name"
    return next((step for words, step in known.items() if words in best.doubt), practice.next)


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


def _status(practice: Practice, items: list[Item], facts: Mapping[str, Circumstance]) -> tuple[Status, str]:
    verdict = _verdict(items)
    reason = not_asked(practice.applies, facts)
    unknown = any(facts[name].holds is None for name in practice.applies.all)
    half = not unknown and any(i.strength in ("medium", "strong") and not i.lesser for i in items)
    own = half or (verdict == "present" and any(i.strength == "strong" and not i.lesser for i in items))
    if reason and (verdict == "missing" or not own or practice.applies.all == ("notebooks",)):
        return "not-applicable", reason
    return verdict, _why(verdict, items)


def _why(verdict: Status, items: list[Item]) -> str:
    """What shows a verdict: what is wrong where that decides it, else the strongest evidence."""
    bad = [item for item in items if item.strength == "none"]
    capping = [item for item in items if item.cap] if verdict == "partial" else []
    best = bad[:1] or strongest(capping or items, 1)
    if verdict == "missing" and not bad:
        return f"not detected, though {_says(best[0])}" if best else "not detected"
    return _says(best[0])


def _verdict(items: list[Item]) -> Status:
    if any(item.strength == "none" for item in items):
        return "missing"
    if any(item.strength == "strong" and not item.doubt for item in items) and not any(item.cap for item in items):
        return "present"
    return "partial" if any(item.strength in ("medium", "strong") for item in items) else "missing"


def not_asked(applies: Applies, facts: Mapping[str, Circumstance]) -> str:
    """Why a practice is not asked of the repository; empty if it is."""
    kind = facts["kind"]
    for name in applies.all:
        if not facts[name].holds:
            return _reason(facts[name])
    if applies.any and not any(facts[name].holds if name in facts else kind.value == name for name in applies.any):
        return "; ".join(_reason(facts[name]) for name in applies.any if name in facts)
    for name in applies.unless:
        if kind.value == name:
            return f"is taken for {name}: {_reason(kind)}"
        if name in facts and facts[name].holds:
            return _reason(facts[name])
    return ""


def _reason(fact: Circumstance) -> str:
    return f"{fact.why} ({fact.path}{f':{fact.line}' if fact.line else ''})" if fact.path else fact.why


def _says(item: Item) -> str:
    where = f"{item.path}:{item.line} " if item.line else f"{item.path} " if item.path else ""
    return f"{where}{_note(item)}"


def _note(item: Item) -> str:
    return item.note + (f", but {item.doubt}" if item.doubt else "")
