"""Families of files: near-copies of whole scripts, notebooks or modules, each around the one most like all others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

from mldebt.links.groups import Member
from mldebt.links.sequences import Sequences, alike

CORE_SHARE = 0.5  # of the weight of two files, from which one is a copy of the other
KIN_SHARE = 0.4  # from which a file belongs to a family that has a core
_FEWEST_IN_A_CORE = 3  # files, so that kin counts
_LEAST_WEIGHT = 100  # of a file: one with less is told of by its functions
_EVIDENCE = 0.15  # of the heavier file's weight, that clones must hold for two files to be compared
_MOST_COMPARED = 64  # members of a clone class whose files are all compared with each other
_COMPARED_BEYOND = 8  # neighbours in a larger one

Shares = Mapping[int, Mapping[int, float]]


class Family(NamedTuple):
    """Near-copies of a file: `shares` are what the sources have in common with `medoid`, whose own share is 1.

    The share of a file that is less like the medoid is what it has in common with the member it is most like.
    """

    medoid: int
    shares: Mapping[int, float]


def families(sequences: Sequences, groups: Iterable[list[Member]]) -> list[Family]:
    """The families among the files that clones connect, the largest first; a file is in one of them at most."""
    files = Files(sequences)
    shares = _shares(files, groups)
    medoids: list[int] = []
    left = set(shares)
    while left:
        core = {source: _core(shares[source], left) for source in left}
        medoid = min(left, key=lambda s: (-len(core[s]), -sum(shares[s][other] for other in core[s]), s))
        if not core[medoid]:
            break
        medoids.append(medoid)
        left -= core[medoid] | {medoid}
    grouped = _with_kin(shares, _merged(shares, _members(shares, medoids)))
    found = [Family(medoid, members) for medoid, members in grouped.items() if len(members) > 1]
    return sorted(found, key=lambda f: (-len(f.shares), f.medoid))


class Files:
    """What the files of a repository consist of, by source; each is weighed when it is first asked for."""

    def __init__(self, sequences: Sequences) -> None:
        self.sequences = sequences
        self._bags: dict[int, dict[int, int]] = {}
        self._totals: dict[int, int] = {}

    def bag(self, source: int) -> dict[int, int]:
        """The weight a file has in each shape."""
        if source not in self._bags:
            frames = [self.sequences.frames[number] for number in self.sequences.frames_of(source)]
            self._bags[source] = self.sequences.weight_in([(frame.first, frame.end) for frame in frames])
        return self._bags[source]

    def weight(self, source: int) -> int:
        """The weight of a file."""
        if source not in self._totals:
            self._totals[source] = sum(self.bag(source).values())
        return self._totals[source]


def _shares(files: Files, groups: Iterable[list[Member]]) -> dict[int, dict[int, float]]:
    """How much of each other the files have that clones connect, as far as it makes them kin."""
    sources = files.sequences.sources
    evidence: dict[tuple[int, int], int] = defaultdict(int)
    for group in groups:
        masses: dict[int, int] = {}
        for member in group:
            masses[member.source] = max(masses.get(member.source, 0), _mass(files.sequences, member))
        for one, other in _pairs(sorted(masses)):
            evidence[one, other] += min(masses[one], masses[other])
    found: dict[int, dict[int, float]] = {}
    for (one, other), mass in sorted(evidence.items()):
        heavier = max(files.weight(one), files.weight(other))
        if mass < _EVIDENCE * heavier or sources[one].path == sources[other].path:
            continue
        share = alike(files.bag(one), files.bag(other))
        if share >= KIN_SHARE and min(files.weight(one), files.weight(other)) >= _LEAST_WEIGHT:
            found.setdefault(one, {})[other] = share
            found.setdefault(other, {})[one] = share
    return found


def _mass(sequences: Sequences, member: Member) -> int:
    return sum(sequences.mass(first, end) for first, end in member.ranges)


def _pairs(sources: list[int]) -> Iterable[tuple[int, int]]:
    if len(sources) <= _MOST_COMPARED:
        return combinations(sources, 2)
    return ((s, other) for at, s in enumerate(sources) for other in sources[at + 1 : at + 1 + _COMPARED_BEYOND])


def _core(shares: Mapping[int, float], left: set[int]) -> set[int]:
    return {other for other, share in shares.items() if share >= CORE_SHARE and other in left}


def _members(shares: Shares, medoids: list[int]) -> dict[int, dict[int, float]]:
    """The members of each medoid's family, each with its share.

    A file goes to the medoid it shares most with, or else to the family of the file it is a near-copy of.
    """
    found: dict[int, dict[int, float]] = {medoid: {medoid: 1.0} for medoid in medoids}
    cores = {m: sum(share >= CORE_SHARE for share in shares[m].values()) + 1 for m in medoids}
    for source in sorted(shares):
        if source in found:
            continue
        least = {m: KIN_SHARE if cores[m] >= _FEWEST_IN_A_CORE else CORE_SHARE for m in medoids}
        near = [m for m in medoids if shares[source].get(m, 0.0) >= least[m]]
        if near:
            best = min(near, key=lambda m: (-shares[source][m], m))
            found[best][source] = shares[source][best]
    return found


def _merged(shares: Shares, found: dict[int, dict[int, float]]) -> dict[int, dict[int, float]]:
    """The families; one of which half of the files are near-copies of files of a larger one is put to that."""
    for medoid in sorted(found, key=lambda m: (len(found[m]), -m)):
        home = {source: other for other, members in found.items() for source in members if other != medoid}
        near = Counter(
            other
            for source in found[medoid]
            for other in {home[s] for s, share in shares[source].items() if share >= CORE_SHARE and s in home}
        )
        host = min(near, key=lambda m: (-near[m], -len(found[m]), m), default=None)
        if host is not None and len(found[host]) >= _FEWEST_IN_A_CORE and near[host] * 2 >= len(found[medoid]):
            for source, share in found.pop(medoid).items():
                found[host][source] = max((shares[source].get(s, 0.0) for s in found[host]), default=share) or share
    return found


def _with_kin(shares: Shares, found: dict[int, dict[int, float]]) -> dict[int, dict[int, float]]:
    """The families with the files that are in none, but like enough to a member of one."""
    home = {source: medoid for medoid, members in found.items() for source in members}
    for source in sorted(shares.keys() - home.keys()):
        near = [(share, -other) for other, share in shares[source].items() if other in home]
        share, relative = max(near, default=(0.0, 0))
        family = found[home[-relative]] if near else {}
        if share >= (KIN_SHARE if len(family) >= _FEWEST_IN_A_CORE else CORE_SHARE):
            family[source] = share
    return found
