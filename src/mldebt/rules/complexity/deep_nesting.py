"""Code that lies within so many conditions and loops that a reader loses count.

## Why it is debt
To know when a line runs one has to hold every enclosing condition in mind. Each level also pushes the code to the right
and the `else` away from its `if`.

## Flagged
A block with more than four levels around and including it. A level is an `if`, a loop, a `match` or an `except` clause.

```python
def match(boxes, labels):
    found = []
    for batch in boxes:
        for box in batch:
            if box.valid:
                for label in labels:
                    if label.kind == box.kind:  # debt
                        found.append((box, label))
    return found


match([], [])
```

## Fine
```python
def near(box, labels):
    return [(box, label) for label in labels if label.kind == box.kind]


def match(boxes, labels):
    found = []
    for batch in boxes:
        for box in batch:
            if box.valid:
                found.extend(near(box, labels))
    return found


match([], [])
```

## Limits
One finding a function, at its deepest block. `with` and `try` are not counted, `elif` continues its `if`, a nested
function begins anew, and comprehensions are not looked into. A function that `complex-function` or `long-function`
reports is not reported again.

## Source
Campbell, Cognitive Complexity, 2018, for what makes a level; SonarQube's RSPEC-134 for Python and ESLint's `max-depth`
for the limit of four.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts import size
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="complexity",
    severity="low",
    minutes=Minutes(10, source="SonarQube's remediation cost of RSPEC-134"),
    since="0.1.0",
)
_WORDS = {ast.ExceptHandler: "except", ast.AsyncFor: "for"}


def find(module: Module) -> Iterator[Hit]:
    for owner, (depth, block) in size.deep_blocks(module).items():
        if size.is_large(module, owner):
            continue
        word = _WORDS.get(type(block), type(block).__name__.lower())
        name = module.qualname(owner)
        line: int = block.lineno  # type: ignore[attr-defined]  # a statement or an except clause
        yield Hit(
            module.stretch(line, line, module.place(block).column),
            f"this `{word}` lies {depth} levels deep: return early, or give the inner blocks a function",
            kind="block",
            symbol=name or None,
            identity=name or "script",
        )
