"""A path that exists on one machine only, written into the code.

## Why it is debt
The script runs for its author and for nobody else, nor on the author's next machine, in CI or in a container. Each
user edits the source, and the edits come back as conflicts.

## Flagged
```python
import argparse

import pandas as pd

DATA_DIR = "/home/alice/churn/data"  # debt


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", default="/Users/bob/best.pt")  # debt
    return parser.parse_args()


rows = pd.read_csv(r"C:\\Users\\carol\\churn.csv")  # debt
print(rows, DATA_DIR, options())
```

## Fine
```python
import os

import pandas as pd

DATA_DIR = os.environ.get("DATA_DIR", "data")
rows = pd.read_csv(os.path.join(DATA_DIR, "churn.csv"))
print(rows, "for instance /home/you/data", rows["/home/page"])
```

## Limits
A literal counts if it begins with a folder that belongs to a user or a machine (`/home/…`, `/Users/…`, `/mnt/…`, a
drive letter, `/content/drive`, `/kaggle/…`, a cluster's scratch) and is used as a path: given to something that reads,
writes, joins or lists paths, kept under a name that says so, or the default of such an option. Places of the same
root in one file are one finding. Examples with made-up owners (`/home/user`, `/path/to`) are left alone, and so are
test files.

## Source
Pimentel et al., A Large-Scale Study About Quality and Reproducibility of Jupyter Notebooks, MSR 2019.
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
    severity="medium",
    minutes=Minutes(8, 2, "place", "our estimate: make it an option once, then use it in each place"),
    since="0.1.0",
)

_OWNED = re.compile(
    r"/(?:home|Users|mnt|media|root|scratch|workspace|gpfs|lustre|nfs|storage|Volumes)/[^/\s]+"
    r"|/data\d+/[^/\s]+|/content/(?:drive|gdrive)\b|/kaggle/\w+/[^/\s]+"
    r"|[A-Za-z]:[\\/]{1,2}(?!(?i:Windows|Program(?: ?Files|Data))\b)(?:Users[\\/]{1,2})?[^\\/\s:]+"
)
_HOSTED = {"/kaggle": "on Kaggle", "/content": "on Colab"}
_MADE_UP = re.compile(
    r"/(?:home|Users)/(?:user(?:name)?|me|you|your\w*|name|path|x{3,}|foo|<.*|\$.*|\{.*|\.{3})(?:/|$)|path.?to",
    re.IGNORECASE,
)
# what reads, writes, joins or lists paths, by the last part of its name; all that begin with `read_` do too
_CALLS = frozenset(
    """open Path PurePath PosixPath join joinpath exists isfile isdir listdir walk scandir makedirs mkdir glob iglob
    rglob abspath chdir remove rmtree copy copyfile copy2 move load save read write loadtxt savetxt fromfile tofile dump
    imread imwrite imshow from_pretrained save_pretrained load_model load_weights save_weights load_from_disk
    save_to_disk savefig to_csv to_json to_pickle to_parquet to_excel flow_from_directory image_dataset_from_directory
    ImageFolder DatasetFolder FileHandler ZipFile VideoCapture SummaryWriter append insert load_dataset Image getenv
    setdefault run Popen system""".split()
)
_PATH_NAME = re.compile(
    r"(path|dir|directory|folder|file|filename|root|home|ckpt|checkpoint|weights?|cfg|csv|loc)s?\d*$", re.IGNORECASE
)
_OPTIONS = frozenset({"add_argument", "option", "Option", "argument", "Argument"})
_FORMATTERS = frozenset({"format", "replace", "rstrip", "strip"})
# what may stand between a path and what it is used for
_TRANSPARENT = (ast.List, ast.Tuple, ast.Set, ast.IfExp, ast.BoolOp, ast.Starred, ast.FormattedValue)
_FEWEST = 8  # characters; shorter literals name a place that any machine has
_LONGEST = 60  # characters of a path that a message quotes


def find(module: Module) -> Iterator[Hit]:
    places: dict[str, list[ast.Constant]] = {}
    for literal in module.of(ast.Constant):
        text = literal.value
        if not isinstance(text, str) or len(text) < _FEWEST or not (text[0] == "/" or text[1] == ":"):
            continue
        match = _OWNED.match(text)
        if match and "\n" not in text and not _MADE_UP.search(text) and _is_used_as_path(module, literal):
            places.setdefault(_root(match[0]), []).append(literal)
    if not places or is_test(module):
        return
    for root, literals in places.items():
        first, *others = literals
        see = tuple(Related(module.place(other), f"`{_shown(other)}`") for other in others)
        yield Hit(module.place(first), _says(first, root, len(others)), see=see, units=len(literals), identity=root)


def _root(beginning: str) -> str:
    """What places have in common that one option could stand for."""
    hosted = next((prefix for prefix in _HOSTED if beginning.startswith(prefix)), None)
    return hosted or beginning.replace("\\", "/").replace("//", "/").lower()


def _says(first: ast.Constant, root: str, others: int) -> str:
    more = f" (and {others} more like it)" if others else ""
    where = _HOSTED.get(root, "on one machine")
    return f"`{_shown(first)}`{more} exists {where} only: make it an option, or relative to the repository"


def _shown(literal: ast.Constant) -> str:
    text = str(literal.value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def _is_used_as_path(module: Module, literal: ast.Constant) -> bool:
    """Whether the first thing around a literal that says what it is for says that it is a path."""
    inner: ast.AST = literal
    for up in module.ancestors(literal):
        verdict = _of_holder(module, up, inner)
        if verdict is not None:
            return verdict
        inner = up
    return False


def _of_holder(module: Module, up: ast.AST, inner: ast.AST) -> bool | None:
    """Whether a node makes what it holds a path; None if what is around the node decides."""
    match up:
        case ast.keyword(arg=name):
            return _names_path(name) or (name == "default" and _is_option(module, up))
        case ast.Call():
            return None if inner is up.func else inner in up.args and _takes_path(last_name(up.func))
        case ast.Assign() | ast.AnnAssign() | ast.NamedExpr() | ast.AugAssign():
            return inner is up.value and any(_names_path(_stored_as(t)) for t in _targets(up))
        case ast.Dict():
            return _is_path_value(up, inner)
        case ast.arguments():
            return _is_path_default(up, inner)
    return None if _hands_on(up, inner) else False


def _hands_on(up: ast.AST, inner: ast.AST) -> bool:
    """Whether an expression that begins with a path, or chooses one, is a path as well."""
    match up:
        case ast.BinOp(left=first) | ast.JoinedStr(values=[first, *_]):
            return inner is first
        case ast.Attribute(attr=name):
            return name in _FORMATTERS
    return isinstance(up, _TRANSPARENT)


def _is_path_value(up: ast.Dict, value: ast.AST) -> bool:
    pairs = zip(up.keys, up.values, strict=True)
    return any(v is value and isinstance(k, ast.Constant) and _names_path(k.value) for k, v in pairs)


def _takes_path(name: str) -> bool:
    return name in _CALLS or name.startswith("read_")


def _names_path(name: object) -> bool:
    return isinstance(name, str) and bool(_PATH_NAME.search(name))


def _is_option(module: Module, keyword: ast.keyword) -> bool:
    """Whether a keyword belongs to the definition of a command-line option."""
    call = module.parent(keyword)
    return isinstance(call, ast.Call) and last_name(call.func) in _OPTIONS


def _targets(up: ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.AugAssign) -> list[ast.expr]:
    found = up.targets if isinstance(up, ast.Assign) else [up.target]
    return [e for t in found for e in (t.elts if isinstance(t, ast.Tuple | ast.List) else [t])]


def _is_path_default(arguments: ast.arguments, default: ast.AST) -> bool:
    plain = [*arguments.posonlyargs, *arguments.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = []
    pairs += zip(reversed(plain), reversed(arguments.defaults), strict=False)
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return any(d is default and _names_path(a.arg) for a, d in pairs)


def _stored_as(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript):
        return str(target.slice.value) if isinstance(target.slice, ast.Constant) else ""
    return last_name(target)
