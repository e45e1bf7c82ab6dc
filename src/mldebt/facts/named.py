"""Names of stored things that a module keeps, gives as the default of an option, or hands to the repository's code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.syntax import Module, chain
from mldebt.facts.templates import Templates
from mldebt.facts.touches import telling
from mldebt.facts.tracing import At, Tracing, asks_base
from mldebt.facts.values import last_name
from mldebt.facts.ways import HOLE
from mldebt.model import Passed

_LONGEST = 200  # characters of a text that may name something
_PATH_NAME = re.compile(
    r"(path|dir|directory|folder|file|filename|fname|csv|uri|url|table|topic|ckpt|checkpoint|weights|root|_src|_dst)"
    r"s?\d*$|(?:train|test|val|valid|dev|raw|data|model)_(?:in|out)put$",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"\.(?:csv|tsv|txt|jsonl?|parquet|feather|arrow|pkl|pickle|p|joblib|pt|pth|ckpt|bin|h5|hdf5|keras|onnx|np[yz]|mat|db"
    r"|sqlite3?|xlsx?|xml|ya?ml|toml|zip|t?gz|tar|bz2|png|jpe?g|wav|mp[34]|pb|tflite|safetensors|model|dat|log|html|sav)$"
    r"|[\w.]/[\w.{]|^\w+://"
)
_UNFIT = re.compile(r"[\s⟨⟩\0]")  # what no name has in it that a module keeps
_MOVES = re.compile(
    r"load|read|save|write|dump|open|fetch|store|export|import|from_|to_|process|prepare|run|train|make"
)
_COMMANDS = frozenset({"click", "typer", "rich_click", "asyncclick"})
_BUILDS = frozenset({"join", "joinpath", "Path", "format", "with_suffix"})
_NAMING = _BUILDS | frozenset("getenv get str abspath dirname realpath resolve expanduser".split())


def names(module: Module, templates: Templates) -> Iterator[tuple[str, str]]:
    """The names with holes that are kept under a name, and the defaults of options under `--option`."""
    for holder, statement in _kept(module):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if statement.value is None or not _may_name(statement.value):
            continue
        plain = statement.value.value if isinstance(statement.value, ast.Constant) else None
        for target in targets:
            if isinstance(target, ast.Name):
                ways = (plain,) if isinstance(plain, str) else templates.of(statement.value)
                yield from ((f"{holder}{target.id}", way) for way in _short(ways))
    yield from _defaults(module, templates)


def _defaults(module: Module, templates: Templates) -> Iterator[tuple[str, str]]:
    """The defaults of the options that a module declares."""
    flags = [name for name in module.called if name.startswith("DEFINE_")]
    declares = flags or "add_argument" in module.called or not _COMMANDS.isdisjoint(module.packages)
    for call in module.calls(("add_argument", "option", *flags)) if declares else ():
        if last_name(call.func) in ("add_argument", "option"):
            yield from _option(call, templates) if call.args else ()
        elif len(call.args) > 1 and isinstance(call.args[0], ast.Constant):
            yield from ((f"--{call.args[0].value!s}", way) for way in _short(templates.of(call.args[1])))


def _kept(module: Module) -> Iterator[tuple[str, ast.Assign | ast.AnnAssign]]:
    """The assignments at the module's top and in its classes, with what stands before the name."""
    for statement in module.tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            yield "", statement
        elif isinstance(statement, ast.ClassDef):
            inner = (s for s in statement.body if isinstance(s, ast.Assign | ast.AnnAssign))
            yield from ((f"{statement.name}.", s) for s in inner)


def _may_name(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        text = value.value
        return isinstance(text, str) and 1 < len(text) < _LONGEST and _UNFIT.search(text) is None
    if isinstance(value, ast.Call):
        return last_name(value.func) in _NAMING
    return isinstance(value, ast.JoinedStr | ast.BinOp)


def _short(ways: tuple[str, ...]) -> Iterator[str]:
    return (way for way in telling(ways) if " " not in HOLE.sub("", way))


def _option(call: ast.Call, templates: Templates) -> Iterator[tuple[str, str]]:
    default = next((k.value for k in call.keywords if k.arg == "default"), None)
    flags = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    dest = next((k.value.value for k in call.keywords if k.arg == "dest" and isinstance(k.value, ast.Constant)), None)
    long = next((flag for flag in flags if flag.startswith("--")), None)
    name = str(dest) if dest else (long or "").lstrip("-").replace("-", "_")
    if default is not None and name:
        yield from ((f"--{name}", way) for way in _short(templates.of(default)))


def handed(module: Module, templates: Templates, tracing: Tracing, owner_of: At) -> Iterator[Passed]:
    """The calls of the repository's own that are given something that looks like a name of something stored."""
    seen: dict[str, bool] = {}
    moves: dict[str, bool] = {}
    roots = tracing.roots
    methods = {function.name for function in module.of(ast.FunctionDef)}
    for call in module.of(ast.Call):
        if not (call.args or call.keywords):
            continue
        own = _is_own(call.func, roots, methods, moves)
        if own is False or call in tracing.touching:
            continue
        given = list(_given(call, own is None, seen))
        if not given:
            continue
        callee = tracing.callee(call)
        if callee:
            names = tuple((key, way) for key, value in given for way in telling(templates.of(value)))
            if names:
                yield Passed(owner_of(call), callee, names)


def _is_own(function: ast.expr, roots: dict[str, bool], methods: set[str], moves: dict[str, bool]) -> bool | None:
    """Whether what is called is the repository's own; None for a method of nobody knows what that may move data."""
    if isinstance(function, ast.Name):
        return roots.get(function.id, False)
    if not isinstance(function, ast.Attribute):
        return False
    root = chain(function)
    if root is None:
        return function.attr == "__init__" and asks_base(function)
    name, parts = root[0].id, root[1]
    if name == "self":
        return function.attr in methods and len(parts) == 1
    own = roots.get(name)
    return own if own is not None or (len(parts) == 1 and _moves(function.attr, moves)) else False


def _moves(word: str, seen: dict[str, bool]) -> bool:
    """Whether a method of nobody knows what may read or write what it is given the name of, by what it is called."""
    if word not in seen:
        seen[word] = bool(_MOVES.search(word))
    return seen[word]


def _given(call: ast.Call, local: bool, seen: dict[str, bool]) -> Iterator[tuple[str, ast.expr]]:
    """The arguments that may name something stored; of a call on a local object texts alone."""
    kinds = _TEXTS if local else _NAMING_NODES
    for i, value in enumerate(call.args):
        if value.__class__ in kinds and _looks_named("", value, seen):
            yield str(i), value
    for keyword in call.keywords:
        if keyword.value.__class__ in kinds and keyword.arg and _looks_named(keyword.arg, keyword.value, seen):
            yield keyword.arg, keyword.value


def _looks_named(key: str, value: ast.expr, seen: dict[str, bool]) -> bool:
    """Whether an argument may name something stored, by its form alone; `seen` are the words looked at before."""
    if isinstance(value, ast.Name):
        return _says_path(value.id, seen)
    if isinstance(value, ast.Constant):
        text = value.value
        if not isinstance(text, str) or not text or len(text) > _LONGEST:
            return False
        return bool(_PATH.search(text)) or (bool(key) and _says_path(key, seen))
    if isinstance(value, ast.Attribute):
        return _says_path(value.attr, seen) or value.attr.endswith("_list")
    return _builds(value, seen)


def _builds(value: ast.expr, seen: dict[str, bool]) -> bool:
    """Whether an expression that is put together may be a path."""
    match value:
        case ast.Subscript(slice=ast.Constant(value=str(word))):
            return _says_path(word, seen)
        case ast.BinOp(op=ast.Div(), right=right):
            return not (isinstance(right, ast.Constant) and not isinstance(right.value, str))
        case ast.BinOp(op=ast.Add(), right=ast.Constant(value=str())):
            return True
        case ast.JoinedStr(values=parts):
            return any(isinstance(v, ast.Constant) and ("/" in str(v.value) or "." in str(v.value)) for v in parts)
    return isinstance(value, ast.Call) and last_name(value.func) in _BUILDS


def _says_path(word: str, seen: dict[str, bool]) -> bool:
    if word not in seen:
        seen[word] = bool(_PATH_NAME.search(word))
    return seen[word]


_TEXTS = frozenset({ast.Constant, ast.BinOp, ast.JoinedStr})
_NAMING_NODES = _TEXTS | {ast.Name, ast.Attribute, ast.Subscript, ast.Call}
