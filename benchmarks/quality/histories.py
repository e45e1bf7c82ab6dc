"""The verdict of a library's releases on an entry of the tables: when a name was there, and when it was warned of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from deprecations import Signs
from packaging.version import Version

from mldebt.apis import Entry

Word = Literal["confirmed", "documented", "unseen", "contradicted", "undecided"]
WORDS: tuple[Word, ...] = ("confirmed", "documented", "unseen", "contradicted", "undecided")


class Verdict(NamedTuple):
    word: Word
    why: str = ""


class History(NamedTuple):
    """What each release shows of an entry, the oldest first, and which minor versions are not there to see."""

    signs: dict[Version, Signs]
    missing: frozenset[tuple[int, ...]]
    successor: int | None = None  # where the argument that replaces it stands in the newest


def verdicts(entry: Entry, history: History) -> Iterator[Verdict]:
    """What speaks against an entry, or leaves it open; nothing if all that can be seen confirms it."""
    yield from _of_removal(entry, history)
    yield from _of_place(entry, history)
    yield from _of_deprecation(entry, history)


def _of_removal(entry: Entry, history: History) -> Iterator[Verdict]:
    """Whether a name is there before it is said to be removed, and is gone from then on."""
    states = {version: signs.seen.state for version, signs in history.signs.items()}
    removed, back = Version(entry.removed or "99999"), Version(entry.back or "99999")
    before = [version for version in states if version < removed]
    after = [version for version in states if removed <= version < back]
    if not before or (not after and entry.removed):
        yield Verdict("undecided", f"no release {'after' if before else 'before'} {removed} is there")
    elif entry.removed:
        yield from _of_span(max(before), after, removed, history)
    elif states[max(before)] != "there":
        word: Word = "contradicted" if states[max(before)] == "gone" else "undecided"
        yield Verdict(word, f"at {max(before)}: {_life(states)}")


def _of_span(last: Version, after: list[Version], removed: Version, history: History) -> Iterator[Verdict]:
    """Whether a name is there in the last release before its removal, and in none of those after it."""
    states = {version: signs.seen.state for version, signs in history.signs.items()}
    if states[last] == "gone":
        yield Verdict("contradicted", f"gone before {removed}: {_life(states)}")
    if any(states[version] == "there" for version in after):
        yield Verdict("contradicted", f"there from {removed} on: {_life(states)}")
    unsure = next((version for version in (last, *after) if states[version] == "unsure"), None)
    if unsure is not None:
        yield Verdict("undecided", f"{unsure}: {history.signs[unsure].seen.why} ({_life(states)})")
    if any(last.release[:2] < minor < removed.release[:2] for minor in history.missing):
        yield Verdict("undecided", f"releases between {last} and {removed} are missing")


def _life(states: Mapping[Version, str]) -> str:
    """The states over time in few words: `there 1.0 to 1.3, gone 1.4 to 2.0`."""
    spans: list[tuple[str, Version, Version]] = []
    for version, state in sorted(states.items()):
        if spans and spans[-1][0] == state:
            spans[-1] = (state, spans[-1][1], version)
        else:
            spans.append((state, version, version))
    return ", ".join(f"{state} {first} to {last}" for state, first, last in spans)


def _of_place(entry: Entry, history: History) -> Iterator[Verdict]:
    """Whether an argument stands where it is said to, and what stands there later is not what replaced it."""
    places = [signs.place for signs in history.signs.values() if signs.place is not None and signs.place >= 0]
    if entry.place >= 0 and places and entry.place not in places:
        yield Verdict("contradicted", f"the argument stands at {places[-1]}, not {entry.place}")
    if entry.place >= 0 and entry.removed and history.successor == entry.place:
        yield Verdict("contradicted", f"by its place it is {entry.instead}, which still works")


def _of_deprecation(entry: Entry, history: History) -> Iterator[Verdict]:
    """Whether the first release that warns, or says so in its documentation, is the one that is named."""
    is_said = any(_dates(signs.text, entry.since) for signs in history.signs.values())
    if not entry.since or entry.since == entry.removed or is_said:
        return
    seen = {v: s.warns for v, s in history.signs.items() if s.seen.state == "there"}
    quiet = max((version for version, warns in seen.items() if not warns), default=Version("0"))
    telling = [version for version, warns in seen.items() if warns and version > quiet]
    if not telling:
        yield Verdict("unseen", "no warning is seen")
        return
    first, since = min(telling), Version(entry.since)
    if since.release[:2] > first.release[:2]:
        yield Verdict("contradicted", f"warns from {first} on already")
    elif since.release[:2] < first.release[:2]:
        yield from _later(first, since, min(seen), history)


def _later(first: Version, since: Version, oldest: Version, history: History) -> Iterator[Verdict]:
    """What a warning says that comes later than it should: nothing if there was nothing before to warn of."""
    if first == oldest:
        if first == min(history.signs):
            yield Verdict("unseen", f"warns in {first} already, the oldest that is there")
        return
    between = [v for v in history.signs if since.release[:2] <= v.release[:2] < first.release[:2]]
    is_quiet = any(history.signs[version].seen.state == "there" for version in between)
    yield Verdict("contradicted" if is_quiet else "undecided", f"warns only from {first} on")


def _dates(text: str, version: str) -> bool:
    """Whether a docstring says from which version on the thing is deprecated."""
    said = rf"deprecated(::| as of| since| in)? *(version|PyTorch|v|Lightning)? *v?{re.escape(version)}(?![\d]|\.[1-9])"
    return re.search(said, text) is not None
