"""Where a module draws random numbers, seeds a generator, or trains a model.

| role | the call |
|---|---|
| draws | takes numbers from a generator that the call itself does not seed; `splits` if it divides a data set |
| seeds | seeds a generator, or is called like something that does |
| trains | moves the weights of a model: an optimizer's step, `fit` of a stochastic estimator or of a network |
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from mldebt.facts.chance import (
    ASKS,
    DRAWS,
    ESTIMATORS,
    FOLDS,
    KEYS,
    LISTED,
    LOADERS,
    OPTIONAL,
    SEARCHES,
    SEEDS,
    SELF_SEEDING,
    SPLITS,
)
from mldebt.facts.loops import loops_around
from mldebt.facts.syntax import Module
from mldebt.facts.values import Values, last_name, source_package
from mldebt.model import Draw

_TRAINERS = frozenset({"step", "fit", "fit_generator", "apply_gradients", "fit_one_cycle", "fine_tune", "minimize"})
_EVALUATORS = frozenset({"cross_val_score", "cross_validate", "cross_val_predict"})
_LAST_NAMES = frozenset(
    name.rpartition(".")[2] for name in (*SPLITS, *FOLDS, *DRAWS, *LOADERS, *ESTIMATORS, *OPTIONAL)
).union(_TRAINERS, _EVALUATORS)
_SELF_SEEDING_ENDS = ("Trainer", "TrainingArguments", "Config", "YOLO")
_FIT_WORDS = frozenset({"epochs", "batch_size", "steps_per_epoch", "validation_data", "nb_epoch", "callbacks"})
_METHODS = frozenset({"train_test_split", "shuffle"})
_COLOUR = re.compile(r"(?:^|_)colou?rs?$|palette")
_MAKE_WEIGHTS = DRAWS | {"torch.nn.Parameter", "torch.nn.parameter.Parameter"}
_NETWORKS = ("keras.", "tensorflow.", "tf_keras.")
_LIGHTNING = ("pytorch_lightning.", "lightning.")


def draws(module: Module, owner_of: Callable[[ast.AST], int]) -> tuple[Draw, ...]:
    """The draws of a module by place; of several alike in one definition only the first, of splits all."""
    found: dict[tuple[object, ...], Draw] = {}
    finder = _Finder(module)
    known: dict[str, bool] = {}
    renamed = {alias.asname: alias.name for alias in module.of(ast.alias) if alias.asname and alias.name in _LAST_NAMES}
    for call in module.of(ast.Call):
        last = last_name(call.func)
        if isinstance(call.func, ast.Name):
            last = renamed.get(last, last)
        if last not in known:
            known[last] = last in _LAST_NAMES or bool(SEEDS.search(last)) or last.endswith(_SELF_SEEDING_ENDS)
        if not known[last]:
            continue
        for name, role, splits in finder.roles(call, last):
            draw = Draw(owner_of(call), name, role, module.place(call), splits)
            key = (draw.owner, name, role, draw.at if splits else None)
            found.setdefault(key, draw)
    return tuple(found.values())


class _Finder:
    """Judges one call after the other of a module."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._values = Values(module)
        self._imports = {source_package(module, alias) for alias in module.of(ast.alias)}

    def roles(self, call: ast.Call, last: str) -> Iterator[tuple[str, str, bool]]:
        """What a call is, as (name, role, whether it splits)."""
        name = self._module.name(call.func)
        if SEEDS.search(last):
            if _seeds(call, last, name):
                yield name or last, "seeds", False
        elif name is not None and SELF_SEEDING.search(name):
            yield name, "seeds", False
        elif name is not None and self._draws(call, name):
            yield name, "draws", (name in SPLITS or name in FOLDS) and not self._is_repeated(call)
        elif name is None and last in _METHODS and not _has_key(call):
            yield from self._method(call, last)
        elif last in _TRAINERS or last in _EVALUATORS:
            yield from self._trains(call, last)

    def _method(self, call: ast.Call, last: str) -> Iterator[tuple[str, str, bool]]:
        """What a method of a data set is: of Hugging Face's, or of TensorFlow's."""
        if last == "shuffle":
            if not self._imports.isdisjoint({"tensorflow", "tensorflow_datasets"}):
                yield "tensorflow.data.Dataset.shuffle", "draws", False
        elif "datasets" in self._imports and any(k.arg in ("test_size", "train_size") for k in call.keywords):
            yield f".{last}", "draws", True

    def _draws(self, call: ast.Call, name: str) -> bool:
        if _has_key(call) or _says(call, "shuffle", False):
            return False
        if name in SPLITS or name in DRAWS:
            return not (name.endswith((".default_rng", ".RandomState")) and call.args) and not self._is_colour(call)
        if name in FOLDS or name in LOADERS:
            return _says(call, "shuffle", True)
        return self._is_stochastic(call, name) and not self._is_searched(call)

    def _is_colour(self, call: ast.Call) -> bool:
        """Whether what is drawn is a colour of a picture, by what it is kept or handed on as: no weight hangs on it."""
        for up in self._module.ancestors(call):
            if isinstance(up, ast.keyword) and _COLOUR.search(up.arg or ""):
                return True
            if isinstance(up, ast.stmt):
                targets = up.targets if isinstance(up, ast.Assign) else ()
                return any(_COLOUR.search(ast.unparse(target)) for target in targets)
        return False

    def _is_repeated(self, call: ast.Call) -> bool:
        """Whether the same rows are divided in each of a number of rounds, which one seed would make all alike.

        Rounds that pick something by their number are no repeats.
        """
        loop = next(loops_around(self._module, call), None)
        over = loop.iter if isinstance(loop, ast.For) else None
        if loop is None or not isinstance(over, ast.Call) or last_name(over.func) not in ("range", "trange"):
            return False
        assert isinstance(loop, ast.For), "only these go over a range"
        nodes = [*ast.walk(loop)]
        bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        given = {n.id for argument in call.args for n in ast.walk(argument) if isinstance(n, ast.Name)}
        rounds = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
        taken = (n.slice for n in nodes if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Load))
        picked = {n.id for part in taken for n in ast.walk(part) if isinstance(n, ast.Name)}
        return not given & bound and not rounds & picked

    def _is_stochastic(self, call: ast.Call, name: str) -> bool:
        if _has_key(call):
            return False
        keyword, values = OPTIONAL.get(name, ("", ()))
        return name in ESTIMATORS or any(_says(call, keyword, value) for value in values)

    def _is_searched(self, call: ast.Call) -> bool:
        """Whether an estimator is made as the argument of a search, which sets its parameters."""
        up = self._module.parent(call)
        return isinstance(up, ast.Call) and bool(SEARCHES.search(last_name(up.func)))

    def _trains(self, call: ast.Call, last: str) -> Iterator[tuple[str, str, bool]]:
        subject = call.args[0] if last in _EVALUATORS and call.args else getattr(call.func, "value", None)
        if subject is None:
            return
        if last == "step":
            optimizer = call.args[0] if call.args and not _is_callable(call.args[0]) else subject
            if "torch" in self._imports and self._values.is_optimizer(optimizer):
                yield LISTED if self._moves_given(optimizer) else "torch.optim", "trains", False
            return
        for origin in self._values.origins(subject):
            name = self._module.name(origin.func) if origin is not None else None
            trained = self._network(call, last, name) or self._estimator(origin, name)
            if trained:
                yield trained, "trains", False
                return

    def _moves_given(self, optimizer: ast.expr) -> bool:
        """Whether an optimizer is made for a list of tensors, none of them drawn: it fits a pose, or a picture."""
        origins = self._values.origins(optimizer)
        return bool(origins) and all(o is not None and bool(o.args) and self._is_given(o.args[0]) for o in origins)

    def _is_given(self, moved: ast.expr) -> bool:
        if isinstance(moved, ast.Name):
            sources = [value for _, value in self._values.sources(moved)]
            return bool(sources) and all(isinstance(s, ast.List) and self._is_given(s) for s in sources)
        if not isinstance(moved, ast.List) or not all(isinstance(e, ast.Name) for e in moved.elts):
            return False
        values = [v for e in moved.elts if isinstance(e, ast.Name) for _, v in self._values.sources(e) if v is not None]
        calls = (node for value in values for node in ast.walk(value) if isinstance(node, ast.Call))
        return not any((self._module.name(call.func) or "") in _MAKE_WEIGHTS for call in calls)

    def _network(self, call: ast.Call, last: str, name: str | None) -> str | None:
        """The library that trains here, if it is one of networks."""
        if name is not None and name.startswith(_LIGHTNING) and name.endswith("Trainer"):
            return "lightning.Trainer"
        uses_tensorflow = not self._imports.isdisjoint({"tensorflow", "keras", "tf_keras"})
        if last in ("apply_gradients", "fit_generator", "minimize"):
            return f"keras.{last}" if uses_tensorflow else None
        if last in ("fit_one_cycle", "fine_tune"):
            return "fastai" if "fastai" in self._imports else None
        given = {keyword.arg for keyword in call.keywords}
        if name is not None and name.startswith(_NETWORKS):
            return "keras.fit" if ".preprocessing" not in name and ".layers" not in name else None
        return "keras.fit" if uses_tensorflow and name is None and not given.isdisjoint(_FIT_WORDS) else None

    def _estimator(self, origin: ast.Call | None, name: str | None) -> str | None:
        return name if origin is not None and name is not None and self._is_stochastic(origin, name) else None


def _seeds(call: ast.Call, last: str, name: str | None) -> bool:
    """Whether a call with such a name does seed: `random.seed()` takes one from the clock."""
    if last == "manual_seed" and name is None:  # a generator's own method
        return False
    if ASKS.search(last) or (name or "").startswith(("numpy.random.SeedSequence", "torch.initial_seed")):
        return False
    return bool(call.args or call.keywords) or not (name or "").startswith(("random.", "numpy.", "torch."))


def _has_key(call: ast.Call) -> bool:
    """Whether a call is given a seed or generator of its own, or may be, through `**`."""
    for keyword in call.keywords:
        if keyword.arg is None:
            return True
        if keyword.arg in KEYS:
            return not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None)
    return False


def _says(call: ast.Call, keyword: str, value: object) -> bool:
    return any(k.arg == keyword and isinstance(k.value, ast.Constant) and k.value.value == value for k in call.keywords)


def _is_callable(node: ast.expr) -> bool:
    return isinstance(node, ast.Lambda) or last_name(node) in ("closure", "loss_closure")
