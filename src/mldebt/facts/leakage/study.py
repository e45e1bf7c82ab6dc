"""The leaks of a module, of all three kinds."""

from __future__ import annotations

import ast
from typing import NamedTuple

from mldebt.facts.leakage.estimators import FITTING
from mldebt.facts.leakage.expressions import evaluate
from mldebt.facts.leakage.flow import run
from mldebt.facts.leakage.inside import alone
from mldebt.facts.leakage.journal import Journal
from mldebt.facts.leakage.libraries import PACKAGES
from mldebt.facts.leakage.state import State
from mldebt.facts.leakage.verdicts import Leak, Overlap, Reuse, learning_leaks, overlaps, reuses
from mldebt.facts.syntax import Function, Module
from mldebt.facts.values import last_name, source_package

_FITTING = FITTING | {"fit_transform", "fit_resample", "fit_sample", "cross_val_score", "train", "train_test_split"}


class Study(NamedTuple):
    """What was found in a module."""

    learnt: tuple[Leak, ...] = ()
    copied: tuple[Leak, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    reuses: tuple[Reuse, ...] = ()


def study(module: Module) -> Study:
    """The leaks of a module; nothing is followed in one that imports none of the libraries or fits nothing."""
    if not any(source_package(module, alias) in PACKAGES for alias in module.of(ast.alias)):
        return Study()
    if not any(last_name(call.func) in _FITTING for call in module.of(ast.Call)):
        return Study()
    journal = _follow(module)
    return Study(
        tuple(learning_leaks(journal, copies=False)),
        tuple(learning_leaks(journal, copies=True)),
        tuple(overlaps(journal)),
        tuple(reuses(journal)),
    )


def _follow(module: Module) -> Journal:
    functions = _functions(module)
    state = State(module, evaluate, run, functions)
    run(state, module.tree.body)
    for name in functions:
        if name not in state.called:
            alone(state, name)
    return state.journal


def _functions(module: Module) -> dict[str, Function]:
    """The functions at a module's top and the methods of its classes there, by qualified name; the last of a name."""
    found: dict[str, Function] = {}
    for statement in module.functions:
        parent = module.parent(statement)
        name = module.qualname(statement)
        if parent is module.tree or isinstance(parent, ast.ClassDef | ast.If):
            found[name] = statement
    return found
