"""What a call gives: of the module's own functions, of the libraries', of methods."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from mldebt.facts.leakage import estimators, frames, splits
from mldebt.facts.leakage.called import Called
from mldebt.facts.leakage.figures import figure, mixed
from mldebt.facts.leakage.inside import enter, make_own
from mldebt.facts.leakage.libraries import FUNCTIONS, SEARCHES, SPLITTERS, STACKS, TRAINERS, VALIDATIONS, kind_of
from mldebt.facts.leakage.lineage import NOTHING, Step, Value, bare, taught, together
from mldebt.facts.leakage.rows import Rows
from mldebt.facts.leakage.state import State
from mldebt.facts.leakage.targets import element

_METRIC = re.compile(
    r"score|accura|error|auc|report|confusion|metric|loss|rmse|mse|mae|mape|rmsle|r2|evaluat|precision|recall|f1|kappa|corrcoef",
    re.IGNORECASE,
)
_WRAPPERS = frozenset({"list", "tuple", "tqdm", "trange", "iter", "reversed", "sorted", "cycle"})
_LOADERS = frozenset({"numpy.load", "numpy.loadtxt", "numpy.genfromtxt"})
_TELLING = frozenset("len print display type isinstance str open format".split())
_NUMBERING = frozenset({"arange", "permutation", "range", "randperm"})


def call(state: State, node: ast.Call) -> Value:
    """The value of a call."""
    name = state.module.name(node.func)
    if name is None and isinstance(node.func, ast.Attribute):
        return _method(state, node, node.func)
    if name is None:
        state.evaluate(state, node.func)
    called = Called(node, name or "", (name or "").rpartition(".")[2], _given(state, node))
    return enter(state, called, called.name) if called.name in state.functions else _function(state, called)


def _given(state: State, node: ast.Call) -> list[Value]:
    return [state.evaluate(state, a) for a in (*node.args, *(k.value for k in node.keywords))]


def _method(state: State, node: ast.Call, function: ast.Attribute) -> Value:
    word = function.attr
    base = state.evaluate(state, function.value)
    own = _own_method(state, function, base)
    if own:
        return enter(state, Called(node, own, word, _given(state, node)), own)
    if word in estimators.METHODS or (word == "split" and base.things):
        is_data = word in ("transform", "score") and base.rows and not base.things
        value = None if is_data else estimators.method(state, node, word, base)
        if value is not None:
            return value
    return _of_data(state, Called(node, "", word, _given(state, node)), base)


def _of_data(state: State, called: Called, base: Value) -> Value:
    """The value of a method that is none of an estimator's."""
    word = called.word
    if _METRIC.search(word):
        estimators.measure(state, called)
    if frames.grow(state, called):
        return NOTHING
    if word == "isin":
        return frames.mask_of(called)
    if word in ("items", "values", "keys") and base.elements is not None:
        return base if word == "values" else _pairs(NOTHING, base) if word == "items" else NOTHING
    if base.rows:
        return frames.method(state, called, base)
    return base._replace(elements=None) if base.things or base.figures else _unknown(state, called)


def _own_method(state: State, function: ast.Attribute, base: Value) -> str:
    """The name of a method of the module's own classes; empty if it is none of those."""
    is_own = isinstance(function.value, ast.Name) and function.value.id == "self"
    owners = [state.owners[-1]] if is_own else sorted(t.owner for t in base.things)
    return next((f"{o}.{function.attr}" for o in owners if o and f"{o}.{function.attr}" in state.functions), "")


def _function(state: State, called: Called) -> Value:
    own = make_own(state, called)
    if own is not None:
        return own
    name = called.name
    kind = kind_of(name) if name else ""
    if kind:
        made = estimators.make(state, called, kind)
        return made if kind != "folds" else made._replace(each=splits.folds(state, called.node, NOTHING).each)
    if called.word == "train_test_split":
        return splits.divide(state, called.node, called.given)
    if name in VALIDATIONS:
        return splits.validate(state, called.node, called.given)
    if name in TRAINERS:
        return estimators.train(state, called)
    if name in SEARCHES:
        state.journal.validates = True
        return NOTHING
    return _of_rows(state, called)


def _of_rows(state: State, called: Called) -> Value:
    """The value of a function that may learn, stack, measure or reckon."""
    node, name, word, given = called
    first = called.first
    how = _teaches(called)
    if how and first.rows:
        value = taught(bare(first), Step(node, how, first.rows, first.columns))
        return value._replace(columns=first.columns)
    if word in STACKS and name.startswith(("numpy.", "pandas.", "torch.", "tensorflow.", "scipy.")):
        return frames.stacked(called)
    if _METRIC.search(word):
        estimators.measure(state, called)
    found = figure(node, word, first) if "." in name else None
    if found is not None:
        return found
    if name in ("numpy.where", "numpy.nan_to_num", "numpy.select"):
        return mixed(node, "fills", together(v for v in given if v.rows), given)
    return _plain(state, called)


def _teaches(called: Called) -> str:
    """How a function learns from its first argument; empty if it does not."""
    name = called.name
    if name in FUNCTIONS:
        return "scales"
    if name == "pandas.qcut" or (name == "pandas.cut" and _is_number(called.node)):
        return "bins"
    if name == "sklearn.utils.resample":
        return "" if called.says("replace", False) else "samples"
    return ""


def _is_number(node: ast.Call) -> bool:
    bins = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "bins")]
    return any(isinstance(b, ast.Constant) and isinstance(b.value, int) for b in bins)


def _plain(state: State, called: Called) -> Value:
    name, word, first = called.name, called.word, called.first
    if word.startswith("read_") or name in _LOADERS:
        return Value(rows=frozenset({Rows(frames.origin(state, called, is_file=True))}))
    if word in _WRAPPERS or name in SPLITTERS:
        return first
    if word in _NUMBERING and not first.rows:
        return splits.shuffled(called.node)
    if word in _PAIRING:
        return _PAIRING[word](called.given)
    if word in _TELLING and "." not in name:
        return NOTHING
    if name == "abs":
        return first._replace(rows=frozenset(), steps=frozenset(), guesses=frozenset())
    return _unknown(state, called)


def _pairs(one: Value, other: Value) -> Value:
    if other.elements is not None:
        return Value(elements=tuple(Value(elements=(one, e)) for e in other.elements))
    return Value(each=Value(elements=(one, element(other, None))))


def _zipped(given: list[Value]) -> Value:
    lists = [v.elements for v in given]
    if lists and all(elements is not None for elements in lists):
        return Value(elements=tuple(Value(elements=pair) for pair in zip(*(e or () for e in lists), strict=False)))
    return Value(each=Value(elements=tuple(element(v, None) for v in given)))


def _enumerated(given: list[Value]) -> Value:
    return _pairs(NOTHING, given[0]) if given else NOTHING


def _next(given: list[Value]) -> Value:
    return element(given[0], None) if given else NOTHING


_PAIRING: dict[str, Callable[[list[Value]], Value]] = {"enumerate": _enumerated, "zip": _zipped, "next": _next}


def _unknown(state: State, called: Called) -> Value:
    """What something that cannot be looked into gives: the rows it is given, or new ones."""
    given = called.given
    holding = [v for v in given if v.rows]
    if not holding:
        things = frozenset(t for v in given for t in v.things)
        return Value(rows=frozenset({Rows(frames.origin(state, called, is_file=False))}), things=things)
    if len({v.rows for v in holding}) == 1:
        value = bare(together(holding))
        return value._replace(columns=holding[0].columns if len(holding) == 1 else None)
    return Value(
        elements=tuple(bare(v) for v in holding),
        steps=frozenset(s for v in holding for s in v.steps),
        guesses=frozenset(g for v in holding for g in v.guesses),
    )
