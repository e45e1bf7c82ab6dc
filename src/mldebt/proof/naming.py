"""Names for shared code: after what it returns, else after the function it stood in, else after what it calls last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import libcst as cst

from mldebt.proof.piece import Piece
from mldebt.proof.tree import Tree

_MOST_NAMED = 2  # results a name can speak of
_EVERYDAY = frozenset(
    "print append format join item items keys values get to cuda cpu size int float str len add set update".split()
)


def name_of(pieces: Sequence[Piece], results: Sequence[str], tree: Tree) -> str:
    """A name that no member uses."""
    used = {name for p in pieces for name in (*p.bound, *(o.name for o in p.outer))}
    wanted = _wanted(pieces, results, tree)
    while wanted in used:
        wanted += "_shared"
    return wanted


def _wanted(pieces: Sequence[Piece], results: Sequence[str], tree: Tree) -> str:
    if results and len(results) <= _MOST_NAMED:
        return "make_" + "_and_".join(map(snake, results))
    symbols = Counter(p.symbol.rpartition(".")[2] for p in pieces if p.symbol)
    if symbols:
        symbol = min(symbols, key=lambda s: (-symbols[s], s))
        return "set_up" if symbol == "__init__" else f"{snake(symbol)}_step"
    called = [word for word in map(_called, tree.walk()) if word and word not in _EVERYDAY]
    if called and not results:
        return "show_plot" if called[-1] == "show" else "run_" + called[-1]
    return "prepare_" + snake(results[-1]) if results else "shared_steps"


def _called(tree: Tree) -> str:
    if not isinstance(tree.node, cst.Call):
        return ""
    func = tree.node.func
    name = func.attr if isinstance(func, cst.Attribute) else func
    return snake(name.value) if isinstance(name, cst.Name) else ""


def snake(name: str) -> str:
    """A name in small letters, its words parted by underscores."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_") or "value"


def base_name(owners: Iterable[str], pieces: Sequence[Piece]) -> str:
    """The name of a base class: what the classes' names have in common, after `Base` or, if that is taken, `Shared`."""
    common = in_common(owners)
    taken = {name for p in pieces for name in (p.owner, *re.findall(r"\w+", p.bases), *(o.name for o in p.outer))}
    return f"Shared{common}" if f"Base{common}" in taken else f"Base{common}"


def bases_of(pieces: Sequence[Piece]) -> str:
    """The bases that all classes have and that are the same to all; of classes with several, a base class has none."""
    bases = {(p.bases, *((o.name, o.what) for o in p.around)) for p in pieces}
    return pieces[0].bases if len(bases) == 1 else ""


def in_common(names: Iterable[str]) -> str:
    """The words that names begin or end with alike; empty if there are none."""
    words = [re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name) for name in sorted(set(names))]
    head = _shared(words)
    tail = _shared([list(reversed(w)) for w in words])[::-1]
    return "".join(head if len(head) >= len(tail) else tail)


def _shared(words: list[list[str]]) -> list[str]:
    found: list[str] = []
    for column in zip(*words):  # noqa: B905 - the shortest name ends it
        if len(set(column)) > 1:
            break
        found.append(column[0])
    return found
