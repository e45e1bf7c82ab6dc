"""A model or data set taken from a hub by its name alone, without a revision.

## Why it is debt
Whoever owns the name can change what is behind it. The same code then trains on other rows or starts from other
weights, and nothing in the repository tells since when.

## Flagged
```python
from datasets import load_dataset
from transformers import AutoModel

rows = load_dataset("stanfordnlp/imdb", split="train")  # debt
print(rows, AutoModel.from_pretrained("google-bert/bert-base-uncased"))  # debt
```

## Fine
```python
import sys

from datasets import load_dataset
from transformers import AutoModel

rows = load_dataset("stanfordnlp/imdb", split="train", revision="e6281661ce1c48d982bc483cf8a173c1bbeb5d31")
lines = load_dataset("csv", data_files="rows.csv")
print(rows, lines, AutoModel.from_pretrained("./checkpoints/last"), AutoModel.from_pretrained(sys.argv[1]))
```

## Limits
Only names written where they are used; one finding for each name and file. Any `revision` counts, a branch too. Tests
and what may be a folder of the repository are left alone.

## Source
Hugging Face Hub documentation, "revision"; PyTorch documentation, torch.hub.load; B615 of Bandit.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.facts.traits import is_test
from mldebt.facts.values import last_name
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(3, source="our estimate: look the commit up and pass it"),
    since="0.1.0",
)

_HUBS = frozenset("transformers diffusers datasets huggingface_hub sentence_transformers peft evaluate".split())
_LOADS = frozenset("datasets.load_dataset huggingface_hub.hf_hub_download huggingface_hub.snapshot_download".split())
_SPELLINGS = frozenset("from_pretrained load_dataset hf_hub_download snapshot_download".split())
_PLACE = re.compile(r"[A-Za-z0-9][\w.\-]*(?:/[A-Za-z0-9][\w.\-]*)?")
# what load_dataset calls the forms of local files
_FORMS = frozenset("csv json text parquet arrow pandas imagefolder audiofolder webdataset sql generator xml".split())
_FOLDERS = re.compile(
    r"^(?:models?|checkpoints?|ckpts?|outputs?|data|saved\w*|weights|results?|runs)(?:/|$)|\.[a-z]{2,4}$"
)
_ID = ("repo_id", "path", "pretrained_model_name_or_path", "repo")


def find(module: Module) -> Iterator[Hit]:
    if not module.packages & _HUBS or is_test(module):
        return
    found: dict[str, list[ast.Call]] = {}
    for call in module.of(ast.Call):
        if last_name(call.func) in _SPELLINGS and _is_load(module.name(call.func) or ""):
            name = _name_in(call)
            if name is not None:
                found.setdefault(name, []).append(call)
    for name, (first, *others) in found.items():
        see = tuple(Related(module.first_line(call), "loads it too") for call in others)
        says = f"`{name}` is whatever its owner makes of it tomorrow: pass `revision=` with a commit"
        yield Hit(module.place(first), says, symbol=name, see=see)


def _is_load(name: str) -> bool:
    package = name.partition(".")[0]
    return name in _LOADS or (name.endswith(".from_pretrained") and package in _HUBS)


def _name_in(call: ast.Call) -> str | None:
    """The name on the hub that a call loads without a revision; None if it has one, or may be no name."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if not given.keys().isdisjoint(("revision", None, "data_files", "data_dir")):
        return None
    value = call.args[0] if call.args else next((given[word] for word in _ID if word in given), None)
    name = value.value if isinstance(value, ast.Constant) else None
    if not isinstance(name, str) or not _PLACE.fullmatch(name) or name in _FORMS or _FOLDERS.search(name):
        return None
    return name
