"""Whether the tables of what libraries took back are true, held against the libraries' own releases.

usage: python benchmarks/quality/apis.py FOLDER [--bring] [--pip "python -m pip"] [--git gym=CLONE] [--only numpy] [-v]

FOLDER holds `DISTRIBUTION/VERSION/`, the Python files of unpacked wheels; with --bring, pip downloads what is missing
(some 3 GB of source once all is there), and clones of repositories whose tags are versions stand in for distributions
without wheels. Nothing of them is imported or run.

An entry is confirmed if the name is in the last release before `removed` and in none from there on, and a warning or a
word in the documentation is seen in `since` and not before. It is unseen if its life is as the table says and no file
shows a warning. What no file can show is in `apis_documented.csv`, with what says it and the versions, which must be
those of the table. `apis_confirmed.csv` lists what was found true when the tables were last worked on: an entry that is
listed and is in no table any more, or says other versions, is told of. Exits 1 if one is, or if one is contradicted.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import arguments
import deprecations
from deprecations import Signs
from histories import WORDS, History, Verdict, Word, verdicts
from namespaces import Seen
from offered import Release
from packaging.version import Version
from releases import bring, held

from mldebt.apis import Entry, modules, table

_HERE = Path(__file__).parent
DOCUMENTED = _HERE / "apis_documented.csv"
CONFIRMED = _HERE / "apis_confirmed.csv"

_KEPT = ("confirmed", "documented", "unseen")  # true as far as releases or pages can show it


class Library(NamedTuple):
    """Where the releases of a module are found; `beside` are other distributions, from a version on."""

    distribution: str
    first: str
    beside: tuple[tuple[str, str], ...] = ()
    elsewhere: Mapping[str, tuple[str, ...]] = MappingProxyType({})


_TF_HOMES = {
    "tensorflow": ("tensorflow._api.v2", "tensorflow_core._api.v2", "tensorflow_core"),
    "tensorflow_core": ("tensorflow_core._api.v2",),
    "tensorflow.keras": ("keras._tf_keras.keras", "keras.api._v2.keras"),
}
# whose methods those are that a table gives to any object
_OWNERS = {"keras": ("keras.Model",), "tensorflow": ("tensorflow.keras.Model", "tensorflow.data.Dataset")}
LIBRARIES = {
    "functorch": Library("torch", "1.0"),
    "gym": Library("gym", "0.8"),
    "gymnasium": Library("gymnasium", "0.26"),
    "keras": Library("keras", "2.0", (("tensorflow", "2.4"),)),
    "numpy": Library("numpy", "1.9"),
    "pandas": Library("pandas", "0.16"),
    "pytorch_lightning": Library("pytorch-lightning", "0.6"),
    "scipy": Library("scipy", "0.14"),
    "sklearn": Library("scikit-learn", "0.16"),
    "tensorflow": Library("tensorflow", "1.12", (("keras", "2.6"),), _TF_HOMES),
    "torch": Library("torch", "1.0", (), {"torch": ("torch._C._VariableFunctions", "torch._C")}),
    "torchvision": Library("torchvision", "0.1"),
    "transformers": Library("transformers", "2.0"),
}


def main() -> int:
    options = _options()
    failed = False
    for module in options.only or sorted(modules() & LIBRARIES.keys()):
        library = LIBRARIES[module]
        if options.bring:
            for name, first in ((library.distribution, library.first), *library.beside):
                git = next((Path(g.partition("=")[2]) for g in options.git if g.partition("=")[0] == name), None)
                bring(options.folder, name, Version(first), options.pip, git)
        judged = judge(entries(module), releases(options.folder, library), _missing(options.folder, library))
        failed |= _tell(module, judged, options.verbose)
        if options.write:
            _write(module, judged)
        failed |= _tell_changes(module, judged)
    return int(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bring", action="store_true", help="download the releases that are missing")
    parser.add_argument("--pip", default=f"{sys.executable} -m pip", help="one below 24.1 reads the oldest wheels too")
    parser.add_argument("--git", action="append", default=[], help="DISTRIBUTION=CLONE, read at its tags")
    parser.add_argument("--only", action="append", help="the tables to check")
    parser.add_argument("--write", action="store_true", help="list what is confirmed now")
    parser.add_argument("-v", "--verbose", action="store_true", help="name the undecided too")
    return parser.parse_args()


def entries(module: str) -> list[Entry]:
    """All entries of a table, by name."""
    known = table(module)
    members = (e for names in (known.methods, known.properties) for pairs in names.values() for _, e in pairs)
    arguments = (e for listed in known.arguments.values() for e in listed)
    return sorted({*known.names.values(), *arguments, *members})


def releases(folder: Path, library: Library) -> dict[Version, Release]:
    """The releases of a library, each with those beside it that were the newest of its own minor version."""
    found = {}
    for version, path in held(folder, library.distribution).items():
        roots = [path]
        for name, first in library.beside:
            others = held(folder, name)
            same = [p for v, p in others.items() if v.release[:2] == version.release[:2]]
            newest = list(others.values())[-1:] if version >= Version("2.16") else []
            roots += (same or newest) if version >= Version(first) else []
        homes = dict(library.elsewhere)
        if version < Version("2") and "tensorflow" in homes:
            homes = {name: tuple(home.replace("v2", "v1") for home in listed) for name, listed in homes.items()}
        found[version] = Release(tuple(roots), homes)
    return found


def _missing(folder: Path, library: Library) -> frozenset[tuple[int, ...]]:
    listed = folder / library.distribution / "none.txt"
    words = listed.read_text(encoding="utf-8").split() if listed.exists() else []
    return frozenset(Version(word).release[:2] for word in words)


def judge(
    listed: list[Entry], found: dict[Version, Release], missing: frozenset[tuple[int, ...]] = frozenset()
) -> dict[Entry, Verdict]:
    """The verdict on each entry."""
    said = _documented()
    return {entry: _verdict(entry, found, missing, said) for entry in listed}


def _documented() -> dict[tuple[str, str, str], str]:
    with DOCUMENTED.open(encoding="utf-8", newline="") as stream:
        return {(row["name"], row["since"], row["removed"]): row["says"] for row in csv.DictReader(stream)}


def _verdict(
    entry: Entry,
    found: dict[Version, Release],
    missing: frozenset[tuple[int, ...]],
    said: dict[tuple[str, str, str], str],
) -> Verdict:
    signs = {version: _signs(entry, release) for version, release in found.items()}
    newest = found[max(found)] if found and entry.argument and entry.instead.isidentifier() else None
    name = entry.name.partition("(")[0]
    successor = arguments.of_argument(newest, name, entry.instead, "").place if newest is not None else None
    history = History(signs, missing, successor)
    found_out = list(verdicts(entry, history))
    documented = said.get((entry.name, entry.since, entry.removed))
    if documented is not None:
        return Verdict("documented", documented)
    worst: tuple[Word, ...] = ("contradicted", "undecided", "unseen")
    for word in worst:
        reasons = [verdict.why for verdict in found_out if verdict.word == word]
        if reasons:
            return Verdict(word, "; ".join(reasons))
    return Verdict("confirmed")


def _signs(entry: Entry, release: Release) -> Signs:
    name = entry.name.partition("(")[0]
    if name.startswith("*"):
        owners = _OWNERS.get(entry.of.partition(" ")[0], ())
        found = [deprecations.of_name(release, f"{owner}{name[1:]}") for owner in owners]
        return next((signs for signs in found if signs.seen.state == "there"), found[0])
    if name.startswith("keras.") and entry.of.startswith("tensorflow"):
        name = f"tensorflow.{name}"
    if entry.argument:
        return arguments.of_argument(release, name, entry.argument, entry.value)
    signs = deprecations.of_name(release, name)
    is_renamed = signs.seen.state == "unsure" and name in _renamed(release)
    return Signs(Seen("gone", "TensorFlow's upgrade renames it")) if is_renamed else signs


@cache
def _renamed(release: Release) -> frozenset[str]:
    """The names of TensorFlow 1 that its own upgrade script, published with TensorFlow 2, writes otherwise."""
    homes = [f"{top}.tools.compatibility.renames_v2" for top in ("tensorflow", "tensorflow_core")]
    found = [source for home in homes if (source := release.source(home)) is not None]
    is_second = (
        release.source("tensorflow._api.v2") is not None or release.source("tensorflow_core._api.v2") is not None
    )
    words = found[0].words_of("renames") if found and is_second else ()
    return frozenset(f"tensorflow.{word.removeprefix('tf.')}" for word in words if word.startswith("tf."))


def _tell(module: str, judged: dict[Entry, Verdict], verbose: bool) -> bool:
    counts = Counter(verdict.word for verdict in judged.values())
    print(f"{module:18}" + "".join(f"{counts[word]:5} {word}" for word in WORDS))
    for entry, verdict in judged.items():
        if verdict.word == "contradicted" or (verbose and verdict.word in ("undecided", "unseen")):
            print(f"  {verdict.word} {entry.name} {entry.since or '-'} {entry.removed or '-'}: {verdict.why}")
    return counts["contradicted"] > 0


def _row(module: str, entry: Entry) -> tuple[str, str, str, str, str]:
    return module, entry.name, entry.since, entry.removed, entry.back


def _tell_changes(module: str, judged: dict[Entry, Verdict]) -> bool:
    """Say which listed entries are no longer what they were confirmed as."""
    now = {_row(module, entry) for entry, verdict in judged.items() if verdict.word in _KEPT}
    lost = sorted(row for row in _listed() if row[0] == module and row not in now)
    for _, name, *versions in lost:
        print(f"  lost {name}: confirmed as {' '.join(v or '-' for v in versions)}, and is so no more")
    return bool(lost)


def _listed() -> list[tuple[str, str, str, str, str]]:
    with CONFIRMED.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        return [(row["module"], row["name"], row["since"], row["removed"], row["back"]) for row in rows]


def _write(module: str, judged: dict[Entry, Verdict]) -> None:
    kept = [row for row in _listed() if row[0] != module]
    kept += [_row(module, entry) for entry, v in judged.items() if v.word in _KEPT]
    with CONFIRMED.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([("module", "name", "since", "removed", "back"), *sorted(kept)])


if __name__ == "__main__":
    sys.exit(main())
