"""A name, argument or method that a library has removed in a version which the project allows.

## Why it is debt
The code runs only with a library of the past. Whoever installs the project today, or updates for a security fix, gets
an error at the first use, often far into a training run; until then the old version holds back everything else.

## Flagged
```python
import numpy as np
import pandas as pd
import torch
from sklearn.externals import joblib  # debt
from sklearn.preprocessing import OneHotEncoder

frame = pd.DataFrame({"a": [1.0, 2.0]})
frame = frame.append(frame)  # debt
values = frame.to_numpy().astype(np.float)  # debt
weights, _ = torch.lstsq(torch.ones(2, 1), torch.ones(2, 1))  # debt
print(joblib, values, weights, OneHotEncoder(sparse=False))  # debt
```

## Fine
```python title="train.py"
import numpy as np
import pandas as pd

try:
    from sklearn.externals import joblib
except ImportError:
    import joblib

frame = pd.DataFrame({"a": [1.0, 2.0]})
rows = []
rows.append(frame)
print(joblib, pd.concat(rows).to_numpy().astype(np.int), float(frame["a"].sum()))
```
```text title="requirements.txt"
numpy==1.19.5
```

## Limits
Names are resolved through imports; the table behind the rule holds some thousand names of thirteen libraries and is in
`mldebt/apis`. Methods count only on objects whose making is seen in the file. Manifests in the folders around a file
say which versions it is used with; without any, the newest. What stands in a branch that tells versions apart is left
alone. Many uses of one library in one file are one finding.

## Source
The release notes of each library, named in the table; Haryono et al., Characterization and Automatic Updates of
Deprecated Machine-Learning API Usages, ICSME 2021.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.evidence.retired import hits
from mldebt.links.repository import Repository
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(10, 4, "further use", "our estimate: read the release notes, replace it, run the code"),
    since="0.1.0",
    mends=True,
)


def find(repository: Repository) -> Iterator[Hit]:
    yield from hits(repository, "removed")
