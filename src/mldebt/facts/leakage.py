"""Where something learns from rows that are held out for testing later.

One pass over the statements of each function and of the module's top, in source order: which names hold data that a
learning step has been through, and which of them are divided into train and test afterwards.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from mldebt.facts.preprocessing import COMPOSITES, EXTREMES, FUNCTIONS, SAMPLERS, STATISTICS, TRANSFORMERS
from mldebt.facts.syntax import Module
from mldebt.facts.tabular import border_of, calls_in, data_key, figure_of, named_columns, values_given
from mldebt.facts.values import Values, last_name

_FITS = frozenset({"fit_transform", "fit_resample", "fit_sample", "fit"})
_STARTS = _FITS | {"fillna"} | {name.rpartition(".")[2] for name in FUNCTIONS}
# statements without any of these calls only hand on what is known already
_TELLING = _STARTS | STATISTICS | EXTREMES | {"transform", "train_test_split"}
# what is read off a table and carries no rows of it
_FIGURES = frozenset("shape columns index dtypes dtype size ndim head info describe value_counts corr plot".split())
_BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try)


class Learnt(NamedTuple):
    """A step that learns from data: `how` is "fits", "fills", "scales" or "samples"; `columns` if they are literal."""

    node: ast.expr
    how: str
    columns: frozenset[str] | None = None


class Leak(NamedTuple):
    """Steps that learnt from what is divided at `split`."""

    learnt: tuple[Learnt, ...]
    split: ast.AST


def leaks(module: Module) -> Iterator[Leak]:
    """The leaks of a module, each learning step with the first split it reaches only; in the order of the splits."""
    telling = [call for call in module.of(ast.Call) if last_name(call.func) in _TELLING]
    if not any(last_name(call.func) in _STARTS for call in telling):
        return
    if not module.of(ast.Slice) and not any(last_name(call.func) == "train_test_split" for call in telling):
        return
    around = {up for call in telling for up in module.ancestors(call)}
    returned: dict[str, frozenset[Learnt]] = {}
    for body in (*module.functions, module.tree):
        if body in around:
            flow = _Flow(module, returned, around)
            flow.run(body.body)
            yield from flow.leaks
            if not isinstance(body, ast.Module):
                returned[body.name] = flow.returned


class _Flow:
    """The state of the pass: what each name (or dotted name, as it is written) has been through."""

    def __init__(self, module: Module, returned: dict[str, frozenset[Learnt]], telling: set[ast.AST]) -> None:
        self._module = module
        self._values = Values(module)
        self._calls = returned
        self._telling = telling
        self._through: dict[str, frozenset[Learnt]] = {}
        self._fitted: dict[str, tuple[Learnt, str]] = {}
        self._figures: dict[str, str] = {}
        self._cuts: dict[tuple[str, str], str] = {}
        self._parts: dict[str, tuple[str, ast.Call]] = {}
        self._reported: set[ast.expr] = set()
        self.leaks: list[Leak] = []
        self.returned: frozenset[Learnt] = frozenset()

    def run(self, body: list[ast.stmt]) -> None:
        """Follow statements in order."""
        for statement in body:
            if isinstance(statement, ast.If):
                self._branch(statement)
            elif isinstance(statement, _BLOCKS):
                for field in ("body", "orelse", "finalbody"):
                    self.run(getattr(statement, field, []))
            elif statement in self._telling or self._knows:
                self._follow(statement)

    @property
    def _knows(self) -> bool:
        """Whether a statement that tells nothing by itself may matter."""
        return bool(self._through or self._figures or self._parts or any(self._calls.values()))

    def _branch(self, statement: ast.If) -> None:
        """Both sides start from the same state; after them a name has been through what it has on either."""
        before = dict(self._through)
        self.run(statement.body)
        first = self._through
        self._through = before
        self.run(statement.orelse)
        for key, through in first.items():
            self._through[key] = self._through.get(key, frozenset()) | through

    def _follow(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            self._assign(statement)
        elif isinstance(statement, ast.Expr):
            self._express(statement.value)
        elif isinstance(statement, ast.Return) and statement.value is not None:
            self.returned |= self._of(statement.value)

    # -- statements ----------------------------------------------------------------------------------------------

    def _express(self, value: ast.expr) -> None:
        """A statement that is there for its effect: `fit`, or a method with `inplace=True`."""
        self._fits(value)
        self._splits(value)
        through = self._of(value)
        if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
            return
        if any(keyword.arg == "inplace" for keyword in value.keywords):
            self._add(data_key(value.func.value), through, named_columns(value.func.value))

    def _assign(self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        value = statement.value
        if value is None:
            return
        self._fits(value)
        split = self._splits(value)
        through = self._of(value)
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            for part in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
                if isinstance(part, ast.Subscript) or isinstance(statement, ast.AugAssign):
                    self._add(data_key(part), through, named_columns(part))
                else:
                    self._bind(part, value, through)
        if split is not None:
            parts = {data_key(e) for t in targets for e in (t.elts if isinstance(t, ast.Tuple | ast.List) else [t])}
            whole = data_key(split.args[0])
            self._parts.update((part, (whole, split)) for part in parts if whole not in parts)

    def _bind(self, target: ast.expr, value: ast.expr, through: frozenset[Learnt]) -> None:
        """A name gets a new value: what was known of the old one is forgotten."""
        key = data_key(target)
        self._parts = {part: known for part, known in self._parts.items() if key not in (part, known[0])}
        self._through.pop(key, None)
        self._figures.pop(key, None)
        if through:
            self._through[key] = through
        subject = figure_of(value)
        if subject is not None:
            self._figures[key] = subject
        self._slices(target, value)

    def _add(self, key: str, through: frozenset[Learnt], columns: frozenset[str] | None) -> None:
        """What is stored in a part of a table: the table has been through it, in those columns."""
        if through:
            marked = frozenset(step._replace(columns=columns) for step in through)
            self._through[key] = self._through.get(key, frozenset()) | marked

    # -- learning ------------------------------------------------------------------------------------------------

    def _fits(self, value: ast.expr) -> None:
        """Remember `scaler.fit(X)`: what it transforms later has been through it."""
        for call in calls_in(value):
            if last_name(call.func) not in ("fit", "fit_transform") or not isinstance(call.func, ast.Attribute):
                continue
            if call.args and self._learns(call.func.value):
                self._fitted[data_key(call.func.value)] = (Learnt(call, "fits"), data_key(call.args[0]))

    def _learns(self, estimator: ast.expr) -> bool:
        names = self._values.makers(estimator)
        if names & SAMPLERS or names & TRANSFORMERS:
            return not any(_is_constant(origin) for origin in self._values.origins(estimator))
        if not names & COMPOSITES:
            return False
        steps = [n for origin in self._values.origins(estimator) if origin is not None for n in ast.walk(origin)]
        return any(isinstance(n, ast.Call) and self._module.name(n.func) in TRANSFORMERS for n in steps)

    def _of(self, value: ast.expr) -> frozenset[Learnt]:
        """What the value of an expression has been through."""
        found: set[Learnt] = set()
        waiting: list[ast.AST] = [value]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.Attribute) and node.attr in _FIGURES:
                continue
            if isinstance(node, ast.Call):
                found |= self._of_call(node)
                if last_name(node.func) == "len":
                    continue
            elif isinstance(node, ast.BinOp) and self._normalises(node):
                found.add(Learnt(node, "scales"))
            elif isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and last_name(node.value) == "self"):
                found |= self._through.get(data_key(node), frozenset())
            elif isinstance(node, ast.Subscript):
                chosen = named_columns(node)
                inside = self._of(node.value)
                found |= {s for s in inside if not chosen or not s.columns or chosen & s.columns}
                continue
            waiting.extend(ast.iter_child_nodes(node))
        return frozenset(found)

    def _of_call(self, call: ast.Call) -> set[Learnt]:
        last = last_name(call.func)
        if last in _FITS and isinstance(call.func, ast.Attribute):
            how = "samples" if last in ("fit_resample", "fit_sample") else "fits"
            return {Learnt(call, how)} if last != "fit" and self._learns(call.func.value) else set()
        if last == "transform" and isinstance(call.func, ast.Attribute):
            step, subject = self._fitted.get(data_key(call.func.value)) or self._chained(call.func.value)
            return self._applied(step, subject, call.args[0] if call.args else None)
        if last == "fillna":
            figures = {figure for argument in values_given(call) for figure in self._subjects(argument)}
            filled = call.func.value if isinstance(call.func, ast.Attribute) else None
            return {s for figure in sorted(figures) for s in self._applied(Learnt(call, "fills"), figure, filled)}
        name = self._module.name(call.func) if isinstance(call.func, ast.Name | ast.Attribute) else None
        if name in FUNCTIONS:
            return {Learnt(call, "scales")}
        return set(self._calls.get(name or "", ()))

    def _applied(self, step: Learnt | None, subject: str, data: ast.expr | None) -> set[Learnt]:
        """A step learnt from `subject` and applied to data: a leak at once if that is a part split off it before."""
        if step is None:
            return set()
        whole, split = self._parts.get(data_key(data), ("", None)) if data is not None else ("", None)
        if split is not None and whole == subject:
            self._report(frozenset({step}), split)
        return {step}

    def _chained(self, receiver: ast.expr) -> tuple[Learnt | None, str]:
        """The step in `Scaler().fit(X).transform(X)`, and what it is learnt from."""
        if not isinstance(receiver, ast.Call) or not isinstance(receiver.func, ast.Attribute) or not receiver.args:
            return None, ""
        fits = receiver.func.attr == "fit" and self._learns(receiver.func.value)
        return Learnt(receiver, "fits") if fits else None, data_key(receiver.args[0])

    def _subjects(self, node: ast.expr) -> set[str]:
        """Whose mean, median and the like an expression holds: of `X.mean()`, `numpy.median(X)`, a name for one."""
        found: set[str] = set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and last_name(inner.func) in STATISTICS:
                found.add(figure_of(inner) or "")
            elif isinstance(inner, ast.Name) and inner.id in self._figures:
                found.add(self._figures[inner.id])
        return found

    def _normalises(self, node: ast.BinOp) -> bool:
        """Whether a node is `(X - centre of X) / spread of X`."""
        if not isinstance(node.op, ast.Div) or not isinstance(node.left, ast.BinOp):
            return False
        if not isinstance(node.left.op, ast.Sub):
            return False
        subject = data_key(node.left.left)
        centre = self._subject(node.left.right)
        return bool(subject) and subject == centre and self._subject(node.right) == subject

    def _subject(self, node: ast.expr) -> str | None:
        """What an expression is a figure of."""
        if isinstance(node, ast.BinOp):
            left, right = self._subject(node.left), self._subject(node.right)
            return left or right
        return figure_of(node) or (self._figures.get(node.id) if isinstance(node, ast.Name) else None)

    # -- splitting -----------------------------------------------------------------------------------------------

    def _splits(self, value: ast.expr) -> ast.Call | None:
        """The split in an expression, if there is one; what it divides is reported."""
        for call in calls_in(value):
            if last_name(call.func) == "train_test_split" and call.args:
                self._report(self._of(call.args[0]), call)
                return call
        return None

    def _slices(self, target: ast.expr, value: ast.expr) -> None:
        """Two names that take what comes before and after the same border of one array."""
        border = border_of(value)
        name = last_name(target).lower()
        if border is None or not any(word in name for word in ("train", "test", "val")):
            return
        base, cut, side = border
        if self._cuts.get((base, cut), side) != side:
            self._report(self._of(value), value)
        self._cuts[base, cut] = side

    def _report(self, through: frozenset[Learnt], split: ast.AST) -> None:
        new = {step.node: step for step in through if step.node not in self._reported}
        if new:
            self._reported |= set(new)
            steps = sorted(new.values(), key=lambda step: (step.node.lineno, step.node.col_offset))
            self.leaks.append(Leak(tuple(steps), split))


def _is_constant(origin: ast.Call | None) -> bool:
    """Whether an imputer fills in a constant, which it has not learnt."""
    strategy = next((k.value for k in origin.keywords if k.arg == "strategy"), None) if origin is not None else None
    return isinstance(strategy, ast.Constant) and strategy.value == "constant"
