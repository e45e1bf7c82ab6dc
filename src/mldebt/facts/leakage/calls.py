"""What a call gives: of the module's own functions, of the libraries', of methods."""

from __future__ import annotations

import ast
import re

from mldebt.facts.leakage import estimators, frames, splits
from mldebt.facts.leakage.figures import figure, mixed
from mldebt.facts.leakage.inside import apply, enter, make_own
from mldebt.facts.leakage.libraries import FUNCTIONS, SEARCHES, SPLITTERS, STACKS, VALIDATIONS, kind_of
from mldebt.facts.leakage.lineage import NOTHING, Step, Value, bare, taught, together
from mldebt.facts.leakage.rows import Rows
from mldebt.facts.leakage.state import State
from mldebt.facts.leakage.targets import element

_METRIC = re.compile(
    r"score|accura|error|auc|report|confusion|metric|loss|rmse|mse|mae|mape|rmsle|r2|evaluat|precision|recall|f1|kappa|corrcoef",
    re.IGNORECASE,
)
_WRAPPERS = frozenset({"list", "tuple", "tqdm", "trange", "iter", "reversed", "sorted", "cycle"})
_NUMBERING = frozenset({"arange", "permutation", "range", "randperm"})


def call(state: State, node: ast.Call) -> Value:
    """The value of a call."""
    name = state.module.name(node.func)
    if name is None and isinstance(node.func, ast.Attribute):
        return _method(state, node, node.func)
    if name is None:
        state.evaluate(state, node.func)
    given = _given(state, node)
    if name in state.functions:
        return enter(state, node, name, "", given)
    word = (name or "").rpartition(".")[2]
    return _function(state, node, name or "", word, given)


def _given(state: State, node: ast.Call) -> list[Value]:
    return [state.evaluate(state, a) for a in (*node.args, *(k.value for k in node.keywords))]


def _method(state: State, node: ast.Call, function: ast.Attribute) -> Value:
    word = function.attr
    base = state.evaluate(state, function.value)
    own = _own_method(state, function, base)
    if own:
        return enter(state, node, own, own.rpartition(".")[0], _given(state, node))
    if word in estimators.METHODS or (word == "split" and base.things):
        is_data = word in ("transform", "score") and base.rows and not base.things
        value = None if is_data else estimators.method(state, node, word, base)
        if value is not None:
            return value
    given = _given(state, node)
    if _METRIC.search(word):
        estimators.measure(state, node, given)
    if frames.grow(state, node, word, given):
        return NOTHING
    if word == "isin":
        return frames.mask_of(node, word, given[0] if given else NOTHING)
    if word in ("items", "values", "keys") and base.elements is not None:
        return base if word == "values" else _pairs(NOTHING, base) if word == "items" else NOTHING
    if base.rows:
        return frames.method(state, node, word, base, given, apply)
    if base.things or base.figures:
        return base._replace(elements=None)
    return _unknown(state, node, given)


def _own_method(state: State, function: ast.Attribute, base: Value) -> str:
    """The name of a method of the module's own classes; empty if it is none of those."""
    is_own = isinstance(function.value, ast.Name) and function.value.id == "self"
    owners = [state.owners[-1]] if is_own else sorted(t.owner for t in base.things)
    return next((f"{o}.{function.attr}" for o in owners if o and f"{o}.{function.attr}" in state.functions), "")


def _function(state: State, node: ast.Call, name: str, word: str, given: list[Value]) -> Value:
    own = make_own(state, node, name, given)
    if own is not None:
        return own
    kind = kind_of(name) if name else ""
    if kind:
        made = estimators.make(state, node, kind, name, given)
        return made if kind != "folds" else made._replace(each=splits.folds(state, node, NOTHING).each)
    if name in SPLITTERS or word == "train_test_split":
        return splits.divide(state, node, given) if word == "train_test_split" else together(given[:1])
    if name in VALIDATIONS:
        return splits.validate(state, node, given)
    if name in SEARCHES:
        state.journal.validates = True
    return _of_rows(state, node, name, word, given)


def _of_rows(state: State, node: ast.Call, name: str, word: str, given: list[Value]) -> Value:
    first = given[0] if given else NOTHING
    how = _teaches(node, name)
    if how and first.rows:
        value = taught(bare(first), Step(node, how, first.rows, first.columns))
        return value._replace(columns=first.columns)
    if word in STACKS and name.startswith(("numpy.", "pandas.", "torch.", "tensorflow.", "scipy.")):
        return frames.stacked(node, word, name, given)
    if _METRIC.search(word):
        estimators.measure(state, node, given)
    found = figure(node, word, first) if "." in name else None
    if found is not None:
        return found
    if name in ("numpy.where", "numpy.nan_to_num", "numpy.select"):
        return mixed(node, "fills", together(v for v in given if v.rows), given)
    return _plain(state, node, name, word, given)


def _teaches(node: ast.Call, name: str) -> str:
    """How a function learns from its first argument; empty if it does not."""
    if name in FUNCTIONS:
        return "scales"
    if name == "pandas.qcut" or (name == "pandas.cut" and _is_number(node)):
        return "bins"
    if name == "sklearn.utils.resample":
        kept = any(
            k.arg == "replace" and isinstance(k.value, ast.Constant) and not k.value.value for k in node.keywords
        )
        return "" if kept else "samples"
    return ""


def _is_number(node: ast.Call) -> bool:
    bins = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "bins")]
    return any(isinstance(b, ast.Constant) and isinstance(b.value, int) for b in bins)


def _plain(state: State, node: ast.Call, name: str, word: str, given: list[Value]) -> Value:
    first = given[0] if given else NOTHING
    if word.startswith("read_") or name in ("numpy.load", "numpy.loadtxt", "numpy.genfromtxt"):
        return Value(rows=frozenset({Rows(frames.origin(state, node, True))}))
    if word in _WRAPPERS:
        return first
    if word == "enumerate":
        return _pairs(NOTHING, first)
    if word == "zip":
        return _zipped(given)
    if word == "next":
        return element(first, None)
    if word in _NUMBERING and not first.rows:
        return splits.shuffled(node)
    if word in ("len", "print", "display", "type", "isinstance", "str", "open", "format", "abs") and "." not in name:
        return first._replace(rows=frozenset(), steps=frozenset(), guesses=frozenset()) if word == "abs" else NOTHING
    return _unknown(state, node, given)


def _pairs(one: Value, other: Value) -> Value:
    if other.elements is not None:
        return Value(elements=tuple(Value(elements=(one, e)) for e in other.elements))
    return Value(each=Value(elements=(one, element(other, None))))


def _zipped(given: list[Value]) -> Value:
    lists = [v.elements for v in given]
    if lists and all(elements is not None for elements in lists):
        return Value(elements=tuple(Value(elements=pair) for pair in zip(*(e or () for e in lists), strict=False)))
    return Value(each=Value(elements=tuple(element(v, None) for v in given)))


def _unknown(state: State, node: ast.Call, given: list[Value]) -> Value:
    """What something that cannot be looked into gives: the rows it is given, or new ones."""
    holding = [v for v in given if v.rows]
    if not holding:
        things = frozenset(t for v in given for t in v.things)
        return Value(rows=frozenset({Rows(frames.origin(state, node, False))}), things=things)
    if len({v.rows for v in holding}) == 1:
        value = bare(together(holding))
        return value._replace(columns=holding[0].columns if len(holding) == 1 else None)
    return Value(
        elements=tuple(bare(v) for v in holding),
        steps=frozenset(s for v in holding for s in v.steps),
        guesses=frozenset(g for v in holding for g in v.guesses),
    )
