"""What a module reads of configuration files: which calls load one, and which keys it takes a whole value from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name

LOADS = frozenset(
    """yaml.safe_load yaml.load yaml.full_load yaml.unsafe_load omegaconf.OmegaConf.load json.load json.loads toml.load
    toml.loads tomllib.load tomllib.loads tomli.load tomli.loads OmegaConf.load""".split()
)
_LAST = frozenset({"main", *(name.rpartition(".")[2] for name in LOADS)})
_WRITTEN = (ast.Store, ast.Del)
_BY_KEY = frozenset({"get", "getattr", "pop", "select", "setdefault", "attrgetter", "itemgetter", "hasattr"})
_LOADERS = ("yaml", "OmegaConf", "json", "toml", "hydra")
HYDRA = "hydra"
FILE = "file"
_SUFFIXES = (".yaml", ".yml", ".json", ".toml")
_OPENS = frozenset({"open", "load", "loads", "safe_load", "full_load", "read_text"})
_JOINS = frozenset({"join", "Path", "PurePath", "abspath", "expanduser", "str"})
_WORD = re.compile(r"[A-Za-z_]\w*$")


def loads(module: Module) -> tuple[str, ...]:
    """The calls that load a configuration, sorted.

    Also "hydra folder name" for what `hydra.main` is told, and "file name" for a literal that is opened, or that an
    option has as its default.
    """
    if not module.shared(_may_load):
        return ()
    found: set[str] = set()
    for call in module.calls({*_LAST, *_OPENS, "add_argument"}):
        name = module.name(call.func) if last_name(call.func) in _LAST else None
        if name in LOADS:
            found.add(name)
        elif name is not None and name.endswith("hydra.main"):
            found.add(" ".join((HYDRA, *_told(call))))
        if last_name(call.func) in _OPENS:
            found.update(f"{FILE} {name}" for name in _opened(module, call))
        elif last_name(call.func) == "add_argument":
            given = (_literal(k.value) for k in call.keywords if k.arg == "default")
            found.update(f"{FILE} {text}" for text in given if text)
    return tuple(sorted(found))


def _opened(module: Module, call: ast.Call) -> Iterator[str]:
    """The literal names of configuration files in what is opened, also through a variable set once."""
    for node in call.args[:1]:
        inner: ast.expr = node
        while isinstance(inner, ast.Call) and last_name(inner.func) in _JOINS and inner.args:
            inner = inner.args[-1]
        if isinstance(inner, ast.Name):
            home = module.scope(inner).resolve(inner.id)
            bindings = home.bindings[inner.id] if home is not None else []
            up = module.parent(bindings[0]) if len(bindings) == 1 else None
            inner = up.value if isinstance(up, ast.Assign) else inner
        text = _literal(inner)
        if text:
            yield text


def _literal(node: ast.expr) -> str:
    """A literal name of a configuration file; empty for anything else."""
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return text if text.endswith(_SUFFIXES) and " " not in text else ""


def _may_load(module: Module) -> bool:
    return any(word in module.code.text for word in _LOADERS)


def load_calls(module: Module) -> Iterator[ast.Call]:
    """The calls that load a configuration."""
    if module.shared(_may_load):
        yield from (call for call in module.calls(_LAST) if module.name(call.func) in LOADS)


def _told(call: ast.Call) -> list[str]:
    """The folder and the name that `hydra.main` is given, each "?" if it is computed, "." if it is not given."""
    given = dict(zip(("config_path", "config_name"), call.args, strict=False))
    given.update((k.arg, k.value) for k in call.keywords if k.arg)
    told = (given.get("config_path"), given.get("config_name"))
    return ["." if n is None else str(n.value or ".") if isinstance(n, ast.Constant) else "?" for n in told]


def finals(module: Module) -> tuple[str, ...]:
    """The names whose value is taken as a whole: by an attribute or a key that no other follows; sorted."""
    found: set[str] = set()
    for scope in module.scopes:
        for _, suffix, node in scope.reads:
            if suffix:
                found.add(_last(module, node, suffix))
        for loose, parts, _ in scope.loose:
            found.add(_last(module, loose, ".".join(parts)))
    for subscript in module.of(ast.Subscript):
        key = subscript.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and not _goes_on(module, subscript):
            found.add(key.value)
    for call in module.calls(_BY_KEY):
        if not _goes_on(module, call):
            found.update(a.value for a in call.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str))
    return tuple(sorted(name for name in found if _WORD.match(name)))


def _last(module: Module, node: ast.AST, attributes: str) -> str:
    """The attribute of a chain that is taken as a whole, empty if none is; of `a.b.items()` that is b."""
    up = module.parent(node)
    before, _, last = attributes.rpartition(".")
    if isinstance(up, ast.Call) and up.func is node:
        return before.rpartition(".")[2] if last not in _BY_KEY else ""
    return "" if _goes_on(module, node) else last


def _goes_on(module: Module, node: ast.AST) -> bool:
    """Whether a key of the value is read at once, or the value is written to."""
    up = module.parent(node)
    if isinstance(getattr(node, "ctx", None), _WRITTEN):
        return True
    if isinstance(up, ast.Subscript) and up.value is node:
        return isinstance(up.slice, ast.Constant) and isinstance(up.slice.value, str)
    return isinstance(up, ast.Attribute) and not _takes_all(module, up)


def _takes_all(module: Module, node: ast.Attribute) -> bool:
    call = module.parent(node)
    return node.attr in ("items", "values", "copy", "keys") and isinstance(call, ast.Call) and call.func is node
