"""The same command-line options declared anew in several scripts.

## Why it is debt
A default that is changed in one script stays what it was in the others, and results that should be comparable no longer
are. Nobody is told: both commands still run.

## Flagged
```python title="train.py"
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--data", default="data", help="where the images lie")  # see
parser.add_argument("--size", type=int, default=224)
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--workers", type=int, default=4)
parser.add_argument("--device", default="cuda")
parser.add_argument("--rate", type=float, default=0.1)
args = parser.parse_args()
print(args.data, args.size, args.batch_size, args.workers, args.device, args.rate)
```
```python title="score.py"
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--data", default="data")  # debt
parser.add_argument("--weights", default="last.pt")
parser.add_argument("--size", type=int, default=224)
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--workers", type=int, default=4)
parser.add_argument("--device", default="cuda")
args = parser.parse_args()
print(args.data, args.weights, args.size, args.batch_size, args.workers, args.device)
```

## Fine
```python title="train.py"
import argparse

from shared import add_data_options

parser = argparse.ArgumentParser()
add_data_options(parser)
parser.add_argument("--rate", type=float, default=0.1)
args = parser.parse_args()
print(args.data, args.size, args.batch_size, args.workers, args.device, args.rate)
```
```python title="score.py"
import argparse

from shared import add_data_options

parser = argparse.ArgumentParser()
add_data_options(parser)
parser.add_argument("--weights", default="last.pt")
args = parser.parse_args()
print(args.data, args.weights, args.size, args.batch_size, args.workers, args.device)
```
```python title="shared.py"
def add_data_options(parser):
    parser.add_argument("--data", default="data")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--device", default="cuda")
```

## Limits
Options of `argparse` only. At least five have to agree in flag, default, type, choices and action; the help may differ.
Positional arguments, and those that exclude one another, do not count.

## Source
Our own reading of research repositories.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from mldebt.links.entry import is_test
from mldebt.links.repository import Repository
from mldebt.links.units import Unit
from mldebt.model import Hit, Option, Place, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="missing-abstractions",
    severity="low",
    minutes=Minutes(10, 2, "script", "our estimate: move the declarations to a function, call it from each script"),
    since="0.1.0",
)
_FEWEST = 5
_NAMED = 5  # options that are written out


class Parser(NamedTuple):
    """The options that a function or a module's body declares, by flag and all else that is said of them."""

    unit: Unit
    owner: int
    declared: dict[tuple[str, str], Option]


def find(repository: Repository) -> Iterator[Hit]:
    parsers = list(_parsers(repository))
    pairs = [(a, b) for a, b in combinations(range(len(parsers)), 2) if len(_shared(parsers[a], parsers[b])) >= _FEWEST]
    alike: dict[int, set[int]] = defaultdict(set)
    for a, b in pairs:
        alike[a].add(b)
        alike[b].add(a)
    while alike:
        leader = min(alike, key=lambda n: (-len(alike[n]), n))
        group = {leader, *alike[leader]}
        members = [parsers[n] for n in sorted(group)]
        first = next((p for p in members if repository.wants(p.unit.path)), None)
        if first is not None:
            yield _hit(first, parsers[leader], members)
        alike = {n: rest for n, others in alike.items() if n not in group and (rest := others - group)}


def _parsers(repository: Repository) -> Iterator[Parser]:
    for unit in repository.units:
        found: dict[int, dict[tuple[str, str], Option]] = {}
        for option in unit.facts.options if unit.is_code and not is_test(unit) else ():
            if option.kind == "argparse":
                found.setdefault(option.owner, {})[option.flag, option.given] = option
        yield from (Parser(unit, owner, said) for owner, said in found.items() if len(said) >= _FEWEST)


def _shared(one: Parser, other: Parser) -> set[tuple[str, str]]:
    return one.declared.keys() & other.declared.keys()


def _hit(first: Parser, leader: Parser, members: list[Parser]) -> Hit:
    others = [p for p in members if p is not first]
    counts = [len(_shared(leader, p)) for p in members if p is not leader]
    nearest = max((p for p in others), key=lambda p: len(_shared(first, p)))
    shared = [o for key, o in first.declared.items() if key in nearest.declared]
    fewest, most = min(counts), max(counts)
    many = f"{most}" if fewest == most else f"{fewest} to {most}"
    named = ", ".join(f"`{option.flag}`" for option in shared[:_NAMED])
    more = ", …" if len(shared) > _NAMED else ""
    return Hit(
        _place(shared),
        f"{many} options are declared alike in {len(members)} scripts ({named}{more}): give them a function to share",
        path=first.unit.path,
        kind="options",
        symbol=_symbol(first),
        see=tuple(_related(p, first if p is not first else leader) for p in others),
        confidence=0.9,
        units=len(members),
        scope=_symbol(first) or "",
        identity=" ".join(sorted(option.flag for option in shared)),
    )


def _symbol(parser: Parser) -> str | None:
    return parser.unit.facts.definitions[parser.owner].name or None


def _place(options: list[Option]) -> Place:
    start = min(options, key=lambda o: (o.at.cell or 0, o.at)).at
    last = max(o.at.end_line for o in options if o.at.cell == start.cell)
    return Place(start.line, last, start.column, start.cell)


def _related(parser: Parser, first: Parser) -> Related:
    same = _shared(parser, first)
    shared = [o for key, o in parser.declared.items() if key in same] or list(parser.declared.values())
    return Related(_place(shared), f"{len(same)} of them", parser.unit.path, _symbol(parser))
