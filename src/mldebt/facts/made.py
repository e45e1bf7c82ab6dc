"""What the methods, attributes, parts and calls of library objects give, by the tables of kinds."""

from __future__ import annotations

import ast
from collections.abc import Callable

from mldebt.facts.kinds import ATTRIBUTES, BUILTINS, CLASSES, FUNCTIONS, MAKERS, METHODS, TABLES, Kind

Kinds = frozenset[Kind]
Ask = Callable[[ast.AST], Kinds]
_UNKNOWN: Kinds = frozenset({"?"})
# of two operands the one that comes first here makes the result
_STRONGEST: tuple[Kind, ...] = ("frame", "table", "series", "tensor", "tf-tensor", "array", "index")
# for each element, of the kind they are given
_ELEMENTWISE = frozenset("abs exp log log2 log10 log1p expm1 sqrt square sign floor ceil round rint power".split())
# libraries whose functions give no table
_FOREIGN: tuple[tuple[str, Kinds], ...] = (
    ("torch.load", _UNKNOWN),
    ("torch.", frozenset({"tensor", "other"})),
    ("numpy.", frozenset({"array", "scalar"})),
    ("tensorflow.", frozenset({"tf-tensor", "other"})),
    ("math.", frozenset({"scalar"})),
)
_NO_OBJECTS = tuple("os. re. json. pathlib. argparse. collections. pyspark. polars. dask. jax. logging.".split())


def called_by_name(name: str, call: ast.Call, ask: Ask) -> Kinds:
    """What a call of something with a qualified name gives."""
    kind = MAKERS.get(name) or FUNCTIONS.get(name)
    last = name.rpartition(".")[2]
    if kind is not None:
        return _told(name, kind, call, ask)
    if last.lstrip("_")[:1].isupper():
        found = next((kind for prefix, kind in CLASSES if name.startswith(prefix)), None)
        if found is not None:
            return frozenset({found})
    if name.startswith("keras.applications."):
        return frozenset({"keras-model"}) if last[:1].isupper() else _UNKNOWN
    if name.startswith("torchvision.models."):
        return frozenset({"module"})
    if name in BUILTINS:
        return frozenset({BUILTINS[name]})
    if name.startswith(_NO_OBJECTS):
        return frozenset({"other"})
    return next((kinds for prefix, kinds in _FOREIGN if name.startswith(prefix)), _UNKNOWN)


def _told(name: str, kind: Kind, call: ast.Call, ask: Ask) -> Kinds:
    """A maker's kind, unless its arguments make it another."""
    given = {k.arg: k.value for k in call.keywords}
    if name.startswith("pandas."):
        if _is_set(given.get("chunksize")) or _is_set(given.get("iterator")) or "squeeze" in given:
            return frozenset({"other"})
        sheet = given.get("sheet_name", 0)
        if sheet != 0 and (_is_none(sheet) or isinstance(sheet, ast.List)):
            return frozenset({"other"})
        if name == "pandas.concat":
            parts = call.args[0].elts if call.args and isinstance(call.args[0], ast.List | ast.Tuple) else []
            is_wide = isinstance(given.get("axis"), ast.Constant) or any("frame" in ask(part) for part in parts)
            return frozenset({"frame" if is_wide else "table"})
    if name.startswith("numpy.") and name.rpartition(".")[2] in _ELEMENTWISE and call.args:
        tables = ask(call.args[0]) & (TABLES | {"tensor"})
        return tables or frozenset({kind})
    return frozenset({kind})


def _is_set(value: ast.expr | None) -> bool:
    return value is not None and not (isinstance(value, ast.Constant) and not value.value)


def _is_none(value: object) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def method_of(receiver: Kinds, call: ast.Call, ask: Ask) -> Kinds:
    """What a method of an object gives, or calling an object that is kept as an attribute."""
    assert isinstance(call.func, ast.Attribute), "a method is an attribute"
    method = call.func.attr
    found: set[Kind] = set()
    for kind in receiver:
        if kind == "table" and ("frame", method) in METHODS and any(k.arg == "axis" for k in call.keywords):
            found.add(METHODS["frame", method])
        elif kind == "table":
            found.add(_of_either(METHODS, method))
        else:
            found.add(METHODS.get((kind, method), "?"))
    return frozenset(found) or _UNKNOWN


def _of_either(table: dict[tuple[str, str], Kind], name: str) -> Kind:
    """What a method or attribute gives that a DataFrame or a Series may have: theirs, or that of the one that has
    it."""
    own, frame, series = (table.get((kind, name)) for kind in ("table", "frame", "series"))
    if own is not None or frame == series:
        return own or frame or "?"
    if frame is None or series is None:
        return frame or series or "?"
    return "table" if {frame, series} <= TABLES else "?"


def attribute_of(owner: Kinds, attribute: str) -> Kinds:
    """What an attribute of an object is; of a table, anything else that is no method is a column."""
    found: set[Kind] = set()
    for kind in owner:
        told = _of_either(ATTRIBUTES, attribute) if kind == "table" else ATTRIBUTES.get((kind, attribute), "?")
        if told == "?" and kind in ("frame", "table") and not any((k, attribute) in METHODS for k in TABLES):
            told = "series"
        found.add(told)
    return frozenset(found) or _UNKNOWN


def combined(left: Kinds, right: Kinds) -> Kinds:
    """What arithmetic or a comparison of two objects gives."""
    both = left | right
    strongest = next((kind for kind in _STRONGEST if kind in both), None)
    if strongest is not None:
        return frozenset({strongest})
    return frozenset({"scalar"}) if both == {"scalar"} else _UNKNOWN


def part_of(whole: Kinds, node: ast.Subscript, ask: Ask) -> Kinds:
    """What a subscript takes out of an object."""
    found: set[Kind] = set()
    for kind in whole:
        if kind == "frame":
            found |= _columns(node, ask)
        elif kind == "series":
            found.add("series" if _is_many(node.slice, ask) else "?")
        elif kind in ("table", "grouped", "array", "tensor", "tf-tensor"):
            found.add(kind)
        else:
            found.add("?")
    return frozenset(found) or _UNKNOWN


def _columns(node: ast.Subscript, ask: Ask) -> Kinds:
    """What `df[...]` or `df.loc[...]` gives."""
    index = node.slice
    is_located = isinstance(node.value, ast.Attribute) and node.value.attr in ("loc", "iloc", "ix")
    if is_located and isinstance(index, ast.Tuple) and len(index.elts) == 2:
        rows, columns = (_is_many(part, ask) for part in index.elts)
        return frozenset({"frame"} if rows and columns else {"series"} if rows or columns else {"?"})
    if isinstance(node.value, ast.Attribute) and node.value.attr in ("at", "iat"):
        return frozenset({"scalar"})
    if _is_many(index, ask):
        return frozenset({"frame"})
    if isinstance(index, ast.Constant | ast.JoinedStr | ast.BinOp) or "scalar" in ask(index):
        return frozenset({"series"})
    return frozenset({"table"})


def _is_many(index: ast.expr, ask: Ask) -> bool:
    """Whether an index takes several: a slice, a list, a mask."""
    if isinstance(index, ast.Slice | ast.List | ast.Compare | ast.ListComp | ast.UnaryOp | ast.BoolOp):
        return not (isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub))
    if isinstance(index, ast.Constant | ast.JoinedStr):
        return False
    return bool(ask(index) & {"series", "frame", "table", "index", "array"})


def element_of(iterable: ast.expr, ask: Ask, path: list[int]) -> Kinds:
    """What a round of a loop over an object gets; `path` are the positions it is unpacked at."""
    if isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Attribute):
        method = iterable.func.attr
        if method in ("iterrows", "items", "iteritems") and path:
            if method == "iterrows" or ask(iterable.func.value) & {"frame"}:
                return frozenset({"series"} if path[0] else {"scalar"})
            return _UNKNOWN
        if method == "itertuples":
            return frozenset({"other"})
    kinds = ask(iterable)
    if "grouped" in kinds and path:
        return frozenset({"table"} if path[0] else {"scalar"})
    if kinds <= {"tensor"} and not path:
        return kinds
    return frozenset({"scalar"}) if kinds <= {"frame", "index"} else _UNKNOWN
