"""The flows of all functions of one module, and the calls by which they hand values on."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator

from mldebt.facts.acts import TRAINED_ON
from mldebt.facts.flows import Flow, Tags
from mldebt.facts.receivers import Receivers, dotted
from mldebt.facts.syntax import DefinitionNode, Function, Module
from mldebt.facts.templates import parameter_names
from mldebt.facts.touches import Found
from mldebt.facts.values import last_name
from mldebt.model import Passed

At = Callable[[ast.AST], int]
_PREDICTS = re.compile(
    r"^_?(?:batch_?)?(?:predict|infer|forecast)(?!_?(?:objects|d?types?|schema|freq|signature|shape|auto|device|mode))"
)
_ASIDE = frozenset("validation_data eval_set callbacks sample_weight eval_dataset valid_sets evals model args".split())
_ITEMS = ("__getitem__", "__iter__", "__next__")  # by which whoever iterates over an object gets at what it holds
_OUTSIDE = frozenset(sys.stdlib_module_names) | frozenset(
    """numpy pandas torch tensorflow keras sklearn matplotlib scipy PIL cv2 transformers datasets tqdm yaml requests
    seaborn plotly joblib mlflow wandb boto3 click rich pytest xgboost lightgbm""".split()
)
_BUILTIN = frozenset(dir(builtins))


class Tracing:
    """The flows of all functions of a module."""

    def __init__(
        self, module: Module, receivers: Receivers, found: list[Found], did: list[tuple[ast.Call, str, str]]
    ) -> None:
        self._module = module
        self._receivers = receivers
        self._own: dict[ast.Call, Tags] = {}
        for index, one in enumerate(found):
            if one.verb == "reads":
                self._own[one.call] = self._own.get(one.call, frozenset()) | {f"r{index}"}
        self._own.update((call, frozenset({"predict"})) for call, what, _ in did if what == "predicts")
        self.touching = {one.call for one in found}
        self._wanted = {one.call for one in found if one.verb == "writes"} | {call for call, *_ in did}
        self._fits = {call: name for call, what, name in did if what == "fits"}
        self.tags: dict[ast.Call, Tags] = defaultdict(frozenset)
        self._flows: list[tuple[ast.AST, Flow]] = []
        self._calls: dict[ast.AST, list[ast.Call]] = defaultdict(list)
        self._telling: set[ast.AST] = set()
        self.roots = _own_names(module)
        self._called: dict[ast.Call, str] = {}
        self._fields: dict[ast.AST, dict[str, Tags]] = defaultdict(dict)

    def run(self) -> None:
        """Follow the values through the functions that touch or do something, and those that call one that does."""
        self._group()
        for function in self._module.functions:
            if function in self._telling:
                given = {name: frozenset({f"p:{i}:{name}"}) for i, name in enumerate(parameter_names(function))}
                fields = self._fields[self._module.parent(function) or function]
                flow = Flow(function.body, self._of_call, {**fields, **given})
                fields.update(flow.fields())
                self._follow(function, flow)
        tree = self._module.tree
        if tree in self._telling:
            self._follow(tree, Flow(tree.body, self._of_call, {}))

    def _group(self) -> None:
        """Find the calls of each function, and which functions are of interest."""
        told = {*self._own, *self._wanted}
        homes: dict[str, set[ast.AST]] = defaultdict(set)
        for call in self._module.of(ast.Call):
            home = self._module.enclosing(call, ast.FunctionDef, ast.AsyncFunctionDef) or self._module.tree
            self._calls[home].append(call)
            homes[last_name(call.func)].add(home)
            if call in told:
                self._telling.add(home)
        waiting = list(self._telling)
        while waiting:
            home = waiting.pop()
            near = homes.get(getattr(home, "name", ""), set()) | set(self._items(home))
            waiting.extend(near - self._telling)
            self._telling |= near

    def _items(self, home: ast.AST) -> Iterator[ast.AST]:
        """The methods by which the object gives its items that a method belongs to."""
        holder = self._module.parent(home)
        for item in holder.body if isinstance(holder, ast.ClassDef) else ():
            if isinstance(item, ast.FunctionDef) and item.name in _ITEMS:
                yield item

    def _follow(self, home: ast.AST, flow: Flow) -> None:
        self._flows.append((home, flow))
        for call in self._calls[home]:
            if call in self._wanted:
                flow.at(self._module.enclosing(call, ast.stmt))
                fit = self._fits.get(call)
                self.tags[call] |= _given(call, flow) if fit is None else _learnt(call, fit, flow)
            for name in _mentioned(call) if flow.files else ():
                for opened in flow.files.get(name, ()):
                    if opened in self._wanted and call is not opened:
                        flow.at(self._module.enclosing(call, ast.stmt))
                        self.tags[opened] |= _given(call, flow)

    def _of_call(self, call: ast.Call) -> Tags:
        own = self._own.get(call)
        if own is not None:
            return own
        if _PREDICTS.match(last_name(call.func)):
            return frozenset({"predict"})
        callee = self.callee(call)
        return frozenset({f"c:{callee}"}) if callee else frozenset()

    def callee(self, call: ast.Call) -> str:
        """What of the repository a call may call, as in Definition.uses; empty for what is surely from outside."""
        if call not in self._called:
            self._called[call] = self._callee(call)
        return self._called[call]

    def _callee(self, call: ast.Call) -> str:
        function = call.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "self":
            holder = self._module.enclosing(call, ast.ClassDef)
            return f"{holder.name}.{function.attr}" if isinstance(holder, ast.ClassDef) else ""
        if isinstance(function, ast.Attribute) and asks_base(function):
            holder = self._module.enclosing(call, ast.ClassDef)
            base = dotted(holder.bases[0]) if isinstance(holder, ast.ClassDef) and holder.bases else None
            own = base is not None and self.roots.get(base.partition(".")[0], False)
            return f"{base}.{function.attr}" if own else ""
        if not isinstance(function, ast.Name | ast.Attribute):
            return ""
        name = self._module.name(function)
        if name is not None and (name.partition(".")[0] in _OUTSIDE or name in _BUILTIN):
            return ""
        found = self._receivers.of_value(self._module.scope(call), function) or ""
        root = found.partition(".")[0].removesuffix("()")
        return found if self.roots.get(root, root not in _BUILTIN) else ""

    def forget(self) -> None:
        """Let go of the flows: they ask back here, and would keep the tree until somebody looks for cycles."""
        self._flows.clear()

    def calls(self, owner_of: At) -> Iterator[Passed]:
        """The calls that hand on values whose origin is known."""
        for home, flow in self._flows:
            for call in self._calls[home]:
                callee = self.callee(call) if call.args or call.keywords else ""
                flow.at(self._module.enclosing(call, ast.stmt) if callee else None)
                given = [(str(i), flow.of(a)) for i, a in enumerate(call.args)] if callee else []
                given += [(k.arg, flow.of(k.value)) for k in call.keywords if k.arg] if callee else []
                tags = tuple((key, ordered(value)) for key, value in given if value)
                if tags:
                    yield Passed(owner_of(call), callee, (), tags)

    def gives(self, owner_of: At) -> dict[int, Tags]:
        """What the functions that are definitions return."""
        found: dict[int, Tags] = defaultdict(frozenset)
        for home, flow in self._flows:
            if isinstance(home, Function) and flow.returned:
                found[owner_of(home.body[0])] |= flow.returned
        return found


def asks_base(function: ast.Attribute) -> bool:
    """Whether a method is called on `super()`."""
    made = function.value
    return isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id == "super"


def _given(call: ast.Call, flow: Flow) -> Tags:
    receiver = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    parts = [*receiver, *call.args, *(k.value for k in call.keywords)]
    return frozenset[str]().union(*(flow.of(part) for part in parts))


def _learnt(call: ast.Call, name: str, flow: Flow) -> Tags:
    """Where the data of a fit comes from: not the model, nor what only measures it."""
    if name == "backward":
        return _given(call, flow)
    named = [k for k in call.keywords if k.arg not in _ASIDE and (not name.endswith("Trainer") or k.arg in TRAINED_ON)]
    parts = [*(() if name.endswith("Trainer") else call.args), *(k.value for k in named)]
    return frozenset[str]().union(*(flow.of(part) for part in parts))


def _mentioned(call: ast.Call) -> Iterator[str]:
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    yield from (node.id for node in (receiver, *call.args) if isinstance(node, ast.Name))


def ordered(tags: Tags) -> tuple[str, ...]:
    """Tags in an order of their own."""
    return tuple(sorted(tags))


def _own_names(module: Module) -> dict[str, bool]:
    """The names that the module's top binds, with whether what they stand for may be the repository's own."""
    found: dict[str, bool] = {}
    for name, bindings in module.top.bindings.items():
        first = bindings[0]
        own = isinstance(first, DefinitionNode)
        if isinstance(first, ast.alias):
            statement = module.parent(first)
            package = statement.module if isinstance(statement, ast.ImportFrom) else first.name
            relative = isinstance(statement, ast.ImportFrom) and statement.level > 0
            own = relative or (package or "").partition(".")[0] not in _OUTSIDE
        found[name] = own
    return found
