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
environment that the code does not control, so it is flagged, with less confidence, until it is written out, or the
file lists the classes it allows (`safe_globals`); a value that is computed is not flagged. For `weights_only=False`
and the other loaders a path made of constants only is taken for a file of the repository, and one that the same file
also writes for its own: neither is flagged. Nor are test files. A restricted `Unpickler` is not judged.

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
    minutes=Minutes(2, 18, "format", "our estimate: ask for weights only, or keep the data in another format"),
    since="0.1.0",
)

_SPELLINGS = frozenset({"load", "loads", "read_pickle", "load_model", "enable_unsafe_deserialization"})
_PICKLES = ("pickle", "cPickle", "_pickle", "pickle5", "six.moves.cPickle", "dill", "cloudpickle")
_LOADERS = frozenset(
    [f"{module}.{name}" for module in _PICKLES for name in ("load", "loads")]
    + ["joblib.load", "sklearn.externals.joblib.load", "pandas.read_pickle", "pandas.io.pickle.read_pickle"]
)
_KERAS = ("keras.", "tensorflow.", "tf_keras.")
# who lists the classes that may be unpickled relies on torch 2.6, which asks for them
_ALLOWS = frozenset({"safe_globals", "add_safe_globals"})
_LONGEST = 50  # characters of source that a message quotes


def find(module: Module) -> Iterator[Hit]:
    calls = [c for c in module.of(ast.Call) if last_name(c.func) in _SPELLINGS]
    if not calls or is_test(module):
        return
    paths = Paths(module)
    for call in calls:
        name = module.name(call.func)
        if name is None or any(keyword.arg is None for keyword in call.keywords):
            continue
        if name in ("torch.load", "torch.serialization.load"):
            yield from _of_torch(module, call, paths)
        elif name in _LOADERS or (name == "numpy.load" and _says_of(call, "allow_pickle") is True):
            if not paths.is_own(call):
                yield _hit(module, call, f"runs whatever code the file carries: {_cure(name)}", 0.8, 1)
        elif name.startswith(_KERAS) and (
            name.endswith(".enable_unsafe_deserialization") or _says_of(call, "safe_mode") is False
        ):
            yield _hit(module, call, "lets a model file run code of its own: leave the safe mode on", 1.0)


def _of_torch(module: Module, call: ast.Call, paths: Paths) -> Iterator[Hit]:
    own = paths.is_own(call)
    if not any(keyword.arg == "weights_only" for keyword in call.keywords):
        if any(last_name(other.func) in _ALLOWS for other in module.of(ast.Call)):
            return
        says = "runs code that the file carries under torch before 2.6: pass weights_only=True"
        yield _hit(module, call, says, 0.6 if own else 0.8)
    elif _says_of(call, "weights_only") is False and not own:
        yield _hit(module, call, "runs whatever code the file carries: load weights only, or another format", 0.9, 1)


def _hit(module: Module, call: ast.Call, does: str, confidence: float, formats: int = 0) -> Hit:
    text = ast.unparse(call)
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
    return Hit(module.place(call), f"`{shown}` {does}", confidence=confidence, units=formats)


def _says_of(call: ast.Call, keyword: str) -> object:
    value = next((k.value for k in call.keywords if k.arg == keyword), None)
    return value.value if isinstance(value, ast.Constant) else None


def _cure(name: str) -> str:
    if name == "numpy.load":
        return "save plain arrays and leave allow_pickle off"
    return "keep it in a format that holds data only"
