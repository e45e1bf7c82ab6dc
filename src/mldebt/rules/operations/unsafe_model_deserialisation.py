"""A model or data file loaded by unpickling, which runs whatever code the file carries.

## Why it is debt
A pickle is a program. Whoever can change the file, or the place it is downloaded from, runs code on every machine that
loads it, and no review of this repository shows it.

## Flagged
```python
import pickle

import joblib
import numpy as np
import torch


def restore(path, folder):
    weights = torch.load(path)  # debt
    other = torch.load(path, map_location="cpu", weights_only=False)  # debt
    with open(folder + "/scaler.pkl", "rb") as file:
        scaler = pickle.load(file)  # debt
    table = np.load(path, allow_pickle=True)  # debt
    return weights, other, scaler, table, joblib.load(path)  # debt


print(restore("weights.pt", "models"))
```

## Fine
```python
import pickle

import numpy as np
import torch


def restore(path, rows):
    weights = torch.load(path, weights_only=True)
    with open("vocabulary.pkl", "rb") as file:
        words = pickle.load(file)
    copy = pickle.loads(pickle.dumps(rows))
    with open(path + ".cache", "wb") as file:
        pickle.dump(rows, file)
    with open(path + ".cache", "rb") as file:
        again = pickle.load(file)
    return weights, words, copy, again, np.load(path)


print(restore("weights.pt", [1]))
```

## Limits
`torch.load` without `weights_only` is safe from torch 2.6 on and was unsafe before. Which one runs is decided by an
environment that the code does not control, so it is flagged with less confidence until it is written out;
`weights_only=False` is flagged, and a value that is computed is not. For the other loaders a path made of constants
only is taken for a file of the repository, and one that the same file also writes for its own: neither is flagged.
Nor are test files. A restricted `Unpickler` is not judged.

## Source
Python documentation, pickle ("never unpickle data that could have come from an untrusted source"); PyTorch 2.6 release
notes, `weights_only`; CWE-502.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.paths import Paths
from mldebt.facts.syntax import Module
from mldebt.facts.traits import is_test
from mldebt.facts.values import last_name
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(15, source="our estimate: ask for weights only, or keep the data in another format"),
    since="0.1.0",
)

_SPELLINGS = frozenset({"load", "loads", "read_pickle", "load_model", "enable_unsafe_deserialization"})
_PICKLES = ("pickle", "cPickle", "_pickle", "pickle5", "six.moves.cPickle", "dill", "cloudpickle")
_LOADERS = frozenset(
    [f"{module}.{name}" for module in _PICKLES for name in ("load", "loads")]
    + ["joblib.load", "sklearn.externals.joblib.load", "pandas.read_pickle", "pandas.io.pickle.read_pickle"]
)
_KERAS = ("keras.", "tensorflow.", "tf_keras.")
_LONGEST = 50  # characters of source that a message quotes


def find(module: Module) -> Iterator[Hit]:
    calls = [c for c in module.of(ast.Call) if last_name(c.func) in _SPELLINGS]
    if not calls or is_test(module):
        return
    paths = Paths(module)
    for call in calls:
        name = module.name(call.func)
        verdict = _verdict(call, name, paths) if name is not None else None
        if verdict is not None:
            says, confidence = verdict
            yield Hit(module.place(call), says, confidence=confidence)


def _verdict(call: ast.Call, name: str, paths: Paths) -> tuple[str, float] | None:
    """What to say of a call of this qualified name, and how sure; None if it is fine."""
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    written = _written(call)
    if name in ("torch.load", "torch.serialization.load"):
        return _torch(call, written)
    if name.startswith(_KERAS):
        if name.endswith(".enable_unsafe_deserialization") or _says_of(call, "safe_mode") is False:
            return f"`{written}` lets a model file run code of its own: leave the safe mode on", 1.0
        return None
    if name in _LOADERS or (name == "numpy.load" and _says_of(call, "allow_pickle") is True):
        return None if paths.is_own(call) else (f"`{written}` runs whatever code the file carries: {_cure(name)}", 0.8)
    return None


def _torch(call: ast.Call, written: str) -> tuple[str, float] | None:
    if not any(keyword.arg == "weights_only" for keyword in call.keywords):
        return f"`{written}` runs code that the file carries under torch before 2.6: pass weights_only=True", 0.8
    if _says_of(call, "weights_only") is False:
        return f"`{written}` runs whatever code the file carries: load weights only, or another format", 1.0
    return None


def _says_of(call: ast.Call, keyword: str) -> object:
    value = next((k.value for k in call.keywords if k.arg == keyword), None)
    return value.value if isinstance(value, ast.Constant) else None


def _cure(name: str) -> str:
    if name == "numpy.load":
        return "save plain arrays and leave allow_pickle off"
    return "keep it in a format that holds data only"


def _written(call: ast.Call) -> str:
    whole = ast.unparse(call)
    return whole if len(whole) <= _LONGEST else f"{ast.unparse(call.func)}(...)"
