"""A function with more paths through it than anyone tests.

## Why it is debt
The cyclomatic complexity is the number of independent paths, which is the number of tests that would cover them.
Functions with many paths are changed with fear: in research code it is the training function that has grown a branch
for each experiment, most of which are over.

## Flagged
A function whose complexity is above 20, as radon counts it, assertions aside.

```python
def load(path, kind, mode, cache, strict, retries):  # debt
    if kind == "csv":
        table = read_csv(path)
    elif kind == "tsv":
        table = read_tsv(path)
    elif kind == "json":
        table = read_json(path)
    elif kind == "parquet":
        table = read_parquet(path)
    else:
        raise ValueError(kind)
    if mode == "train" and strict or mode == "eval":
        table = [row for row in table if row and row.label]
    if cache and not cache.full and mode != "eval":
        for row in table:
            if row.key in cache and strict:
                raise KeyError(row.key)
            cache[row.key] = row
    while retries and not table:
        retries = retries - 1 if strict else 0
        table = load(path, kind, mode, cache, strict, retries)
    return table if table else None if strict or mode == "train" else []


load("rows.csv", "csv", "train", None, True, 3)
```

## Fine
```python
READERS = {"csv": read_csv, "tsv": read_tsv, "json": read_json, "parquet": read_parquet}


def load(path, kind):
    if kind not in READERS:
        raise ValueError(kind)
    return READERS[kind](path)


load("rows.csv", "csv")
```

## Limits
A function gets one finding of its size: complexity is named first, and its length and nesting in the same sentence;
`long-function` and `deep-nesting` speak where it does not. A table written as `if`/`elif` counts like any branches.
An edit that makes a reported function worse is no new finding.

## Source
McCabe, A Complexity Measure, IEEE Transactions on Software Engineering, 1976. The limit is where radon's rank D and the
"complex, high risk" class of the SEI's C4 Software Technology Reference Guide begin.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.facts import size
from mldebt.facts.syntax import Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="complexity",
    severity="medium",
    minutes=Minutes(10, 1, "path above the limit", "SonarQube's remediation cost of RSPEC-1541"),
    since="0.1.0",
)


def find(module: Module) -> Iterator[Hit]:
    found = list(size.complex_functions(module))
    depths = size.deep_blocks(module) if found else {}
    for function, paths in found:
        name = module.qualname(function)
        more = [f"{steps} statements"] if (steps := size.steps(function)) > size.longest(function) else []
        more += [f"blocks {depths[function][0]} deep"] if function in depths else []
        aside = f" ({' and '.join(more)})" if more else ""
        yield Hit(
            module.place(function),
            f"`{name}` has {paths} paths through it{aside}, more than {size.COMPLEX}: give a branch its own function",
            kind="function",
            symbol=name,
            units=paths - size.COMPLEX,
            identity=name,
        )
