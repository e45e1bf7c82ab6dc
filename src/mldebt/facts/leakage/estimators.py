"""What the methods of estimators give, and what they put into the journal."""

from __future__ import annotations

import ast

from mldebt.facts.leakage.called import Called
from mldebt.facts.leakage.journal import Check
from mldebt.facts.leakage.lineage import NOTHING, Fit, Guess, Step, Thing, Value, bare, taught
from mldebt.facts.leakage.splits import folds
from mldebt.facts.leakage.state import State, spot

FITTING = frozenset("fit partial_fit fit_generator fit_on_texts adapt train_on_batch".split())
_MAKING = {"fit_transform": "fits", "fit_resample": "samples", "fit_sample": "samples"}
_CHANGING = frozenset("transform texts_to_sequences texts_to_matrix sequences_to_matrix".split())
_GUESSING = frozenset(
    "predict predict_proba predict_log_proba predict_classes decision_function predict_generator fit_predict".split()
)
_SCORING = frozenset("score evaluate evaluate_generator".split())
METHODS = FITTING | set(_MAKING) | _CHANGING | _GUESSING | _SCORING
_LEARNERS = ("transformer", "sampler")
_VALIDATING = frozenset({"validation_split", "validation_data", "eval_set", "evals", "valid_sets", "eval_X"})
_ROWS = ("X", "x", "X_train", "data", "df", "y", "generator")


def method(state: State, node: ast.Call, word: str, base: Value) -> Value | None:
    """The value of an estimator's method; None if it is called on nothing that is fitted."""
    assert isinstance(node.func, ast.Attribute)
    things = sorted(base.things) or [_unknown(state, node.func.value)]
    thing = next((t for t in things if t.kind in _LEARNERS), things[-1])
    rows = _rows_given(state, node)
    if thing.kind == "folds" or (word == "split" and not base.things):
        return folds(state, node, rows) if thing.kind == "folds" and word == "split" else None
    if word in FITTING:
        _fit(state, node, thing, rows)
        return base if base.things else Value(things=frozenset({thing}))
    if word in _MAKING:
        return _made(state, node, word, thing, rows)
    if word in _CHANGING:
        return _changed(state, node, thing, rows)
    return _used(state, node, word, thing, rows)


def _unknown(state: State, receiver: ast.expr) -> Thing:
    """Something fitted of which nothing is known but its name; a parameter is another one in each call."""
    where = state.called_so(state.holder(receiver) or spot(receiver))
    return Thing("model", where, varies=frozenset(_loops_of(state, receiver)))


def _loops_of(state: State, node: ast.AST) -> list[str]:
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return [loop for loop, targets in state.loops if names & targets]


def make(state: State, called: Called, kind: str) -> Value:
    """The estimator that a constructor makes; a composite is a model if one of its steps is."""
    node = called.node
    varies = frozenset(_loops_of(state, node))
    inner = sorted({t.kind for v in called.given for t in v.things})
    if kind == "composite":
        kind = next((k for k in ("model", "search", "sampler", "transformer") if k in inner), "other")
    if kind == "transformer" and _fills_a_constant(node):
        kind = "other"
    if kind == "search":
        state.journal.validates = True
    return Value(things=frozenset({Thing(kind, state.place(node), called.word, varies)}))


def _fills_a_constant(node: ast.Call) -> bool:
    """Whether an imputer fills in a constant, which it has not learnt."""
    strategy = next((k.value for k in node.keywords if k.arg == "strategy"), None)
    return isinstance(strategy, ast.Constant) and strategy.value == "constant"


def _rows_given(state: State, node: ast.Call) -> Value:
    if node.args:
        return state.evaluate(state, node.args[0])
    named = next((k.value for k in node.keywords if k.arg in _ROWS), None)
    return state.evaluate(state, named) if named is not None else NOTHING


def _fit(state: State, node: ast.Call, thing: Thing, rows: Value) -> None:
    if thing.kind in _LEARNERS:
        state.learnt[thing] = Step(node, "fits", rows.rows)
    elif thing.kind in ("model", "search") and rows.rows:
        validates = thing.kind == "search" or any(k.arg in _VALIDATING for k in node.keywords)
        if any(k.arg == "validation_split" for k in node.keywords):
            state.journal.validates = True
        fit = Fit(node, thing, rows.rows, rows.steps, state.around, validates)
        state.fitted[thing] = fit
        state.journal.fits.append(fit)
    else:
        state.fitted.pop(thing, None)


def _made(state: State, node: ast.Call, word: str, thing: Thing, rows: Value) -> Value:
    """Rows that a learner has been fitted to and has changed."""
    if thing.kind not in _LEARNERS:
        return bare(rows)
    step = Step(node, _MAKING[word], rows.rows, rows.columns)
    state.learnt[thing] = step
    value = taught(bare(rows), step)._replace(columns=rows.columns)
    return value if word == "fit_transform" else Value(elements=(value, bare(rows)), rows=value.rows, steps=value.steps)


def _changed(state: State, node: ast.Call, thing: Thing, rows: Value) -> Value:
    step = state.learnt.get(thing) if thing.kind in _LEARNERS else None
    if step is None:
        return bare(rows)._replace(columns=rows.columns)
    state.journal.applied.append((step, rows))
    return taught(bare(rows), step)._replace(columns=rows.columns)


def _used(state: State, node: ast.Call, word: str, thing: Thing, rows: Value) -> Value:
    fit = state.fitted.get(thing)
    if fit is None:
        return bare(rows)
    scored = word in _SCORING
    if rows.rows:
        state.journal.checks.append(Check(node, fit, rows.rows, rows.steps, state.around, scored))
    if scored:
        return NOTHING
    return bare(rows)._replace(guesses=frozenset({Guess(fit, rows.rows)}))


def train(state: State, called: Called) -> Value:
    """The booster that `xgboost.train(parameters, rows)` gives."""
    node = called.node
    named = [state.evaluate(state, k.value) for k in node.keywords if k.arg in ("dtrain", "train_set", "pool")]
    rows = named[0] if named else called.given[1] if len(node.args) > 1 else NOTHING
    thing = Thing("model", state.place(node), called.word, frozenset(_loops_of(state, node)))
    _fit(state, node, thing, rows)
    return Value(things=frozenset({thing}))


def measure(state: State, called: Called) -> None:
    """Note that predictions are measured."""
    guesses = {guess for value in called.given for guess in value.guesses}
    for guess in sorted(guesses, key=lambda g: (g.fit.node.lineno, g.fit.node.col_offset, sorted(g.rows))):
        steps = frozenset(s for value in called.given for s in value.steps)
        state.journal.checks.append(Check(called.node, guess.fit, guess.rows, steps, state.around, True))
