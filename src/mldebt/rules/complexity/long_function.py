"""A function or script that does too many things one after the other.

## Why it is debt
What only exists as the middle of a long function cannot be named, tested or used again, so it is copied. A training
script without functions is the extreme: nothing in it can be imported.

## Flagged
A function of more than 50 statements, or 75 if `main` or `train` is in its name; a script whose own body loops and has
more than 100. A run of like declarations counts once: imports, `parser.add_argument` after `parser.add_argument`,
names and attributes given a plain value, the attributes an initialiser sets.

```python
def prepare(rows):  # debt
    x = read(rows)
    x = f(x, 0); y = g(x, 0)
    x = g(x, 1); y = h(x, 1)
    x = h(x, 2); y = k(x, 2)
    x = k(x, 3); y = f(x, 3)
    x = f(x, 4); y = g(x, 4)
    x = g(x, 5); y = h(x, 5)
    x = h(x, 6); y = k(x, 6)
    x = k(x, 7); y = f(x, 7)
    x = f(x, 8); y = g(x, 8)
    x = g(x, 9); y = h(x, 9)
    x = h(x, 10); y = k(x, 10)
    x = k(x, 11); y = f(x, 11)
    x = f(x, 12); y = g(x, 12)
    x = g(x, 13); y = h(x, 13)
    x = h(x, 14); y = k(x, 14)
    x = k(x, 15); y = f(x, 15)
    x = f(x, 16); y = g(x, 16)
    x = g(x, 17); y = h(x, 17)
    x = h(x, 18); y = k(x, 18)
    x = k(x, 19); y = f(x, 19)
    x = f(x, 20); y = g(x, 20)
    x = g(x, 21); y = h(x, 21)
    x = h(x, 22); y = k(x, 22)
    x = k(x, 23); y = f(x, 23)
    x = f(x, 24); y = g(x, 24)
    return y


prepare([])
```

## Fine
```python
import argparse


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=90)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--width", type=int, default=64)
    return parser.parse_args()


print(options())
```

## Limits
A function that `complex-function` reports is not reported again. A notebook's cells are not taken for one long script.
The limit of a script is our own estimate.

## Source
Fowler, Refactoring, 2nd edition, 2018: Long Function. 50 statements is what pylint (R0915) and ruff (PLR0915) allow.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.facts import size
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="complexity",
    severity="low",
    minutes=Minutes(20, 0.5, "statement above the limit"),
    since="0.1.0",
)


def find(module: Module) -> Iterator[Hit]:
    for function, steps in size.long_functions(module):
        limit = size.longest(function)
        name = module.qualname(function)
        yield Hit(
            module.place(function),
            f"`{name}` has {steps} statements, more than {limit}: split it where its subject changes",
            kind="function",
            symbol=name,
            units=steps - limit,
            identity=name,
        )
    body = size.script_body(module)
    steps = size.script_steps(body)
    if steps > size.LONG_SCRIPT:
        yield Hit(
            module.stretch(body[0].lineno, body[0].lineno),
            f"the script runs {steps} statements outside any function: move its stages into functions",
            kind="script",
            units=steps - size.LONG_SCRIPT,
            identity="script",
        )
