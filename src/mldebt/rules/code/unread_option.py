"""A command-line option that is accepted and that nothing reads.

## Why it is debt
Who sets it believes that the run obeys: experiments are reported with settings that never had an effect, and every
copy of the script carries the option along.

## Flagged
```python title="train.py"
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=1e-3)
parser.add_argument("--n-cpu", type=int, default=8)  # debt
args = parser.parse_args()
print(args)
print(args.lr)
```

## Fine
```python title="train.py"
import argparse


def train(lr):
    print(lr)


parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=1e-3)
args = parser.parse_args()
train(**vars(args))
```

## Limits
Seen are argparse, absl and TensorFlow flags, click, Typer, functions given to Fire, and dataclasses given to
HfArgumentParser, simple-parsing, tyro or pyrallis. An attribute or a string of the option's name, on anything that
could be the options and in any module that may run together with the parser's, counts as a read; options handed as a
whole to code outside the repository are all read, but not those that are only printed, logged or saved; where not one
option of a module seems to be read, they are taken to go ways that are not seen. Positional
arguments, choices of a mutually exclusive group, actions of one's own, options whose help says that they have no
effect, and those that launchers and Jupyter pass to every program (`--local_rank`, `-f`) never count. There is no
patch: the commands that pass the option would fail.

## Source
Our own reading of research code: options are copied from script to script with what they once did.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.options import Options
from mldebt.links.repository import Repository
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="dead-code",
    severity="medium",
    minutes=Minutes(5, source="our estimate: find the commands that pass it, take it out of them and of the parser"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    declaring = [u for u in repository.units if u.facts.options and not u.facts.name and repository.wants(u.path)]
    if not declaring:
        return
    options = Options(repository.graph, repository.classes)
    for unit in declaring:
        for option in options.unread(unit):
            if option.name not in repository.words and unit.base + option.owner in repository.reach:
                yield Hit(
                    option.at,
                    f"option `{option.flag}` is accepted and never read",
                    path=unit.path,
                    kind="option",
                    symbol=option.name,
                    confidence=0.9,
                    scope=unit.facts.definitions[option.owner].name,
                    identity=option.flag,
                )
