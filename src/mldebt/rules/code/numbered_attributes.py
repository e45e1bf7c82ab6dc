"""Attributes that are numbered by hand and made by the same call: `self.block1` to `self.block4`.

## Why it is debt
One more of them means a new line wherever they are made and wherever they are used, and a line that was copied for it
once keeps the old number.

## Flagged
```python
class Network:
    def __init__(self, make):
        self.block1 = make(64, stride=2, bias=False)  # debt
        self.block2 = make(64, stride=2, bias=False)
        self.block3 = make(64, stride=2, bias=False)
        self.block4 = make(64, stride=2, bias=False)

    def run(self, x):
        return self.block4(self.block3(self.block2(self.block1(x))))


print(Network(dict).run(1))
```

## Fine
```python
class Network:
    def __init__(self, make):
        self.blocks = [make(64, stride=2, bias=False) for _ in range(4)]

    def run(self, x):
        for block in self.blocks:
            x = block(x)
        return x


print(Network(dict).run(1))
```

## Limits
At least four, one under the other, numbered without a gap, whose calls have arguments and differ in no more than one
number, which goes up or down by the same step or factor. The keys of a saved `state_dict` change with the names, so old
checkpoints need a table of the new ones.

## Source
PyTorch's documentation of `ModuleList`; our own reading of repositories.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from math import nan

from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="missing-abstractions",
    severity="low",
    minutes=Minutes(10, 1, "attribute", "our estimate: make a list of them, and a loop of each place of use"),
    since="0.1.0",
)
_FEWEST = 4
_NUMBERED = re.compile(r"(.*?)_?(\d+)")
_LEAF = re.compile(r"Constant\(value=[^()]*?\)")


def find(module: Module) -> Iterator[Hit]:
    groups: dict[tuple[ast.AST | None, str], list[tuple[int, ast.Assign]]] = defaultdict(list)
    for node in module.of(ast.Assign):
        numbered = _numbered(node)
        if numbered is not None:
            groups[module.parent(node), numbered[0]].append((numbered[1], node))
    for (parent, stem), made in groups.items():
        numbers = [number for number, _ in made]
        nodes = [node for _, node in made]
        in_order = numbers == list(range(numbers[0], numbers[0] + len(made)))
        if len(made) >= _FEWEST and in_order and _are_neighbours(parent, nodes) and _are_alike(nodes):
            at = module.stretch(nodes[0].lineno, nodes[-1].end_lineno or nodes[-1].lineno, nodes[0].col_offset + 1)
            names = f"`{_name(nodes[0])}` to `{_name(nodes[-1])}`"
            says = f"{names} are made by one call: make them in a loop"
            yield Hit(at, says, kind="attributes", symbol=stem or None, units=len(nodes))


def _numbered(node: ast.Assign) -> tuple[str, int] | None:
    """The stem and the number of an attribute of `self` that a call with arguments makes."""
    target, value = node.targets[0], node.value
    if not (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"):
        return None
    match = _NUMBERED.fullmatch(target.attr) if isinstance(value, ast.Call) and (value.args or value.keywords) else None
    return (match[1], int(match[2])) if match is not None and len(node.targets) == 1 else None


def _name(node: ast.Assign) -> str:
    target = node.targets[0]
    return target.attr if isinstance(target, ast.Attribute) else ""


def _are_neighbours(parent: ast.AST | None, nodes: list[ast.Assign]) -> bool:
    """Whether statements follow one another with nothing between them."""
    body = getattr(parent, "body", [])
    return nodes[0] in body and body[body.index(nodes[0]) :][: len(nodes)] == nodes


def _are_alike(nodes: list[ast.Assign]) -> bool:
    """Whether the calls have one form, and at most one place in it whose literals differ, by a rule."""
    dumps = [ast.dump(node.value) for node in nodes]
    if len({_LEAF.sub("#", dump) for dump in dumps}) > 1:
        return False
    columns = zip(*(_LEAF.findall(dump) for dump in dumps), strict=True)
    varied = [column for column in columns if len(set(column)) > 1]
    return not varied or (len(varied) == 1 and _is_progression([_number(leaf) for leaf in varied[0]]))


def _number(leaf: str) -> float:
    """The number in a dumped literal; not a number for any other one."""
    try:
        return float(leaf.removeprefix("Constant(value=").removesuffix(")"))
    except ValueError:
        return nan


def _is_progression(numbers: list[float]) -> bool:
    """Whether numbers grow or shrink by the same step, or by the same factor."""
    pairs = list(pairwise(numbers))
    return len({b - a for a, b in pairs}) == 1 or (0 not in numbers and len({b / a for a, b in pairs}) == 1)
