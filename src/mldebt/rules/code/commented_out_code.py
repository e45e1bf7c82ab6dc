"""Three or more lines of code that were switched off by making a comment or a string of them.

## Why it is debt
Nobody runs it, checks it or renames things in it, so that it soon fits the code around it no more. Each reader has to
find out again whether it is meant to come back. Version control keeps what was there.

## Flagged
```python title="train.py"
import torch

model = torch.nn.Linear(8, 2)
# for name, weight in model.named_parameters():  # debt
#     print(name, weight.shape)
#     weight.requires_grad = False
print(model)
'''  # debt
model.half()
model = torch.jit.script(model)
torch.save(model, "model.pt")
'''
print(model)
```
```python title="study.ipynb"
# %%
import pandas as pd

frame = pd.DataFrame({"a": [1, 2]})

# %%
# frame = frame.dropna()  # debt
# frame["b"] = frame["a"] * 2
# frame.head()

# %%
frame
```

## Fine
```python title="train.py"
import sys

# Usage:
#     rows = read(sys.argv)
#     rows = clean(rows)
#     print(rows)


def read(paths):
    # (B, T, C) is what comes out, where
    # B = batch
    # T = time
    # C = channels
    return [path for path in paths if path]


# >>> read(["a", ""])
# ["a"]
print(read(sys.argv))
```

## Limits
Stretches of one and two lines are left alone. Silent where the prose above announces an example, an exercise, a choice
or a reason to stay ("e.g.", "Usage:", "your code", "uncomment to", "if you need", any line that ends in a colon), on
code indented below prose or between ``` fences, in docstrings, where most names are names of nothing in the file, and
on what only assigns formulas, values for one name to choose from, or settings that no live code has. Entries of a list
or dictionary, comments behind code and Python 2 are not recognised. A string carries no patch.

## Source
Our own reading of 20 repositories; Sculley et al., "Hidden Technical Debt in Machine Learning Systems" (2015), on dead
experimental code paths; SonarQube's RSPEC-125.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.facts.disabled import Disabled, disabled_code
from mldebt.facts.syntax import Module
from mldebt.model import Hit, Removal
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="dead-code",
    severity="low",
    minutes=Minutes(5, source="SonarQube's remediation cost of RSPEC-125"),
    since="0.1.0",
)


def find(module: Module) -> Iterator[Hit]:
    for stretch in disabled_code(module):
        text = module.lines[stretch.first - 1]
        at = module.stretch(stretch.first, stretch.last, len(text) - len(text.lstrip()) + 1)
        removes = Removal("commented_code", "", at) if stretch.whole is None else None
        yield Hit(at, _says(stretch), kind="commented_code", confidence=0.9, removes=removes)


def _says(stretch: Disabled) -> str:
    form = "comments" if stretch.whole is None else "a string nobody reads"
    return f"{stretch.lines} lines of code are disabled as {form}: delete them, version control has them"
