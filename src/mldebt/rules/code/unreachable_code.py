"""Statements that no run can reach.

## Why it is debt
A reader takes them for behaviour and a refactoring carries them along. They are what a debugging `return` or a
switched-off experiment left behind.

## Flagged
```python
import sys


def average(values):
    return sum(values) / len(values)
    print("averaged", len(values))  # debt


def listen(queue):
    while True:
        print(queue.get())
    queue.close()  # debt


if False:  # debt
    average([])

average(sys.argv)
listen(sys.stdin)
```

## Fine
```python
import sys


def empty():
    return
    yield


def first(table, wanted):
    while True:
        for row in table:
            if row == wanted:
                return row
        else:
            break
    return None


print(list(empty()), first(sys.argv, "x"))
```

## Limits
Only constants are seen through: a flag that is never set is not. A condition that always holds is not reported, what it
shuts out is. Calls that never return (`sys.exit`) and `assert False` end nothing here. At the top of a notebook a
statement that leaves ends its own cell only. Silent on a `yield` that makes a generator and on imports under `if 0`.

## Source
vulture's reachability analysis; SonarQube's RSPEC-1763.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.facts.unreachable import Stretch, unreachable
from mldebt.model import Hit, Removal
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="dead-code",
    severity="low",
    minutes=Minutes(5, source="SonarQube's remediation cost of RSPEC-1763"),
    since="0.1.0",
)


def find(module: Module) -> Iterator[Hit]:
    for stretch in unreachable(module):
        if all(_says_nothing(statement) for statement in stretch.statements):
            continue
        first = stretch.before if stretch.encloses and stretch.before is not None else stretch.statements[0]
        end = stretch.statements[-1].end_lineno or first.lineno
        at = module.stretch(first.lineno, end, module.place(first).column)
        yield Hit(
            at,
            _says(module, stretch),
            kind="unreachable",
            symbol=module.qualname(first) or None,
            removes=Removal("unreachable", "", at),
        )


def _says_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is there for its form: the yield of a generator, an import for type checkers, `pass`."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Yield | ast.YieldFrom | ast.Constant)
    return isinstance(statement, ast.Pass | ast.Import | ast.ImportFrom)


def _says(module: Module, stretch: Stretch) -> str:
    if stretch.encloses:
        return f"the condition of this `{stretch.cause}` never holds, so its body never runs: remove it"
    if stretch.before is None:
        return f"this `{stretch.cause}` can never run: remove it"
    line = module.place(stretch.before).line
    return f"nothing gets past the `{stretch.cause}` of line {line}, so this never runs: remove it"
