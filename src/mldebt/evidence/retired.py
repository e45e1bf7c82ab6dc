"""What of the retired names that a repository uses matters to it, the versions it allows considered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal, NamedTuple

from mldebt.evidence.versions import Versions
from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import Hit, Related, Retired

Standing = Literal["removed", "deprecated", "private"]

_MOST = 8  # uses of one library in one file that are told one by one: more of them are one migration
_FILES = 9  # with the same name: in more of them it is one search and replacement
_SUPPORTS = 0.9


class _Use(NamedTuple):
    """A use, and the manifest that allows the versions in question; empty if none says anything."""

    unit: Unit
    fact: Retired
    manifest: str


def hits(repository: Repository, wanted: Standing) -> Iterator[Hit]:
    """What a rule says of the uses of one standing, by place; many of one library in one file are one hit.

    So are those of a name that stands all over the repository, but where only some files are asked for.
    """
    found: dict[tuple[str, str], list[_Use]] = defaultdict(list)
    versions: Versions | None = None
    for unit in repository.units:
        if not unit.facts.retired or not unit.path.endswith((".py", ".ipynb")) or not _is_asked(repository, unit.path):
            continue
        versions = versions or Versions(repository.files)
        for fact in unit.facts.retired:
            package = fact.name.partition(".")[0]
            standing = None if _is_own(repository, unit, package) else _standing(fact, unit.path, versions)
            if standing is not None and standing[0] == wanted:
                found[unit.path, fact.of].append(_Use(unit, fact, standing[1]))
    if repository.focus is None:
        yield from _everywhere(found, wanted)
    for uses in found.values():
        yield from [_together(uses, wanted)] if len(uses) > _MOST else (_of_name([use], wanted) for use in uses)


def _everywhere(found: dict[tuple[str, str], list[_Use]], wanted: Standing) -> Iterator[Hit]:
    """A hit for each name that stands all over a repository and that no patch replaces; its uses are taken out."""
    names: dict[str, list[_Use]] = defaultdict(list)
    for use in (use for uses in found.values() for use in uses):
        names[use.fact.name].append(use)
    for name, uses in sorted(names.items()):
        if len({use.unit.path for use in uses}) > _FILES and not any(use.fact.rewrites for use in uses):
            yield _of_name(uses, wanted)
            for place, others in found.items():
                found[place] = [use for use in others if use.fact.name != name]


def _is_asked(repository: Repository, path: str) -> bool:
    """Whether findings in a file are wanted; in a test's data too, which a new version breaks as well."""
    return repository.focus is None or path in repository.focus


def _is_own(repository: Repository, unit: Unit, package: str) -> bool:
    """Whether a package is another module of the repository, which is the library itself then."""
    where = repository.graph.locator.find(unit, package) if package else None
    return where is not None and repository.graph.locator.unit_at(where[0]) != unit.index


def _standing(fact: Retired, path: str, versions: Versions) -> tuple[Standing, str] | None:
    """How a use stands with the newest version that is allowed; None if nothing is wrong with it."""
    if not fact.since:
        return "private", ""
    if fact.removed:
        manifest = versions.allowing(fact.of, path, fact.removed, fact.back)
        if manifest is not None:
            return "removed", manifest
    manifest = versions.allowing(fact.of, path, fact.since, fact.removed)
    # where all versions are allowed that have it no more, something else has the name by now
    return None if manifest is None else ("deprecated", manifest)


def _of_name(uses: list[_Use], standing: Standing) -> Hit:
    """Uses of one name."""
    first, *others = uses
    fact = first.fact
    count = f" ({len(uses)} uses)" if others else ""
    sure = 1.0 if first.manifest or standing != "removed" else _SUPPORTS
    return Hit(
        fact.at,
        f"`{fact.name}`{count} {_tells(first, standing)}: {_cure(fact)}",
        path=first.unit.path,
        kind=standing,
        see=tuple(Related(use.fact.at, "used here too", use.unit.path) for use in others),
        units=len(others),
        scope=first.unit.facts.definitions[fact.owner].name,
        identity=fact.name,
        confidence=sure,
        rewrites=tuple(rewrite for use in uses for rewrite in use.fact.rewrites),
    )


def _together(uses: list[_Use], standing: Standing) -> Hit:
    first, *others = uses
    names = sorted({use.fact.name for use in uses})
    shown = ", ".join(f"`{name}`" for name in names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    library = first.fact.of.partition(" ")[0]
    state = {"removed": "took away", "deprecated": "deprecated", "private": "never offered"}[standing]
    says = f"{len(uses)} uses of what {library} {state} ({shown}): move the file to the library as it is"
    see = tuple(Related(use.fact.at, f"`{use.fact.name}`: {_cure(use.fact)}") for use in others)
    identity = f"{first.fact.of} {standing}"
    return Hit(first.fact.at, says, path=first.unit.path, kind=standing, see=see, units=len(others), identity=identity)


def _tells(use: _Use, standing: Standing) -> str:
    fact = use.fact
    if standing == "private":
        return "is a private name"
    library = fact.of.partition(" ")[0]
    where = f", which {use.manifest} allows" if use.manifest else ""
    word = "was removed in" if standing == "removed" else "is deprecated since"
    version = fact.removed if standing == "removed" else fact.since
    return f"{word} {library} {version}{where}"


def _cure(fact: Retired) -> str:
    if fact.instead.startswith("nothing"):
        return f"leave it out{fact.instead.removeprefix('nothing')}"
    return f"use {fact.instead}" if " " in fact.instead else f"use `{fact.instead}`"
