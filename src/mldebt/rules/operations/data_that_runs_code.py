"""A file, name or text from elsewhere that is read in a way which runs code in it, or writes where it wants.

## Why it is debt
A configuration, an archive or a model repository is taken for data and reviewed by nobody. Read like this it may run
commands or overwrite files on every machine that trains or serves.

## Flagged
```python
import sys
import tarfile

import yaml
from transformers import AutoModel

with open(sys.argv[1]) as file:
    print(yaml.load(file, Loader=yaml.Loader))  # debt
with tarfile.open(sys.argv[2]) as archive:
    archive.extractall("data")  # debt
print(AutoModel.from_pretrained(sys.argv[3], trust_remote_code=True))  # debt
```
```python
import pandas as pd
from flask import Flask, request

app = Flask(__name__)
rows = pd.read_csv("rows.csv")


@app.route("/rows")
def answer():
    return rows.query(request.args["where"]).to_json()  # debt
```

## Fine
```python
import sys
import tarfile

import yaml
from transformers import AutoModel

with open(sys.argv[1]) as file:
    print(yaml.safe_load(file), yaml.load(file, Loader=yaml.FullLoader), yaml.load(file, yaml.SafeLoader))
with tarfile.open(sys.argv[2]) as archive:
    archive.extractall("data", filter="data")
print(AutoModel.from_pretrained(sys.argv[3], revision="0123abc"))
```
```python
import pandas as pd
from flask import Flask, request

app = Flask(__name__)
rows = pd.read_csv("rows.csv")


@app.route("/rows")
def answer():
    least = float(request.args["least"])
    return rows.query(f"price > {least}").query("sold > @least").to_json()
```

## Limits
`trust_remote_code=True` with a fixed revision has been looked at by somebody and is left alone, and so are tests.
Python 3.14 refuses the worst archives by itself; earlier ones do not. Pickles are another rule's. `eval`, `exec`, and
pandas' `eval` and `query` are judged only on what a request to a web application brings, and loaded libraries of
operations only if the same file downloads them: everything else is the program's own, or its user's.

## Source
PyYAML documentation, "Loading YAML"; PEP 706; Hugging Face documentation, custom models; pandas documentation,
pandas.eval ("can run arbitrary code"); CWE-22, CWE-95, CWE-426 and CWE-502.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.objects import Objects
from mldebt.facts.outside import Outside
from mldebt.facts.syntax import Module
from mldebt.facts.traits import is_test
from mldebt.facts.values import Values, last_name
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(5, source="our estimate: read with the safe form, run the code"),
    since="0.1.0",
)

_UNSAFE = frozenset("yaml.Loader yaml.UnsafeLoader yaml.CLoader yaml.loader.Loader yaml.loader.UnsafeLoader".split())
_HUBS = frozenset("transformers datasets diffusers huggingface_hub evaluate sentence_transformers torch".split())
_EVALUATES = frozenset({"eval", "exec", "query"})
_LIBRARIES = frozenset({"load_library", "load_op_library", "CDLL"})
_SERVERS = frozenset("flask fastapi starlette aiohttp bottle sanic quart litestar falcon django streamlit".split())
_MAKERS = frozenset({"tarfile.open", "tarfile.TarFile", "tarfile.TarFile.open"})


def find(module: Module) -> Iterator[Hit]:
    reads = module.packages & {"yaml", "tarfile"} or "trust_remote_code" in module.code.text
    takes = _takes(module)
    if not (reads or takes) or is_test(module):
        return
    values, outside = Values(module), Outside(module)
    for call in module.of(ast.Call) if reads else module.calls(_EVALUATES | _LIBRARIES):
        word = last_name(call.func)
        says = ""
        if word in _EVALUATES or word in _LIBRARIES:
            says = _of_text(module, outside, call) if takes else ""
        elif word in ("load", "load_all", "unsafe_load") and "yaml" in module.packages:
            says = _of_yaml(module, call)
        elif word in ("extractall", "extract") and "tarfile" in module.packages:
            says = _of_archive(values, call)
        elif any(keyword.arg == "trust_remote_code" for keyword in call.keywords):
            says = _of_hub(module, call)
        if says:
            yield Hit(module.place(call), says)


def _takes(module: Module) -> bool:
    """Whether a module may evaluate a text or load a library of operations that others decide."""
    text = module.code.text
    serves = not module.packages.isdisjoint(_SERVERS)
    return (serves and ("eval(" in text or "exec(" in text or ".query(" in text)) or any(w in text for w in _LIBRARIES)


def _of_text(module: Module, outside: Outside, call: ast.Call) -> str:
    name, word = module.name(call.func), last_name(call.func)
    first = call.args[0] if call.args else None
    if first is None:
        return ""
    if word in _LIBRARIES:
        is_known = name is not None and name.startswith(("torch.", "tensorflow.", "ctypes."))
        found = is_known and outside.downloaded(first)
        return "the downloaded library runs its code as it is loaded: fix and check its hash first" if found else ""
    if name not in ("eval", "exec", "pandas.eval") and not isinstance(call.func, ast.Attribute):
        return ""
    if not outside.asked(first):
        return ""
    receiver = call.func.value if isinstance(call.func, ast.Attribute) and name != "pandas.eval" else None
    if receiver is not None and not module.shared(Objects).is_a(receiver, "frame", "table"):
        return ""
    return f"`{word}` runs whatever a request sends: take values from it and write the expression here"


def _of_yaml(module: Module, call: ast.Call) -> str:
    name = module.name(call.func)
    if name == "yaml.unsafe_load":
        return "the YAML may make any object and run code: use `yaml.safe_load`"
    if name not in ("yaml.load", "yaml.load_all"):
        return ""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    loader = given.get("Loader", call.args[1] if len(call.args) > 1 else None)
    if None in given or (loader is not None and module.name(loader) not in _UNSAFE):
        return ""
    does = "may make any object and run code" if loader is not None else "runs code before PyYAML 5.1 and fails since 6"
    return f"the YAML {does}: use `yaml.safe_load`"


def _of_archive(values: Values, call: ast.Call) -> str:
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else call
    if any(keyword.arg in ("filter", "members", None) for keyword in call.keywords) or len(call.args) > 1:
        return ""
    opened = values.makers(receiver) & _MAKERS
    return 'the archive may write outside its folder: pass `filter="data"`' if opened else ""


def _of_hub(module: Module, call: ast.Call) -> str:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    trusts = given["trust_remote_code"]
    if "revision" in given or not isinstance(trusts, ast.Constant) or trusts.value is not True:
        return ""
    known = (module.name(call.func) or "").partition(".")[0] in _HUBS
    return "runs whatever code the owner of the name puts there: pass a `revision` that you have read" if known else ""
