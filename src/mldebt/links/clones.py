"""Clone classes: pieces of code that were copied, with all their copies.

Whole files that are near-copies of each other are one class. What lies wholly inside another class with the same
members is left out, and so are tables of constants and short tests that differ in values.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from zlib import crc32

from mldebt.facts.sorts import CONTINUED, DEFINITION, SETTING, SORT
from mldebt.facts.statements import FUNCTION
from mldebt.links.boilerplate import Boilerplate
from mldebt.links.extents import Extent, extents
from mldebt.links.families import families
from mldebt.links.groups import Member, groups
from mldebt.links.sequences import Sequences, alike
from mldebt.links.twins import like_pairs
from mldebt.model import FileFacts, Place

UNITS = ("file", "class", "function", "method", "cell", "block")  # the largest first
_SHORT_TEST = 12  # lines
_LEAST_OF_A_PRESET = 8  # the mass of its literals
_SHORT_TABLE = 12  # lines: a longer one is not by chance like another
_MOSTLY_CONSTANTS = 0.75  # of the statements of a table
_MOST_IN_A_PRESET = 3  # statements that do something
_INSIDE = 0.7  # a member lies in another if this part of its lines does
_LEAST_NOVELTY = 0.5


class Fragment(NamedTuple):
    """One member: `parts` are its places, one a cell; `symbol` names the definition, or the one around the piece.

    `share` is what a file has in common with the one that its family is most like. `digest` is the same for members
    that are equal word for word; 0 for a file.
    """

    path: str
    parts: tuple[Place, ...]
    unit: str
    symbol: str
    lines: int
    share: float = 1.0
    digest: int = 0


class CloneClass(NamedTuple):
    """A clone class; `unit` is file, class, function, method, cell or block, `kind` type-1, type-2 or type-3.

    `likeness` is the share of mass that the least similar member has in common with the first; `identity` survives
    edits of names and literals. The fragments are in the order of path and place.
    """

    unit: str
    kind: str
    fragments: tuple[Fragment, ...]
    likeness: float
    identity: str


def clone_classes(
    files: Mapping[str, FileFacts], focus: frozenset[str] | None = None, off: frozenset[str] = frozenset()
) -> list[CloneClass]:
    """The clone classes of a repository, by the place of their first member; with a focus, only those with one in it.

    `off` names the filters of boilerplate that are not wanted.

    Cost: about linear in the lines of code; see benchmarks/quality/clones.py.
    """
    sequences = Sequences(files, Boilerplate(off))
    wanted = None
    if focus is not None:
        wanted = {n for n, frame in enumerate(sequences.frames) if sequences.sources[frame.source].path in focus}
    names = _Names(files)
    alike_pieces = groups(sequences, like_pairs(sequences, wanted))
    kin = [extents(sequences, family) for family in families(sequences, alike_pieces)]
    kept = _telling(kin, [g for g in alike_pieces if not _is_left_out(sequences, g, off)])
    found = [_describe_family(sequences, family) for family in kin]
    found += [_describe(sequences, names, group) for group in kept]
    if focus is not None:
        found = [c for c in found if any(f.path in focus for f in c.fragments)]
    return sorted(
        (c for c in found if "test-cases" in off or not _is_parametrisation(c)),
        key=lambda c: (c.fragments[0].path, c.fragments[0].parts, c.unit, c.identity),
    )


def _is_left_out(sequences: Sequences, group: list[Member], off: frozenset[str]) -> bool:
    if "constants" not in off and _are_constants(sequences, group):
        return True
    return "presets" not in off and _are_presets(sequences, group)


def _are_constants(sequences: Sequences, group: list[Member]) -> bool:
    """Whether a group is of short runs outside functions that give names to values, not all to the same."""
    if min(m.end_line - m.line for m in group) >= _SHORT_TABLE:
        return False
    return all(_is_constants(sequences, m) for m in group) and _kind(sequences, group) != "type-1"


def _is_constants(sequences: Sequences, member: Member) -> bool:
    if member.piece.unit >= 0 or sequences.frames[sequences.frame_at[member.piece.first]].kind == FUNCTION:
        return False
    items = range(member.piece.first, member.piece.end)
    own = [sequences.metas[i] for i in items if sequences.blind[i] and not sequences.metas[i] & CONTINUED]
    return sum(meta & SORT == SETTING for meta in own) >= _MOSTLY_CONSTANTS * len(own)


def _are_presets(sequences: Sequences, group: list[Member]) -> bool:
    """Whether a group is of functions that do little but hand literals to another one, as those of a registry do."""
    return all(m.piece.unit >= 0 and _is_preset(sequences, m) for m in group) and _kind(sequences, group) != "type-1"


def _is_preset(sequences: Sequences, member: Member) -> bool:
    if sequences.units[member.piece.unit].kind != "function":
        return False
    metas = [sequences.metas[i] for first, end in member.ranges for i in range(first, end) if sequences.blind[i]]
    settings = sum(meta >> 16 for meta in metas if meta & SORT == SETTING)
    others = sum(meta & SORT not in (SETTING, DEFINITION) for meta in metas)
    return settings >= _LEAST_OF_A_PRESET and others <= _MOST_IN_A_PRESET


def _is_parametrisation(found: CloneClass) -> bool:
    """Whether a class is of short tests that are one test with several values."""
    if found.kind == "type-1" or max(f.lines for f in found.fragments) >= _SHORT_TEST:
        return False
    return all(_is_in_test(f) for f in found.fragments)


def _is_in_test(fragment: Fragment) -> bool:
    """Whether a test runner would run a fragment; a `test()` in a training script scores a model."""
    folder, _, file = fragment.path.rpartition("/")
    if not (file.startswith("test_") or file.endswith("_test.py") or {"test", "tests"} & set(folder.split("/"))):
        return False
    return fragment.symbol.rpartition(".")[2].startswith("test")


def _telling(kin: list[list[Extent]], others: list[list[Member]]) -> list[list[Member]]:
    """The groups that say something new after the families and all larger groups."""
    taken: dict[int, list[_Taken]] = defaultdict(list)
    for count, family in enumerate(kin):
        for number, extent in enumerate(family):
            taken[extent.member.source] += [_Taken(count, number, line, end) for line, end in extent.told]
    kept: list[list[Member]] = []
    order = sorted(others, key=lambda g: (-sum(m.end_line - m.line + 1 for m in g), -len(g), g))
    for count, group in enumerate(order, len(kin)):
        if _novelty(taken, group) < _LEAST_NOVELTY:
            continue
        kept.append(group)
        for number, member in enumerate(group):
            taken[member.source].append(_Taken(count, number, member.line, member.end_line))
    return kept


class _Taken(NamedTuple):
    """The lines of a member of a group that was kept."""

    group: int
    member: int
    line: int
    end_line: int


def _novelty(taken: Mapping[int, list[_Taken]], group: list[Member]) -> float:
    """The share of a group's links that no larger group tells: 1.0 if one of its members lies in none of them.

    Two members are told of if they lie in different members of one larger group.
    """
    hosts = [_hosts(taken[m.source], m) for m in group]
    if not all(hosts):
        return 1.0
    told: list[set[int]] = []
    for number, own in enumerate(hosts):
        joined = {number}
        for other in list(told):
            if any(own[g] != hosts[m][g] for m in other for g in own.keys() & hosts[m].keys()):
                told.remove(other)
                joined |= other
        told.append(joined)
    return max(len(told) - 1, _twins_inside(hosts)) / (len(group) - 1)


def _twins_inside(hosts: list[dict[int, int]]) -> int:
    """How many members lie with another one in the same member of a larger group that holds them all."""
    around = set(hosts[0]).intersection(*hosts[1:])
    return min((len(hosts) - len({own[g] for own in hosts}) for g in around), default=0)


def _hosts(taken: Iterable[_Taken], member: Member) -> dict[int, int]:
    """The groups in which a member lies, be it in several of their members: the one of them that has most of it."""
    lines: Counter[int] = Counter()
    most: dict[int, tuple[int, int]] = {}
    for host in taken:
        shared = min(host.end_line, member.end_line) - max(host.line, member.line) + 1
        if shared > 0:
            lines[host.group] += shared
            most[host.group] = max(most.get(host.group, (0, 0)), (shared, -host.member))
    enough = _INSIDE * (member.end_line - member.line + 1)
    return {group: -number for group, (_, number) in most.items() if lines[group] >= enough}


class _Names:
    """The names of definitions by file, module and line."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self._files = files
        self._known: dict[tuple[str, int], dict[tuple[int | None, int], str]] = {}

    def find(self, path: str, module: int, places: Iterable[Place]) -> str:
        """The name of the definition that begins in one of these places; empty if none does."""
        known = self._known.get((path, module))
        if known is None:
            definitions = self._files[path].modules[module].definitions[1:]
            known = {(d.at.cell, d.at.line): d.name for d in definitions}
            self._known[path, module] = known
        return next((known[p.cell, p.line] for p in places if (p.cell, p.line) in known), "")


def _describe_family(sequences: Sequences, family: list[Extent]) -> CloneClass:
    fragments = []
    for extent in family:
        lines = sum(p.end_line - p.line + 1 for p in extent.places)
        path = sequences.sources[extent.member.source].path
        fragments.append(Fragment(path, extent.places, "file", "", lines, extent.share))
    members = [extent.member for extent in family]
    identity = _identity(sequences, members[0])
    return CloneClass("file", _kind(sequences, members), tuple(fragments), fragments[-1].share, identity)


def _identity(sequences: Sequences, member: Member) -> str:
    shapes = sorted(shape for first, end in member.ranges for shape in sequences.blind[first:end])
    return f"{crc32(repr(shapes).encode()):08x}"


def _describe(sequences: Sequences, names: _Names, group: list[Member]) -> CloneClass:
    bags = [sequences.bag_of(member.ranges) for member in group]
    holders = Counter(shape for bag in bags for shape in bag)
    shared = {shape for shape, count in holders.items() if count > 1}
    fragments = sorted((_fragment(sequences, names, m, shared) for m in group), key=lambda f: (f.path, f.parts))
    units = Counter(f.unit for f in fragments)
    unit = min(units, key=lambda u: (-units[u], UNITS.index(u)))
    likeness = min(alike(bags[0], bag) for bag in bags)
    return CloneClass(unit, _kind(sequences, group), tuple(fragments), likeness, _identity(sequences, group[0]))


def _fragment(sequences: Sequences, names: _Names, member: Member, shared: set[int]) -> Fragment:
    """A member in words; of a run over several cells, a cell that shares nothing is no part."""
    source = sequences.sources[member.source]
    unit = sequences.units[member.piece.unit] if member.piece.unit >= 0 else None
    if unit is not None and unit.kind != "cell":
        stretches = [(member.line, member.end_line)]
    else:
        items = [i for first, end in member.ranges for i in range(first, end)]
        cells = {sequences.cell_index(i) for i in items if sequences.blind[i] in shared}
        stretches = [(sequences.lines[i], sequences.ends[i]) for i in items if sequences.cell_index(i) in cells]
    places = sequences.places(member.source, sorted(stretches))
    frame = unit.frame if unit is not None else sequences.frame_at[member.ranges[0][0]]
    symbol = _symbol(sequences, names, frame)
    kind = unit.kind if unit is not None else "block"
    lines = sum(p.end_line - p.line + 1 for p in places)
    digest = crc32(b"".join(sequences.exact[first:end].tobytes() for first, end in member.ranges))
    return Fragment(source.path, places, kind, symbol, lines, digest=digest)


def _symbol(sequences: Sequences, names: _Names, number: int) -> str:
    frame = sequences.frames[number]
    if not frame.kind:
        return ""
    source = sequences.sources[frame.source]
    end = min(frame.line + 20, frame.end_line)  # decorators stand before the line a definition is known by
    candidates = (p for line in range(frame.line, end + 1) for p in sequences.places(frame.source, [(line, line)]))
    return names.find(source.path, source.module, candidates)


def _kind(sequences: Sequences, group: list[Member]) -> str:
    exact = {b"".join(sequences.exact[a:b].tobytes() for a, b in m.ranges) for m in group}
    if len(exact) == 1:
        return "type-1"
    blind = {b"".join(sequences.blind[a:b].tobytes() for a, b in m.ranges) for m in group}
    return "type-2" if len(blind) == 1 else "type-3"
