"""What a module reads and writes, does with models, and hands on: its part of the artifact graph."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator

from mldebt.facts.acts import acts
from mldebt.facts.flows import Flow, Tags
from mldebt.facts.receivers import Receivers
from mldebt.facts.syntax import DefinitionNode, Function, Module
from mldebt.facts.templates import HOLE, Templates, parameter_names
from mldebt.facts.touches import Found, Touching, telling
from mldebt.facts.values import Values, last_name
from mldebt.model import Act, Passed, Step, Touch, Traffic
from mldebt.stores import accesses

At = Callable[[ast.AST], int]
_MOST = 400  # touches of one module; a longer list is a table of tests
_MOST_NAMES = 200
_PREDICTS = re.compile(r"^_?(?:batch_?)?(?:predict|infer|forecast)")
_PATH_NAME = re.compile(
    r"(path|dir|directory|folder|file|filename|fname|csv|uri|url|table|topic|ckpt|checkpoint|weights|root|input|output|src|dst|dest|source|target)s?\d*$",
    re.I,
)
_PATH = re.compile(r"[\w*}⟩]\.[A-Za-z]\w{0,8}$|[\w.]/[\w.{]|^\w+://")
_BUILDS = frozenset({"join", "joinpath", "Path", "format", "with_suffix"})
_OUTSIDE = frozenset(sys.stdlib_module_names) | frozenset(
    """numpy pandas torch tensorflow keras sklearn matplotlib scipy PIL cv2 transformers datasets tqdm yaml requests
    seaborn plotly joblib mlflow wandb boto3 click rich pytest xgboost lightgbm""".split()
)


def traffic(module: Module, receivers: Receivers, owner_of: At) -> Traffic:
    """The traffic of one module. Cost: one look at each call; more only for a module that touches something."""
    values = Values(module)
    templates = Templates(module, values)
    finding = Touching(module, templates)
    known = accesses()
    found: list[Found] = []
    for call in module.of(ast.Call):
        last = last_name(call.func)
        if last in known or last in ("open", "GFile", "ZipFile"):
            found.extend(finding.of(call))
    did = list(acts(module))
    names = tuple(_names(module, templates))[:_MOST_NAMES]
    tracing = _Tracing(module, receivers, found[:_MOST], did)
    handed = tuple(_handed(module, templates, tracing, owner_of))
    steps = tuple(_steps(module)) if "kedro" in module.code.text else ()
    if not (found or did):
        return Traffic(names=names, passed=handed, steps=steps)
    tracing.run()
    return Traffic(
        touches=tuple(_touch(module, one, owner_of(one.call), tracing) for one in found[:_MOST]),
        acts=tuple(Act(owner_of(c), what, name, module.place(c), _sorted(tracing.tags[c])) for c, what, name in did),
        passed=(*handed, *tracing.calls(owner_of)),
        names=names,
        gives=tuple((owner, _sorted(tags)) for owner, tags in sorted(tracing.gives(owner_of).items())),
        steps=steps,
    )


def _touch(module: Module, one: Found, owner: int, tracing: _Tracing) -> Touch:
    tags = _sorted(tracing.tags[one.call]) if one.verb == "writes" else ()
    called = module.name(one.call.func) or f".{last_name(one.call.func)}"
    return Touch(owner, one.verb, one.kind, one.names, module.first_line(one.call), called, tags, one.pinned)


def _sorted(tags: Tags) -> tuple[str, ...]:
    return tuple(sorted(tags))


class _Tracing:
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
        self._wanted = {one.call for one in found if one.verb == "writes"} | {call for call, *_ in did}
        self.tags: dict[ast.Call, Tags] = defaultdict(frozenset)
        self._flows: list[tuple[ast.AST, Flow]] = []
        self._called: dict[ast.Call, str] = {}

    def run(self) -> None:
        """Follow the values through every function and the module's own statements."""
        for function in self._module.functions:
            given = {name: frozenset({f"p:{i}:{name}"}) for i, name in enumerate(parameter_names(function))}
            self._follow(function, Flow(function.body, self._of_call, given))
        self._follow(self._module.tree, Flow(self._module.tree.body, self._of_call, {}))

    def _follow(self, home: ast.AST, flow: Flow) -> None:
        self._flows.append((home, flow))
        for statement in flow.statements:
            for call in _calls(statement):
                if call in self._wanted:
                    self.tags[call] |= _given(call, flow)
                for name in flow.files and _mentioned(call):
                    for opened in flow.files.get(name, ()):
                        if opened in self._wanted and call is not opened:
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
        if not isinstance(function, ast.Name | ast.Attribute):
            return ""
        name = self._module.name(function)
        if name is not None and (name.partition(".")[0] in _OUTSIDE or name in _BUILTIN):
            return ""
        found = self._receivers.of_value(self._module.scope(call), function) or ""
        root = found.partition(".")[0].removesuffix("()")
        bound = self._module.top.bindings.get(root, [])
        return found if all(isinstance(b, ast.alias | DefinitionNode) for b in bound) and root not in _BUILTIN else ""

    def calls(self, owner_of: At) -> Iterator[Passed]:
        """The calls that hand on values whose origin is known."""
        for _, flow in self._flows:
            for statement in flow.statements:
                for call in _calls(statement):
                    callee = self.callee(call) if call.args or call.keywords else ""
                    given = [(str(i), flow.of(a)) for i, a in enumerate(call.args)] if callee else []
                    given += [(k.arg, flow.of(k.value)) for k in call.keywords if k.arg] if callee else []
                    tags = tuple((key, _sorted(value)) for key, value in given if value)
                    if tags:
                        yield Passed(owner_of(call), callee, (), tags)

    def gives(self, owner_of: At) -> dict[int, Tags]:
        """What the functions that are definitions return."""
        found: dict[int, Tags] = defaultdict(frozenset)
        for home, flow in self._flows:
            if isinstance(home, Function) and flow.returned:
                found[owner_of(home.body[0])] |= flow.returned
        return found


def _given(call: ast.Call, flow: Flow) -> Tags:
    receiver = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    parts = [*receiver, *call.args, *(k.value for k in call.keywords)]
    return frozenset[str]().union(*(flow.of(part) for part in parts))


def _mentioned(call: ast.Call) -> Iterator[str]:
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    yield from (node.id for node in (receiver, *call.args) if isinstance(node, ast.Name))


def _calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """The calls in a statement's own expressions."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        waiting.extend(n for n in ast.iter_child_nodes(node) if not isinstance(n, ast.stmt | ast.ExceptHandler))


# -- names that are kept or handed on --------------------------------------------------------------------------------


def _names(module: Module, templates: Templates) -> Iterator[tuple[str, str]]:
    for holder, statement in _kept(module):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if statement.value is None or not _may_name(statement.value):
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                for way in _short(templates.of(statement.value)):
                    yield f"{holder}{target.id}", way
    for call in module.of(ast.Call) if "add_argument" in module.code.text or "option" in module.code.text else ():
        if last_name(call.func) in ("add_argument", "option") and call.args:
            yield from _option(call, templates)
        elif (
            last_name(call.func).startswith("DEFINE_") and len(call.args) > 1 and isinstance(call.args[0], ast.Constant)
        ):
            yield from ((f"--{call.args[0].value}", way) for way in _short(templates.of(call.args[1])))


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
        return isinstance(value.value, str) and 2 < len(value.value) < 200 and " " not in value.value
    if isinstance(value, ast.Call):
        return last_name(value.func) in _NAMING
    return isinstance(value, ast.JoinedStr | ast.BinOp | ast.Attribute | ast.Subscript)


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


def _handed(module: Module, templates: Templates, tracing: _Tracing, owner_of: At) -> Iterator[Passed]:
    """The calls of the repository's own that are given something that looks like a name of something stored."""
    known = accesses()
    for call in module.of(ast.Call):
        pairs: list[tuple[str, ast.expr]] = [(str(i), a) for i, a in enumerate(call.args[:8])]
        pairs += [(k.arg, k.value) for k in call.keywords if k.arg]
        given = [(key, value) for key, value in pairs if _looks_named(key, value)]
        if not given or last_name(call.func) in known:
            continue
        callee = tracing.callee(call)
        if callee:
            names = tuple((key, way) for key, value in given for way in telling(templates.of(value)))
            if names:
                yield Passed(owner_of(call), callee, names)


def _looks_named(key: str, value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        text = value.value
        return (
            isinstance(text, str)
            and len(text) < 200
            and (bool(_PATH.search(text)) or (bool(text) and bool(_PATH_NAME.search(key))))
        )
    if isinstance(value, ast.Name):
        return value.id.isupper() or bool(_PATH_NAME.search(value.id))
    if isinstance(value, ast.Attribute):
        return bool(_PATH_NAME.search(value.attr))
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, ast.Div | ast.Add) and (
            isinstance(value.right, ast.Constant | ast.JoinedStr) or isinstance(value.op, ast.Div)
        )
    if isinstance(value, ast.JoinedStr):
        return any(isinstance(v, ast.Constant) and re.search(r"[/.]", str(v.value)) for v in value.values)
    if isinstance(value, ast.Subscript):
        return isinstance(value.slice, ast.Constant) and bool(_PATH_NAME.search(str(value.slice.value)))
    return isinstance(value, ast.Call) and last_name(value.func) in _BUILDS


_NAMING = _BUILDS | frozenset("getenv get str abspath dirname realpath resolve expanduser".split())
_BUILTIN = frozenset(dir(__builtins__)) if not isinstance(__builtins__, dict) else frozenset(__builtins__)


# -- Kedro -----------------------------------------------------------------------------------------------------------


def _steps(module: Module) -> Iterator[Step]:
    for call in module.of(ast.Call):
        name = module.name(call.func) or ""
        if name.partition(".")[0] != "kedro" or name.rpartition(".")[2].lower() != "node":
            continue
        given = dict(zip(("func", "inputs", "outputs"), call.args, strict=False))
        given.update((k.arg, k.value) for k in call.keywords if k.arg)
        runs = ast.unparse(given["func"]) if "func" in given else ""
        label = given.get("name")
        title = str(label.value) if isinstance(label, ast.Constant) else runs
        yield Step(
            title, runs, _data_sets(given.get("inputs")), _data_sets(given.get("outputs")), module.first_line(call)
        )


def _data_sets(node: ast.expr | None) -> tuple[str, ...]:
    found = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)] if node is not None else []
    return tuple(text for text in found if isinstance(text, str))
